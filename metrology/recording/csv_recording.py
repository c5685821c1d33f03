# SPDX-License-Identifier: Apache-2.0
"""Reads a recording from a CSV file, in one pass, with 16 bytes of memory a line.

It takes numbers with a unit in an order of time, and names the line of whatever is none. What a pump could not have
done (a gap, a fall, a stop) is looked for afterwards, in `metrology.recording.screening`.
"""

from array import array
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from groundfloor.errors import PlanError
from metrology.recording.cells import Cells
from metrology.recording.column_choice import ChosenColumn, ColumnChoice
from metrology.recording.recorded_clock import RecordedClock
from metrology.recording.recording import Floats, Recording
from metrology.recording.text_table import TextTable

FEWEST_READINGS = 3


def read_csv(path: Path, choice: ColumnChoice | None = None) -> Recording:
    """Read a recording.

    Args:
        path: a text file with one heading line, columns parted by comma, semicolon, tab or `|`, decimal points.
        choice: which columns, in which units; told by the headings where it says nothing.

    Raises:
        PlanError: the file is no such table, a column or a unit is not clear, a value is missing or no number, or time
            stands still or runs backwards; line and value are named.
    """
    table = TextTable.open(path)
    time, amount, measured = (choice or ColumnChoice()).choose(table.who, table.headings, table.first_row)
    clock = RecordedClock(table.who, time)
    times_s, amounts = _read(table, clock, time, amount)
    if len(times_s) < FEWEST_READINGS:
        seen = f"it has {len(times_s)} reading{'s' * (len(times_s) != 1)}"
        raise PlanError(table.who, "read", seen, f"at least {FEWEST_READINGS} are needed to say anything")
    return Recording(
        source=str(path),
        times_s=times_s,
        amounts=amounts,
        measured=measured,
        columns=(time.heading, amount.heading),
        first_line=table.first_line,
        begun_at=clock.begun_at,
    )


def _read(table: TextTable, clock: RecordedClock, time: ChosenColumn, amount: ChosenColumn) -> tuple[Floats, Floats]:
    times_s, amounts = array("d"), array("d")
    factor = amount.unit.factor if amount.unit is not None else 1.0
    empty_from: int | None = None
    for first_line, columns in table.blocks((time.index, amount.index)):
        used = _used_rows(*columns)
        if used and empty_from is not None:
            seen = f"line {empty_from} is empty, and readings follow in line {first_line}"
            raise PlanError(table.who, "read", seen, "take the empty lines out")
        if used < len(columns[0]) and empty_from is None:
            empty_from = first_line + used
        time_cells, amount_cells = (column.slice(0, used) for column in columns)
        times_s.frombytes(clock.read(first_line, time_cells).tobytes())
        numbers = Cells(table.who, amount.heading, first_line, amount_cells).numbers()
        amounts.frombytes((numbers * factor).tobytes())
    return np.frombuffer(times_s, dtype=np.float64), np.frombuffer(amounts, dtype=np.float64)


def _used_rows(time: pa.Array, amount: pa.Array) -> int:
    """Return how many rows there are up to the last that holds anything: many files end in empty lines."""
    if len(time) and (time[-1].as_py().strip() or amount[-1].as_py().strip()):
        return len(time)
    written = pc.add(pc.utf8_length(pc.utf8_trim_whitespace(time)), pc.utf8_length(pc.utf8_trim_whitespace(amount)))
    rows = np.flatnonzero(written.to_numpy(zero_copy_only=False))
    return int(rows[-1]) + 1 if len(rows) else 0
