# SPDX-License-Identifier: Apache-2.0
"""What a journal of a million samples costs to read into a table, its chain of hashes checked on the way.

The yardstick is the least that such a reading can be: `json.loads` and SHA-256 of each line in turn, and nothing kept.
Both are one thread's work, so processor time is the whole of it. Memory is what the kernel says is resident at most.
"""

import hashlib
import json
import resource
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.journal import read_lines, samples_frame
from bench.journal.journal_chain import Chain
from bench.journal.lines import Sample
from benchmarks.afresh import afresh
from benchmarks.figure import Figure
from benchmarks.interleaved import ratios
from benchmarks.made_journal import INFUSION, made_journal
from benchmarks.process import Process

SAMPLES = 10**6
REPEATS = 1
MOST_S, AIM_S = 12.0, 4.0
MOST_GROWTH_MIB = 5.0
_MIB = 1 << 20


@dataclass(frozen=True)
class Repeat:
    """Processor seconds of one process, and by how much its memory grew while the lines went by."""

    table_s: float
    lines_s: float
    least_s: float
    growth_mib: float


def journal_reading(repeats: int = REPEATS) -> list[Figure]:
    """Read the same journal line by line, into a table, and with the least calls."""
    measured = afresh(one_repeat, repeats)
    table_s, lines_s, least_s = ([getattr(one, name) for one in measured] for name in ("table_s", "lines_s", "least_s"))
    note = "10⁶ samples; chain checked, each held against its model, DataFrame made; processor time"
    return [
        Figure("a journal of 10⁶ samples into a table", "s", tuple(table_s), MOST_S, note, AIM_S),
        Figure("… / json.loads and SHA-256 of each line", "×", ratios(table_s, least_s)),
        Figure("… line by line", "s", tuple(lines_s), note="chain checked, nothing kept"),
        Figure(
            "… the memory, growth from the first tenth to the end",
            "MiB",
            tuple(one.growth_mib for one in measured),
            MOST_GROWTH_MIB,
            "line by line",
        ),
    ]


def one_repeat(samples: int = SAMPLES) -> Repeat:
    """Measure once, in this process, which is then pinned to one core."""
    Process().pin()
    with TemporaryDirectory() as folder:
        path = made_journal(Path(folder) / "journal.jsonl", samples)
        growth_mib, lines_s = _line_by_line(path, samples // 10)
        least_s = _least(path)
        start_s = time.process_time()
        frame = samples_frame(path, INFUSION)
        table_s = time.process_time() - start_s
        if len(frame) != samples:
            raise ValueError(f"{len(frame)} of {samples} samples were read")
        return Repeat(table_s, lines_s, least_s, growth_mib)


def _line_by_line(path: Path, settled: int) -> tuple[float, float]:
    start_s, before = time.process_time(), 0
    for number, line in enumerate(read_lines(path)):
        if number == settled:
            before = _resident_bytes()
        if line.kind == Sample.kind and line.body is None:
            raise ValueError("a sample says nothing")
    return (_resident_bytes() - before) / _MIB, time.process_time() - start_s


def _resident_bytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _least(path: Path) -> float:
    start_s, chain = time.process_time(), Chain()
    with path.open("rb") as file:
        for raw in file:
            json.loads(raw)
            chain.previous_sha256 = hashlib.sha256(raw[:-1]).hexdigest()
    return time.process_time() - start_s
