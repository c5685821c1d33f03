# SPDX-License-Identifier: Apache-2.0
"""`pumpbench run` as a process of its own, and what it left behind."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from bench.journal import JournalLine, read_lines
from metrology.verdict import Verdict
from reports.entry import Entry, MeasuredValue
from reports.summary import Summary
from tests.journal_validation import misfits
from tests.sim.started_process import StartedProcess
from tests.sim.warm_process import ENVIRONMENT, PUMPBENCH, WarmProcess, can_be_warm

LIMIT_S = 600.0
"""Of the machine's time for one command, however busy it is: it counts for a command that hangs."""


@dataclass(frozen=True)
class BenchRun:
    """A run that is over."""

    exit_code: int
    printed: str
    errors: str
    folder: Path

    @cached_property
    def summary(self) -> Summary:
        return Summary.load(self.folder / "summary.json")

    @cached_property
    def raw_summary(self) -> dict[str, Any]:
        content = json.loads((self.folder / "summary.json").read_text(encoding="utf-8"))
        assert isinstance(content, dict)
        return content

    @cached_property
    def journal(self) -> list[JournalLine]:
        """All lines; reading them checks the chain of hashes, and that none is torn."""
        lines = read_lines(self.folder / "journal.jsonl")
        read = list(lines)
        assert not lines.torn_tail
        return read

    @property
    def test(self) -> Entry:
        (one,) = self.summary.tests
        return one

    @property
    def failures(self) -> list[MeasuredValue]:
        return [value for test in self.summary.tests for value in test.values if value.verdict is Verdict.FAIL]

    @property
    def red_requirements(self) -> tuple[str, ...]:
        """The requirements that a failed judgement is evidence against, by the journal; not what counts no more."""
        failed = [line.data for line in self.of_kind("judgement") if line.data["verdict"].upper() == Verdict.FAIL.name]
        spoilt = {
            one["id"]
            for line in self.of_kind("event")
            if line.what == "balance-distrusted"
            for one in line.data["moved"]
        }
        failed = [data for data in failed if data["id"] not in spoilt]
        return tuple(sorted({str(one["id"]) for data in failed for one in data["requirements"]}))

    @property
    def reasons(self) -> str:
        """What every judgement that did not pass said."""
        values = [value for test in self.summary.tests for value in test.values]
        return "\n".join(value.reason for value in values if value.verdict is not Verdict.PASS)

    def of_kind(self, kind: str) -> list[JournalLine]:
        return [line for line in self.journal if line.kind == kind]


def command(bench: str | Path, out: Path, *options: str, select: str = "", more: Sequence[str] = ()) -> list[str]:
    """The command line of a run without the HTML view; `select` is pytest's `-k`."""
    selection = ["-k", select] if select else []
    return [PUMPBENCH, "run", str(bench), f"--out={out}", "--no-html", *options, "--", *selection, *more]


def bench_run(
    bench: str | Path, out: Path, *options: str, select: str = "", more: Sequence[str] = (), afresh: bool = False
) -> BenchRun:
    """Run to the end."""
    with started(command(bench, out, *options, select=select, more=more), afresh=afresh) as process:
        return finished(process, out)


@contextmanager
def started(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] = ENVIRONMENT,
    afresh: bool = False,
) -> Iterator[StartedProcess]:
    """A process in a group of its own, as a terminal makes one; nothing of the group outlives the block.

    Args:
        arguments: its words; `pumpbench` and modules of Python have their imports done already.
        folder: in which it is started, if not in that of this process.
        environment: of the process.
        afresh: import all anew, for tests that ask what a start costs or finds.
    """
    process = _started(arguments, folder or Path.cwd(), environment, afresh=afresh)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def _started(arguments: Sequence[str], folder: Path, environment: Mapping[str, str], *, afresh: bool) -> StartedProcess:
    if not afresh and can_be_warm(arguments, environment):
        return WarmProcess(arguments, environment, folder)
    pipe = subprocess.PIPE
    return subprocess.Popen(
        arguments, cwd=folder, stdout=pipe, stderr=pipe, text=True, env=environment, start_new_session=True
    )


def ran(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] = ENVIRONMENT,
    afresh: bool = False,
    limit_s: float = LIMIT_S,
) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, whatever that is; with the arguments of `started`."""
    with started(arguments, folder=folder, environment=environment, afresh=afresh) as process:
        printed, errors = process.communicate(timeout=limit_s)
        return subprocess.CompletedProcess(arguments, process.wait(), printed, errors)


def finished(process: StartedProcess, out: Path) -> BenchRun:
    """Wait for the end of a run that made the only folder under `out`."""
    printed, errors = process.communicate(timeout=LIMIT_S)
    folders = sorted(out.glob("*"))
    assert len(folders) == 1, f"{folders}\n{printed}\n{errors}"
    journal = folders[0] / "journal.jsonl"
    assert not (journal.is_file() and misfits(journal)), misfits(journal)
    return BenchRun(process.wait(), printed, errors, folders[0])
