# SPDX-License-Identifier: Apache-2.0
"""Reads a recording from a table in a file, in one pass, with 16 bytes of memory a line.

What is certain is found in the file and told in one line; what is not is asked for. A line counts only where it is
used: the part that a person names is cut out before anything is refused. What a pump could not have done (a gap, a
fall, a step) is looked for afterwards, in `metrology.recording.screening`.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from groundfloor.errors import PlanError
from metrology.recording.bad_cell import BadCell
from metrology.recording.column_choice import OWN_SAMPLES, ColumnChoice
from metrology.recording.cut_line import last_line_is_cut
from metrology.recording.date_order import DateOrder, mark_of, order_of
from metrology.recording.file_text import FileText
from metrology.recording.increments import added_up
from metrology.recording.layout import FEWEST_VALUES
from metrology.recording.number_column import NumberColumn
from metrology.recording.number_style import NumberStyle, number_in, style_of
from metrology.recording.reading_options import ANY, ReadingOptions
from metrology.recording.recording import Floats, Recording
from metrology.recording.row_choice import RowChoice
from metrology.recording.text_table import Block, TextTable
from metrology.recording.time_column import TimeColumn, TimeKind
from metrology.recording.time_order import (
    backwards,
    falls_mostly,
    is_newest_first,
    one_reading_an_instant,
    past_midnight,
    refuse_backwards,
)
from metrology.recording.two_series import SeriesInTurn, differ, places_in_their_stamp
from metrology.recording.unit import Dimension, Unit, unit_named

FEWEST_READINGS = 3
_UNIT_REACH = 30.0
"""A set rate tells which unit a mass is in when the rate in that unit is no further off than this factor."""
_MINUTE_S = 60.0
STATE, RUNNING = "state", ("infusing", "bolus")
"""The column of samples of ours that tells what the pump did, and its words for delivery."""
Lines = npt.NDArray[np.integer]


@dataclass(frozen=True)
class PreviewRow:
    """A row as it is understood: its line, its cells, the time in s and the amount in mg or µL; NaN if none."""

    line: int
    cells: tuple[str, ...]
    time_s: float
    amount: float


class FileReader:
    """Reads one file; what it found out about the file before the first row is in `resolved`.

    Raises:
        PlanError: the file holds no table, or something about it is not clear.
    """

    def __init__(self, path: Path, options: ReadingOptions) -> None:
        self._options = options
        fewest = 1 if options.columns.every_s is not None else FEWEST_VALUES
        self._table = TextTable.of(FileText.of(path, options.sheet), options.delimiter, fewest)
        layout = self._table.layout
        self._only = tuple(RowChoice.of(self._table.who, layout.headings, text) for text in options.only)
        self._first_rows = [row for row in layout.rows if all(one.takes(row) for one in self._only)]
        if self._only and not self._first_rows:
            seen = f"none of the first {len(layout.rows)} lines is of {', '.join(options.only)}"
            raise PlanError(self._table.who, "choose lines", seen, "name a value that stands there (--only)")
        columns = replace(options.columns, set_rate_given=options.set_rate_ul_per_h is not None)
        self._time, self._amount = columns.choose(self._table.who, layout.headings, self._first_rows)
        self._style = self._number_style()
        self._clock = self._time_column()
        self._numbers = self._number_column()
        self._assumed: list[str] = []
        self._qualifiers: list[str] = []
        self._passed_over = 0
        self._rows_met = 0

    def recording(self) -> Recording:
        """Return what the file holds."""
        times_s, amounts, lines = self._rows()
        times_s, amounts, lines = self._without_a_cut_line(times_s, amounts, lines)
        times_s, amounts, lines = self._in_order(times_s, amounts, lines)
        times_s, amounts, lines = self._part(times_s, amounts, lines)
        times_s, amounts, lines, begins_s = self._used(times_s, amounts, lines)
        self._refuse_bad(times_s, amounts, lines)
        self._refuse_another_heading(times_s, lines)
        refuse_backwards(self._table.who, times_s, lines, is_local=self._clock.is_local)
        times_s, amounts, lines, coarse_s = self._merged(times_s, amounts, lines)
        if len(times_s) < FEWEST_READINGS:
            seen = f"it has {len(times_s)} reading{'s' * (len(times_s) != 1)}"
            seen += f", {self._passed_over} lines were passed over" if self._passed_over else ""
            raise PlanError(self._table.who, "read", seen, f"at least {FEWEST_READINGS} are needed to say anything")
        unit = self._amount.unit or self._unit_of_cells() or self._unit_by_rate(times_s, amounts)
        follow = bool(lines[-1] - lines[0] == len(lines) - 1)
        times_s -= float(times_s[0])
        if self._options.increments:
            amounts = added_up(amounts)
            self._assumed.append("each reading is what came since the one before: they are added up")
        if self._options.from_source:
            # Of a volume that is left, what was delivered is what is lacking since the first reading.
            origin = float(amounts[0]) if self._amount.measured is Dimension.VOLUME else 0.0
            np.subtract(origin, amounts, out=amounts)
        return Recording(
            source=str(self._table.text.path),
            times_s=times_s,
            amounts=amounts,
            measured=self._amount.measured,
            columns=(self._time.heading, self._amount.heading),
            first_line=int(lines[0]),
            begun_at=self._clock.begun_at,
            begins_s=begins_s,
            assumed=tuple(self._assumed),
            qualifiers=tuple(self._qualifiers),
            read_as=self._read_as(unit),
            lines=None if follow else lines,
            stamp_half_width_s=max(coarse_s, self._minute_stamps_s()),
            local_clock=self._clock.is_local and self._options.time_zone is None,
            from_source=self._options.from_source,
        )

    @property
    def resolved(self) -> ReadingOptions:
        """Return the options that read this file, and others of its kind, without any of it being found out again."""
        time, amount = self._time, self._amount
        unit = amount.unit or self._unit_of_cells()
        is_mass = amount.measured is Dimension.MASS
        column = str(amount.index + 1)
        columns = ColumnChoice(
            time=str(time.indices[-1] + 1) if time.every_s is None else None,
            date=str(time.indices[0] + 1) if len(time.indices) > 1 else None,
            mass=column if is_mass else None,
            volume=None if is_mass else column,
            time_unit=self._time_unit_word(),
            every_s=time.every_s,
            mass_unit=unit.symbol if unit is not None and is_mass else None,
            volume_unit=unit.symbol if unit is not None and not is_mass else None,
        )
        return replace(
            self._options,
            columns=columns,
            delimiter=self._table.layout.delimiter,
            decimal=self._style.decimal,
            thousands=self._style.thousands or None,
            date_order=self._clock.order if time.kind is TimeKind.STAMPS else None,
        )

    def _time_unit_word(self) -> str | None:
        kinds = {TimeKind.STAMPS: "iso", TimeKind.CLOCK: "hh:mm:ss", TimeKind.MINUTES: "mm:ss"}
        time = self._time
        if time.every_s is not None:
            return None
        return time.unit.symbol if time.unit is not None else kinds[time.kind]

    @property
    def read_as(self) -> str:
        """Return how the file is understood, in one line."""
        return self._read_as(self._amount.unit or self._unit_of_cells())

    @property
    def unit(self) -> str:
        """Return the unit that amounts are turned into; none where the file names none."""
        if self._amount.unit is None and self._unit_of_cells() is None:
            return ""
        return "mg" if self._amount.measured is Dimension.MASS else "µL"

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings of all columns."""
        return self._table.layout.headings

    def first_rows(self, count: int) -> tuple[PreviewRow, ...]:
        """Return the first rows as they are understood, without a look at the rest of the file."""
        rows = self._table.layout.rows[:count]
        lines = self._table.layout.first_line + np.arange(len(rows))

        def column(place: int) -> pa.Array:
            return pa.array([row[place] if place < len(row) else "" for row in rows], pa.string())

        time = self._time_cells(tuple(column(place) for place in self._time.indices))
        self._rows_met = 0
        clock, numbers = self._time_column(), self._number_column()
        units = None if self._amount.unit_index is None else column(self._amount.unit_index)
        times_s = clock.read(time, 0, lines)
        amounts = numbers.read(column(self._amount.index), 0, lines, units)
        self._numbers.units.update(numbers.units)
        return tuple(
            PreviewRow(int(line), row, float(time_s), float(amount))
            for line, row, time_s, amount in zip(lines, rows, times_s, amounts, strict=True)
        )

    def _number_column(self) -> NumberColumn:
        return NumberColumn(
            self._table.who, self._amount.heading, self._style, self._amount.unit, self._options.convert_units
        )

    def _number_style(self) -> NumberStyle:
        said, rows = self._options, self._table.layout.rows
        if said.decimal is not None or said.thousands is not None:
            thousands = said.thousands or ""
            decimal = said.decimal or ("," if thousands == "." else ".")
            return NumberStyle(decimal, thousands)
        places = [self._amount.index]
        if self._time.kind is TimeKind.COUNTED and self._time.every_s is None:
            places.append(self._time.indices[0])
        cells = [number_in(row[place]) for row in rows for place in places if place < len(row)]
        return style_of(self._table.who, [number for number in cells if number is not None])

    def _time_column(self) -> TimeColumn:
        time, who = self._time, self._table.who
        if time.kind is TimeKind.COUNTED:
            style = self._style if time.every_s is None else NumberStyle(".", "")
            return TimeColumn(time.heading, time.kind, NumberColumn(who, time.heading, style, time.unit))
        order = self._date_order() if time.kind is TimeKind.STAMPS else DateOrder.YMD
        return TimeColumn(time.heading, time.kind, order=order)

    def _date_order(self) -> DateOrder:
        if self._options.date_order is not None:
            return self._options.date_order
        place = self._time.indices[0]
        first = [row[place] for row in self._table.layout.rows if place < len(row)]
        found = order_of(first)
        if found is None:
            for _, (column,) in self._table.blocks([place]):  # a day over 12 may come late in the file
                found = found or order_of(cell for cell in column.to_pylist() if cell[:1].isdigit())
            self._table.forget()
        if found is None:
            either = next((cell for cell in first if cell[:1].isdigit()), first[0])
            seen = f"'{either}' can be day/month or month/day"
            next_step = "say which: --date-order dmy or --date-order mdy"
            raise PlanError(self._table.who, f"read the dates of column {self._time.heading!r}", seen, next_step)
        return found

    def _rows(self) -> tuple[Floats, Floats, Lines]:
        times, amounts, lines = array("d"), array("d"), list[tuple[int, int] | Lines]()
        extra = [] if self._amount.unit_index is None else [self._amount.unit_index]
        columns = [*self._time.indices, self._amount.index, *extra]
        for block_lines, cells in self._chosen(columns):
            time, amount = self._time_cells(cells), cells[len(self._time.indices)]
            units = cells[-1] if extra else None
            kept = self._kept(time, amount)
            if kept is not None:
                time, amount = time.filter(kept), amount.filter(kept)
                units = units.filter(kept) if units is not None else None
                block_lines = block_lines[kept.to_numpy(zero_copy_only=False)]
            if not len(block_lines):
                continue
            count = len(times)
            block_times = self._clock.read(time, count, block_lines)
            block_amounts = self._numbers.read(amount, count, block_lines, units)
            if ANY in self._options.pass_over:
                good = ~np.isnan(block_times) & ~np.isnan(block_amounts)
                self._passed_over += int(np.count_nonzero(~good))
                block_times, block_amounts, block_lines = block_times[good], block_amounts[good], block_lines[good]
            times.frombytes(block_times.tobytes())
            amounts.frombytes(block_amounts.tobytes())
            if len(block_lines):
                _added(lines, block_lines)
        joined = _joined(lines)
        pa.default_memory_pool().release_unused()
        return np.frombuffer(times, dtype=np.float64), np.frombuffer(amounts, dtype=np.float64), joined

    def _chosen(self, columns: list[int]) -> Iterator[Block]:
        """Yield the blocks of a table, of each the lines that a person chose."""
        if not self._only:
            yield from self._delivering(columns)
            return
        for block_lines, cells in self._delivering([*columns, *(one.index for one in self._only)]):
            kept = reduce(
                pc.and_, (one.kept(cell) for one, cell in zip(self._only, cells[len(columns) :], strict=True))
            )
            places = kept.to_numpy(zero_copy_only=False)
            yield block_lines[places], tuple(cell.filter(kept) for cell in cells[: len(columns)])

    def _delivering(self, columns: list[int]) -> Iterator[Block]:
        """Yield the blocks of a table; of samples of ours those from the first to the last at which the pump ran."""
        if STATE not in self.headings or not set(self.headings) >= OWN_SAMPLES:
            yield from self._table.blocks(columns)
            return
        place = self.headings.index(STATE)
        running = [
            block_lines[np.flatnonzero(pc.is_in(state, pa.array(RUNNING)).to_numpy(zero_copy_only=False))]
            for block_lines, (_, state) in self._table.blocks([self._time.indices[0], place])
        ]
        known = np.concatenate(running) if running else np.empty(0, dtype=np.int64)
        self._table.forget()
        for block_lines, cells in self._table.blocks(columns):
            if not len(known):
                yield block_lines, cells
                continue
            inside = (block_lines >= known[0]) & (block_lines <= known[-1])
            yield block_lines[inside], tuple(cell.filter(pa.array(inside)) for cell in cells)
        if len(known):
            self._assumed.append("samples of a run of ours: used from the first to the last at which the pump ran")

    def _time_cells(self, cells: tuple[pa.Array, ...]) -> pa.Array:
        """Return what tells the time; where no column does, the number of each row."""
        if self._time.every_s is None:
            return self._stamp_cells(cells)
        first, self._rows_met = self._rows_met, self._rows_met + len(cells[0])
        return pc.cast(pa.array(np.arange(first, self._rows_met)), pa.string())

    def _stamp_cells(self, cells: tuple[pa.Array, ...]) -> pa.Array:
        if len(self._time.indices) == 1:
            return cells[0]
        date, clock = (pc.utf8_trim_whitespace(cell) for cell in cells[:2])
        return pc.binary_join_element_wise(date, clock, " ")

    def _kept(self, time: pa.Array, amount: pa.Array) -> pa.Array | None:
        """Return which rows hold readings, by what a person said of the others; None for all."""
        words = {"" if word == "empty" else word.casefold() for word in self._options.pass_over} - {ANY}
        if not words:
            return None
        said = pa.array(sorted(words))
        other = pc.or_(
            pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(amount)), said),
            pc.is_in(pc.utf8_lower(pc.utf8_trim_whitespace(time)), said),
        )
        self._passed_over += int(pc.sum(other).as_py() or 0)
        return pc.invert(other)

    def _in_order(self, times_s: Floats, amounts: Floats, lines: Lines) -> tuple[Floats, Floats, Lines]:
        if self._passed_over:
            self._assumed.append(
                f"{self._passed_over} line{'s' * (self._passed_over > 1)} without a reading passed over"
            )
        unstable = self._numbers.unstable + self._table.lone_marks
        if unstable:
            self._assumed.append(f"{unstable} readings that the balance called unstable are used")
        if self._table.headings_again:
            line = self._table.headings_again[0]
            self._assumed.append(f"the heading comes again in line {line}: the logger was started anew")
        if self._options.sort:
            order = np.argsort(times_s, kind="stable")
            times_s, amounts, lines = times_s[order], amounts[order], lines[order]
            self._assumed.append("the lines are sorted by their times")
        if self._clock.kind is TimeKind.CLOCK and falls_mostly(times_s):
            self._assumed.append("the newest reading stands first: turned round")
            times_s, amounts, lines = times_s[::-1].copy(), amounts[::-1].copy(), lines[::-1].copy()
        if self._clock.kind is TimeKind.CLOCK and len(times_s):
            times_s, midnights = past_midnight(times_s)
            if midnights:
                self._assumed.append(f"the clock goes past midnight {midnights} time{'s' * (midnights > 1)}")
        if self._options.time_zone is not None:
            times_s = self._on_even_time(times_s)
        if is_newest_first(times_s):
            self._assumed.append("the newest reading stands first: turned round")
            times_s, amounts, lines = times_s[::-1].copy(), amounts[::-1].copy(), lines[::-1].copy()
        return times_s, amounts, lines

    def _without_a_cut_line(self, times_s: Floats, amounts: Floats, lines: Lines) -> tuple[Floats, Floats, Lines]:
        """Leave out a last line that was cut, and tell it: what stands there is not what the balance showed."""
        growing, rows = self._options.growing, self._first_rows
        text, place, mark = self._table.text, self._amount.index, self._table.layout.delimiter
        is_cut = text.unended_line() is not None if growing else last_line_is_cut(text, mark, place, rows)
        if not is_cut:
            return times_s, amounts, lines
        if not growing:
            self._assumed.append("the last line is cut, and left out")
        if self._table.ragged and (not len(lines) or max(self._table.ragged) > lines[-1]):
            self._table.ragged.pop(max(self._table.ragged))
            return times_s, amounts, lines
        return times_s[:-1], amounts[:-1], lines[:-1]

    def _part(self, times_s: Floats, amounts: Floats, lines: Lines) -> tuple[Floats, Floats, Lines]:
        """Return one of several recordings that stand in one file."""
        wanted = self._options.part
        if wanted is None:
            return times_s, amounts, lines
        edges = [0, *backwards(times_s).tolist(), len(times_s)]
        if not 1 <= wanted < len(edges):
            seen = f"part {wanted} of {len(edges) - 1}"
            raise PlanError("--part", "use", seen, f"name one from 1 to {len(edges) - 1}, or leave it out")
        part = slice(edges[wanted - 1], edges[wanted])
        self._assumed.append(f"part {wanted} of {len(edges) - 1}: from line {lines[part][0]} to {lines[part][-1]}")
        return times_s[part], amounts[part], lines[part]

    def _refuse_another_heading(self, times_s: Floats, lines: Lines) -> None:
        """Raise PlanError where the lines that are used stand under two headings, or under another than the first."""
        others = self._table.other_headings
        first, last = (int(lines.min()), int(lines.max())) if len(lines) else (0, 0)
        inside = [line for line in others if first < line < last]
        if inside:
            before = times_s[lines < inside[0]]
            seen = f"another heading stands in line {inside[0]}: '{others[inside[0]]}'"
            next_step = f"use the part before it: --use-to '{before[-1] - times_s[0]:.9g} s'"
            raise PlanError(self._table.who, "read", seen, next_step)
        above = [line for line in others if line < first]
        if above and not self._options.columns.override_unit:
            seen = f"what is used stands under another heading, in line {max(above)}: '{others[max(above)]}'"
            next_step = "say the unit there and that it counts, such as --mass-unit mg --override-unit"
            raise PlanError(self._table.who, "read", seen, next_step)

    def _on_even_time(self, times_s: Floats) -> Floats:
        from metrology.recording.time_zone import even_times_s

        zone = self._options.time_zone or ""
        if not self._clock.is_local:
            seen = "the times are no stamps of a clock without a zone"
            raise PlanError("--time-zone", "use", seen, "leave it out")
        return even_times_s(zone, self._clock.origin_ns, times_s)

    def _used(self, times_s: Floats, amounts: Floats, lines: Lines) -> tuple[Floats, Floats, Lines, float]:
        """Return what lies in the part to be used; a line without a time lies where the one before it does."""
        known = np.flatnonzero(~np.isnan(times_s))
        if not len(known):
            return times_s, amounts, lines, 0.0
        from_s, to_s = self._options.use_from_s, self._options.use_to_s
        origin_s = float(times_s[known[0]])
        if from_s is None and to_s is None:
            return times_s, amounts, lines, 0.0
        since_s = times_s - origin_s
        reached_s = np.maximum.accumulate(np.where(np.isnan(since_s), -np.inf, since_s))
        first = 0 if from_s is None else int(np.searchsorted(reached_s, from_s * (1 - 1e-12)))
        last = len(reached_s) if to_s is None else int(np.searchsorted(reached_s, to_s * (1 + 1e-12), side="right"))
        if to_s is not None:
            # Where the clock was set back, what comes behind the end that was named has times before it as well.
            back = backwards(since_s[:last])
            back = back[reached_s[back - 1] >= to_s * (1 - 1e-8)]
            last = int(back[0]) if len(back) else last
        if last - first < FEWEST_READINGS:
            seen = f"{max(last - first, 0)} readings lie in the part to be used"
            raise PlanError(self._table.who, "cut", seen, "name a longer part of it")
        begins_s = float(since_s[first]) if np.isfinite(since_s[first]) else 0.0
        return times_s[first:last], amounts[first:last], lines[first:last], begins_s

    def _refuse_bad(self, times_s: Floats, amounts: Floats, lines: Lines) -> None:
        if not len(lines):
            self._refuse_ragged(0, max(self._table.ragged, default=0))
            return
        self._refuse_ragged(int(lines.min()), int(lines.max()))
        bad = np.isnan(times_s) | np.isnan(amounts)
        if not bad.any():
            return
        line = int(lines[int(np.argmax(bad))])
        for cell in (*self._clock.bad, *self._numbers.bad):
            if cell.line == line:
                raise self._without_a_stored_value(cell).error(self._table.who)
        raise BadCell(0, line, self._amount.heading, "…").error(self._table.who)

    def _without_a_stored_value(self, cell: BadCell) -> BadCell:
        """Return what is told of an empty cell of a workbook: a formula may stand there that nobody computed."""
        if self._table.text.workbook is None or cell.text.strip():
            return cell
        what = "is a missing value, or a formula without a stored value, or one in error"
        next_step = "save the workbook in a spreadsheet once; or leave such lines out with --pass-over 'empty'"
        return replace(cell, what=what, next_step=next_step)

    def _refuse_ragged(self, first: int, last: int) -> None:
        used = {line: seen for line, seen in self._table.ragged.items() if first <= line <= last}
        if used and ANY not in self._options.pass_over:
            comma = self._table.layout.delimiter == "," and self._options.delimiter is None
            hint = "; if commas are decimal marks, name what parts the columns with --delimiter" if comma else ""
            raise PlanError(
                self._table.who, "read", used[min(used)], f"leave such lines out with --pass-over any{hint}"
            )
        behind = [line for line in self._table.ragged if line > last]
        if behind and self._options.use_to_s is None and self._options.part is None:
            self._assumed.append(f"what stands behind the readings, from line {min(behind)} on, is no reading")
        if used:
            self._assumed.append(f"{len(used)} line{'s' * (len(used) > 1)} with another number of cells passed over")

    def _merged(self, times_s: Floats, amounts: Floats, lines: Lines) -> tuple[Floats, Floats, Lines, float]:
        if len(times_s) < 2 or np.all(times_s[1:] > times_s[:-1]):
            self._refuse_two_series(times_s, amounts, lines, stamps_twice=False)
            return times_s, amounts, lines, 0.0
        self._refuse_two_series(times_s, amounts, lines, stamps_twice=True)
        first, means, coarse_s = one_reading_an_instant(times_s, amounts)
        twice = len(times_s) - len(first)
        self._assumed.append(
            f"{twice} readings bear the stamp of the one before (first in line {_first_twice(times_s, lines)}): "
            "the mean of those of one stamp counts as one reading"
        )
        return times_s[first], means, lines[first], coarse_s

    def _refuse_two_series(self, times_s: Floats, amounts: Floats, lines: Lines, *, stamps_twice: bool) -> None:
        """Raise PlanError where lines are of different things in turn: the mean of two pumps is nobody's."""
        taken = {*self._time.indices, self._amount.index, self._amount.unit_index}
        series = SeriesInTurn(self._table.who, self.headings, self._first_rows, taken)
        if stamps_twice and differ(amounts, places_in_their_stamp(times_s)):
            line = _first_twice(times_s, lines)
            raise series.error(f"several readings bear one stamp (first in line {line}), and differ throughout")
        if not stamps_twice:
            place, rows = self._amount.index, self._first_rows
            cells = pa.array([row[place] if place < len(row) else "" for row in rows], pa.string())
            column = replace(self._number_column(), convert=True)
            series.refuse(column.read(cells, 0, np.arange(len(rows)), None))

    def _minute_stamps_s(self) -> float:
        """Return how far readings may lie from stamps that tell no seconds."""
        if self._clock.kind is not TimeKind.STAMPS:
            return 0.0
        place = self._time.indices[-1]
        cells = [row[place] for row in self._table.layout.rows if place < len(row)]
        return _MINUTE_S / 2 if cells and all(cell.count(":") == 1 for cell in cells) else 0.0

    def _unit_of_cells(self) -> Unit | None:
        return next((unit_named(symbol) for symbol in self._numbers.units), None)

    def _unit_by_rate(self, times_s: Floats, amounts: Floats) -> Unit:
        """Return the unit that a set rate tells; the amounts are turned into it. A verdict may not rest on it."""
        set_rate = self._options.set_rate_ul_per_h
        rate = abs(float(amounts[-1] - amounts[0])) / float(times_s[-1] - times_s[0]) * 3600
        for symbol in ("g", "mg"):
            unit = unit_named(symbol)
            if unit and set_rate and set_rate / _UNIT_REACH < rate * unit.factor < set_rate * _UNIT_REACH:
                amounts *= unit.factor
                told = f"column {self._amount.heading!r} names no unit: taken for {symbol}, as the set rate tells"
                self._assumed.append(f"{told}: --mass-unit {symbol}")
                self._qualifiers.append(f"{told}: --mass-unit")
                return unit
        seen = f"column {self._amount.heading!r} names no unit of mass, and the set rate fits none"
        raise PlanError(self._table.who, "read the units", seen, "say it with --mass-unit")

    def _read_as(self, unit: Unit | None) -> str:
        marks = [self._table.text.told, self._table.told, self._style.told, self._time_told()]
        place = self._amount.index + 1
        marks.append(f"{self._amount.measured} in {unit.symbol if unit else '?'} from column {place}")
        if self._options.from_source:
            marks.append("what left the vessel on the balance")
        return ", ".join(filter(None, marks))

    def _time_told(self) -> str:
        time = self._time
        places = " and ".join(str(index + 1) for index in time.indices)
        column = f"column{'s' * (len(time.indices) > 1)} {places}"
        if time.every_s is not None:
            return f"a reading every {time.every_s:g} s"
        if time.kind is TimeKind.COUNTED:
            return f"time in {time.unit.symbol if time.unit else '?'} from {column}"
        if time.kind is TimeKind.STAMPS:
            cells = [row[time.indices[0]] for row in self._table.layout.rows[:1]]
            zone = f" of {self._options.time_zone}" if self._options.time_zone else ""
            return f"{self._clock.order.told(mark_of(cells))} hh:mm:ss{zone} from {column}"
        return f"{'mm:ss' if time.kind is TimeKind.MINUTES else 'hh:mm:ss'} from {column}"


def _joined(runs: list[tuple[int, int] | Lines]) -> Lines:
    """Return the line of each reading; runs of lines that follow each other come as first and last."""
    parts = [np.arange(*run, dtype=np.int32) if isinstance(run, tuple) else run.astype(np.int32) for run in runs]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int32)


def _run_of(lines: Lines) -> tuple[int, int] | Lines:
    first, last = int(lines[0]), int(lines[-1])
    return (first, last + 1) if last - first == len(lines) - 1 else lines


def _added(runs: list[tuple[int, int] | Lines], lines: Lines) -> None:
    run, before = _run_of(lines), runs[-1] if runs else None
    if isinstance(run, tuple) and isinstance(before, tuple) and before[1] == run[0]:
        runs[-1] = (before[0], run[1])
    else:
        runs.append(run)


def _first_twice(times_s: Floats, lines: Lines) -> int:
    return int(lines[int(np.argmax(np.diff(times_s) == 0)) + 1])
