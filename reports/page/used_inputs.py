# SPDX-License-Identifier: Apache-2.0
"""The files that a run went by, with the hashes of then and of now."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from bench.run import input_hashes
from bench.run.run_inputs import MOST_BYTES
from bench.run_folder import BENCH_FILE, COLLECTED, JOURNAL, LOCK, PROFILE, REQUIREMENTS
from groundfloor.errors import BenchFault
from groundfloor.regular_file import open_regular, read_regular
from reports.page.subject import Input

INPUTS = {
    BENCH_FILE: "the bench: instruments, addresses, calibration; of a twin's file the addresses are not hashed",
    PROFILE: "what the pump promises",
    REQUIREMENTS: "the requirements baseline",
    COLLECTED: "which tests were to run",
    LOCK: "every installed package and its version",
    JOURNAL: "the record that this page is made of",
}
BLOCK_BYTES = 1 << 20


def used_inputs(run_folder: Path, recorded: Mapping[str, str], remarks: list[str]) -> tuple[Input, ...]:
    """Return the files with their hashes; those that the first line binds are hashed as it does."""
    try:
        bound = input_hashes(run_folder) if recorded else {}
    except BenchFault as refused:
        remarks.append(f"The inputs could not be checked: {refused}")
        bound = {}
    names = dict.fromkeys((*INPUTS, *sorted(recorded)))
    return tuple(
        Input(
            name,
            INPUTS.get(name, "used by the run"),
            bound[name] if name in recorded and name in bound else _sha256(run_folder / name),
            recorded.get(name, ""),
        )
        for name in names
    )


def _sha256(path: Path) -> str:
    """Return the hash of a file, as for a person; only a journal, which was read already, may be of any length."""
    try:
        if path.name != JOURNAL:
            return hashlib.sha256(read_regular(path, MOST_BYTES)).hexdigest()
        with open_regular(path) as file:
            digest = hashlib.sha256()
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
            return digest.hexdigest()
    except OSError as refused:
        return f"cannot be read: {refused.strerror or refused}"
