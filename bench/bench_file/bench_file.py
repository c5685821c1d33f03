# SPDX-License-Identifier: Apache-2.0
"""The bench file: which instruments stand on this bench, at which addresses, with which calibration.

A table `[simulation]` says that they are twins. With it all evidence is stamped SIMULATED; without it only the real
clock is allowed, because nothing real runs faster.
"""

from pathlib import Path
from typing import Annotated, Self

import tomli_w
from pydantic import Field, StringConstraints, model_validator

from bench.bench_file.balance_device import BalanceDevice
from bench.bench_file.driven_device import DrivenDevice, PumpDevice, RigDevice
from bench.bench_file.drug_path_on_bench import DrugPathOnBench
from bench.bench_file.firmware_images import FirmwareImages
from bench.bench_file.lab_weighing import LabWeighing
from bench.bench_file.preflight_limits import PreflightLimits
from bench.bench_file.run_limits import RunLimits
from bench.bench_file.safe_state_list import SafeStateList
from bench.bench_file.second_measure import SecondMeasure
from bench.bench_file.surroundings import AmbientWindow, EvaporationBlank, Fluid, VesselOnPan
from bench.clock import ClockMode
from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel, load_toml

ASSET = "bench file"


class BenchName(TomlModel):
    """What the bench is called; the name becomes part of a folder's name.

    Attributes:
        keeper: start a keeper although the rig has a watchdog.
    """

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64)]
    description: str = ""
    keeper: bool = False


class ClockChoice(TomlModel):
    """How bench time relates to the machine's.

    Attributes:
        mode: real; for twins also scaled or stepped.
        speed: bench seconds per second of the machine; only a scaled clock has another than 1.
        control: `host:port` of the twin's control line, by which a stepped clock moves it.
    """

    mode: ClockMode = Field(default=ClockMode.REAL, strict=False)
    speed: float = Field(default=1.0, gt=0)
    control: str | None = Field(default=None, pattern=r"^(\[[0-9A-Fa-f:]+\]|[^\s:/]+):\d{1,5}$")

    @model_validator(mode="after")
    def _fits_its_mode(self) -> Self:
        if self.mode is ClockMode.STEPPED and self.control is None:
            raise ValueError("a stepped clock needs control = 'host:port', the twin's control line")
        if self.mode is not ClockMode.SCALED and self.speed != 1.0:
            raise ValueError(f"a {self.mode} clock has speed 1; choose mode = 'scaled'")
        return self


class Simulation(TomlModel):
    """Which twin this is.

    Attributes:
        model: name of the simulated pump model.
        seed: same seed, same readings.
        defects: what is wrong with the twin on purpose.
        own_twin: a run starts it for itself, each chapter anew, and it ends with the run: nobody else can use it, and
            the file's addresses mean nothing before it listens and after its end.
        figures: of the simulated pump model that are otherwise, so that the twin keeps what a profile promises.
    """

    model: str = Field(min_length=1)
    seed: int = Field(ge=0)
    defects: tuple[str, ...] = Field(default=(), strict=False)
    own_twin: bool = False
    figures: tuple[str, ...] | None = Field(default=None, strict=False)


class BenchFile(TomlModel):
    """A bench."""

    bench: BenchName
    clock: ClockChoice = ClockChoice()
    pump: PumpDevice
    rig: RigDevice
    balance: BalanceDevice
    second_measure: SecondMeasure | None = None
    fluid: Fluid = Fluid()
    vessel: VesselOnPan = VesselOnPan()
    drug_path: DrugPathOnBench | None = None
    firmware_images: FirmwareImages | None = None
    weighing: LabWeighing = LabWeighing()
    evaporation: EvaporationBlank = EvaporationBlank()
    ambient: AmbientWindow = AmbientWindow()
    preflight: PreflightLimits = PreflightLimits()
    limits: RunLimits = RunLimits()
    safe_state: SafeStateList = SafeStateList()
    simulation: Simulation | None = None

    @model_validator(mode="after")
    def _only_twins_run_fast(self) -> Self:
        if self.simulation is None and self.clock.mode is not ClockMode.REAL:
            raise ValueError(f"clock.mode {self.clock.mode!s} is for twins; without [simulation] it must be 'real'")
        return self

    @model_validator(mode="after")
    def _measures_twice(self) -> Self:
        second = None if self.second_measure is None else self.second_measure.instrument
        if second is not None and second.resource == self.balance.resource:
            raise ValueError(f"second_measure.instrument hangs at {second.resource}, the same as the balance")
        if second is not None and second.serial_number == self.balance.serial_number:
            raise ValueError(f"second_measure.instrument is {second.serial_number}, the same as the balance")
        return self

    @model_validator(mode="after")
    def _knows_the_density_of_the_fluid(self) -> Self:
        self.fluid.refuse_a_room_outside_the_table(self.ambient.temperature_c)
        return self

    @property
    def simulated(self) -> bool:
        """Tell whether the file says that the instruments are twins."""
        return self.simulation is not None

    @property
    def own_twin(self) -> bool:
        """Tell whether the file leads to a twin that a run starts for itself and nobody else can find."""
        return self.simulation is not None and self.simulation.own_twin

    def refuse_own_twin(self, path: Path) -> None:
        """Refuse the file at `path` if it is the one that a run wrote of a twin of its own.

        Raises:
            PlanError: it is.
        """
        if self.own_twin:
            seen = "its twin belongs to the run that wrote this file, and ends with it"
            next_step = "`pumpbench run simulated` starts such a twin; `pumpbench simulate` one that stays"
            raise PlanError(f"{ASSET} {path}", "use", seen, next_step)

    @property
    def wants_keeper(self) -> bool:
        """Tell whether a process of its own has to watch over the bench."""
        return self.bench.keeper or not self.rig.has_watchdog

    @classmethod
    def load(cls, path: Path) -> Self:
        """Load a bench file; relative paths of maps and images are made absolute, as seen from its folder.

        Raises:
            PlanError: the file is missing or wrong; all misfits are named at once.
        """
        file = load_toml(path, cls, ASSET)
        folder = path.parent.absolute()
        images = None if file.firmware_images is None else file.firmware_images.found_from(folder)
        return file.model_copy(
            update={
                "pump": _with_map_from(folder, file.pump),
                "rig": _with_map_from(folder, file.rig),
                "firmware_images": images,
            }
        )

    def write(self, path: Path) -> None:
        """Write the bench as a file that `load` reads back as the same bench.

        Raises:
            PlanError: the file cannot be written.
        """
        try:
            path.write_text(tomli_w.dumps(self.model_dump(exclude_none=True)), encoding="utf-8", newline="\n")
        except OSError as trouble:
            raise PlanError(
                f"{ASSET} {path}", "write", str(trouble), "name a folder that you may write to"
            ) from trouble


def _with_map_from(folder: Path, device: DrivenDevice) -> DrivenDevice:
    return device.with_map(str(folder / device.map)) if device.map.endswith(".toml") else device
