# SPDX-License-Identifier: Apache-2.0
"""Peers: what others take to bring one sample to disk, beside our journal with the same sample.

PyMeasure's documented way: a Procedure emits results, a Worker hands them to its recorder, which appends to a CSV file.
Plain CSV: one row for each sample, handed to the system as ours is. SQLite: one row and one transaction for each, in
write-ahead mode, which forces as little to the disk as our journal does between two seconds. None of them has a chain
of hashes or a model. Nothing is read from an instrument on either side.
"""

import csv
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from bench.journal import Journal
from benchmarks.afresh import afresh
from benchmarks.figure import Figure, left_out
from benchmarks.interleaved import ratios
from benchmarks.made_journal import sample_data
from benchmarks.process import Process

SAMPLES = 3000
REPEATS = 3
_NAME = "a sample to disk, our journal / {}"
_SAMPLE: Mapping[str, Any] = sample_data(1, "basal")
_FLAT = {name: ";".join(value) if isinstance(value, tuple) else value for name, value in _SAMPLE.items()}


def peers(repeats: int = REPEATS) -> list[Figure]:
    """Write the same samples all ways; what is not installed is left out."""
    figures, ours = [], {}
    for name in _PEERS:
        if name in _TO_INSTALL and find_spec(_TO_INSTALL[name]) is None:
            figures.append(left_out(_NAME.format(name), f"{name} is not installed (`tox -e bench` installs it)"))
            continue
        pairs = afresh(partial(one_pair, name), repeats)
        ours[name], theirs_us = ([1e6 * pair[side] for pair in pairs] for side in (0, 1))
        note = f"{SAMPLES} samples of {len(_SAMPLE)} columns; ours with a hash chain, flushed sample by sample"
        figures += [
            Figure(_NAME.format(name), "×", ratios(ours[name], theirs_us), note=note),
            Figure(f"… {name}", "µs", tuple(theirs_us), note=f"wall time per sample; {_WAYS[name]}"),
        ]
    figures.append(Figure("… our journal", "µs", tuple(x for one in ours.values() for x in one), note="wall time"))
    return [
        *figures,
        left_out("a twin's answer / one of lewis", "lewis is not installed, and no device was written for it"),
    ]


def one_pair(peer: str) -> tuple[float, float]:
    """Return our and a peer's seconds per sample, in this process, which is then pinned to one core."""
    Process().pin()
    with _folder() as folder:
        return _ours_s(folder), _PEERS[peer](folder)


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        yield Path(name)


def _ours_s(folder: Path) -> float:
    journal = Journal(folder / "journal.jsonl")
    journal.write("infusion-started", infusion="basal")
    start_s = time.perf_counter()
    for _ in range(SAMPLES):
        journal.sample(**_SAMPLE)
    journal.close()
    return (time.perf_counter() - start_s) / SAMPLES


def _pymeasure_s(folder: Path) -> float:
    from pymeasure.experiment import Procedure, Results, Worker  # not installed everywhere

    logging.disable(logging.CRITICAL)

    class Emitting(Procedure):  # type: ignore[misc]  # PyMeasure carries no types
        DATA_COLUMNS: ClassVar[list[str]] = list(_SAMPLE)

        def execute(self) -> None:
            for _ in range(SAMPLES):
                self.emit("results", _SAMPLE)

    path = folder / "results.csv"
    worker = Worker(Results(Emitting(), str(path)))
    start_s = time.perf_counter()
    worker.start()
    worker.join(timeout=600)
    while _lines(path) < SAMPLES:  # the recorder is a thread of its own
        time.sleep(0.001)
    return (time.perf_counter() - start_s) / SAMPLES


def _lines(path: Path) -> int:
    return sum(1 for line in path.read_text().splitlines() if not line.startswith("#")) - 1


def _csv_s(folder: Path) -> float:
    with (folder / "samples.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.DictWriter(file, list(_FLAT))
        rows.writeheader()
        start_s = time.perf_counter()
        for _ in range(SAMPLES):
            rows.writerow(_FLAT)
            file.flush()
        return (time.perf_counter() - start_s) / SAMPLES


def _sqlite_s(folder: Path) -> float:
    with closing(sqlite3.connect(folder / "samples.sqlite", isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(f"CREATE TABLE samples ({', '.join(_FLAT)})")
        row = f"INSERT INTO samples VALUES ({', '.join(f':{name}' for name in _FLAT)})"
        start_s = time.perf_counter()
        for _ in range(SAMPLES):
            database.execute(row, _FLAT)
        return (time.perf_counter() - start_s) / SAMPLES


_PEERS: Mapping[str, Callable[[Path], float]] = {
    "plain CSV": _csv_s,
    "SQLite": _sqlite_s,
    "PyMeasure": _pymeasure_s,
}
_TO_INSTALL = {"PyMeasure": "pymeasure"}
_WAYS = {
    "plain CSV": "csv.DictWriter, a flush for each row",
    "SQLite": "write-ahead mode, a transaction for each row",
    "PyMeasure": "Procedure, Worker, CSV",
}
