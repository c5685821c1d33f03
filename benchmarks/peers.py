# SPDX-License-Identifier: Apache-2.0
"""A peer: what PyMeasure takes to bring one sample to disk, beside our journal with the same sample.

PyMeasure's documented way: a Procedure emits results, a Worker hands them to its recorder, which appends to a CSV file.
Nothing is read from an instrument on either side. Measured until every line is in the file.
"""

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
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
REPEATS = 5
_NAME = "a sample to disk, our journal / PyMeasure"
_SAMPLE: Mapping[str, Any] = sample_data(1, "basal")


def pymeasure_sample(repeats: int = REPEATS) -> list[Figure]:
    """Write the same samples both ways; left out where PyMeasure is not installed."""
    if find_spec("pymeasure") is None:
        return [left_out(_NAME, "PyMeasure is not installed (`tox -e bench` installs it)")]
    pairs = afresh(one_pair, repeats)
    ours_us, theirs_us = ([1e6 * pair[side] for pair in pairs] for side in (0, 1))
    note = f"{SAMPLES} samples of {len(_SAMPLE)} columns; ours with a hash chain, flushed sample by sample"
    return [
        Figure(_NAME, "×", ratios(ours_us, theirs_us), note=note),
        Figure("… our journal", "µs", tuple(ours_us), note="wall time per sample"),
        Figure("… PyMeasure", "µs", tuple(theirs_us), note="wall time per sample; Procedure, Worker, CSV"),
    ]


def one_pair() -> tuple[float, float]:
    """Return our and PyMeasure's seconds per sample, in this process, which is then pinned to one core."""
    Process().pin()
    with _folder() as folder:
        return _ours_s(folder), _theirs_s(folder)


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


def _theirs_s(folder: Path) -> float:
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
