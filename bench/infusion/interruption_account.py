# SPDX-License-Identifier: Apache-2.0
"""The account of an interruption: when did the pump stop, and how well is that known?

A resumed run finds the pump stopped: by the rig's watchdog or the keeper while nobody looked, or by the resume itself.
The pump's own counter tells how long it ran after the last sample, to a stroke; and it cannot have run longer than the
rig lets it without a heartbeat. What is left open goes into the uncertainty of every window around the interruption.
"""

from dataclasses import dataclass

from bench.sampling import Sample
from bench.therapy import RunningSchedule
from groundfloor.inconclusive import Inconclusive
from instruments.pump import PumpReading, PumpState

SECONDS_PER_HOUR = 3600.0
RUNS = (PumpState.INFUSING, PumpState.BOLUS)


@dataclass(frozen=True)
class InterruptionAccount:
    """One interruption.

    Attributes:
        stopped_device_s: best estimate of the pump's clock at its stop.
        half_width_s: how far the stop can lie from it.
        half_width_ul: the same as volume, at the rate of that time.
    """

    stopped_device_s: float
    half_width_s: float
    half_width_ul: float

    @classmethod
    def of(
        cls,
        schedule: RunningSchedule,
        last: Sample,
        found: PumpReading,
        stroke_volume_ul: float,
        longest_unwatched_s: float,
    ) -> "InterruptionAccount":
        """Return the account of an interruption.

        Args:
            schedule: what was running.
            last: the last sample before it.
            found: the pump as the resume found it, before it stopped it.
            stroke_volume_ul: the pump counts in strokes.
            longest_unwatched_s: after this time without a heartbeat the rig has stopped the pump.

        Raises:
            Inconclusive: the rate changed meanwhile, so the counter does not tell when the pump stopped; or the stop
                ended a bolus, and what is programmed from there on nobody has said.
        """
        begin_s, end_s = last.pump.device_clock_s, found.device_clock_s
        stopped_by_s = end_s if found.state in RUNS else min(end_s, begin_s + longest_unwatched_s)
        if any(bolus.started_s <= stopped_by_s and begin_s < bolus.ends_s for bolus in schedule.boluses):
            seen = "the stop ended a bolus that was under way"
            raise Inconclusive("pump", "account for the interruption", seen, "run this test again")
        if found.state in RUNS:
            return cls(end_s, 0.0, 0.0)
        latest_s = stopped_by_s
        if schedule.changes_s(begin_s, latest_s):
            seen = "the rate changed between the last sample and the stop"
            raise Inconclusive("pump", "account for the interruption", seen, "run this test again")
        rate_ul_per_h = schedule.rate_ul_per_h(max(begin_s, schedule.started_s))
        counted_s = (found.counter_ul - last.pump.counter_ul) / rate_ul_per_h * SECONDS_PER_HOUR
        stroke_s = stroke_volume_ul / rate_ul_per_h * SECONDS_PER_HOUR
        earliest_s = max(begin_s, begin_s + counted_s - stroke_s)
        latest_s = max(earliest_s, min(latest_s, begin_s + counted_s + stroke_s))
        half_width_s = (latest_s - earliest_s) / 2
        return cls((earliest_s + latest_s) / 2, half_width_s, half_width_s * rate_ul_per_h / SECONDS_PER_HOUR)
