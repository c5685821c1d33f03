# SPDX-License-Identifier: Apache-2.0
"""A program as the registers that stage it: values by point name, checksum included.

Registers hold less than Python does (a rate becomes a float32), so what is staged is what comes back from the
registers, and that is what the pump's read-back is compared with.
"""

import math
import struct
import zlib

from groundfloor.errors import PlanError
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.staged_differences import staged_differences
from instruments.modbus.staged_mode import StagedMode
from instruments.program import Program, Step
from instruments.register_map.codec import Value


class StagedProgram:
    """A program ready to be written.

    Attributes:
        values: every staged point with the value that its registers really hold, `program_crc` among them.
        more: what its mode stages beside that; None for most modes.
    """

    def __init__(self, program: Program, points: PumpPoints) -> None:
        """Turn `program` into values.

        Raises:
            PlanError: it has too many steps, or a value that no register can hold.
        """
        if len(program.steps) > points.steps:
            seen = f"it has {len(program.steps)} steps, the pump holds {points.steps}"
            raise PlanError("program", "stage", seen, "use fewer steps")
        wanted = _values(program, points.steps)
        strange = [name for name, value in wanted.items() if isinstance(value, float) and not math.isfinite(value)]
        if strange:
            raise PlanError("program", "stage", f"{strange[0]} is {wanted[strange[0]]}", "give a finite number")
        try:
            words = points.program.encode(wanted)
        except ValueError as misfit:
            raise PlanError("program", "stage", str(misfit), "give a value that the register can hold") from misfit
        crc = zlib.crc32(struct.pack(f">{len(words)}H", *words))
        self.values: dict[str, Value] = {**points.program.decode(words), "program_crc": crc}
        self.more = StagedMode.of(program, points.modes)

    def differences(self, observed: dict[str, Value], prefix: str = "") -> list[str]:
        """Return what differs between the staged values and `seen`, whose names carry `prefix`."""
        return staged_differences(self.values, observed, prefix)


def _values(program: Program, most_steps: int) -> dict[str, Value]:
    steps = [*program.steps, *[Step(0, 0.0)] * (most_steps - len(program.steps))]
    values: dict[str, Value] = {
        "mode": str(program.mode),
        "step_count": len(program.steps),
        "bolus_volume_ul": program.bolus_volume_ul,
        "bolus_duration_s": program.bolus_duration_s,
        "ptm_volume_ul": program.ptm_volume_ul,
        "ptm_duration_s": program.ptm_duration_s,
        "ptm_lockout_s": program.ptm_lockout_s,
        "ptm_max_per_day": program.ptm_max_per_day,
        "low_reservoir_alarm_ul": program.low_reservoir_alarm_ul,
    }
    for number, step in enumerate(steps):
        values[f"steps[{number}].start_minute"] = step.start_minute
        values[f"steps[{number}].rate_ul_per_h"] = step.rate_ul_per_h
    return values
