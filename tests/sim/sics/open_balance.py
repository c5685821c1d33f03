# SPDX-License-Identifier: Apache-2.0
"""The balance driver on a scripted balance, with time-outs so short that many of them may pass in a test."""

from decimal import Decimal

import pytest

from instruments.balance import MassReading
from instruments.sics.balance import SicsBalance
from tests.sim.scripted_balance import ScriptedBalance

TIMEOUT_S = 0.12
QUIET_S = 0.02
PRINT_KEY = b"S S    55.5555 g\r\n"


def open_balance(device: ScriptedBalance, **options: object) -> SicsBalance:
    defaults = {"timeout_s": TIMEOUT_S, "stable_timeout_s": 0.4, "quiet_s": QUIET_S}
    return SicsBalance.open(device.resource, **{**defaults, **options})  # type: ignore[arg-type]  # names of open()


both_lines = pytest.mark.parametrize("device", ["tcp", "pty"], indirect=True)


def assert_answered(reading: MassReading, device: ScriptedBalance) -> None:
    """The reading is what the device sent in answer to the last request, and nothing else."""
    assert Decimal(str(reading.mass_g)) == device.weights[-1]
