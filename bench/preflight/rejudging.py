# SPDX-License-Identifier: Apache-2.0
"""What was judged with the blank before, judged again with evaporation interpolated between both blanks.

While an infusion runs only the blank before it is known, so every volume allows for a change since. When the blank
after is there, each judgement is made again from its own budget: the rate of evaporation is another, and nothing else.
The first judgement stays in the journal; a pass that does not stand keeps the run from passing.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.journal import JournalLine, read_lines
from metrology.gravimetry import Evaporation
from metrology.gravimetry.evaporation import CHANGE, RATE
from metrology.uncertainty import BudgetLine, Distribution, Influence, recombined
from metrology.verdict.decision_rule import DecisionRule, judge
from metrology.verdict.judgement import Judgement
from metrology.verdict.limits import Limits
from metrology.verdict.measurement import Measurement
from metrology.verdict.verdict import Verdict


@dataclass(frozen=True)
class Rejudged:
    """One judgement, made a second time.

    Attributes:
        first: the verdict with the blank before.
        second: the judgement with the interpolated rate.
    """

    first: Verdict
    second: Judgement

    @property
    def moved(self) -> bool:
        """Tell whether the verdict is another one."""
        return self.second.verdict is not self.first

    def as_dict(self) -> dict[str, object]:
        """Return what changed, for JSON."""
        told = self.second.as_dict()
        kept = {name: told[name] for name in ("name", "value", "unit", "expanded_uncertainty")}
        return {**kept, "first": self.first, "second": self.second.verdict}


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
            data: Any = line.data
            if line.kind == "test-started":
                middles_s.clear()
            elif line.kind == "volume":
                middles_s[data["name"]] = (data["start"]["time_s"] + data["end"]["time_s"]) / 2
            elif line.kind == "judgement" and any(one["name"] == RATE for one in data["budget"]):
                window = str(data["name"]).rpartition(": ")[0] or str(data["name"])
                yield Rejudged(Verdict(data["verdict"]), self._again(data, self._at(middles_s.get(window))))

    def _at(self, instant_s: float | None) -> Evaporation:
        """Return the rate at an instant; where nobody knows the instant, that of the blank after counts."""
        if instant_s is None:
            instant_s = self._after.measured_at_s
        return self._before.interpolated(self._after, math.inf if instant_s is None else instant_s)

    def _again(self, told: Mapping[str, Any], evaporation: Evaporation) -> Judgement:
        rates = {RATE: evaporation.influence(self._readability_mg), CHANGE: evaporation.change_influence()}
        first = [_budget_line(one) for one in told["budget"]]
        budget = tuple(_with(rates[one.name], one) if one.name in rates else one for one in first)
        shift = sum(new.sensitivity * (new.value - old.value) for new, old in zip(budget, first, strict=True))
        value = math.nan if told["value"] is None else told["value"] + shift
        limits = Limits(told["lower"], told["upper"], told["unit"], told["limits_source"])
        quantity = recombined(value, told["unit"], budget)
        return judge(Measurement(told["name"], quantity, limits, tuple(told["qualifiers"])), self._rule)


def _budget_line(told: Mapping[str, Any]) -> BudgetLine:
    dof = math.inf if told["dof"] is None else told["dof"]
    return BudgetLine(**{**told, "dof": dof, "distribution": Distribution(told["distribution"])})


def _with(influence: Influence, component: BudgetLine) -> BudgetLine:
    number = influence.number
    value, uncertainty, dof = float(number.x), float(number.u), float(number.df)
    return replace(component, value=value, standard_uncertainty=uncertainty, dof=dof, kind=influence.kind)
