# SPDX-License-Identifier: Apache-2.0
"""An occasion for a bolus: one that the pump had to give, or a request that it refused and for which it gives none."""

import math
from dataclasses import dataclass

from bench.account.infusion_record import InfusionRecord
from bench.account.programmed_boluses import programmed_boluses
from bench.account.programmed_envelope import keeps_back
from bench.therapy import AcceptedBolus
from instruments.pump import Command

HOURS_AFTER = 3.0
"""For so long nothing of a bolus may come any more, and somebody looks."""
_REQUESTS = (Command.PATIENT_BOLUS, Command.SINGLE_BOLUS)


@dataclass(frozen=True)
class BolusOccasion:
    """One occasion, in bench time.

    Attributes:
        name: what people read.
        at_s: the request, or the start of a therapy that begins with a bolus.
        bolus: what the pump had to give; None where it refused.
        until_s: to here its course is looked at: the next bolus, a stop, a fault, or three hours after its end.
    """

    name: str
    at_s: float
    bolus: AcceptedBolus | None
    until_s: float


def bolus_occasions(record: InfusionRecord) -> tuple[BolusOccasion, ...]:
    """Return the occasions of an infusion in the order of time; most infusions have none.

    What comes of a request that is refused while a bolus runs shows in the course of that bolus. What comes of a bolus
    that begins under a fault shows what the fault does to it.
    """
    samples, boluses = record.samples, programmed_boluses(record)
    given = [(samples.bench_s(one.started_s), one) for one in boluses]
    asked = (one.sent_s for one in record.commands if one.command in _REQUESTS and not one.accepted)
    refused = [at_s for at_s in asked if not any(begin_s <= at_s < begin_s + one.duration_s for begin_s, one in given)]
    breaks_s = sorted([*(at_s for at_s, _ in given), *_disturbances_s(record)])
    found = [
        BolusOccasion(f"bolus {number}", at_s, bolus, _until(at_s, bolus.duration_s, breaks_s))
        for number, (at_s, bolus) in enumerate(given, start=1)
    ]
    found += [
        BolusOccasion(f"refused request {number}", at_s, None, _until(at_s, 0.0, breaks_s))
        for number, at_s in enumerate(refused, start=1)
    ]
    faults = [one for one in record.injections if keeps_back(record, one)]
    free = (one for one in found if not any(fault.overlaps(one.at_s, one.at_s) for fault in faults))
    return tuple(sorted(free, key=lambda one: one.at_s))


def _until(at_s: float, duration_s: float, breaks_s: list[float]) -> float:
    next_s = next((one for one in breaks_s if one > at_s), math.inf)
    return min(next_s, at_s + duration_s + HOURS_AFTER * 3600)


def _disturbances_s(record: InfusionRecord) -> list[float]:
    """Return when something else begins: a fault, a start, a stop, the end of the samples."""
    edges = [edge for span in record.schedule.spans_s for edge in span if math.isfinite(edge)]
    faults_s = [one.sent_s for one in record.injections]
    return [*(record.samples.bench_s(edge) for edge in edges), *faults_s, float(record.samples.at_s[-1])]
