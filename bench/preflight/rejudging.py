# SPDX-License-Identifier: Apache-2.0
"""What was judged with the blank before, judged again with both blanks.

While an infusion runs only the blank before it is known, so every volume allows for a change since. When the blank
after is there, each judgement is made again from its own budget: the rate of evaporation is another, and what goes with
it; nothing else. The first judgement stays in the journal; a pass that does not stand keeps the run from passing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bench.journal import read_lines
from bench.journal.lines import Judgement
from groundfloor.json_number import json_number
from metrology import verdict
from metrology.gravimetry import Evaporation, WeighingSetup
from metrology.gravimetry.evaporation import CHANGE, RATE
from metrology.gravimetry.weighing_setup import LOAD_IN_BLANK, SENSITIVITY
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
        second: the judgement with both blanks.
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
        setup: what the run was weighed with; its rate is that of the blank before.
        after: from the blank after.
        rule: by which the run was judged.

    Raises:
        PlanError: one of the two rates is assumed.
    """

    def __init__(self, setup: WeighingSetup, after: Evaporation, rule: DecisionRule) -> None:
        balance, before = setup.balance, setup.evaporation
        gross_mg = 1000 * setup.vessel.gross_g
        vessel = setup.vessel
        both = before.together_with(after, balance.sensitivity_per_c * gross_mg, vessel.excess_volume_half_width_ml)
        self._rates = {RATE: both.influence(balance.readability_mg), CHANGE: both.change_influence()}
        self._setup, self._both, self._gross_mg = setup, both, gross_mg
        self._rule = rule

    def of_run(self, journal: Path) -> list[Rejudged]:
        """Return every judgement of a journal that a rate of evaporation went into, made again."""
        judgements = (line.body for line in read_lines(journal) if isinstance(line.body, Judgement))
        return [Rejudged(one.id, one.verdict, self._again(one)) for one in judgements if _rests_on_a_rate(one)]

    def _again(self, first: Judgement) -> verdict.Judgement:
        known = [one.budget_line() for one in first.budget]
        budget = tuple(self._with_both(one, known) for one in known)
        shift = sum(new.sensitivity * (new.value - old.value) for new, old in zip(budget, known, strict=True))
        shift += self._by_the_load(known)
        value = math.nan if first.value is None else first.value + shift
        limits = Limits(first.lower, first.upper, first.unit, first.limits_source)
        quantity = recombined(value, first.unit, budget)
        measurement = Measurement(first.name, quantity, limits, first.qualifiers, first.window, first.measurand)
        return judge(measurement, self._rule)

    def _with_both(self, line: BudgetLine, budget: Sequence[BudgetLine]) -> BudgetLine:
        if line.name in self._rates:
            return _with(self._rates[line.name], line)
        if line.name == SENSITIVITY:
            # what the blanks gained because the room grew warmer is in the rate, and acts as the rate does
            return _as_sensitive(line, line.sensitivity + self._warmer(budget))
        if line.name == LOAD_IN_BLANK:
            by_rate = self._by_rate(line, budget)
            return _as_sensitive(line, -by_rate * self._setup.excess_ml_per_g * self._both.denser_kg_m3_per_h)
        return line

    def _warmer(self, budget: Sequence[BudgetLine]) -> float:
        """Return by how much more a volume moves with the sensitivity: the vessel was emptier in the blank before."""
        both, before = self._both, self._setup.evaporation
        warmer_c_per_h = both.warming_c_per_h - before.warming_c_per_h
        emptier_c_per_h = warmer_c_per_h - both.warming_after_c_per_h
        full = _sensitivity_to_rate(budget) * self._gross_mg * warmer_c_per_h
        emptier = (2000 * line.value * self._by_rate(line, budget) for line in _loads(budget))
        return full + emptier_c_per_h * sum(emptier)

    def _by_the_load(self, budget: Sequence[BudgetLine]) -> float:
        """Return what the value gains because the air of both blanks lifted another load than that of the first."""
        both, before = self._both, self._setup.evaporation
        emptier_kg_m3 = both.denser_kg_m3_per_h - 2 * both.denser_after_kg_m3_per_h - before.denser_kg_m3_per_h
        lifted = (
            -self._setup.excess_ml_per_g * line.value * self._by_rate(line, budget) * emptier_kg_m3
            for line in _loads(budget)
        )
        return sum(lifted)

    def _by_rate(self, load: BudgetLine, budget: Sequence[BudgetLine]) -> float:
        """Return how the rate acts on the value through the one window that a load belongs to."""
        if (denser_kg_m3_per_h := self._setup.evaporation.denser_kg_m3_per_h) != 0:
            return -load.sensitivity / (self._setup.excess_ml_per_g * denser_kg_m3_per_h)
        return _sensitivity_to_rate(budget) / len(_loads(budget))


def _loads(budget: Sequence[BudgetLine]) -> list[BudgetLine]:
    return [one for one in budget if one.name == LOAD_IN_BLANK]


def _sensitivity_to_rate(budget: Sequence[BudgetLine]) -> float:
    return sum(one.sensitivity for one in budget if one.name == RATE)


def _rests_on_a_rate(judgement: Judgement) -> bool:
    return any(one.name == RATE for one in judgement.budget)


def _with(influence: Influence, line: BudgetLine) -> BudgetLine:
    number = influence.number
    value, uncertainty, dof = float(number.x), float(number.u), float(number.df)
    counts = abs(line.sensitivity) * uncertainty
    return replace(
        line, value=value, standard_uncertainty=uncertainty, dof=dof, kind=influence.kind, contribution=counts
    )


def _as_sensitive(line: BudgetLine, sensitivity: float) -> BudgetLine:
    return replace(line, sensitivity=sensitivity, contribution=abs(sensitivity) * line.standard_uncertainty)
