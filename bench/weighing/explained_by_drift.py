# SPDX-License-Identifier: Apache-2.0
"""Could a failed judgement be the balance's drift, of which the blank afterwards tells?

A blank that changed says that the display drifts, that the vessel loses another amount, or that something drips in;
since when, nobody can say. So over an infusion it may have added, or taken, its change times all of its hours. What
fails by more than that is the pump's all the same.
"""

import re

from bench.journal.lines import Judgement, Sample
from metrology.gravimetry.evaporation import RATE
from metrology.verdict import Verdict

_UL_PER_MG = 1.01
"""More than water in air has at any temperature of a weighing room."""
_SHOWS_UL = 1.0
"""Beside this an instant, or a yes or a no, that was seen at the balance may be another one."""
_SECONDS_PER_HOUR = 3600.0
_MARK = re.compile(r"mass at (\d+(?:\.\d+)?) s")


class InfusionHours:
    """How long each infusion of a journal took; give it the samples in their order."""

    def __init__(self) -> None:
        self._spans_s: dict[str, tuple[float, float]] = {}

    def take(self, sample: Sample) -> None:
        """Take one sample."""
        first_s, _ = self._spans_s.get(sample.infusion, (sample.planned_s, sample.planned_s))
        self._spans_s[sample.infusion] = first_s, sample.planned_s

    def of(self, infusion: str) -> float:
        """Return the hours of an infusion; 0 for one of which there are no samples."""
        first_s, last_s = self._spans_s.get(infusion, (0.0, 0.0))
        return (last_s - first_s) / _SECONDS_PER_HOUR


def explained_by_drift(judgement: Judgement, change_mg_per_h: float, hours: float) -> bool:
    """Tell whether a judgement failed by no more than a change of the blank may have made.

    Args:
        judgement: rests on the balance.
        change_mg_per_h: of the blank; its sign does not matter, for nobody says since when.
        hours: of its infusion.
    """
    if judgement.verdict is not Verdict.FAIL:
        return False
    by_ul = abs(change_mg_per_h) * hours * _UL_PER_MG
    rate = next((one for one in judgement.budget if one.name == RATE), None)
    if judgement.value is None or (rate is None and judgement.unit != "µL"):
        return by_ul >= _SHOWS_UL
    moved = by_ul
    if rate is not None and rate.sensitivity is not None:
        # What drips in does not follow the air, as evaporation does: it counts by the clock, at the marks.
        moved = abs(change_mg_per_h) * max(abs(rate.sensitivity), _per_mg_per_h_at_the_marks(judgement))
    least = judgement.value if judgement.at_least is None else judgement.at_least
    below = 0.0 if judgement.lower is None else judgement.lower - least
    above = 0.0 if judgement.upper is None else least - judgement.upper
    return max(below, above) <= moved + (judgement.expanded_uncertainty or 0.0)


def _per_mg_per_h_at_the_marks(judgement: Judgement) -> float:
    """Return by how much 1 mg/h, begun at the worst instant, moves a judged value by its marks, in its own unit.

    What a gain of mass that begins at an instant does to the value is the sum over the later marks of hours since then
    times sensitivity: straight between marks, so its extreme lies at one of them. 0 where no line names an instant.
    """
    marks = [
        (float(found[1]) / _SECONDS_PER_HOUR, line.sensitivity)
        for line in judgement.budget
        if line.sensitivity is not None and (found := _MARK.fullmatch(line.name)) is not None
    ]
    begins_h = [hours for hours, _ in marks]
    effects = (sum(per_mg * max(hours - begin_h, 0.0) for hours, per_mg in marks) for begin_h in begins_h)
    return max(map(abs, effects), default=0.0)
