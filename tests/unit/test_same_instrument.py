# SPDX-License-Identifier: Apache-2.0
"""Who answers at the end of a run is who answered at its beginning, or the run proves nothing of anybody."""

from dataclasses import replace

import pytest

from bench.devices import Finding
from bench.preflight.check_state import CheckState
from bench.preflight.same_instrument_check import SameInstrumentCheck
from instruments.pump import PumpIdentity

FIRST = PumpIdentity("Implantable-20", "SIM20-0001", "3.1.0-twin")


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (FIRST, CheckState.OK),
        (replace(FIRST, serial_number="SIM20-0002"), CheckState.BLOCK),
        (replace(FIRST, firmware_version="3.0.9-twin"), CheckState.BLOCK),
        (replace(FIRST, model="Implantable-40"), CheckState.BLOCK),
    ],
)
def test_another_pump_than_at_first_blocks(now: PumpIdentity, state: CheckState) -> None:
    finding = SameInstrumentCheck(Finding("pump", "tcp://rig:502/1", FIRST, None), lambda: now).run()
    assert (finding.check, finding.state) == ("pump-identity", state)
    if state is CheckState.BLOCK:
        assert "at first it was Implantable-20, serial number SIM20-0001, firmware 3.1.0-twin" in finding.seen
