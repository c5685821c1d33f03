# SPDX-License-Identifier: Apache-2.0
"""An infusion as it was known at an earlier instant: what was seen by then stands by itself, whatever came later."""

from dataclasses import fields, replace

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.sample_table import SampleTable
from bench.therapy import RunningSchedule


def record_until(record: InfusionRecord, instant_s: float) -> InfusionRecord:
    """Return the record of an infusion that was broken off at an instant of bench time; nobody read its logs."""
    kept = record.samples.at_s <= instant_s
    samples = SampleTable(**{one.name: getattr(record.samples, one.name)[kept] for one in fields(SampleTable)})
    device_s = float(samples.device_clock_s[-1]) if np.any(kept) else 0.0
    return replace(
        record,
        schedule=_schedule_until(record.schedule, device_s),
        samples=samples,
        commands=tuple(one for one in record.commands if one.answered_s <= instant_s),
        injections=tuple(one for one in record.injections if one.sent_s <= instant_s),
        alarms=tuple(one for one in record.alarms if one.by_s <= instant_s),
        marks=tuple(one for one in record.marks if one.mass.time_s + one.mass.span_s / 2 <= instant_s),
        gaps=tuple(one for one in record.gaps if one.from_s <= instant_s),
        interruptions=tuple(one for one in record.interruptions if one[0] <= instant_s),
        resumed_after_s=tuple(one for one in record.resumed_after_s if one <= instant_s),
        steps=tuple(one for one in record.steps if one.to_s <= instant_s),
        complete=False,
        logs=None,
    )


def _schedule_until(schedule: RunningSchedule, device_s: float) -> RunningSchedule:
    cut = RunningSchedule(schedule.therapy, resumes_boluses=schedule.resumes_boluses)
    for started_s, stopped_s in schedule.spans_s:
        if started_s <= device_s:
            cut.start(started_s)
        if started_s <= device_s and stopped_s <= device_s:
            cut.stop(stopped_s)
    cut.boluses += [one for one in schedule.boluses if one.started_s <= device_s]
    return cut
