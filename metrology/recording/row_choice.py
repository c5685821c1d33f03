# SPDX-License-Identifier: Apache-2.0
"""Which lines of a table count: those with a value in a column, such as one pump of several, or stable readings."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from groundfloor.errors import PlanError

OPTION = "--only"


@dataclass(frozen=True)
class RowChoice:
    """Lines whose cell in a column is this value, in capitals or not.

    Attributes:
        index: place of the column.
        value: of its cells.
    """

    index: int
    value: str

    @classmethod
    def of(cls, who: str, headings: Sequence[str], text: str) -> "RowChoice":
        """Read `pump=A`, or `2=A` with a column by its number from 1.

        Raises:
            PlanError: it is none, or there is no such column.
        """
        name, sign, value = (part.strip() for part in text.partition("="))
        if not sign or not name:
            raise PlanError(OPTION, "read", f"'{text}'", "write a column and its value, such as 'pump=A'")
        places = [place for place, heading in enumerate(headings) if heading == name]
        if not places and name.isascii() and name.isdigit() and 1 <= int(name) <= len(headings):
            places = [int(name) - 1]
        if len(places) != 1:
            seen = f"{len(places) or 'no'} column{'s' * (len(places) > 1)} {name!r} among {', '.join(headings)}"
            raise PlanError(who, "choose lines", seen, f"write a heading, or its number from 1: {OPTION} 'pump=A'")
        return cls(places[0], value.casefold())

    def takes(self, row: Sequence[str]) -> bool:
        """Tell whether a line counts."""
        return self.index < len(row) and row[self.index].strip().casefold() == self.value

    def kept(self, cells: pa.Array) -> pa.Array:
        """Return which lines count, by the cells of the column."""
        return pc.equal(pc.utf8_lower(pc.utf8_trim_whitespace(cells)), self.value)
