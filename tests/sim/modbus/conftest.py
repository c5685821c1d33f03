# SPDX-License-Identifier: Apache-2.0
"""A Modbus line over either wire, and a device that answers honestly unless a test says otherwise."""

from collections.abc import Iterator

import pytest

from tests.sim.line_under_test import Honest, Start, starter
from tests.sim.scripted_modbus import ScriptedRtu, ScriptedTcp


@pytest.fixture(params=[ScriptedTcp, ScriptedRtu], ids=["tcp", "rtu"])
def start(request: pytest.FixtureRequest) -> Iterator[Start]:
    yield from starter(request.param)


@pytest.fixture
def honest() -> Honest:
    return Honest()
