# SPDX-License-Identifier: Apache-2.0
"""How well flow can be told from sample to sample in one infusion."""

import math

from bench.infusion.setting import Setting
from bench.injectors import EffectTolerance

COVERAGE = 4.0
"""Standard deviations of a reading that are left to chance: a wrong word in 30 000."""


def effect_tolerance(setting: Setting, device_clock_s: float) -> EffectTolerance:
    """Return it for the rate that the therapy asks for at an instant of the pump's clock."""
    run, profile, balance = setting.run, setting.profile, setting.bench.file.balance
    loss, noise_mg = run.evaporation(), run.repeatability().standard_deviation_mg
    may_change_mg_per_h = setting.bench.file.preflight.blank_change_mg_per_h + balance.drift_mg_per_day / 24
    may_change_mg_per_h += COVERAGE * loss.standard_uncertainty_mg_per_h
    compliance = profile.catheter.compliance_max_ul_per_kpa.value
    rate_ul_per_h = setting.schedule.rate_if_running_ul_per_h(device_clock_s)
    pressed_kpa = profile.catheter.resistance_max_kpa_h_per_ul.value * rate_ul_per_h
    return EffectTolerance(
        reading_mg=COVERAGE * max(noise_mg, balance.repeatability_mg) + balance.readability_mg,
        stroke_ul=profile.stroke_volume_ul.value,
        stored_ul=compliance * pressed_kpa,
        loss_mg_per_h=loss.rate_mg_per_h,
        loss_half_width_mg_per_h=may_change_mg_per_h,
        compliance_ul_per_kpa=compliance,
    )


class EffectTolerances:
    """The same for each sample of one infusion, worked out anew when the rate is another."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._rate_ul_per_h = math.nan
        self._found: EffectTolerance | None = None

    def at(self, device_clock_s: float) -> EffectTolerance:
        """Return it for an instant of the pump's clock."""
        rate_ul_per_h = self._setting.schedule.rate_if_running_ul_per_h(device_clock_s)
        if self._found is None or rate_ul_per_h != self._rate_ul_per_h:
            self._found = effect_tolerance(self._setting, device_clock_s)
            self._rate_ul_per_h = rate_ul_per_h
        return self._found
