# SPDX-License-Identifier: Apache-2.0
"""Kills writers of journals at random instants and counts what is lost.

    python -m tests.sim.journal_kills FOLDER KILLS SEED

One process forks a writer, takes its acknowledgements from a pipe that it never stops draining (a full pipe would hold
the writer up and make every kill look clean), kills it with SIGKILL, reads the journal, and lets the next writer go on
with it. A line is acknowledged when the call that wrote it has returned.

How long a writer lives is counted in lines, so that a busy machine kills no earlier in its work than an idle one; the
kill comes a random moment after the last of them, and so falls anywhere within the next.
"""

import json
import os
import random
import select
import signal
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.journal import check_journal, read_lines
from tests.unit.any_lines import any_journal, any_journal_reopened

KILLS_PER_JOURNAL = 10
MOST_LINES = 80
KILLED_AT_ONCE = 10
"""So many of every 90 writers are killed before anything of theirs was acknowledged, while they open the journal."""
LONGEST_MOMENT_S = 0.01
READS_IN_A_LIFE = 3
LIMIT_S = 60.0


@dataclass(frozen=True)
class Life:
    """How long a writer lives: until so many lines are acknowledged and so many reads made, and a moment longer."""

    lines: int
    reads: int
    moment_s: float


@dataclass
class Figures:
    """What became of all kills together."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    broken_chains: int = 0
    torn_tails: int = 0
    reads_while_written: int = 0
    behind_acknowledged: int = 0


def kill_writers(folder: Path, kills: int, seed: int) -> Figures:
    """Kill `kills` writers, ten in turn on each journal."""
    instants, figures = random.Random(seed), Figures()
    acknowledged: set[int] = set()
    for number in range(kills):
        path = folder / f"run-{number // KILLS_PER_JOURNAL}" / "journal.jsonl"
        if number % KILLS_PER_JOURNAL == 0:
            path.parent.mkdir()
            acknowledged = set()
        reads = READS_IN_A_LIFE if number % 5 == 0 else 0
        lines = max(0, instants.randrange(-KILLED_AT_ONCE, MOST_LINES))
        life = Life(lines, reads, instants.uniform(0.0, LONGEST_MOMENT_S))
        fresh = _one_life(path, number, life, figures)
        figures.acknowledged += len(fresh)
        acknowledged |= fresh
        _judge(path, acknowledged, figures)
    return figures


def _one_life(path: Path, number: int, life: Life, figures: Figures) -> set[int]:
    receiver, sender = os.pipe()
    writer = os.fork()
    if writer == 0:
        os.close(receiver)
        _write_for_ever(path, number, sender)
    os.close(sender)
    acknowledged = b""
    reads = 0
    while acknowledged.count(b"\n") < life.lines or reads < life.reads:
        acknowledged += _next_piece(receiver)
        if life.reads:
            _read_while_written(path, acknowledged, figures)
            reads += 1
    time.sleep(life.moment_s)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    while piece := os.read(receiver, 65536):
        acknowledged += piece
    os.close(receiver)
    return {int(one) for one in acknowledged.split(b"\n")[:-1]}


def _next_piece(receiver: int) -> bytes:
    """Wait for acknowledgements; a writer that gives none has failed."""
    ready, _, _ = select.select([receiver], [], [], LIMIT_S)
    piece = os.read(receiver, 65536) if ready else b""
    assert piece, "the writer has died or stands still"
    return piece


def _write_for_ever(path: Path, number: int, sender: int) -> None:
    journal = any_journal_reopened(path, lambda: float(number)) if path.exists() else any_journal(path)
    serial = number * 1_000_000
    while True:
        if serial % 50 == 49:
            journal.write("event", serial=serial, title="x" * (serial % 500))
        else:
            journal.sample(serial=serial, told="y" * (serial % 700))
        os.write(sender, b"%d\n" % serial)
        serial += 1


def _read_while_written(path: Path, acknowledged: bytes, figures: Figures) -> None:
    newest = [int(one) for one in acknowledged.split(b"\n")[:-1]][-1:]
    seen = [line.data["serial"] for line in read_lines(path) if "serial" in line.data]  # raises if a line is no line
    figures.reads_while_written += 1
    figures.behind_acknowledged += bool(newest) and newest[0] not in seen


def _judge(path: Path, acknowledged: set[int], figures: Figures) -> None:
    found = check_journal(path) if path.exists() else None
    kept = {line.data.get("serial") for line in read_lines(path)} if found and found.whole else set()
    figures.kills += 1
    figures.lost += len(acknowledged - kept)
    figures.broken_chains += found is not None and not found.whole
    figures.torn_tails += found is not None and bool(found.torn_tail)


if __name__ == "__main__":
    print(json.dumps(asdict(kill_writers(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))))
