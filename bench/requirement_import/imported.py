# SPDX-License-Identifier: Apache-2.0
"""What an export held: rows that became requirements, and what was left out."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from bench.trace import Requirement, Requirements
from bench.trace.requirements import Baseline, RiskControl
from groundfloor.errors import PlanError
from groundfloor.printable import one_line, printable

FEATURE = "Imported"
_BETWEEN = re.compile(r"[,;\n]+")
_WHOLE = re.compile(r"\d+")


@dataclass(frozen=True)
class Row:
    """One requirement as an export tells it, before anything of it is believed.

    Attributes:
        where: how it is found in the file.
        id, text, feature, revision, risk_controls: its columns; empty where there is nothing.
    """

    where: str
    id: str
    text: str
    feature: str = ""
    revision: str = ""
    risk_controls: str = ""


@dataclass(frozen=True)
class Imported:
    """What an export held.

    Attributes:
        requirements: those that could be read.
        skipped: a sentence for each thing that was left out.
    """

    requirements: tuple[Requirement, ...]
    skipped: tuple[str, ...]

    @classmethod
    def of(cls, rows: Iterable[Row], skipped: Sequence[str] = ()) -> "Imported":
        """Make requirements of rows, and tell which rows are none."""
        found: dict[str, Requirement] = {}
        told = list(skipped)
        for row in rows:
            requirement = _requirement(row)
            if isinstance(requirement, str):
                told.append(f"{row.where}: {requirement}")
            elif requirement.id in found:
                told.append(f"{row.where}: {requirement.id} is there already, and the first one counts")
            else:
                found[requirement.id] = requirement
        return cls(tuple(found.values()), tuple(told))

    def baseline(self, baseline_id: str) -> Requirements:
        """Return them as a baseline, with the risk controls that they name.

        Raises:
            PlanError: there is none.
        """
        if not self.requirements:
            seen = self.skipped[0] if self.skipped else "it holds no requirement"
            next_step = "name its columns with --id-column and --text-column"
            raise PlanError("requirements", "import", seen, next_step)
        names = dict.fromkeys(name for one in self.requirements for name in one.risk_controls)
        controls = tuple(RiskControl(id=name, hazard="not told by the export") for name in names)
        return Requirements(
            baseline=Baseline(id=baseline_id, revision=1), requirement=self.requirements, risk_control=controls
        )


def _requirement(row: Row) -> Requirement | str:
    """Return the requirement of a row, or why it is none."""
    if not row.text.strip():
        return "it has no text, as a heading has none"
    if not row.id.strip():
        return "it has no id"
    revision = _WHOLE.search(row.revision)
    try:
        return Requirement(
            id=_line(row.id),
            revision=max(1, int(revision.group()[:6])) if revision else 1,
            feature=_line(row.feature) or FEATURE,
            text=_line(row.text),
            risk_controls=tuple(_line(one) for one in _BETWEEN.split(row.risk_controls) if one.strip()),
        )
    except ValidationError as misfit:
        field = ".".join(str(part) for part in misfit.errors()[0]["loc"])
        return (
            f"its {field} {one_line(row.id, 60)!r} cannot be one: ids hold none of , ; @ | and at most 128 characters"
        )


def _line(text: str) -> str:
    return printable(" ".join(text.split()), keep="")
