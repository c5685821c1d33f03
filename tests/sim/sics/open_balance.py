# SPDX-License-Identifier: Apache-2.0
"""The balance driver on a scripted balance, with time-outs so short that many of them may pass in a test."""

from decimal import Decimal
from typing import Any

import pytest

from instruments.balance import MassReading
from instruments.balance_access import BalanceAccess
from instruments.sics.balance import SicsBalance
from tests.sim.scripted_balance import ScriptedBalance

TIMEOUT_S = 0.12
QUIET_S = 0.02
PRINT_KEY = b"S S    55.5555 g\r\n"


def open_balance(
    device: ScriptedBalance, *, use_checksum: bool | None = None, quiet_s: float = QUIET_S, **access: Any
) -> SicsBalance:
    reached = BalanceAccess(device.resource, **{"timeout_s": TIMEOUT_S, "stable_timeout_s": 0.4, **access})
    return SicsBalance.open(reached, use_checksum=use_checksum, quiet_s=quiet_s)


both_lines = pytest.mark.parametrize("device", ["tcp", "pty"], indirect=True)


def assert_answered(reading: MassReading, device: ScriptedBalance) -> None:
    """The reading is what the device sent in answer to the last request, and nothing else."""
    assert Decimal(str(reading.mass_g)) == device.weights[-1]
