# SPDX-License-Identifier: Apache-2.0
"""Which column or attribute of an export holds what: as makers usually call it, or as somebody says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Self

from bench.requirement_import.imported import Row
from groundfloor.errors import PlanError

USUAL = {
    "id": ("ReqIF.ForeignID", "ID", "Requirement ID", "Req ID", "Object Identifier", "Identifier", "Key", "Number"),
    "text": (
        "ReqIF.Text", "Object Text", "Primary Text", "Requirement", "Text", "Description", "Statement", "Notes",
    ),
    "feature": ("Feature", "ReqIF.Category", "Category", "Component", "Module", "Section", "Type"),
    "revision": ("Revision", "ReqIF.ForeignRevision", "Version"),
    "risk_controls": ("Risk Controls", "Risk Control", "Risk control measure", "RCM", "Hazard"),
}  # fmt: skip


@dataclass(frozen=True)
class Columns:
    """The names that somebody gave; empty for the usual ones.

    An export with several types of object may call one thing by several names: they are given with `|` between them,
    and of each row the first counts that holds something.

    Attributes:
        id: what the requirement is numbered by.
        text: what the pump shall do.
        feature: the group that it belongs to.
        revision: of its text.
        risk_controls: ids of risk controls, with commas, semicolons or line ends between them.
    """

    id: str = ""
    text: str = ""
    feature: str = ""
    revision: str = ""
    risk_controls: str = ""

    def found_among(self, names: Iterable[str]) -> Self:
        """Return the names that an export really has; empty where it has none for something."""
        by_plain = {_plain(name): name for name in names}
        found = {}
        for one in fields(self):
            given = [name for name in getattr(self, one.name).split("|") if name]
            plain = [_plain(name) for name in given or USUAL[one.name]]
            found[one.name] = "|".join(by_plain[name] for name in plain if name in by_plain)
        return type(self)(**found)

    def row(self, where: str, values: Mapping[str, str]) -> Row:
        """Return the row that an export's values make."""
        return Row(where, *(_first(getattr(self, one.name), values) for one in fields(self)))

    def refuse_unnamed(self, who: str, there: Iterable[str]) -> None:
        """Refuse an export of which nobody knows where ids and texts are.

        Raises:
            PlanError: for one of them no column was found.
        """
        for column in ("id", "text"):
            if not getattr(self, column):
                seen = f"no column for the {column}; there is: {', '.join(filter(None, there)) or 'none'}"
                raise PlanError(who, "find its columns", seen, f"name it with --{column}-column")


def _first(names: str, values: Mapping[str, str]) -> str:
    return next((values[name] for name in names.split("|") if values.get(name, "").strip()), "")


def _plain(name: str) -> str:
    return "".join(one for one in name.casefold() if one.isalnum())
