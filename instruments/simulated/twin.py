# SPDX-License-Identifier: Apache-2.0
"""The whole twin: pump, rig and balance around one timeline, ready to be served on a wire."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from instruments.register_map import RegisterMap
from instruments.simulated.ambient import Ambient
from instruments.simulated.blueprint import Blueprint
from instruments.simulated.contract import RegisterDevice, WeighingCell
from instruments.simulated.defects import with_defects
from instruments.simulated.firmware import Firmware
from instruments.simulated.hourly_refresh import HourlyRefresh
from instruments.simulated.hydraulics import Hydraulics
from instruments.simulated.program_staging import ProgramStaging
from instruments.simulated.pump_model import PumpModel
from instruments.simulated.pump_registers import PumpRegisters
from instruments.simulated.rig import RigController
from instruments.simulated.timeline import Timeline
from instruments.simulated.vessel import Vessel
from instruments.simulated.weighing import LAG_S, BalanceCell


@dataclass(frozen=True)
class Twin:
    """A simulated bench.

    Attributes:
        timeline: the twin's time; whoever serves the twin moves it.
        pump: the registers of the pump.
        rig: the registers of the rig controller.
        cell: the balance without its line protocol.
        hydraulics: where the fluid truly is; no instrument shows that, tests of the twin compare with it.
    """

    timeline: Timeline
    pump: RegisterDevice
    rig: RegisterDevice
    cell: WeighingCell
    hydraulics: Hydraulics

    @classmethod
    def assemble(cls, model: str = "implantable-20ml", seed: int = 1, defects: Sequence[str] = ()) -> Self:
        """Build a twin.

        Args:
            model: a pump model, by the name of its file in `pumps/`.
            seed: the same seed gives the same readings.
            defects: what is wrong with it, as `name` or `name=magnitude` (see `defects.py`).

        Raises:
            PlanError: no such model, no such defect, or a magnitude that cannot be.
        """
        blueprint = with_defects(Blueprint(PumpModel.named(model)), defects)
        timeline, ambient = Timeline(), Ambient(seed)
        pump_map, rig_map = RegisterMap.named("pump"), RegisterMap.named("rig")
        hydraulics = Hydraulics(timeline, blueprint.model, ambient.outlet_kpa.at(0.0), LAG_S)
        vessel = Vessel(timeline, hydraulics, ambient)
        staging = ProgramStaging(pump_map)
        firmware = Firmware(timeline, hydraulics, blueprint.model, staging, blueprint.firmware)
        HourlyRefresh(timeline, hydraulics, vessel, ambient, blueprint)
        return cls(
            timeline=timeline,
            pump=PumpRegisters(timeline, firmware, hydraulics, staging, blueprint.model, pump_map),
            rig=RigController(timeline, hydraulics, ambient, seed, firmware.hardware_stop, rig_map, blueprint.rig),
            cell=BalanceCell(timeline, vessel, seed, blueprint.weighing),
            hydraulics=hydraulics,
        )
