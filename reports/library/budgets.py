# SPDX-License-Identifier: Apache-2.0
"""The budgets of a run's judgements, by their ids, straight from its journal."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from bench.journal.lines import Judgement
from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault
from reports.why.journal_map import JournalMap

_JUDGEMENT = b'"kind":"judgement",'
_OF_A_MASS = ("mass ", "calibration ", "linearity ", "resolution ")


@dataclass(frozen=True)
class BudgetTerm:
    """An influence on a judged quantity.

    Attributes:
        name: of the influence.
        sensitivity: of the quantity on it.
        contribution: its part of the standard uncertainty, in the quantity's unit.
    """

    name: str
    sensitivity: float
    contribution: float

    @property
    def is_weighed(self) -> bool:
        """Tell whether the balance brought it in."""
        return self.name.startswith(_OF_A_MASS)


def judgements_of(folder: Path) -> Iterator[Judgement]:
    """Yield the judgements of a run, straight from its journal.

    Raises:
        PlanError: there is no journal.
        BenchFault: a line of it cannot be read.
    """
    with JournalMap(folder / JOURNAL) as journal:
        for line in journal.lines_with(_JUDGEMENT):
            try:
                yield msgspec.convert(line.data, Judgement)
            except msgspec.ValidationError as misfit:
                asset = f"journal {folder / JOURNAL}, line {line.number}"
                raise BenchFault(asset, "read", str(misfit), "read it with the version that wrote it") from misfit


def budgets_of(folder: Path) -> dict[str, tuple[BudgetTerm, ...]]:
    """Return the budget of each judgement of a run that has one.

    Raises:
        PlanError: there is no journal.
        BenchFault: a line of it cannot be read.
    """
    with JournalMap(folder / JOURNAL) as journal:
        return {
            str(line.data["id"]): tuple(
                BudgetTerm(str(one["name"]), float(one["sensitivity"]), float(one["contribution"]))
                for one in line.data["budget"]
            )
            for line in journal.lines_with(_JUDGEMENT)
            if line.data["budget"]
        }
