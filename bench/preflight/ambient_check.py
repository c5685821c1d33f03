# SPDX-License-Identifier: Apache-2.0
"""The air around the balance must be in the bench file's window before anything is weighed."""

import math
from collections.abc import Callable

from bench.bench_file import AmbientWindow, CheckName
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from instruments.rig import Rig, RigReading
from metrology.verdict import Limits


class AmbientCheck:
    """Reads one quantity of the room.

    Args:
        name: of the check.
        window: where a measurement counts.
        unit: of the quantity.
        rig: whose sensor is read.
        pick: takes the quantity out of a reading.
        charged_below: air drier than this leaves charges on the vessel; 0 where they do no harm.
    """

    def __init__(
        self,
        name: CheckName,
        window: tuple[float, float],
        unit: str,
        rig: Rig,
        pick: Callable[[RigReading], float],
        charged_below: float = 0.0,
    ) -> None:
        self.name = name
        self.limits = Limits(*window, unit, "bench file, [ambient]")
        self._rig = rig
        self._pick = pick
        self._charged_below = charged_below

    @classmethod
    def all_of(cls, window: AmbientWindow, rig: Rig, static_mg: float = 0.0) -> "tuple[AmbientCheck, ...]":
        """Return one check per quantity.

        Args:
            window: `[ambient]` of the bench file.
            rig: whose sensors are read.
            static_mg: how far charges on the vessel may move the display.
        """
        dry = window.static_below_percent if static_mg > 0 else 0.0
        return (
            cls(CheckName.TEMPERATURE, window.temperature_c, "°C", rig, lambda seen: seen.temperature_c),
            cls(CheckName.HUMIDITY, window.humidity_percent, "%", rig, lambda seen: seen.humidity_percent, dry),
            cls(CheckName.AIR_PRESSURE, window.air_pressure_hpa, "hPa", rig, lambda seen: seen.air_pressure_hpa),
        )

    def run(self) -> CheckFinding:
        """Return the value; outside the window it blocks, and where the sensor gives no number."""
        value = self._pick(self._rig.read())
        state = CheckState.judged(value, 0.0, self.limits) if math.isfinite(value) else CheckState.BLOCK
        seen = f"{value:.4g} {self.limits.unit}"
        if state is not CheckState.OK:
            seen += f", the window is {self.limits}"
        next_step = "" if state is CheckState.OK else "see to the room, then start again"
        if state is CheckState.OK and value < self._charged_below:
            state, next_step = CheckState.WARN, "moisten the air, or use an ioniser and set static_mg to 0"
            seen += f", below {self._charged_below:g} % charges stay on the vessel, and widen every uncertainty"
        return CheckFinding(
            self.name, "room", f"measure the {self.name}", state, seen, self.limits, value, next_step=next_step
        )
