# SPDX-License-Identifier: Apache-2.0
"""Reads a column of numbers block by block: what is no number becomes NaN and is kept by line, for whoever uses it."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from groundfloor.printable import one_line
from metrology.recording.bad_cell import BadCell
from metrology.recording.number_style import NumberStyle
from metrology.recording.unit import Unit, unit_named

Told = tuple[str, str]
"""What is wrong, and what to do."""
Floats = npt.NDArray[np.float64]
MOST_KEPT = 1000
"""Bad cells that are remembered with their text; there is no use in more."""


@dataclass
class NumberColumn:
    """Follows one column.

    Attributes:
        who: the file, for a message.
        heading: of the column.
        style: how its numbers are written.
        unit: of all numbers; None where each cell, or another column, tells its own.
        convert: whether units may change from line to line.
        bad: cells that are no number.
        unstable: how many readings the balance itself called unstable.
        units: the units that were met, each with the line where it came first.
    """

    who: str
    heading: str
    style: NumberStyle
    unit: Unit | None
    convert: bool = False
    bad: list[BadCell] = field(default_factory=list)
    unstable: int = 0
    units: dict[str, int] = field(default_factory=dict)

    def read(self, texts: pa.Array, rows_from: int, lines: npt.NDArray[np.int64], units: pa.Array | None) -> Floats:
        """Return one block of cells in the unit's base: s, mg or µL; NaN where one is no number.

        Args:
            texts: the cells.
            rows_from: how many readings came before.
            lines: the line of each cell.
            units: cells of a column that tells the unit of each; None for none.
        """
        trimmed = pc.utf8_trim_whitespace(texts)
        found, own = self._plain(trimmed)
        told = units if units is not None else own
        factors, odd = self._factors(told, lines) if told is not None else (self._bare, {})
        found = np.where(np.isfinite(found), found * factors, np.nan)
        for index in np.flatnonzero(np.isnan(found))[: MOST_KEPT - len(self.bad)].tolist():
            text = str(texts[index].as_py())
            what = odd.get(str(told[index].as_py()).strip() if told is not None and odd else "", ("", ""))
            self.bad.append(BadCell(rows_from + index, int(lines[index]), self.heading, text, *what))
        return found

    @property
    def _bare(self) -> float:
        return self.unit.factor if self.unit is not None else 1.0

    def _plain(self, trimmed: pa.Array) -> tuple[Floats, pa.Array | None]:
        if self.style.is_plain:
            try:
                quick: Floats = pc.cast(trimmed, pa.float64()).to_numpy(zero_copy_only=False)
            except pa.ArrowInvalid:
                return self._with_words(trimmed)
            return quick, None
        return self._with_words(trimmed)

    def _with_words(self, trimmed: pa.Array) -> tuple[Floats, pa.Array | None]:
        parts = pc.extract_regex(trimmed, self.style.cell)
        digits = parts.field("number")
        if self.style.thousands:
            digits = pc.replace_substring(digits, self.style.thousands, "")
        if self.style.decimal != ".":
            digits = pc.replace_substring(digits, self.style.decimal, ".")
        negative = pc.is_in(parts.field("sign"), pa.array(["-", "−", "–"])).to_numpy(zero_copy_only=False)
        readable = pc.if_else(pc.is_valid(parts), digits, None)
        # A lone decimal mark at the end is a number for people, and for few programs.
        found = pc.cast(pc.utf8_rtrim(readable, "."), pa.float64()).to_numpy(zero_copy_only=False)
        self._count_unstable(parts)
        units = pc.if_else(pc.is_valid(parts), parts.field("unit"), None)
        return np.where(negative, -found, found), units

    def _count_unstable(self, parts: pa.Array) -> None:
        word, tail = parts.field("word"), parts.field("tail")
        marked = pc.or_(
            pc.match_substring_regex(word, r"(?i)\b(D|SD|US|UN|DI|UNSTABLE)\b|\?"),
            pc.match_substring_regex(tail, r"\?"),
        )
        self.unstable += int(pc.sum(pc.and_(marked, pc.is_valid(parts))).as_py() or 0)

    def _factors(self, written: pa.Array, lines: npt.NDArray[np.int64]) -> tuple[Floats | float, dict[str, Told]]:
        """Return how much one of each cell's unit is, and what is wrong with units that do not count.

        A cell without a unit has the column's own; one whose unit does not count is NaN.
        """
        trimmed = pc.utf8_trim_whitespace(written)
        factors, odd = dict[str, float](), dict[str, Told]()
        for one in pc.unique(trimmed).to_pylist():
            if one:
                told = self._wrong_with(one, int(lines[int(pc.index(trimmed, one).as_py())]))
                unit = unit_named(one)
                factors[one] = unit.factor if unit is not None and told is None else np.nan
                if told is not None:
                    odd[one] = told
        bare = self._bare if self.unit is not None else next(iter(factors.values()), 1.0)
        if set(factors.values()) <= {bare}:
            return bare, odd
        places = pc.fill_null(pc.index_in(trimmed, pa.array(list(factors))), len(factors))
        return np.array([*factors.values(), bare])[places.to_numpy(zero_copy_only=False)], odd

    def _wrong_with(self, written: str, line: int) -> Told | None:
        unit = unit_named(written)
        if unit is None or (self.unit is not None and unit.dimension is not self.unit.dimension):
            return (
                f"is in '{one_line(written, 20)}', a unit that does not belong here",
                "export it in g or mg, or use another part",
            )
        first = self.unit.symbol if self.unit is not None else next(iter(self.units), unit.symbol)
        self.units.setdefault(unit.symbol, line)
        if unit.symbol == first or self.convert:
            return None
        return (
            f"mixed units: the unit changes from {first} to {unit.symbol}",
            "if each line is right in its own unit, say so: --convert-units; or use the part before it (--use-to)",
        )
