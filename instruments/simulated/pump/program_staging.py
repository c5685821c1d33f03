# SPDX-License-Identifier: Apache-2.0
"""The staging registers: a program is written there piece by piece and comes into force only with its checksum."""

import zlib
from collections.abc import Mapping
from dataclasses import replace

from instruments.program import Mode, Program, Step
from instruments.pump import CommandResult
from instruments.register_map.block import Block
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.simulated.pump.therapy_modes import MODES, MOST_STEPS
from instruments.simulated.pump.week_staging import WeekStaging
from instruments.simulated.specimen.pump_model import LOW_RESERVOIR_ALARM_UL, Limits

CHECKSUM = "program_crc"
NAMED = "session_serial_number"
CALIBRATION = "calibration_percent"
OWN_CALIBRATION = 100.0
_UNSAID: Mapping[str, Value] = {
    "mode": Mode.CONTINUOUS.value,
    "step_count": 1,
    "bolus_volume_ul": 0.0,
    "bolus_duration_s": 0,
    "ptm_volume_ul": 0.0,
    "ptm_duration_s": 0,
    "ptm_lockout_s": 0,
    "ptm_max_per_day": 0,
    "low_reservoir_alarm_ul": LOW_RESERVOIR_ALARM_UL,
    "steps[0].start_minute": 0,
}
"""What a pump whose registers cannot be told it does anyway: one rate, no bolus, its own alarm volume."""


class ProgramStaging:
    """What stands in the staging registers now."""

    def __init__(self, register_map: RegisterMap) -> None:
        staged = [point for name, point in register_map.points.items() if name in _UNSAID or name.startswith("steps[")]
        self._block = Block(staged)
        self._week = WeekStaging(register_map)
        self._points = {point.name: point for point in (*staged, *self._week.points)}
        self.values: dict[str, Value] = {**_UNSAID, **self._block.decode([0] * self._block.count), **self._week.empty()}
        self._has_checksum = CHECKSUM in register_map.points
        if self._has_checksum:
            self._points[CHECKSUM] = register_map.point(CHECKSUM)
            self.values[CHECKSUM] = 0
        if NAMED in register_map.points:
            self._points[NAMED] = register_map.point(NAMED)
            self.values[NAMED] = ""
        if CALIBRATION in register_map.points:
            self._points[CALIBRATION] = register_map.point(CALIBRATION)
            self.values[CALIBRATION] = OWN_CALIBRATION
        self.read_back = {f"active_{name}": value for name, value in self.values.items()}

    def refusal(self, limits: Limits, *, checked: bool = True) -> CommandResult | None:
        """Return why the staged program cannot come into force, or None; `checked` is whether its checksum counts."""
        if checked and self._has_checksum and self.crc() != self.values[CHECKSUM]:
            return CommandResult.BAD_CHECKSUM
        program = self.program()
        if program.mode is Mode.WEEKLY_FLEX and not self._week.is_sound(self.values):
            return CommandResult.BAD_CHECKSUM
        if program.mode is Mode.NONE:
            return CommandResult.NO_PROGRAM
        if not program.low_reservoir_alarm_ul >= 0.0:
            return CommandResult.BAD_SCHEDULE
        if program.mode not in MODES:
            return CommandResult.BAD_SCHEDULE
        refused = MODES[program.mode].refusal(program, self._integer("step_count"), limits)
        return refused or _bolus_refusal(program, limits)

    def end_calibration(self) -> float:
        """Return the calibration constant that was entered; the next program is loaded with the pump's own again."""
        if CALIBRATION not in self.values:
            return OWN_CALIBRATION
        entered = self._number(CALIBRATION)
        self.values[CALIBRATION] = OWN_CALIBRATION
        return entered

    def end_session(self) -> str:
        """Return the serial number of the pump that the session was for, empty for whichever; the next is for any."""
        named = str(self.values.get(NAMED, ""))
        if named:
            self.values[NAMED] = ""
        return named

    def crc(self) -> int:
        """Return the CRC-32 of the staging registers as they stand on the wire."""
        words = self._block.encode(self.values)
        return zlib.crc32(b"".join(word.to_bytes(2, "big") for word in words))

    def check(self, values: Mapping[str, Value]) -> None:
        """Raise ValueError unless every value has a register and can stand in it."""
        for name, value in values.items():
            self._points[name].encode(value)

    def write(self, values: Mapping[str, Value]) -> None:
        """Take `values` in, which were checked before."""
        self.values.update(values)

    def program(self) -> Program:
        """Return the staged program; steps past the thirteenth do not exist."""
        return Program(
            mode=Mode(str(self.values["mode"])),
            steps=tuple(
                Step(self._integer(f"steps[{number}].start_minute"), self._number(f"steps[{number}].rate_ul_per_h"))
                for number in range(min(self._integer("step_count"), MOST_STEPS))
            ),
            bolus_volume_ul=self._number("bolus_volume_ul"),
            bolus_duration_s=self._integer("bolus_duration_s"),
            ptm_volume_ul=self._number("ptm_volume_ul"),
            ptm_duration_s=self._integer("ptm_duration_s"),
            ptm_lockout_s=self._integer("ptm_lockout_s"),
            ptm_max_per_day=self._integer("ptm_max_per_day"),
            low_reservoir_alarm_ul=self._number("low_reservoir_alarm_ul"),
            week=self._week.days(self.values) if self.values["mode"] == Mode.WEEKLY_FLEX else (),
        )

    def bring_into_force(
        self, loaded_rate_gain: float = 1.0, read_back_rate_gain: float = 1.0, *, shown: bool = True
    ) -> Program:
        """Return the staged program and show it in the read-back registers `active_*`.

        Args:
            loaded_rate_gain: rate in force per rate staged.
            read_back_rate_gain: rate shown per rate in force.
            shown: whether the read-back shows it.
        """
        program = self.program()
        steps = tuple(Step(step.start_minute, step.rate_ul_per_h * loaded_rate_gain) for step in program.steps)
        if not shown:
            return replace(program, steps=steps)
        self.read_back.update((f"active_{name}", value) for name, value in self.values.items())
        for number, step in enumerate(steps):
            self.read_back[f"active_steps[{number}].rate_ul_per_h"] = step.rate_ul_per_h * read_back_rate_gain
        return replace(program, steps=steps)

    def forget(self) -> None:
        """Show no program in the read-back, as a bad pump does that lost it."""
        self.read_back.update((name, type(value)()) for name, value in self.read_back.items() if name != "active_mode")
        self.read_back["active_mode"] = Mode.NONE.value

    def _number(self, name: str) -> float:
        value = self.values[name]
        if isinstance(value, str | frozenset):
            raise TypeError(f"{name} holds {value!r}, which is no number")
        return float(value)

    def _integer(self, name: str) -> int:
        return int(self._number(name))


def _bolus_refusal(program: Program, limits: Limits) -> CommandResult | None:
    boluses = (
        (program.bolus_volume_ul, program.bolus_duration_s),
        (program.ptm_volume_ul, program.ptm_duration_s),
    )
    for volume_ul, duration_s in boluses:
        if volume_ul == 0.0:
            continue
        most_ul = limits.greatest_bolus_rate_ul_per_h / 3600.0 * duration_s
        if not 0.0 < volume_ul <= most_ul * (1.0 + 1e-6):  # the volume came as a float32
            return CommandResult.BAD_BOLUS
    return None
