# SPDX-License-Identifier: Apache-2.0
"""Hundreds of wire faults and not one wrong sample; ten thousand are behind `tox -e soak`."""

import pytest

from instruments.simulated.twin.twin_options import Wire
from instruments.simulated.wires.wire_fault import FaultKind
from tests.sim.fault_campaign import campaign

FAULTS = {Wire.TCP: 150, Wire.PTY: 60}


@pytest.mark.parametrize("wire", list(Wire))
def test_no_fault_of_the_wires_becomes_a_wrong_sample_or_a_hang(wire: Wire) -> None:
    tally = campaign(seed=31, rate=0.06, faults=FAULTS[wire], wire=wire)
    assert tally.faults >= FAULTS[wire]
    assert (tally.wrong, tally.told, tally.hangs) == (0, [], 0)
    without = {FaultKind.RESET} if wire is Wire.PTY else set()
    assert set(tally.kinds) == set(FaultKind) - without
    assert tally.right > 0.9 * tally.looks  # most faults heal without a gap
    assert tally.void <= 0.02 * tally.looks
