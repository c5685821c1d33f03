# SPDX-License-Identifier: Apache-2.0
"""A run whose bench cannot be opened just now is resumed later; only a person ends it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.lease import Lease
from bench.run import UnfinishedRun
from bench.run_process import goes_on
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from reports.summary import Summary
from tests.sim.bench_run import ENVIRONMENT, LIMIT_S, PUMPBENCH, ran
from tests.sim.cuttable_wire import CuttableWire
from tests.sim.resume_lab import PLAN, ROOT, Killer, run_until, twin_bench_file

LINES = 140
WHY = "the pump went back to its maker"


@dataclass(frozen=True)
class Killed:
    """A run that was killed in its infusion, and the bench that it ran on.

    Attributes:
        run: its folder.
        bench: the bench file.
        wire: to pump and rig.
    """

    run: Path
    bench: Path
    wire: CuttableWire

    @property
    def journal(self) -> bytes:
        return (self.run / "journal.jsonl").read_bytes()

    def tell(self, *command: str) -> "subprocess.CompletedProcess[str]":
        return ran([PUMPBENCH, *command])

    def resume(self) -> "subprocess.CompletedProcess[str]":
        return self.tell("resume", str(self.run), "--no-html")


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[Killed]:
    with twin_bench_file(tmp_path, TwinOptions(seed=5)) as (bench, wire):
        runs = tmp_path / "runs"
        killer = Killer(runs)
        wire.on_request = killer.look
        command = [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", f"-c={ROOT / 'tox.ini'}", "-q", "-p"]
        run_until([*command, "no:cacheprovider", f"--bench={bench}", f"--runs={runs}", str(PLAN)], killer, LINES)
        (run,) = runs.iterdir()
        yield Killed(run, bench, wire)


def expect_postponed(killed: Killed, before: bytes) -> None:
    refused = killed.resume()
    told = refused.stdout + refused.stderr
    assert refused.returncode == 3, told
    assert "nothing of the run was changed" in told
    assert f"pumpbench end {killed.run} --why" in told
    assert killed.journal == before
    assert not (killed.run / "summary.json").exists()


def test_a_run_whose_rig_is_silent_or_whose_bench_is_held_stays_as_it_was_and_goes_on_later(killed: Killed) -> None:
    before = killed.journal
    killed.wire.spoil = lambda _answer: b""
    expect_postponed(killed, before)
    killed.wire.spoil = lambda answer: answer
    lease = Lease.acquire(BenchFile.load(killed.bench), reason="somebody else")
    try:
        expect_postponed(killed, before)
    finally:
        lease.release()
    locked: set[bool] = set()
    killed.wire.on_request = lambda _request: locked.add(goes_on(killed.run))
    ended = killed.resume()
    assert locked == {True}  # from before the bench is opened: nobody gives it up while it is on its way to go on
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert killed.journal.startswith(before)
    assert Summary.load(killed.run / "summary.json").verdict is Verdict.PASS


FULL = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
os.execv(sys.argv[2], sys.argv[2:])
"""


def test_a_run_whose_disk_takes_no_more_stays_as_it_was_and_goes_on_when_there_is_room(killed: Killed) -> None:
    before = killed.journal
    resume = [PUMPBENCH, "resume", str(killed.run), "--no-html"]
    full = [sys.executable, "-c", FULL, str(len(before)), *map(str, resume)]
    refused = subprocess.run(full, capture_output=True, text=True, timeout=LIMIT_S, env=ENVIRONMENT, check=False)
    told = refused.stdout + refused.stderr
    assert refused.returncode == 3, told
    assert "File too large" in told
    assert "Traceback" not in told
    assert killed.journal == before
    assert not (killed.run / "summary.json").exists()
    resumed = killed.resume()
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr


def test_a_run_that_is_given_up_has_its_end_with_the_reason_and_is_not_resumed(killed: Killed) -> None:
    without_reason = killed.tell("end", str(killed.run), "--why", " ")
    assert without_reason.returncode == 2
    ended = killed.tell("end", str(killed.run), "--why", WHY)
    assert ended.returncode == 0, ended.stderr
    summary = Summary.load(killed.run / "summary.json")
    assert summary.verdict is not Verdict.PASS
    assert WHY in (killed.run / "report.html").read_text(encoding="utf-8")
    refused = killed.resume()
    assert refused.returncode == 2
    assert "it ended in order" in refused.stderr.replace("\n", " ")
    assert killed.tell("end", str(killed.run), "--why", WHY).returncode == 2
    with pytest.raises(Exception, match="it ended in order"):
        UnfinishedRun.read(killed.run / "journal.jsonl")
