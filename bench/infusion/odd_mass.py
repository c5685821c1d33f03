# SPDX-License-Identifier: Apache-2.0
"""A gain of mass that is none of the usual ones asks for a sample each second for a minute.

What rises in one interval may be a burst of the pump or a knock at the table. A burst leaves pressure in the catheter,
which is gone after half a minute, and goes on to arrive; a knock does neither. Who looks again after thirty seconds
sees none of it. It judges nothing, and a good pump on a quiet table costs it nothing.
"""

import math
from collections import deque
from statistics import median

from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.sampling import Sample

MG_PER_G = 1000.0
NOISES = 5.0
REMEMBERED = 5
"""Intervals whose gains tell what is usual."""
MOST_TIMES = 30
"""So many minutes of it in one infusion at most: a table that shakes all day is known by then."""


class OddMass:
    """Looks at the samples of one infusion; subscribe `on_sample` to new ones, and `recall` to those of the journal.

    Args:
        setting: the infusion.
        session: whose samples are taken each second.
        noise_mg: standard deviation of a reading.
    """

    def __init__(self, setting: Setting, session: SamplingSession, noise_mg: float) -> None:
        balance = setting.bench.file.balance
        self._setting = setting
        self._sampling = session.sampling
        noise_mg = max(noise_mg, balance.repeatability_mg)
        self._slack_ul = NOISES * 2**0.5 * noise_mg + balance.readability_mg + setting.profile.stroke_volume_ul.value
        self._surplus_ul_per_s: deque[float] = deque(maxlen=REMEMBERED)
        self._before: Sample | None = None
        self._rate_ul_per_h = math.nan
        self._changed_s = -math.inf
        self._times = 0

    def on_sample(self, sample: Sample) -> None:
        """Ask for samples each second if this one is odd."""
        if self._is_odd(sample) and self._times < MOST_TIMES and not self._sampling.looks_each_second:
            self._times += 1
            self._sampling.look_each_second()

    def recall(self, sample: Sample) -> None:
        """Take a sample from the journal; those that followed it stand there as well."""
        self._is_odd(sample)

    def _is_odd(self, sample: Sample) -> bool:
        before, usual = self._before, list(self._surplus_ul_per_s)
        if not math.isfinite(sample.mass.mass_g):
            return False
        self._before = sample
        self._follow_what_changes_the_flow(sample)
        settling_s = self._setting.shortest_settling_s + self._setting.interval_s
        if before is None or sample.actual_s - self._changed_s < settling_s:
            self._surplus_ul_per_s.clear()
            return False
        took_s = sample.actual_s - before.actual_s
        if took_s < self._setting.interval_s / 2:  # a closer look: noise over so short a time tells no rate
            return False
        gained_ul = MG_PER_G * (sample.mass.mass_g - before.mass.mass_g)
        surplus_ul = gained_ul - (sample.expected_ul - before.expected_ul)
        self._surplus_ul_per_s.append(surplus_ul / took_s)
        return len(usual) == REMEMBERED and abs(surplus_ul - median(usual) * took_s) > self._slack_ul

    def _follow_what_changes_the_flow(self, sample: Sample) -> None:
        """Keep when a command, the schedule or an injector last changed what has to flow."""
        schedule, at_s = self._setting.schedule, sample.pump.device_clock_s
        rate_ul_per_h = schedule.rate_ul_per_h(max(at_s, schedule.started_s)) if schedule.running else 0.0
        if rate_ul_per_h != self._rate_ul_per_h or self._setting.run.injectors.standing:
            self._rate_ul_per_h, self._changed_s = rate_ul_per_h, sample.actual_s
