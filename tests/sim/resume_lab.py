# SPDX-License-Identifier: Apache-2.0
"""Runs that are killed in the middle of an infusion and resumed, against the same run unbroken."""

import json
import random
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.bench_file import BenchFile
from bench.simulated_bench import simulated_bench
from instruments.control_line_client import ControlLine
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from reports.entry import MeasuredValue
from reports.summary import Summary
from tests.journal_validation import misfits
from tests.sim.bench_run import ENVIRONMENT, LIMIT_S, PUMPBENCH

PLAN = Path(__file__).with_name("resume_plan.py")
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    """What a run came to.

    Attributes:
        verdict: of its test.
        rate_error: of the whole time, in per cent with its expanded uncertainty; None when it was not measured.
        resumes: how often it was resumed.
        interruptions: how often the pump had to be started again.
    """

    verdict: Verdict
    reason: str
    rate_error: MeasuredValue | None
    resumes: int
    interruptions: int


@contextmanager
def twin_bench_file(folder: Path, options: TwinOptions) -> Iterator[Path]:
    """A twin that outlives the runs, and the bench file that leads to it."""
    with TwinChild(options) as addresses:
        file = simulated_bench(addresses)
        path = folder / "bench.toml"
        file.write(path)
        yield path


def unbroken(folder: Path, seed: int) -> Outcome:
    """Run to the end without a kill."""
    return killed_and_resumed(folder, seed, [])


def killed_and_resumed(folder: Path, seed: int, kill_at_lines: list[int], away_s: float = 0.0) -> Outcome:
    """Run, kill it with SIGKILL whenever its journal has so many lines, resume it each time, and read what came of it.

    Args:
        folder: takes the bench file and the run.
        seed: of the twin.
        kill_at_lines: lengths of the journal.
        away_s: twin time that goes by between a kill and the resume.
    """
    with twin_bench_file(folder, TwinOptions(seed=seed)) as bench:
        runs = folder / "runs"
        command = [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", f"-c={ROOT / 'tox.ini'}", "-q", "-p"]
        command += ["no:cacheprovider", f"--bench={bench}", f"--runs={runs}", str(PLAN)]
        for count in kill_at_lines:
            _run_until(command, runs, count)
            (run,) = runs.iterdir()
            if away_s:
                _let_time_go_by(bench, away_s)
            command = [PUMPBENCH, "resume", str(run), "--no-html"]
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=LIMIT_S, env=ENVIRONMENT, cwd=ROOT, check=False
        )
        (run,) = runs.iterdir()
        if not (run / "summary.json").is_file():
            raise AssertionError(f"{command}\n{ended.stdout}\n{ended.stderr}")
        return _outcome(run)


def instants(seed: int, kills: int, first: int, last: int) -> list[int]:
    """Draw `kills` places in the journal at which a run is killed, in order."""
    return sorted(random.Random(seed).sample(range(first, last), kills))


def _run_until(command: list[str], runs: Path, lines: int) -> None:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT, cwd=ROOT, start_new_session=True
    )
    seen = 0
    place = 0
    try:
        while process.poll() is None and seen < lines:
            journals = list(runs.glob("*/journal.jsonl"))
            if journals:
                with journals[0].open("rb") as file:
                    file.seek(place)
                    fresh = file.read()
                place += len(fresh)
                seen += fresh.count(b"\n")
    finally:
        process.kill()
        process.wait()


def _let_time_go_by(bench: Path, away_s: float) -> None:
    control = ControlLine.open(str(BenchFile.load(bench).clock.control))
    control.advance_to_us(control.now_us() + round(away_s * 1e6))
    control.close()


def _outcome(run: Path) -> Outcome:
    summary = Summary.load(run / "summary.json")
    assert not misfits(run / "journal.jsonl")
    (test,) = summary.tests
    values = {value.name: value for value in test.values}
    lines = [json.loads(line) for line in (run / "journal.jsonl").read_text(encoding="utf-8").splitlines()]
    return Outcome(
        test.verdict,
        test.reason,
        values.get("whole time: rate error"),
        sum(line["kind"] == "resumed" for line in lines),
        sum(line["data"].get("what") == "interruption" for line in lines),
    )
