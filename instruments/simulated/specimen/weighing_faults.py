# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with a balance; the defaults are a good semi-micro balance."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class WeighingFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        noise_sd_mg: standard deviation of a reading.
        digit_mg: by how much the display steps.
        drift_mg_per_day: slow change of the reading under a constant load.
        restarts_at_s: it powers up anew at this instant.
        auto_zero: small readings creep to zero.
        auto_adjustment: it adjusts itself now and then.
        host_unit: unit of its replies until it powers up anew.
        foreign_load_g: something else that stands on the pan.
        wears_at_s: from this instant on readings scatter a hundred times as much.
        freezes_at_s: from this instant on the display is held.
        nonsense_at_s: for a minute from this instant on it shows a mass that cannot be.
        knock_mg: every six hours the display is off by so much for `knock_s`.
        knock_s: for how long a knock lasts.
        step_mg: after two and a half hours the display steps by so much and stays there.
        wander_mg: standard deviation of a slow wander, correlated over ten minutes.
        linearity_mg: greatest deviation from linearity, on top of that of a good one.
        drift_for_2_h_mg_per_h: drift for two hours, from the fifth on.
        night_drift_mg_per_h: drift in the second twelve hours of each day.
        stable_flag: what the stability flag says whatever the load does; None for the truth.
        vibration_mg: standard deviation of a reading in ten minutes of every six hours.
        scale_gain: what it shows per what lies on it, from `scale_from_s` on.
        scale_from_s: from when on it does.
        sticks_at_s: from this instant on it follows no load any more, though its readings scatter as before.
        carats_from_s: from this instant on it shows carats, five to the gram, and still says g.
        one_behind: each question for the mass is answered with what the question before it should have got.
        creep_mg: after two and a half hours the display is off by so much at once, and creeps home,
        creeps_home_s: with this time constant.
        pan_sticks_mg: after two and a half hours it follows a load only from one multiple of this to the next.
        internal_weight: it has a weight of its own to test itself with.
    """

    noise_sd_mg: float = 0.02
    digit_mg: float = 0.01
    drift_mg_per_day: float = 0.05
    restarts_at_s: float | None = None
    auto_zero: bool = False
    auto_adjustment: bool = False
    host_unit: str = "g"
    foreign_load_g: float = 0.0
    wears_at_s: float = math.inf
    freezes_at_s: float = math.inf
    nonsense_at_s: float = math.inf
    knock_mg: float = 0.0
    knock_s: float = 0.0
    step_mg: float = 0.0
    wander_mg: float = 0.0
    linearity_mg: float = 0.0
    drift_for_2_h_mg_per_h: float = 0.0
    night_drift_mg_per_h: float = 0.0
    stable_flag: bool | None = None
    vibration_mg: float = 0.0
    scale_gain: float = 1.0
    scale_from_s: float = 0.0
    sticks_at_s: float = math.inf
    carats_from_s: float = math.inf
    one_behind: bool = False
    creep_mg: float = 0.0
    creeps_home_s: float = 300.0
    pan_sticks_mg: float = 0.0
    internal_weight: bool = True
