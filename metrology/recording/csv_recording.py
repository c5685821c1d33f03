# SPDX-License-Identifier: Apache-2.0
"""Reads a recording from a table in a file: CSV text of any layout, a workbook, the log of a balance."""

from dataclasses import replace
from pathlib import Path

from metrology.recording.column_choice import ColumnChoice
from metrology.recording.file_reader import FileReader
from metrology.recording.reading_options import ReadingOptions
from metrology.recording.recording import Recording


def read_csv(path: Path, choice: ColumnChoice | None = None, options: ReadingOptions | None = None) -> Recording:
    """Read a recording.

    Args:
        path: a text file or a workbook with a table in it.
        choice: which columns, in which units; told by the file where it says nothing.
        options: how the file is written; its `columns` count where `choice` is not given.

    Raises:
        PlanError: the file holds no such table, something about it is not clear, or a line that is used holds no
            reading; line and value are named.
    """
    options = options or ReadingOptions()
    return FileReader(path, replace(options, columns=choice) if choice is not None else options).recording()
