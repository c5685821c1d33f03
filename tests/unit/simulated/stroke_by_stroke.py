# SPDX-License-Identifier: Apache-2.0
"""The fluid path stroke by stroke: slow and obvious, the measure of the closed form."""

import math
from dataclasses import dataclass


@dataclass
class StrokeByStroke:
    """Pumps, decays and lags one stroke after the other; volumes in uL, times in s, pressures in kPa."""

    reservoir_ul: float
    outlet_kpa: float
    stroke_ul: float = 0.5
    compliance: float = 0.2
    resistance: float = 0.01
    lag_s: float = 1.0
    now_s: float = 0.0
    phase_ul: float = 0.0
    strokes: int = 0
    vessel_ul: float = 0.0
    leak_ul: float = 0.0
    ambient_ul: float = 0.0
    behind_ul: float = 0.0
    rate: float = 0.0
    kink: float = 0.0
    leak: float = 0.0
    off: bool = False
    bias: float = 0.0

    def __post_init__(self) -> None:
        self.pressure = self.outlet_kpa

    def disconnect(self, off: bool) -> None:
        if off:
            self.ambient_ul += self.compliance * self.pressure
            self.pressure = 0.0
        self.off = off

    def to(self, when_s: float) -> None:
        done_s = self.now_s
        if self.rate:
            ul_per_s = self.rate / 3600.0
            interval_s, first_s = self.stroke_ul / ul_per_s, self.now_s + (self.stroke_ul - self.phase_ul) / ul_per_s
            count = 0
            while first_s + count * interval_s <= when_s:  # no running sum: its rounding errors would shift strokes
                self._flow(first_s + count * interval_s - done_s)
                self._stroke()
                done_s = first_s + count * interval_s
                count += 1
        self._flow(when_s - done_s)
        self.phase_ul += self.rate / 3600.0 * (when_s - done_s)
        self.now_s = when_s

    def _stroke(self) -> None:
        true_ul = self.stroke_ul * (1.0 + self.bias)
        self.strokes += 1
        self.phase_ul = 0.0
        self.reservoir_ul -= true_ul
        if self.off:
            self.ambient_ul += true_ul
        else:
            self.pressure += true_ul / self.compliance

    def _flow(self, duration_s: float) -> None:
        old_behind_ul = self.behind_ul
        self.behind_ul *= math.exp(-duration_s / self.lag_s)
        if self.off or self.kink >= 1.0:
            return
        decay_s = self.resistance * self.compliance * 3600.0 / (1.0 - self.kink) ** 4
        excess_ul = self.compliance * (self.pressure - self.outlet_kpa)
        out_ul = -excess_ul * math.expm1(-duration_s / decay_s)
        self.pressure -= out_ul / self.compliance
        self.vessel_ul += out_ul * (1.0 - self.leak)
        self.leak_ul += out_ul * self.leak
        # the lag of a first-order system behind a load that approaches its end exponentially
        load = excess_ul * (1.0 - self.leak) * self.lag_s / (decay_s - self.lag_s)
        fast, slow = math.exp(-duration_s / self.lag_s), math.exp(-duration_s / decay_s)
        self.behind_ul = old_behind_ul * fast + load * (slow - fast)
