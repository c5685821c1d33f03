# SPDX-License-Identifier: Apache-2.0
"""The pressure in the catheter at an occlusion alarm: what IEC 60601-2-24 lets a tester record beside the time.

It is the pump's own sensor that tells it, as far off as its profile allows. The rig's sensor stands behind the clamp
and knows nothing of it; what was stored is weighed when the clamp opens, and is the other witness.
"""

import math

from bench.infusion.pump_time import PumpTime
from bench.infusion.setting import Setting
from bench.sampling import Sample, Sampling
from metrology.uncertainty import Influence, quantity_from
from metrology.verdict import Limits, Measurement

PRESSURE_AT_ALARM = "pressure at the occlusion alarm"


class AlarmPressure:
    """Keeps what the newest sample told of the catheter's pressure."""

    def __init__(self, setting: Setting, sampling: Sampling, time: PumpTime) -> None:
        self._setting = setting
        self._time = time
        self._told_kpa = math.nan
        sampling.samples.subscribe(self.on_sample)
        sampling.recalled.subscribe(self.on_sample)

    def on_sample(self, sample: Sample) -> None:
        """Take a sample."""
        self._told_kpa = sample.pump.catheter_pressure_kpa

    def measured(self) -> Measurement:
        """Return the pressure now; while the catheter is shut and the pump stands it is that of the alarm.

        Raises:
            PlanError: the pump promises no sensor.
        """
        profile, rate_ul_per_h = self._setting.profile, self._time.rate_if_running_ul_per_h
        limits = Limits(
            None,
            profile.occlusion_pressure_limit_kpa(rate_ul_per_h),
            "kPa",
            f"profile {profile.name}: ΔP_max + (v + Q·latency)/C_min",
        )
        error_kpa = profile.catheter.pressure_error_max_kpa.value
        told = Influence.rectangular("pressure told by the pump", self._told_kpa, "kPa", error_kpa)
        return Measurement(PRESSURE_AT_ALARM, quantity_from(told.number, "kPa", [told]), limits)
