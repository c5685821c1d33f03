# SPDX-License-Identifier: Apache-2.0
"""What the bench says of imagined infusions: the verdict of each, over all that is judged of its delivery."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.acceptance import Standing
from bench.account import InfusionRecord
from bench.account.any_window import examine_excess, examine_shortfall
from bench.account.run_down import examine_run_down
from bench.account.start_up import examine_start_up
from metrology.verdict import Measurement, Verdict, judge, worst
from tests.any_window.imagined_pumps import Fault, imagined
from tests.any_window.imagined_record import record_of

EXAMINERS = (examine_excess, examine_shortfall, examine_start_up, examine_run_down)
BATCH_READINGS = 400_000


@dataclass(frozen=True)
class Judged:
    """The verdicts of one infusion: by measurand, the worst of each, and of all together."""

    by_measurand: dict[str, Verdict]

    @property
    def verdict(self) -> Verdict:
        """Return the worst of all."""
        return worst(self.by_measurand.values())


def judged(record: InfusionRecord) -> Judged:
    """Judge one record by all that is asked of its delivery."""
    found: dict[str, Verdict] = {}
    for examiner in EXAMINERS:
        for finding in examiner(record):
            assert finding.standing in Standing
            one = judge(finding.found) if isinstance(finding.found, Measurement) else finding.found
            found[one.measurand] = worst((one.verdict, found.get(one.measurand, Verdict.PASS)))
    return Judged(found)


def trials(
    seed: int, rate_ul_per_h: float, hours: float, count: int, fault: Fault, wander_mg: float = 0.0
) -> Iterator[Judged]:
    """Yield what is said of so many infusions, each of another pump on another balance."""
    rng = np.random.default_rng(seed)
    batch, left = max(1, int(BATCH_READINGS / (hours * 120))), count
    while left > 0:
        some = imagined(rng, rate_ul_per_h, hours, min(batch, left), fault, wander_mg=wander_mg)
        left -= len(some.times_s)
        for times_s, masses_mg in zip(some.times_s, some.masses_mg, strict=True):
            yield judged(record_of(times_s, masses_mg, rate_ul_per_h, some.stopped_s))
