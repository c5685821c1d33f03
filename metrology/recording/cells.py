# SPDX-License-Identifier: Apache-2.0
"""Cells of text become numbers, or the first that is none is named with its line; nothing is guessed or passed over."""

import re
from dataclasses import dataclass
from typing import NoReturn

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from groundfloor.errors import PlanError
from groundfloor.printable import one_line
from metrology.recording.unit import unit_named

ISO_TIME = re.compile(r"\d{4}-?\d\d-?\d\d[T ]\d\d.*")
_ZONE = r"(Z|[+-]\d\d(:?\d\d)?)$"
_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
_NUMBER_WITH_UNIT = re.compile(r"[+-]?[\d.]+(?:[eE][+-]?\d+)?\s*(?P<unit>[^\d\s.,]+)")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "--"})


@dataclass(frozen=True)
class Cells:
    """The cells of one column in one block.

    Attributes:
        who: the file, for a message.
        heading: of the column.
        first_line: where the first of them stands.
        texts: what is written in them.
    """

    who: str
    heading: str
    first_line: int
    texts: pa.Array

    def numbers(self) -> npt.NDArray[np.float64]:
        """Return the cells as numbers.

        Raises:
            PlanError: one is missing, or no finite number.
        """
        trimmed = pc.utf8_trim_whitespace(self.texts)
        try:
            found: npt.NDArray[np.float64] = pc.cast(trimmed, pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            self._refuse(_first_that_is_none(trimmed))
        if not np.isfinite(found).all():
            self._refuse(int(np.flatnonzero(~np.isfinite(found))[0]))
        return found

    def instants_ns(self) -> tuple[npt.NDArray[np.int64], bool]:
        """Return ISO 8601 time stamps in ns since 1970, and whether they name their time zone.

        Raises:
            PlanError: one is missing or no time stamp, or some name a zone and others do not.
        """
        trimmed = pc.utf8_trim_whitespace(self.texts)
        with_date = pc.match_substring_regex(trimmed, r"^\d{4}-?\d\d-?\d\d[T ]\d\d").to_numpy(zero_copy_only=False)
        if not with_date.all():
            self._refuse(int(np.flatnonzero(~with_date)[0]))
        zoned = pc.match_substring_regex(trimmed, _ZONE).to_numpy(zero_copy_only=False)
        if zoned.any() != zoned.all():
            index = int(np.flatnonzero(zoned != zoned[0])[0])
            self._tell(index, "is in another time zone than the line before it", "write all times in one zone")
        parsed = pd.to_datetime(pd.Series(trimmed.to_pandas()), format="ISO8601", utc=True, errors="coerce")
        if parsed.isna().any():
            self._refuse(int(np.flatnonzero(parsed.isna().to_numpy())[0]))
        nanoseconds: npt.NDArray[np.int64] = parsed.to_numpy(dtype="datetime64[ns]").astype(np.int64)
        return nanoseconds, bool(zoned.any())

    def _refuse(self, index: int) -> NoReturn:
        text = str(self.texts[index].as_py()).strip()
        unit = _NUMBER_WITH_UNIT.fullmatch(text)
        if text.casefold() in _MISSING:
            self._tell(index, "is a missing value", "leave the line out, or analyse a part of the recording")
        if _DECIMAL_COMMA.fullmatch(text):
            self._tell(index, "has a decimal comma", "write decimal points")
        if unit and unit_named(unit["unit"]):
            self._tell(index, "carries a unit of its own", "write the unit once, in the heading, and numbers below")
        if text.casefold().lstrip("+-") in ("inf", "infinity"):
            self._tell(index, "is not finite", "mend the line")
        self._tell(index, "is not what the column should hold", "mend the line, or name other columns")

    def _tell(self, index: int, what: str, next_step: str) -> NoReturn:
        text = one_line(str(self.texts[index].as_py()), 60)
        seen = f"line {self.first_line + index}, column {self.heading!r}: '{text}' {what}"
        raise PlanError(self.who, "read", seen, next_step)


def _first_that_is_none(texts: pa.Array) -> int:
    """Return the place of the first text that is no number, there being one."""
    first = 0
    while len(texts) > 1:
        half = len(texts) // 2
        if _are_numbers(texts.slice(0, half)):
            first, texts = first + half, texts.slice(half)
        else:
            texts = texts.slice(0, half)
    return first


def _are_numbers(texts: pa.Array) -> bool:
    try:
        pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        return False
    return True
