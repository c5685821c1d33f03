# SPDX-License-Identifier: Apache-2.0
"""The room around the bench: slow waves of temperature, air pressure, humidity, and of the pressure at the outlet.

Every wave has a closed form, and so has its integral: evaporation over a month is one evaluation.
"""

import math
from dataclasses import dataclass

from instruments.simulated.specimen.noise import Noise
from instruments.simulated.specimen.recurrence import FIRST_S
from instruments.simulated.specimen.room_faults import QUIET, WARMER_BY_C, RoomFaults
from instruments.simulated.time.device_clock import DAY_S


@dataclass(frozen=True)
class SlowWave:
    """A quantity that swings around its mean like a sine; from `rises_at_s` on its mean is higher by `rise`."""

    mean: float
    amplitude: float
    period_s: float
    phase: float
    rise: float = 0.0
    rises_at_s: float = math.inf

    def at(self, now_s: float) -> float:
        """Return the value at `now_s`."""
        risen = self.rise if now_s >= self.rises_at_s else 0.0
        return self.mean + risen + self.amplitude * math.sin(2.0 * math.pi * now_s / self.period_s + self.phase)

    def integral(self, now_s: float) -> float:
        """Return the integral over time from zero to `now_s`, in the quantity's unit times seconds."""
        turn = 2.0 * math.pi / self.period_s
        risen = self.rise * max(0.0, now_s - self.rises_at_s) if self.rise else 0.0
        return (
            self.mean * now_s
            + risen
            + self.amplitude / turn * (math.cos(self.phase) - math.cos(turn * now_s + self.phase))
        )


class Ambient:
    """The true state of the room; sensors add their own noise.

    Swings are those of an air-conditioned weighing room (assumed; domain §3.4 reports 20.4 degC +- 2 degC and
    58 % +- 13.5 % RH for an ordinary one).
    """

    def __init__(self, seed: int, faults: RoomFaults = QUIET) -> None:
        phase = Noise(seed, "temperature wave").phase()
        self.temperature_c = SlowWave(21.0, faults.swings_by_c, DAY_S, phase, WARMER_BY_C, faults.warms_at_s)
        self.air_pressure_hpa = SlowWave(1013.0, 1.0, 2.3 * DAY_S, Noise(seed, "air pressure wave").phase())
        phase, damper = Noise(seed, "humidity wave").phase(), faults.humidity_step_percent
        self.humidity_percent = SlowWave(50.0, 3.0, 0.9 * DAY_S, phase, damper, FIRST_S)
        self.outlet_kpa = SlowWave(1.2, 0.05, 0.4 * DAY_S, Noise(seed, "outlet wave").phase())
