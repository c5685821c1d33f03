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
    """Reads one quantity of the room."""

    def __init__(
        self, name: CheckName, window: tuple[float, float], unit: str, rig: Rig, pick: Callable[[RigReading], float]
    ) -> None:
        self.name = name
        self.limits = Limits(*window, unit, "bench file, [ambient]")
        self._rig = rig
        self._pick = pick

    @classmethod
    def all_of(cls, window: AmbientWindow, rig: Rig) -> "tuple[AmbientCheck, ...]":
        """Return one check per quantity."""
        return (
            cls(CheckName.TEMPERATURE, window.temperature_c, "°C", rig, lambda seen: seen.temperature_c),
            cls(CheckName.HUMIDITY, window.humidity_percent, "%", rig, lambda seen: seen.humidity_percent),
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
        return CheckFinding(
            self.name, "room", f"measure the {self.name}", state, seen, self.limits, value, next_step=next_step
        )
