# SPDX-License-Identifier: Apache-2.0
"""All rules of *Build a rig*, in the order of the page."""

from bench.conformance.rule import Rule
from bench.conformance.trials import (
    actuators,
    alarms,
    balance,
    commands,
    fencing,
    holding,
    optional_parts,
    patient_button,
    registers,
    time,
    watchdog,
)

RULES: tuple[Rule, ...] = (
    *registers.RULES,
    *balance.RULES,
    *time.RULES,
    *fencing.RULES,
    *actuators.RULES,
    *watchdog.RULES,
    *commands.RULES,
    *alarms.RULES,
    *holding.RULES,
    *patient_button.RULES,
    *optional_parts.RULES,
)
