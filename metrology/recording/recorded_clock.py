# SPDX-License-Identifier: Apache-2.0
"""The time column of a recording: block by block into seconds since its first reading, and never backwards."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from groundfloor.errors import PlanError
from groundfloor.printable import one_line
from metrology.recording.cells import Cells
from metrology.recording.column_choice import ChosenColumn

_NS = 1e-9


class RecordedClock:
    """Follows the time column.

    Attributes:
        begun_at: the first time as the file tells it.
    """

    def __init__(self, who: str, column: ChosenColumn) -> None:
        self.begun_at = ""
        self._who = who
        self._column = column
        self._origin: float | int | None = None
        self._zoned = False
        self._last_s = -np.inf
        self._last_text = ""

    def read(self, first_line: int, texts: pa.Array) -> npt.NDArray[np.float64]:
        """Return one block of times in seconds since the first reading of the file.

        Raises:
            PlanError: a time is missing or none, comes twice, or lies before the one in the line above.
        """
        if not len(texts):
            return np.empty(0)
        cells = Cells(self._who, self._column.heading, first_line, texts)
        times_s = self._iso(cells) if self._column.unit is None else self._counted(cells, self._column.unit.factor)
        self._refuse_what_does_not_increase(first_line, texts, times_s)
        self._last_s, self._last_text = float(times_s[-1]), _text(texts, -1)
        return times_s

    def _counted(self, cells: Cells, factor: float) -> npt.NDArray[np.float64]:
        numbers = cells.numbers()
        if self._origin is None:
            self._origin = float(numbers[0])
            self.begun_at = f"{_text(cells.texts, 0)} {self._column.unit.symbol if self._column.unit else ''}".strip()
        return (numbers - self._origin) * factor

    def _iso(self, cells: Cells) -> npt.NDArray[np.float64]:
        instants_ns, zoned = cells.instants_ns()
        if self._origin is None:
            self._origin, self._zoned, self.begun_at = int(instants_ns[0]), zoned, _text(cells.texts, 0)
        if zoned != self._zoned:
            seen = f"line {cells.first_line}: '{_text(cells.texts, 0)}' is in another time zone than the lines before"
            raise PlanError(self._who, "read", seen, "write all times in one zone")
        # Whole nanoseconds are subtracted: as floats they would be no finer than 0.2 µs.
        return np.asarray((instants_ns - int(self._origin)) * _NS, dtype=np.float64)

    def _refuse_what_does_not_increase(
        self, first_line: int, texts: pa.Array, times_s: npt.NDArray[np.float64]
    ) -> None:
        steps_s = np.diff(times_s, prepend=self._last_s)
        if np.all(steps_s > 0):
            return
        index = int(np.argmin(steps_s > 0))
        before = _text(texts, index - 1) if index else self._last_text
        now = _text(texts, index)
        what = (
            "comes twice" if steps_s[index] == 0 else f"lies before '{before}' in the line above: time runs backwards"
        )
        seen = f"line {first_line + index}, column {self._column.heading!r}: '{now}' {what}"
        raise PlanError(self._who, "read", seen, "look for a clock that jumped or was set, and analyse each part alone")


def _text(texts: pa.Array, index: int) -> str:
    return one_line(str(texts[index].as_py()).strip(), 60)
