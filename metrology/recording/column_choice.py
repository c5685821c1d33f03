# SPDX-License-Identifier: Apache-2.0
"""Which columns of a table are the time and the amount, and in which units; what is not clear is asked, not guessed."""

from collections.abc import Sequence
from dataclasses import dataclass

from groundfloor.errors import PlanError
from metrology.recording.cells import ISO_TIME
from metrology.recording.column_name import ColumnName
from metrology.recording.unit import Dimension, Unit, symbols, unit_named

ISO = "iso"
"""What a person writes for a column of time stamps."""

_AMOUNTS = (Dimension.MASS, Dimension.VOLUME)


@dataclass(frozen=True)
class ChosenColumn:
    """One column.

    Attributes:
        index: its place.
        heading: as it stands in the file.
        unit: of its numbers; None for ISO 8601 time stamps.
    """

    index: int
    heading: str
    unit: Unit | None


@dataclass(frozen=True)
class ColumnChoice:
    """What a person said about the columns; None where the headings are to tell.

    Attributes:
        time, mass, volume: heading, or number counted from 1.
        time_unit, mass_unit, volume_unit: for headings that name none; `iso` for time stamps.
    """

    time: str | None = None
    mass: str | None = None
    volume: str | None = None
    time_unit: str | None = None
    mass_unit: str | None = None
    volume_unit: str | None = None

    def choose(
        self, who: str, headings: Sequence[str], first_row: Sequence[str]
    ) -> tuple[ChosenColumn, ChosenColumn, Dimension]:
        """Return the time column, the amount column, and what the amount is.

        Args:
            who: the file, for messages.
            headings: of all columns.
            first_row: the cells below them.

        Raises:
            PlanError: a column is missing, has no unit, or two could be meant.
        """
        picker = _Picker(who, tuple(map(ColumnName.parse, headings)), tuple(first_row))
        time = picker.column(Dimension.TIME, self.time, self.time_unit)
        if self.mass is not None and self.volume is not None:
            raise PlanError(who, "choose columns", "both a mass and a volume are named", "analyse one of them")
        for dimension, name, unit in zip(
            _AMOUNTS, (self.mass, self.volume), (self.mass_unit, self.volume_unit), strict=True
        ):
            if name is not None:
                return time, picker.column(dimension, name, unit), dimension
        measured = self._measured(picker)
        return time, picker.column(measured, None, self.mass_unit or self.volume_unit), measured

    def _measured(self, picker: "_Picker") -> Dimension:
        """Return what the file holds, a mass or a volume, where nobody said which column to take."""
        if self.mass_unit is not None and self.volume_unit is not None:
            raise PlanError(picker.who, "choose columns", "units of mass and of volume are given", "give one of them")
        if self.mass_unit is not None or self.volume_unit is not None:
            return Dimension.MASS if self.mass_unit is not None else Dimension.VOLUME
        found = [dimension for dimension in _AMOUNTS if picker.candidates(dimension)]
        if len(found) == 1:
            return found[0]
        if found:
            seen = f"there are both a mass and a volume among {picker.headings}"
            raise PlanError(picker.who, "choose columns", seen, "choose one with --mass or --volume")
        raise picker.no_amount()


@dataclass(frozen=True)
class _Picker:
    who: str
    names: tuple[ColumnName, ...]
    first_row: tuple[str, ...]

    @property
    def headings(self) -> str:
        return ", ".join(repr(name.text) for name in self.names)

    def candidates(self, dimension: Dimension) -> list[int]:
        """Return the columns that could be meant: those with a unit of it; of several those with a fitting name."""
        found = [index for index, name in enumerate(self.names) if name.measures(dimension)]
        if dimension is Dimension.TIME and not found:
            found = [index for index, cell in enumerate(self.first_row) if ISO_TIME.fullmatch(cell)]
        speaking = [index for index in found if self.names[index].speaks_of(dimension)]
        return speaking if len(found) > 1 and speaking else found

    def column(self, dimension: Dimension, wanted: str | None, unit: str | None) -> ChosenColumn:
        """Return the column of a dimension with its unit."""
        index = self._named(dimension, wanted) if wanted is not None else self._found(dimension, unit)
        return ChosenColumn(index, self.names[index].text, self._unit(dimension, index, unit))

    def _named(self, dimension: Dimension, wanted: str) -> int:
        by_heading = [index for index, name in enumerate(self.names) if name.text == wanted.strip()]
        if len(by_heading) == 1:
            return by_heading[0]
        if not by_heading and wanted.isascii() and wanted.isdigit() and 1 <= int(wanted) <= len(self.names):
            return int(wanted) - 1
        seen = f"{len(by_heading) or 'no'} column{'s' * (len(by_heading) != 1)} {wanted!r} among {self.headings}"
        raise PlanError(self.who, f"choose the column of {dimension}", seen, "write a heading, or its number from 1")

    def _found(self, dimension: Dimension, unit: str | None) -> int:
        found = self.candidates(dimension)
        if not found and unit is not None:
            found = [index for index, name in enumerate(self.names) if name.speaks_of(dimension)]
        if len(found) == 1:
            return found[0]
        if found:
            seen = f"several could be meant: {', '.join(repr(self.names[index].text) for index in found)}"
            raise PlanError(self.who, f"choose the column of {dimension}", seen, f"choose one with --{dimension}")
        raise self._without_unit(dimension) or self._missing(dimension)

    def _unit(self, dimension: Dimension, index: int, given: str | None) -> Unit | None:
        name = self.names[index]
        if dimension is Dimension.TIME and given == ISO:
            return None
        unit = unit_named(given) if given is not None else name.unit
        if given is not None and (unit is None or unit.dimension is not dimension):
            raise PlanError(
                f"--{dimension}-unit", "read", f"{given!r} is none", f"write one of {self._units(dimension)}"
            )
        if unit is None and dimension is Dimension.TIME and ISO_TIME.fullmatch(self.first_row[index]):
            return None
        if unit is None or unit.dimension is not dimension:
            raise self._unitless(dimension, name)
        if name.unit is not None and name.unit != unit:
            seen = f"the heading {name.text!r} says {name.unit.symbol}, --{dimension}-unit says {unit.symbol}"
            raise PlanError(
                self.who, "read the units", f"mixed units: {seen}", "leave the option out, or mend the file"
            )
        return unit

    def _without_unit(self, dimension: Dimension) -> PlanError | None:
        speaking = [name for name in self.names if name.speaks_of(dimension)]
        return self._unitless(dimension, speaking[0]) if speaking else None

    def _unitless(self, dimension: Dimension, name: ColumnName) -> PlanError:
        seen = f"column {name.text!r} names no unit of {dimension}"
        next_step = f"write it into the heading, or give --{dimension}-unit, one of {self._units(dimension)}"
        return PlanError(self.who, "read the units", seen, next_step)

    def _missing(self, dimension: Dimension) -> PlanError:
        seen = f"none among {self.headings}"
        return PlanError(self.who, f"choose the column of {dimension}", seen, f"choose one with --{dimension}")

    def no_amount(self) -> PlanError:
        """Return the error for a table without any mass or volume."""
        unitless = next(filter(None, map(self._without_unit, _AMOUNTS)), None)
        seen = f"neither mass nor volume among {self.headings}"
        return unitless or PlanError(
            self.who, "choose columns", seen, "choose one with --mass or --volume and its unit"
        )

    @staticmethod
    def _units(dimension: Dimension) -> str:
        return symbols(dimension) + (f", {ISO}" if dimension is Dimension.TIME else "")
