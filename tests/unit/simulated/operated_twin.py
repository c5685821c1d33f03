# SPDX-License-Identifier: Apache-2.0
"""A twin under the hands of a test: programs are staged, commands numbered, time moved, points read one by one."""

from collections.abc import Sequence

from instruments.modbus.mode_points import ModePoints
from instruments.modbus.staged_mode import StagedMode
from instruments.program import Mode, Program, Step
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.simulated.pump.program_staging import ProgramStaging
from instruments.simulated.rig.rig import SAFE
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.specimen.specimen import IDEAL
from instruments.simulated.twin.twin import Twin

PUMP_MAP = RegisterMap.named("pump")
RIG_MAP = RegisterMap.named("rig")
CLOCK_AT_START_S = 288000.0
PACE = 1.0 + 5e-6


def continuous(rate_ul_per_h: float, **more: float) -> Program:
    return Program(Mode.CONTINUOUS, (Step(0, rate_ul_per_h),), **more)  # type: ignore[arg-type] # ints and floats


class OperatedTwin:
    def __init__(self, model: str = "implantable-20ml", seed: int = 1, defects: Sequence[str] = ()) -> None:
        self.twin = Twin.assemble(model, seed, defects, IDEAL)
        self.fluid = self.twin.hydraulics
        self._sequence = 0
        self._orders = 0
        self._code = PumpModel.named(model).session_code

    def staged(self, program: Program, step_count: int | None = None) -> dict[str, Value]:
        values: dict[str, Value] = {
            "mode": program.mode.value,
            "step_count": len(program.steps) if step_count is None else step_count,
            "bolus_volume_ul": program.bolus_volume_ul,
            "bolus_duration_s": program.bolus_duration_s,
            "ptm_volume_ul": program.ptm_volume_ul,
            "ptm_duration_s": program.ptm_duration_s,
            "ptm_lockout_s": program.ptm_lockout_s,
            "ptm_max_per_day": program.ptm_max_per_day,
            "low_reservoir_alarm_ul": program.low_reservoir_alarm_ul,
        }
        for number, step in enumerate(program.steps):
            values[f"steps[{number}].start_minute"] = step.start_minute
            values[f"steps[{number}].rate_ul_per_h"] = step.rate_ul_per_h
        modes = ModePoints.of(PUMP_MAP)
        more = StagedMode.of(program, modes)
        return values | (more.values if more is not None else {})

    def load(self, program: Program, step_count: int | None = None) -> str:
        values = self.staged(program, step_count)
        staging = ProgramStaging(PUMP_MAP)
        staging.write(self.twin.pump.read(list(staging.values)))
        staging.write(values)
        self.twin.pump.write(values | {"program_crc": staging.crc()})
        return self.command("load_program")

    def run(self, program: Program) -> None:
        assert self.load(program) == "accepted"
        assert self.command("start") == "accepted"

    def command(self, command: str, argument: float = 0.0) -> str:
        self._sequence += 1
        if self._code is not None:
            self.twin.pump.write({"session_code": self._code})
        self.twin.pump.write({"command": command, "command_argument": argument, "command_sequence": self._sequence})
        return str(self.pump("command_result"))

    def refill(self, volume_ul: float) -> str:
        """Put so much into the reservoir, and tell the pump."""
        self.fluid.fill(volume_ul)
        return self.command("refill_done", volume_ul)

    def pump(self, name: str) -> Value:
        return self.twin.pump.read([name])[name]

    def rig(self, name: str) -> Value:
        return self.twin.rig.read([name])[name]

    def set_rig(self, **values: Value) -> None:
        """Write to the rig; an order to the actuators that carries a token gets the next number, unless it has one."""
        if "fencing_token" in values and set(values) & set(SAFE):
            self._orders += 1
            values = {"actuator_sequence": self._orders, **values}
        self.twin.rig.write(values)

    def go(self, duration_s: float) -> None:
        self.to(self.now_s + duration_s)

    def to(self, when_s: float) -> None:
        self.twin.timeline.advance_to(when_s)

    @property
    def now_s(self) -> float:
        return self.twin.timeline.now_s

    def alarm(self, number: int) -> tuple[str, float, float]:
        values = self.twin.pump.read([f"alarm_log[{number}].{member}" for member in ("code", "onset_s", "cleared_s")])
        code, onset_s, cleared_s = values.values()
        assert isinstance(onset_s, float)
        assert isinstance(cleared_s, float)
        return str(code), onset_s, cleared_s

    def bolus(self, number: int) -> tuple[str, float, float]:
        members = ("outcome", "requested_s", "volume_ul")
        outcome, requested_s, volume_ul = self.twin.pump.read(
            [f"bolus_log[{number}].{member}" for member in members]
        ).values()
        assert isinstance(requested_s, float)
        assert isinstance(volume_ul, float)
        return str(outcome), requested_s, volume_ul

    def safe_stay(self, number: int) -> tuple[Value, ...]:
        """The reason, the beginning and whether the pump stood then, as the rig logged them."""
        members = ("reason", "entered_s", "pump_stopped")
        return tuple(self.rig(f"safe_log[{number % 16}].{member}") for member in members)

    def true_s(self, clock_s: float) -> float:
        return (clock_s - CLOCK_AT_START_S) / PACE
