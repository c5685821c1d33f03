# SPDX-License-Identifier: Apache-2.0
"""What all parts of one infusion share, and none of them changes: the run, the name, the schedule, the interval."""

from dataclasses import dataclass
from functools import cached_property

from bench.bench import Bench
from bench.clock import watchdog_time_s
from bench.journal import Activities
from bench.profile import Profile, Sourced
from bench.run import Run
from bench.therapy import RunningSchedule

LEAST_WATCHDOG_S = 60
MISSED_HEARTBEATS_ALLOWED = 4


@dataclass(frozen=True)
class Setting:
    """One infusion's place in its run.

    Attributes:
        run: what the tests share.
        name: what the journal and the report call the infusion.
        schedule: what the therapy asks for, from start to start.
        interval_s: time between samples.
        low_reservoir_alarm_ul: what the low-reservoir alarm is set to; None for what the profile says.
    """

    run: Run
    name: str
    schedule: RunningSchedule
    interval_s: float
    low_reservoir_alarm_ul: float | None = None

    @property
    def bench(self) -> Bench:
        """Return the open bench."""
        return self.run.bench

    @cached_property
    def profile(self) -> Profile:
        """Return what the pump promises, with its low-reservoir alarm where this infusion sets it."""
        profile, set_to_ul = self.run.profile, self.low_reservoir_alarm_ul
        if set_to_ul is None:
            return profile
        source = f"set by the plan; {profile.low_reservoir_alarm_ul.source}"
        return profile.model_copy(update={"low_reservoir_alarm_ul": Sourced(value=set_to_ul, source=source)})

    @property
    def activities(self) -> Activities:
        """Return what does things on the bench, or replays them."""
        return self.run.activities

    @property
    def watchdog_s(self) -> int:
        """Return after how long without a heartbeat the rig stops the pump."""
        heard_again_s = max(LEAST_WATCHDOG_S, int(MISSED_HEARTBEATS_ALLOWED * self.interval_s))
        return watchdog_time_s(self.bench.clock, heard_again_s)

    @property
    def shortest_settling_s(self) -> float:
        """Return how long the catheter takes to run empty, or to fill, at the pump's high rate."""
        return self.profile.settling_time_s(self.profile.rates.tested("high"))

    def step(self, title: str) -> None:
        """Begin a phase that people see as a step of the protocol."""
        self.activities.note("step", title=title, infusion=self.name)
