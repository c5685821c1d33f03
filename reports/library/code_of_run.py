# SPDX-License-Identifier: Apache-2.0
"""Which code of the bench a run was made with, by the first line of its journal."""

from pathlib import Path

from bench.journal import read_lines
from bench.journal.lines import JournalOpened
from bench.run_folder import JOURNAL


def code_of_run(folder: Path) -> str:
    """Return the SHA-256 of the code; empty where the journal does not tell.

    Raises:
        BenchFault: the journal cannot be read.
    """
    first = next(read_lines(folder / JOURNAL), None)
    return first.body.code_sha256 if first is not None and isinstance(first.body, JournalOpened) else ""
