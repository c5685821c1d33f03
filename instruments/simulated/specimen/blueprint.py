# SPDX-License-Identifier: Apache-2.0
"""What a twin is built from: a pump model, and everything that is wrong with pump and instruments."""

from dataclasses import dataclass, field

from instruments.simulated.specimen.firmware_quirks import FirmwareQuirks
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.specimen.rig_quirks import RigQuirks
from instruments.simulated.specimen.room_quirks import RoomQuirks
from instruments.simulated.specimen.vessel_quirks import VesselQuirks
from instruments.simulated.specimen.weighing_quirks import WeighingQuirks


@dataclass(frozen=True)
class Blueprint:
    """A twin before it is built; the defaults are a good one.

    Attributes:
        model: figures of the pump.
        rate_gain: what a stroke delivers per what it would deliver in a good pump.
        firmware: faults of the pump's firmware.
        weighing: faults of the balance.
        rig: faults of the rig controller.
        room: what happens to the room.
        vessel: what is different about the vessel.
    """

    model: PumpModel
    rate_gain: float = 1.0
    firmware: FirmwareQuirks = field(default_factory=FirmwareQuirks)
    weighing: WeighingQuirks = field(default_factory=WeighingQuirks)
    rig: RigQuirks = field(default_factory=RigQuirks)
    room: RoomQuirks = field(default_factory=RoomQuirks)
    vessel: VesselQuirks = field(default_factory=VesselQuirks)
