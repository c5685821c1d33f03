# SPDX-License-Identifier: Apache-2.0
"""What the first cells of a column are: it tells more than a heading, where there is none or it names no unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from metrology.recording.number_style import number_in
from metrology.recording.unit import Dimension, Unit, unit_named
from metrology.recording.written_time import is_clock, is_date, is_stamp

_MOSTLY = 0.6


@dataclass(frozen=True)
class ColumnContent:
    """The kinds of cells of one column; each True where nearly all are of it.

    Attributes:
        cells: the first of them.
        numbers: each holds one number.
        stamps, dates, clocks: each holds date and clock, a date alone, a clock or elapsed time.
        units: nearly each is the name of a unit of mass or volume.
    """

    cells: tuple[str, ...]
    numbers: bool
    stamps: bool
    dates: bool
    clocks: bool
    units: bool

    @classmethod
    def of(cls, cells: Sequence[str]) -> Self:
        """Look at the cells of a column."""
        written = tuple(cell for cell in cells if cell)

        def mostly(fitting: int) -> bool:
            return bool(written) and fitting >= _MOSTLY * len(written)

        return cls(
            written,
            mostly(sum(number_in(cell) is not None for cell in written)),
            mostly(sum(map(is_stamp, written))),
            mostly(sum(map(is_date, written))),
            mostly(sum(map(is_clock, written))),
            mostly(sum(map(_is_amount_unit, written))),
        )

    @property
    def unit_in_cells(self) -> str:
        """Return the unit of mass or volume that stands behind the first number; empty where none does."""
        return next((tail for tail in map(_tail, self.cells) if _is_amount_unit(tail)), "")

    @property
    def time_unit_in_cells(self) -> Unit | None:
        """Return the unit of time that stands behind the first number; None where none does."""
        units = (unit_named(_tail(cell)) for cell in self.cells if number_in(cell) is not None)
        return next((unit for unit in units if unit is not None and unit.dimension is Dimension.TIME), None)


def _tail(cell: str) -> str:
    words = cell.strip(" ?!*#").split()
    return words[-1].lstrip("+-0123456789.,'") if words else ""


def _is_amount_unit(cell: str) -> bool:
    unit = unit_named(cell)
    return unit is not None and unit.dimension is not Dimension.TIME
