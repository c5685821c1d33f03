# SPDX-License-Identifier: Apache-2.0
"""A scripted balance, on TCP or on a pseudo-terminal, and the driver on it."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from instruments.sics.balance import SicsBalance
from tests.sim.scripted_balance import ScriptedBalance
from tests.sim.sics.open_balance import open_balance


@pytest.fixture
def device(request: pytest.FixtureRequest) -> Iterator[ScriptedBalance]:
    with ScriptedBalance(pty=getattr(request, "param", "tcp") == "pty") as served:
        yield served


@pytest.fixture
def balance(device: ScriptedBalance) -> Iterator[SicsBalance]:
    with closing(open_balance(device)) as opened:
        yield opened


@pytest.fixture
def tared(device: ScriptedBalance, balance: SicsBalance) -> SicsBalance:
    balance.tare()
    return balance
