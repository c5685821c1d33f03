# SPDX-License-Identifier: Apache-2.0
"""Tries a bench against the rules of *Build a rig* (`docs/how-to/build-a-rig.md`), rule by rule.

A rig builder sees what the drivers would only stumble over: which rule holds, which does not, and what was seen. The
trials speak to the drivers where a driver's verb is the rule, and to the registers and lines behind them where the
rule is about what a good driver never sends.
"""

from bench.conformance.outcome import Outcome
from bench.conformance.rule import PAGE, Rule, RuleFinding
from bench.conformance.rules import RULES
from bench.conformance.try_rules import try_rules

__all__ = ["PAGE", "RULES", "Outcome", "Rule", "RuleFinding", "try_rules"]
