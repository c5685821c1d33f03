# SPDX-License-Identifier: Apache-2.0
"""What was judged with the blank before, judged again with evaporation interpolated between both blanks.

While an infusion runs only the blank before it is known, so every volume allows for a change since. When the blank
after is there, each judgement is made again from its own budget: the rate of evaporation is another, and nothing else.
The first judgement stays in the journal; a pass that does not stand keeps the run from passing.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from bench.journal import JournalLine, read_lines
from bench.journal.lines import Judgement, Volume
from groundfloor.json_number import json_number
from metrology import verdict
from metrology.gravimetry import Evaporation
from metrology.gravimetry.evaporation import CHANGE, RATE
from metrology.uncertainty import BudgetLine, Influence, recombined
from metrology.verdict.decision_rule import DecisionRule, judge
from metrology.verdict.limits import Limits
from metrology.verdict.measurement import Measurement
from metrology.verdict.verdict import Verdict


@dataclass(frozen=True)
class Rejudged:
    """One judgement, made a second time.

    Attributes:
        id: of the judgement.
        first: the verdict with the blank before.
        second: the judgement with the interpolated rate.
    """

    id: str
    first: Verdict
    second: verdict.Judgement

    @property
    def moved(self) -> bool:
        """Tell whether the verdict is another one."""
        return self.second.verdict is not self.first

    def as_dict(self) -> dict[str, object]:
        """Return what changed, for JSON."""
        second = self.second
        return {
            "id": self.id,
            "name": second.name,
            "value": json_number(second.value),
            "unit": second.unit,
            "expanded_uncertainty": json_number(second.expanded_uncertainty),
            "first": self.first,
            "second": second.verdict,
        }


class Rejudging:
    """Judges a run again.

    Args:
        before, after: from the blanks.
        readability_mg: of the balance.
        rule: by which the run was judged.
    """

    def __init__(self, before: Evaporation, after: Evaporation, readability_mg: float, rule: DecisionRule) -> None:
        self._before, self._after = before, after
        self._readability_mg = readability_mg
        self._rule = rule

    def of_run(self, journal: Path) -> list[Rejudged]:
        """Return every judgement of a journal that a rate of evaporation went into, made again."""
        return list(self._of(read_lines(journal)))

    def _of(self, lines: Iterator[JournalLine]) -> Iterator[Rejudged]:
        middles_s: dict[str, float] = {}
        for line in lines:
            match line.body:
                case Volume(id=window) as volume:
                    middles_s[window] = volume.middle_s
                case Judgement() as first if any(one.name == RATE for one in first.budget):
                    yield Rejudged(first.id, first.verdict, self._again(first, self._at(middles_s.get(first.window))))

    def _at(self, instant_s: float | None) -> Evaporation:
        """Return the rate at an instant; where nobody knows the instant, that of the blank after counts."""
        if instant_s is None:
            instant_s = self._after.measured_at_s
        return self._before.interpolated(self._after, math.inf if instant_s is None else instant_s)

    def _again(self, first: Judgement, evaporation: Evaporation) -> verdict.Judgement:
        rates = {RATE: evaporation.influence(self._readability_mg), CHANGE: evaporation.change_influence()}
        known = [one.budget_line() for one in first.budget]
        budget = tuple(_with(rates[one.name], one) if one.name in rates else one for one in known)
        shift = sum(new.sensitivity * (new.value - old.value) for new, old in zip(budget, known, strict=True))
        value = math.nan if first.value is None else first.value + shift
        limits = Limits(first.lower, first.upper, first.unit, first.limits_source)
        quantity = recombined(value, first.unit, budget)
        measurement = Measurement(first.name, quantity, limits, first.qualifiers, first.window, first.measurand)
        return judge(measurement, self._rule)


def _with(influence: Influence, component: BudgetLine) -> BudgetLine:
    number = influence.number
    value, uncertainty, dof = float(number.x), float(number.u), float(number.df)
    return replace(component, value=value, standard_uncertainty=uncertainty, dof=dof, kind=influence.kind)
