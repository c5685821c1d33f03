# SPDX-License-Identifier: Apache-2.0
"""The second measure of a twin: another weighing cell, with a noise, an adjustment and a serial number of its own."""

from instruments.simulated.balance.weighing import BalanceCell
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.physics.second_load import SecondLoad
from instruments.simulated.specimen.ambient import Ambient
from instruments.simulated.specimen.second_instrument import SecondInstrument, Shows
from instruments.simulated.specimen.weighing_faults import WeighingFaults
from instruments.simulated.time.timeline import Timeline

SERIAL_NUMBER = "SIM2ND-0001"
MODELS = {Shows.PUMP: "XSR205DU-twin", Shows.PASSED: "FLOW-twin"}
_OTHER_NOISE = 0x2ED


def second_cell(
    timeline: Timeline, hydraulics: Hydraulics, ambient: Ambient, seed: int, second: SecondInstrument
) -> BalanceCell | None:
    """Return the second cell; None for a twin without one."""
    if second.shows is None:
        return None
    load = SecondLoad(timeline, hydraulics, ambient, second.shows)
    faults = WeighingFaults(scale_gain=second.scale_gain, internal_weight=False)
    cell = BalanceCell(timeline, load, seed ^ _OTHER_NOISE, faults)
    cell.model, cell.serial_number = MODELS[second.shows], SERIAL_NUMBER
    return cell
