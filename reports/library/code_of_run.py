# SPDX-License-Identifier: Apache-2.0
"""Which code of the bench, and which methods, a run was made with, by the first line of its journal."""

from collections.abc import Mapping
from pathlib import Path

from bench.journal import read_lines
from bench.journal.lines import JournalOpened
from bench.run_folder import JOURNAL


def code_of_run(folder: Path) -> str:
    """Return the SHA-256 of the code; empty where the journal does not tell.

    Raises:
        BenchFault: the journal cannot be read.
    """
    opened = _first(folder)
    return "" if opened is None else opened.code_sha256


def methods_of_run(folder: Path) -> Mapping[str, str]:
    """Return the version of each method that a run was judged with; empty where the journal does not tell.

    Raises:
        BenchFault: the journal cannot be read.
    """
    opened = _first(folder)
    return {} if opened is None else opened.methods


def _first(folder: Path) -> JournalOpened | None:
    first = next(read_lines(folder / JOURNAL), None)
    return first.body if first is not None and isinstance(first.body, JournalOpened) else None
