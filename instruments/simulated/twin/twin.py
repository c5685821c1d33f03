# SPDX-License-Identifier: Apache-2.0
"""The whole twin: pump, rig and balance around one timeline, ready to be served on a wire."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Self

from instruments.register_map.map import RegisterMap
from instruments.simulated.balance.second_cell import second_cell
from instruments.simulated.balance.weighing import LAG_S, BalanceCell
from instruments.simulated.physics.climate import Climate
from instruments.simulated.physics.drug_path import DrugPath
from instruments.simulated.physics.hourly_refresh import HourlyRefresh
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.physics.vessel import Vessel
from instruments.simulated.pump.firmware import Firmware
from instruments.simulated.pump.program_staging import ProgramStaging
from instruments.simulated.pump.registers import PumpRegisters
from instruments.simulated.rig.rig import RigController
from instruments.simulated.rig.surroundings import RigSurroundings
from instruments.simulated.served.devices import RegisterDevice, WeighingCell
from instruments.simulated.specimen.ambient import Ambient
from instruments.simulated.specimen.defects import with_defects
from instruments.simulated.specimen.model_figures import with_figures
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.specimen.specimen import Specimen
from instruments.simulated.specimen.twin_specification import TwinSpecification
from instruments.simulated.time.timeline import Timeline


@dataclass(frozen=True)
class Twin:
    """A simulated bench.

    Attributes:
        timeline: the twin's time; whoever serves the twin moves it.
        pump: the registers of the pump.
        rig: the registers of the rig controller.
        cell: the balance without its line protocol.
        second: the second measure of the flow; None for a twin without one.
        hydraulics: where the fluid truly is; no instrument shows that, tests of the twin compare with it.
    """

    timeline: Timeline
    pump: RegisterDevice
    rig: RegisterDevice
    cell: WeighingCell
    hydraulics: Hydraulics
    second: WeighingCell | None = None

    @classmethod
    def assemble(
        cls,
        model: str = "implantable-20ml",
        seed: int = 1,
        defects: Sequence[str] = (),
        specimen: Specimen | None = None,
        occasion: str = "",
        pump_map: str = "pump",
        figures: Sequence[str] = (),
    ) -> Self:
        """Build a twin.

        Args:
            model: a pump model, by the name of its file in `pumps/`.
            seed: the same seed gives the same readings.
            defects: what is wrong with it, as `name` or `name=magnitude` (see `defects.py`).
            specimen: which individual of its kind; that of the seed if left out.
            occasion: draws another stretch of noise and weather for that individual; empty for that of the seed.
            pump_map: the register map that the pump serves, by its name or its path; it may have fewer points.
            figures: of the model that are otherwise, as `name=value` (see `model_figures.py`).

        Raises:
            PlanError: no such model, map, figure or defect, or a value that cannot be.
        """
        specimen = Specimen.drawn(seed) if specimen is None else specimen
        told = with_figures(PumpModel.named(model), figures)
        specification = with_defects(TwinSpecification(_trimmed(told, specimen)), defects)
        noise_seed = _noise_seed(seed, occasion)
        timeline, ambient = Timeline(), Ambient(noise_seed, specification.room)
        served, rig_map = RegisterMap.find(pump_map), RegisterMap.named("rig")
        outlet_kpa = ambient.outlet_kpa.at(0.0)
        hydraulics = Hydraulics(timeline, specification.model, outlet_kpa, LAG_S, specimen.stroke_phase)
        vessel = Vessel(timeline, hydraulics, ambient, specimen.evaporation_gain, specification.vessel)
        staging = ProgramStaging(served)
        climate = Climate(timeline, ambient)
        firmware = Firmware(timeline, hydraulics, specification, staging, climate)
        surroundings = RigSurroundings(
            timeline,
            hydraulics,
            ambient,
            firmware.hardware_stop,
            firmware.hardware_release,
            DrugPath(hydraulics, specification.model.dead_ul, specification.model.drug_ug_per_ml),
            lambda present: firmware.rotor.field(present=present),
            firmware.alarms.sounder.sounded,
            firmware.ask_for_patient,
            firmware.power.supply,
            climate,
            lambda is_open: firmware.alarms.sensor_line(is_open=is_open),
            noise_seed,
            specimen,
        )
        HourlyRefresh(timeline, hydraulics, vessel, ambient, specification, climate)
        return cls(
            timeline=timeline,
            pump=PumpRegisters(
                timeline,
                firmware,
                hydraulics,
                staging,
                specification.model,
                specification.registers,
                served,
                specification.programming,
            ),
            rig=RigController(surroundings, rig_map, specification.rig),
            cell=BalanceCell(timeline, vessel, noise_seed, specification.weighing, specimen),
            hydraulics=hydraulics,
            second=second_cell(timeline, hydraulics, ambient, noise_seed, specification.second),
        )


def _noise_seed(seed: int, occasion: str) -> int:
    """Return the seed of what is another on each occasion; that of the individual where there is but one."""
    if not occasion:
        return seed
    return int.from_bytes(blake2b(f"{seed}/{occasion}".encode(), digest_size=6).digest(), "big")


def _trimmed(model: PumpModel, specimen: Specimen) -> PumpModel:
    """Return the pump with the strokes of its own rotor; it knows them, as its maker measured them."""
    return model.model_copy(update={"stroke_ul": model.stroke_ul * (1.0 + specimen.stroke_trim)})
