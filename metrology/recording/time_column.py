# SPDX-License-Identifier: Apache-2.0
"""Reads the time of each reading block by block: numbers with a unit, time stamps, a clock, or a date beside a clock.

What is none becomes NaN and is kept by line. The order of the readings is looked at afterwards, over the whole file.
"""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from groundfloor.printable import one_line
from metrology.recording.bad_cell import BadCell
from metrology.recording.date_order import DateOrder
from metrology.recording.elapsed_time import elapsed_s
from metrology.recording.number_column import MOST_KEPT, Floats, NumberColumn
from metrology.recording.worded_date import stamps_in_digits
from metrology.recording.written_time import AROUND, CLOCK, STAMP

_S_PER_DAY = 86_400
_NS = 1_000_000_000
_ISO_TO_THE_MINUTE = len("2026-03-03T21:30")
Ints = npt.NDArray[np.int64]


class TimeKind(StrEnum):
    """What a column of times holds."""

    COUNTED = "counted"
    STAMPS = "stamps"
    CLOCK = "clock"
    MINUTES = "minutes"


@dataclass
class TimeColumn:
    """Follows the time of the readings.

    Attributes:
        heading: of its column.
        kind: what is written there; MINUTES are minutes and seconds.
        numbers: reads counted times; None for others.
        order: of day, month and year in stamps.
        begun_at: the first time as the file tells it.
        is_zoned: whether stamps name their zone; None before the first.
        bad: cells that are no time.
    """

    heading: str
    kind: TimeKind
    numbers: NumberColumn | None = None
    order: DateOrder = DateOrder.YMD
    begun_at: str = ""
    is_zoned: bool | None = None
    bad: list[BadCell] = field(default_factory=list)
    _origin: float | int | None = None

    @property
    def is_local(self) -> bool:
        """Tell whether it is a clock on a wall: its place may set it forward or back."""
        return self.kind is TimeKind.STAMPS and self.is_zoned is False

    @property
    def origin_ns(self) -> int:
        """Return the first stamp, in ns since 1970 on its own clock."""
        return int(self._origin or 0)

    def read(self, texts: pa.Array, rows_from: int, lines: Ints) -> Floats:
        """Return one block of times in s since the first of the file; NaN where one is none."""
        if self.numbers is not None:
            found = self.numbers.read(texts, rows_from, lines, None)
            self.bad = self.numbers.bad
            return found - self._began(found, texts)
        trimmed = pc.utf8_trim_whitespace(texts)
        if self.kind is TimeKind.STAMPS:
            return self._stamps(trimmed, texts, rows_from, lines)
        found = self._elapsed_s(pc.utf8_trim(trimmed, AROUND))
        if self.kind is TimeKind.MINUTES:
            found = found / 60
        self._keep_bad(np.isnan(found), texts, rows_from, lines)
        return found - self._began(found, texts)

    def _elapsed_s(self, trimmed: pa.Array) -> Floats:
        parts = pc.extract_regex(trimmed, CLOCK)
        found = self._clock_s(parts)
        return found if not parts.null_count else np.where(np.isnan(found), elapsed_s(trimmed), found)

    def _began(self, found: Floats, texts: pa.Array) -> float:
        good = np.flatnonzero(~np.isnan(found))
        if self._origin is None and len(good):
            self._origin = float(found[good[0]])
            unit = self.numbers.unit if self.numbers is not None else None
            self.begun_at = f"{_shown(texts, int(good[0]))} {unit.symbol if unit else ''}".strip()
        return float(self._origin or 0.0)

    def _stamps(self, trimmed: pa.Array, texts: pa.Array, rows_from: int, lines: Ints) -> Floats:
        quick = self._iso_ns(trimmed)
        if quick is None:
            return self._stamps_in_parts(trimmed, texts, rows_from, lines)
        if self._origin is None and len(quick):
            self._origin, self.begun_at = int(quick[0]), _shown(texts, 0)
        return (quick - self.origin_ns) / _NS

    def _iso_ns(self, trimmed: pa.Array) -> Ints | None:
        """Return a block of stamps that are all of ISO 8601 and alike; None for others, which take longer."""
        shortest = pc.min(pc.utf8_length(trimmed)).as_py() if self.order is DateOrder.YMD else None
        if shortest is None or shortest < _ISO_TO_THE_MINUTE:
            return None
        for zone, is_zoned in ((None, False), ("UTC", True)):
            if self.is_zoned in (None, is_zoned):
                try:
                    found: Ints = pc.cast(pc.cast(trimmed, pa.timestamp("ns", tz=zone)), pa.int64()).to_numpy()
                except pa.ArrowInvalid:
                    continue
                self.is_zoned = is_zoned
                return found
        return None

    def _stamps_in_parts(self, trimmed: pa.Array, texts: pa.Array, rows_from: int, lines: Ints) -> Floats:
        parts = pc.extract_regex(trimmed, STAMP)
        if parts.null_count:
            parts = pc.extract_regex(pc.coalesce(stamps_in_digits(trimmed), pc.utf8_trim(trimmed, AROUND)), STAMP)
        days, dated = self._days(parts)
        clock_s = self._clock_s(parts)
        good = dated & ~np.isnan(clock_s)
        zone = pc.fill_null(parts.field("zone"), "")
        zoned = (pc.utf8_length(zone).to_numpy(zero_copy_only=False) > 0) & good
        if self.is_zoned is None and good.any():
            self.is_zoned = bool(zoned[np.flatnonzero(good)[0]])
        odd = good & (zoned != bool(self.is_zoned))
        self._keep_bad(~good, texts, rows_from, lines)
        what = "is in another time zone than the lines before it"
        self._keep_bad(odd, texts, rows_from, lines, what, "use a part in one zone (--use-from, --use-to)")
        nanoseconds = days * (_S_PER_DAY * _NS) + np.round(np.nan_to_num(clock_s) * _NS).astype(np.int64)
        if zoned.any():
            nanoseconds -= _zone_s(zone) * _NS
        usable = np.flatnonzero(good)
        if self._origin is None and len(usable):
            self._origin, self.begun_at = int(nanoseconds[usable[0]]), _shown(texts, int(usable[0]))
        # Whole nanoseconds are subtracted: as floats they would be no finer than 0.2 µs.
        since_s = (nanoseconds - self.origin_ns) / _NS
        return np.where(good & ~odd, since_s, np.nan)

    def _days(self, parts: pa.Array) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Return days since 1970, and which of the dates there are."""
        compact = pc.fill_null(parts.field("compact"), "")
        is_compact = pc.utf8_length(compact).to_numpy(zero_copy_only=False) == 8
        first, second, third = (parts.field(name) for name in ("d1", "d2", "d3"))
        year_at, month_at, day_at = self.order.places
        fields = (first, second, third)
        year, month, day = (_ints(fields[place]) for place in (year_at, month_at, day_at))
        if is_compact.any():
            for target, (begin, end) in ((year, (0, 4)), (month, (4, 6)), (day, (6, 8))):
                target[is_compact] = _ints(pc.utf8_slice_codeunits(compact, begin, end))[is_compact]
        year = np.where((year >= 0) & (year < 100), year + 2000, year)
        good = (year >= 1900) & (year <= 2200) & (month >= 1) & (month <= 12) & (day >= 1)
        months = (np.where(good, year, 1970) - 1970) * 12 + np.where(good, month, 1) - 1
        starts = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
        length = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) - starts
        return starts + np.where(good, day, 1) - 1, good & (day <= length)

    def _clock_s(self, parts: pa.Array) -> Floats:
        names = {field.name for field in parts.type}
        hour, minute = _ints(parts.field("hour")), _ints(parts.field("minute"))
        second = _seconds(parts.field("second"))
        if "hour2" in names:
            hour, minute = (
                np.where(one >= 0, one, _ints(parts.field(f"{name}2")))
                for one, name in ((hour, "hour"), (minute, "minute"))
            )
            second = np.where(second > 0, second, _seconds(parts.field("second2")))
        half = pc.utf8_lower(pc.utf8_slice_codeunits(pc.fill_null(parts.field("half"), ""), 0, 1))
        is_am, is_pm = (pc.equal(half, letter).to_numpy(zero_copy_only=False) for letter in "ap")
        halved = is_am | is_pm
        good = (hour >= 0) & (minute >= 0) & (minute < 60) & (second < 60)
        good &= ~halved | ((hour >= 1) & (hour <= 12))
        if self.kind is TimeKind.STAMPS:
            good &= hour < 24
        hour = np.where(halved, hour % 12 + 12 * is_pm, hour)
        return np.where(good, 3600.0 * hour + 60.0 * minute + second, np.nan)

    def _keep_bad(
        self,
        bad: npt.NDArray[np.bool_],
        texts: pa.Array,
        rows_from: int,
        lines: Ints,
        what: str = "",
        next_step: str = "",
    ) -> None:
        for index in np.flatnonzero(bad)[: MOST_KEPT - len(self.bad)].tolist():
            text = str(texts[index].as_py())
            self.bad.append(BadCell(rows_from + index, int(lines[index]), self.heading, text, what, next_step))


def _ints(texts: pa.Array) -> Ints:
    """Return the whole numbers; -1 where there is none."""
    filled = pc.if_else(pc.equal(pc.fill_null(texts, ""), ""), "-1", texts)
    numbers: Ints = pc.cast(pc.fill_null(filled, "-1"), pa.int64()).to_numpy(zero_copy_only=False)
    return numbers.copy()


def _seconds(texts: pa.Array) -> Floats:
    written = pc.replace_substring_regex(pc.fill_null(texts, ""), "[,:]", ".")
    filled = pc.if_else(pc.equal(written, ""), "0", written)
    seconds: Floats = pc.cast(filled, pa.float64()).to_numpy(zero_copy_only=False)
    return seconds


def _zone_s(zone: pa.Array) -> Ints:
    """Return by how much the zone is ahead of UTC."""
    parts = pc.extract_regex(zone, r"^(?P<sign>[+-])(?P<hour>\d\d):?(?P<minute>\d\d)?$")
    hour, minute = np.maximum(_ints(parts.field("hour")), 0), np.maximum(_ints(parts.field("minute")), 0)
    behind = pc.equal(pc.fill_null(parts.field("sign"), "+"), "-").to_numpy(zero_copy_only=False)
    ahead_s: Ints = np.where(behind, -1, 1) * (3600 * hour + 60 * minute)
    return ahead_s


def _shown(texts: pa.Array, index: int) -> str:
    return one_line(str(texts[index].as_py()).strip(), 60)
