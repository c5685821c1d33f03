# SPDX-License-Identifier: Apache-2.0
"""What a sample costs on its way into the journal, against the same line made by `json.dumps` and written.

The yardstick is how a line was written before there were models: no check of its fields, the standard encoder, the hash
chain, one write for each line. Both write the same samples to real files, in turn.
"""

import hashlib
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.journal import Journal
from benchmarks.afresh import afresh
from benchmarks.figure import Figure
from benchmarks.interleaved import ratios
from benchmarks.made_journal import sample_data
from benchmarks.process import Process

SAMPLES = 5000
REPEATS = 3
MOST_OVER_UNTYPED = 1.5
"""What the journal cost by this yardstick before its lines had models."""


@dataclass(frozen=True)
class Repeat:
    """Processor seconds of one process for a sample, both ways."""

    typed_s: float
    untyped_s: float


def journal_writing(repeats: int = REPEATS) -> list[Figure]:
    """Write the same samples both ways."""
    measured = afresh(one_repeat, repeats)
    typed_us, untyped_us = ([1e6 * getattr(one, name) for one in measured] for name in ("typed_s", "untyped_s"))
    note = f"{SAMPLES} samples of 26 columns; held against their model, hash chain, a write for each; processor time"
    return [
        Figure(
            "a sample into the journal / the same untyped", "×", ratios(typed_us, untyped_us), MOST_OVER_UNTYPED, note
        ),
        Figure("… into the journal", "µs", tuple(typed_us)),
        Figure("… json.dumps, SHA-256 and a write", "µs", tuple(untyped_us)),
    ]


def one_repeat(samples: int = SAMPLES) -> Repeat:
    """Measure once, in this process, which is then pinned to one core."""
    Process().pin()
    with TemporaryDirectory() as folder:
        _typed_s(Path(folder) / "first.jsonl", samples // 10)
        _untyped_s(Path(folder) / "second.jsonl", samples // 10)
        return Repeat(
            _typed_s(Path(folder) / "typed.jsonl", samples), _untyped_s(Path(folder) / "untyped.jsonl", samples)
        )


def _typed_s(path: Path, samples: int) -> float:
    journal = Journal(path)
    journal.write("infusion-started", infusion="basal")
    data = [sample_data(number, "basal") for number in range(samples)]
    start_s = time.process_time()
    for one in data:
        journal.sample(**one)
    taken_s = time.process_time() - start_s
    journal.close()
    return taken_s / samples


def _untyped_s(path: Path, samples: int) -> float:
    encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
    data = [sample_data(number) for number in range(samples)]
    previous_sha256, length = "0" * 64, 0
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o644)
    start_s = time.process_time()
    for number, one in enumerate(data):
        entry = {"seq": number, "t": 0.0, "kind": "sample", "data": one, "prev": previous_sha256}
        line = encode(entry).encode("ascii") + b"\n"
        previous_sha256 = hashlib.sha256(line[:-1]).hexdigest()
        length += os.pwrite(descriptor, line, length)
    taken_s = time.process_time() - start_s
    os.close(descriptor)
    return taken_s / samples
