# SPDX-License-Identifier: Apache-2.0
"""Each time the pump ran from a start to a stop, in bench time, and how long nothing happened to either side of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.programmed_envelope import COMMAND_TAKES_S, faults
from metrology.any_window import Span
from metrology.latency import Bracket


@dataclass(frozen=True)
class PumpRun:
    """One running of the pump.

    Attributes:
        started: between which instants its start took effect.
        stopped: the same of its stop; None where it was not stopped before the samples ended.
        rate_ul_per_h: scheduled at its start.
        last_rate_ul_per_h: scheduled at its stop.
        quiet_from_s: since when the pump had stood before the start, and the faults of the rig were gone.
        quiet_to_s: until when it stood after the stop, without a fault.
        undisturbed_to_s: until when it ran without a fault.
    """

    started: Bracket
    stopped: Bracket | None
    rate_ul_per_h: float
    last_rate_ul_per_h: float
    quiet_from_s: float
    quiet_to_s: float
    undisturbed_to_s: float


def pump_runs(record: InfusionRecord) -> Iterator[PumpRun]:
    """Yield each running of the pump, in order; one that began before the samples, or under a fault, is left out."""
    samples, spans = record.samples, record.schedule.spans_s
    first_s, last_s = float(samples.at_s[0]), float(samples.at_s[-1])
    for number, (begin_device_s, end_device_s) in enumerate(spans):
        started = _taking_effect(record, samples.bench_s(begin_device_s))
        if started.after_s <= first_s or _in_a_fault(record, started.before_s):
            continue
        ended_s = samples.bench_s(end_device_s) if np.isfinite(end_device_s) else np.inf
        stopped = _taking_effect(record, ended_s) if ended_s < last_s else None
        before_s = samples.bench_s(spans[number - 1][1]) if number else first_s
        after_s = samples.bench_s(spans[number + 1][0]) - COMMAND_TAKES_S if number + 1 < len(spans) else last_s
        yield PumpRun(
            started=started,
            stopped=stopped,
            rate_ul_per_h=record.schedule.rate_steps(begin_device_s, begin_device_s + 1.0)[0][1],
            last_rate_ul_per_h=_last_rate_ul_per_h(record, begin_device_s, end_device_s),
            quiet_from_s=max([before_s, *(one.to_s for one in faults(record) if one.to_s <= started.before_s)]),
            quiet_to_s=min([after_s, *(one.from_s for one in faults(record) if one.to_s >= ended_s)]),
            undisturbed_to_s=min(
                [ended_s, last_s, *(one.from_s for one in faults(record) if one.to_s >= started.before_s)]
            ),
        )


def _taking_effect(record: InfusionRecord, answered_s: float) -> Bracket:
    return Bracket(answered_s - COMMAND_TAKES_S - record.clocks_half_width_s, answered_s + record.clocks_half_width_s)


def _in_a_fault(record: InfusionRecord, at_s: float) -> bool:
    return any(Span(one.from_s, one.to_s).holds(at_s) for one in faults(record))


def _last_rate_ul_per_h(record: InfusionRecord, begin_device_s: float, end_device_s: float) -> float:
    if not np.isfinite(end_device_s):
        return 0.0
    return record.schedule.rate_steps(begin_device_s, end_device_s)[-1][1] if end_device_s > begin_device_s else 0.0
