# SPDX-License-Identifier: Apache-2.0
"""Which columns of a table are the time and the amount, and in which units; what is not clear is asked, not guessed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from groundfloor.errors import PlanError
from metrology.recording.column_content import ColumnContent
from metrology.recording.column_name import ColumnName
from metrology.recording.elapsed_time import is_elapsed
from metrology.recording.time_column import TimeKind
from metrology.recording.unit import Dimension, Unit, symbols, unit_named
from metrology.recording.unix_time import is_unix_time, spreadsheet_days, unix_unit

ISO = "iso"
"""What a person writes for a column of time stamps."""
TIME_KINDS = {
    ISO: TimeKind.STAMPS,
    "stamps": TimeKind.STAMPS,
    "hms": TimeKind.CLOCK,
    "hh:mm:ss": TimeKind.CLOCK,
    "hh:mm": TimeKind.CLOCK,
    "clock": TimeKind.CLOCK,
    "mm:ss": TimeKind.MINUTES,
}
NO_TIME = "choose one with --time; or, if the readings come evenly, say how often: --every '30 s'"
_AMOUNTS = (Dimension.MASS, Dimension.VOLUME)
OWN_SAMPLES = {"planned_s", "t_s", "mass_g", "state"}
"""Headings of the samples that a report of ours writes."""


@dataclass(frozen=True)
class ChosenTime:
    """The column of time, or the two of date and clock.

    Attributes:
        indices: their places.
        heading: as it stands in the file.
        kind: what is written there.
        unit: of counted times.
        every_s: from one reading to the next, where no column tells the time; None where one does.
    """

    indices: tuple[int, ...]
    heading: str
    kind: TimeKind
    unit: Unit | None = None
    every_s: float | None = None


@dataclass(frozen=True)
class ChosenAmount:
    """The column of mass or volume.

    Attributes:
        index: its place.
        heading: as it stands in the file.
        measured: MASS or VOLUME.
        unit: of its numbers; None where nobody and nothing tells it.
        unit_index: the column that tells the unit of each; None for none.
    """

    index: int
    heading: str
    measured: Dimension
    unit: Unit | None
    unit_index: int | None = None


@dataclass(frozen=True)
class ColumnChoice:
    """What a person said about the columns; None where the file is to tell.

    Attributes:
        time, date, mass, volume: heading, or number counted from 1; a date stands beside a time that is a clock.
        time_unit, mass_unit, volume_unit: for headings that name none; `iso` for time stamps.
        every_s: from one reading to the next, in a file without a column of time.
        set_rate_given: whether a set rate may tell a unit of mass that nothing names.
        override_unit: whether a unit that is said counts even where the heading names another.
    """

    time: str | None = None
    mass: str | None = None
    volume: str | None = None
    time_unit: str | None = None
    mass_unit: str | None = None
    volume_unit: str | None = None
    date: str | None = None
    every_s: float | None = None
    set_rate_given: bool = False
    override_unit: bool = False

    def choose(
        self, who: str, headings: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> tuple[ChosenTime, ChosenAmount]:
        """Return the time and the amount.

        Args:
            who: the file, for messages.
            headings: of all columns.
            rows: the first cells below them.

        Raises:
            PlanError: a column is missing, has no unit, or two could be meant.
        """
        contents = [
            ColumnContent.of([row[place] for row in rows if place < len(row)]) for place in range(len(headings))
        ]
        table = _Table(who, tuple(map(ColumnName.parse, headings)), tuple(contents))
        amount = _Amounts(table, self).chosen()
        return _Times(table, self, amount.index).chosen(), amount


@dataclass(frozen=True)
class _Table:
    who: str
    names: tuple[ColumnName, ...]
    contents: tuple[ColumnContent, ...]

    @property
    def headings(self) -> str:
        return ", ".join(repr(name.text) for name in self.names)

    @property
    def is_ours(self) -> bool:
        return {name.text for name in self.names} >= OWN_SAMPLES

    def named(self, dimension: str, wanted: str) -> int:
        """Return the column that a person named."""
        by_heading = [index for index, name in enumerate(self.names) if name.text == wanted.strip()]
        if len(by_heading) == 1:
            return by_heading[0]
        if not by_heading and wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(self.names):
            return int(wanted) - 1
        seen = f"{len(by_heading) or 'no'} column{'s' * (len(by_heading) != 1)} {wanted!r} among {self.headings}"
        raise PlanError(self.who, f"choose the column of {dimension}", seen, "write a heading, or its number from 1")

    def several(self, dimension: str, found: Sequence[int]) -> PlanError:
        seen = f"several could be meant: {', '.join(repr(self.names[index].text) for index in found)}"
        return PlanError(self.who, f"choose the column of {dimension}", seen, f"choose one with --{dimension}")

    def unitless(self, dimension: Dimension, name: ColumnName) -> PlanError:
        seen = f"column {name.text!r} names no unit of {dimension}"
        if name.unknown_unit and dimension is not Dimension.TIME:
            seen = f"column {name.text!r} is in {name.unknown_unit!r}, no unit of {dimension} that is known here"
        units = symbols(dimension) + (f", {ISO}, hh:mm:ss" if dimension is Dimension.TIME else "")
        return PlanError(self.who, "read the units", seen, f"say it with --{dimension}-unit, one of {units}")

    def with_unit(self, dimension: Dimension) -> list[int]:
        """Return the columns with a unit of this dimension; of several those with a fitting name."""
        found = [index for index, name in enumerate(self.names) if name.measures(dimension)]
        speaking = [index for index in found if self.names[index].speaks_of(dimension)]
        return speaking if len(found) > 1 and speaking else found

    def spoken(self, dimension: Dimension) -> list[int]:
        return [index for index, name in enumerate(self.names) if name.speaks_of(dimension)]


def _said_unit(dimension: Dimension, given: str) -> Unit:
    unit = unit_named(given)
    if unit is None or unit.dimension is not dimension:
        raise PlanError(f"--{dimension}-unit", "read", f"{given!r} is none", f"write one of {symbols(dimension)}")
    return unit


@dataclass(frozen=True)
class _Times:
    table: _Table
    said: ColumnChoice
    amount: int

    def chosen(self) -> ChosenTime:
        if self.said.every_s is not None:
            return self._even(self.said.every_s)
        if self.said.date is not None:
            date = self.table.named("date", self.said.date)
            clock = self.table.named("time", self.said.time) if self.said.time is not None else self._clock_of(date)
            return self._pair(date, clock)
        if self.said.time is not None:
            return self._single(self.table.named("time", self.said.time))
        return self._found()

    def _even(self, every_s: float) -> ChosenTime:
        if self.said.time is not None or self.said.date is not None:
            seen = "a column of time is named as well"
            raise PlanError("--every", "use", seen, "leave one of them out")
        unit = Unit(f"steps of {every_s:g} s", Dimension.TIME, every_s)
        return ChosenTime((self.amount,), f"every {every_s:g} s", TimeKind.COUNTED, unit, every_s)

    def _found(self) -> ChosenTime:
        names, contents = self.table.names, self.table.contents
        if self.table.is_ours:
            return self._single(next(index for index, name in enumerate(names) if name.text == "t_s"))
        counted = [
            index
            for index in self.table.with_unit(Dimension.TIME)
            if contents[index].cells and not contents[index].dates
        ]
        stamps = [index for index, content in enumerate(contents) if content.stamps]
        clocks = [index for index, content in enumerate(contents) if content.clocks]
        dates = [index for index, content in enumerate(contents) if content.dates]
        epochs = [index for index, content in enumerate(contents) if is_unix_time(content.cells)]
        for found in (counted, self._speaking(stamps), self._speaking(epochs)):
            if len(found) > 1:
                raise self.table.several("time", found)
            if found:
                return self._single(found[0])
        if len(dates) == 1 and len(clocks) == 1:
            return self._pair(dates[0], clocks[0])
        if len(self._speaking(clocks)) == 1:
            return self._single(self._speaking(clocks)[0])
        return self._unclear()

    def _unclear(self) -> ChosenTime:
        contents = self.table.contents
        told = [one for one, content in enumerate(self.table.contents) if content.time_unit_in_cells is not None]
        if len(told) == 1 and told[0] != self.amount:
            return self._single(told[0])
        spoken = [one for one in self.table.spoken(Dimension.TIME) if one != self.amount and contents[one].cells]
        if self.said.time_unit is not None and spoken:
            if len(spoken) > 1:
                raise self.table.several("time", spoken)
            return self._single(spoken[0])
        if len(spoken) == 1:
            return self._single(spoken[0])
        if spoken:
            raise self.table.unitless(Dimension.TIME, self.table.names[spoken[0]])
        seen = f"none among {self.table.headings}"
        raise PlanError(self.table.who, "choose the column of time", seen, NO_TIME)

    def _speaking(self, found: list[int]) -> list[int]:
        speaking = [index for index in found if self.table.names[index].speaks_of(Dimension.TIME)]
        return speaking if len(found) > 1 and speaking else found

    def _clock_of(self, date: int) -> int:
        clocks = [index for index, content in enumerate(self.table.contents) if content.clocks and index != date]
        if len(clocks) != 1:
            seen = f"{len(clocks)} columns hold a clock"
            raise PlanError(self.table.who, "choose the column of time", seen, "choose one with --time")
        return clocks[0]

    def _pair(self, date: int, clock: int) -> ChosenTime:
        names = self.table.names
        return ChosenTime((date, clock), f"{names[date].text} {names[clock].text}", TimeKind.STAMPS)

    def _single(self, index: int) -> ChosenTime:
        name, content, given = self.table.names[index], self.table.contents[index], self.said.time_unit
        if given is not None and given.casefold() in TIME_KINDS:
            return ChosenTime((index,), name.text, TIME_KINDS[given.casefold()])
        if given is not None:
            unit = unit_named(given)
            if unit is None or unit.dimension is not Dimension.TIME:
                known = f"{symbols(Dimension.TIME)}, {', '.join(TIME_KINDS)}"
                raise PlanError("--time-unit", "read", f"{given!r} is none", f"write one of {known}")
            if name.measures(Dimension.TIME) and name.unit != unit and not self.said.override_unit:
                raise _mixed(self.table.who, name, unit, Dimension.TIME)
            return ChosenTime((index,), name.text, TimeKind.COUNTED, unit)
        if content.stamps:
            return ChosenTime((index,), name.text, TimeKind.STAMPS)
        if content.clocks:
            return ChosenTime((index,), name.text, self._kind_of_clock(name, content))
        unit = name.unit if name.measures(Dimension.TIME) else unix_unit(content.cells) or content.time_unit_in_cells
        if unit is None:
            if spreadsheet_days(content.cells):
                seen = f"column {name.text!r} names no unit of time; '{content.cells[0]}' can be a spreadsheet's date"
                raise PlanError(self.table.who, "read the units", seen, "if it is one, say so: --time-unit d")
            raise self.table.unitless(Dimension.TIME, name)
        return ChosenTime((index,), name.text, TimeKind.COUNTED, unit)

    def _kind_of_clock(self, name: ColumnName, content: ColumnContent) -> TimeKind:
        written = content.cells
        if any(cell.count(":") > 1 or is_elapsed(cell) for cell in written) or "hh:mm" in name.text.casefold():
            return TimeKind.CLOCK
        if "mm:ss" in name.text.casefold():
            return TimeKind.MINUTES
        seen = f"'{content.cells[0]}' can be hours and minutes, or minutes and seconds"
        raise PlanError(self.table.who, "read the time", seen, "say which: --time-unit hh:mm or --time-unit mm:ss")


@dataclass(frozen=True)
class _Amounts:
    table: _Table
    said: ColumnChoice

    def chosen(self) -> ChosenAmount:
        said = self.said
        if said.mass is not None and said.volume is not None:
            raise PlanError(
                self.table.who, "choose columns", "both a mass and a volume are named", "analyse one of them"
            )
        if said.mass_unit is not None and said.volume_unit is not None:
            raise PlanError(
                self.table.who, "choose columns", "units of mass and of volume are given", "give one of them"
            )
        for dimension, name in zip(_AMOUNTS, (said.mass, said.volume), strict=True):
            if name is not None:
                return self._of(self.table.named(dimension, name), dimension)
        if self.table.is_ours:
            own = next(index for index, name in enumerate(self.table.names) if name.text == "mass_g")
            return self._of(own, Dimension.MASS)
        measured = self._measured()
        return self._of(self._found(measured), measured)

    def _unit_said(self, dimension: Dimension) -> str | None:
        return self.said.mass_unit if dimension is Dimension.MASS else self.said.volume_unit

    @cached_property
    def _by_unit_columns(self) -> dict[int, int]:
        """Return which numbers stand left of a column of units, and that column.

        Of several it belongs to the one that is called a mass or a volume, else to the nearest.
        """
        contents, names = self.table.contents, self.table.names
        found: dict[int, int] = {}
        for place, content in enumerate(contents):
            left = [index for index in range(place) if contents[index].numbers]
            named = [index for index in left if any(names[index].speaks_of(one) for one in _AMOUNTS)]
            if content.units and left:
                found[named[-1] if named else left[-1]] = place
        return found

    def _unit_column(self, index: int) -> int | None:
        """Return the column that tells the unit of this one; of a number that a person chose the next to the right."""
        if index in self._by_unit_columns or self.table.names[index].unit is not None:
            return self._by_unit_columns.get(index)
        return next((place for place in self._by_unit_columns.values() if place > index), None)

    def _candidates(self, dimension: Dimension) -> list[int]:
        found = self.table.with_unit(dimension)
        if found:
            return found
        told = [index for index in self._by_unit_columns if self._unit_of_cells(index, dimension) is not None]
        inside = [
            index
            for index, content in enumerate(self.table.contents)
            if content.numbers and self._unit_of_cells(index, dimension) is not None and index not in told
        ]
        return told or inside

    def _unit_of_cells(self, index: int, dimension: Dimension) -> Unit | None:
        """Return the unit that the first of the cells, or the column beside them, tell."""
        beside = self._unit_column(index)
        content = self.table.contents[index]
        written = self.table.contents[beside].cells[0] if beside is not None else content.unit_in_cells
        unit = unit_named(written) if written else None
        return unit if unit is not None and unit.dimension is dimension else None

    def _measured(self) -> Dimension:
        """Return what the file holds, a mass or a volume, where nobody said which column to take."""
        if self.said.mass_unit is not None or self.said.volume_unit is not None:
            return Dimension.MASS if self.said.mass_unit is not None else Dimension.VOLUME
        found = [dimension for dimension in _AMOUNTS if self._candidates(dimension)]
        if len(found) == 1:
            return found[0]
        if found:
            seen = f"there are both a mass and a volume among {self.table.headings}"
            raise PlanError(self.table.who, "choose columns", seen, "choose one with --mass or --volume")
        spoken = [dimension for dimension in _AMOUNTS if self.table.spoken(dimension)]
        if spoken or self._only_numbers():
            return spoken[0] if spoken else Dimension.MASS
        seen = f"neither mass nor volume among {self.table.headings}"
        raise PlanError(self.table.who, "choose columns", seen, "choose one with --mass or --volume and its unit")

    def _found(self, dimension: Dimension) -> int:
        found = self._candidates(dimension) or self.table.spoken(dimension) or self._only_numbers()
        if len(found) == 1:
            return found[0]
        if found:
            raise self.table.several(dimension, found)
        seen = f"none among {self.table.headings}"
        raise PlanError(self.table.who, f"choose the column of {dimension}", seen, f"choose one with --{dimension}")

    def _only_numbers(self) -> list[int]:
        """Return the one column of a file that has no other; its unit is said or told by the set rate."""
        return [0] if len(self.table.names) == 1 and self.table.contents[0].numbers else []

    def _of(self, index: int, dimension: Dimension) -> ChosenAmount:
        name, given = self.table.names[index], self._unit_said(dimension)
        beside = self._unit_column(index)
        said = _said_unit(dimension, given) if given is not None else None
        own = name.unit if name.measures(dimension) else None
        if said is not None and name.unit is not None and name.unit != said and not self.said.override_unit:
            raise _mixed(self.table.who, name, said, dimension)
        unit = said or own or self._unit_of_cells(index, dimension)
        may_be_told = dimension is Dimension.MASS and self.said.set_rate_given and not name.unknown_unit
        if unit is None and not may_be_told:
            raise self.table.unitless(dimension, name)
        return ChosenAmount(index, name.text, dimension, unit, beside)


def _mixed(who: str, name: ColumnName, said: Unit, dimension: Dimension) -> PlanError:
    symbol = name.unit.symbol if name.unit is not None else "?"
    seen = f"the heading {name.text!r} says {symbol}, --{dimension}-unit says {said.symbol}"
    next_step = "leave the option out, or name another column; where the heading is wrong, add --override-unit"
    return PlanError(who, "read the units", f"mixed units: {seen}", next_step)
