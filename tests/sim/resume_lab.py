# SPDX-License-Identifier: Apache-2.0
"""Runs that are killed in the middle of an infusion and resumed, against the same run unbroken."""

import json
import random
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
from tests.sim.bench_run import LIMIT_S, ran, started
from tests.sim.cuttable_wire import CuttableWire
from tests.sim.started_process import StartedProcess
from tests.sim.warm_process import PUMPBENCH

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


class Killer:
    """Kills a run at the first request to pump or rig that it makes with so many lines in its journal.

    It stands in the wire: the run waits for its answer meanwhile and comes no further, however busy the machine is.
    """

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._process: StartedProcess | None = None
        self._lines = 0

    def arm(self, process: StartedProcess, lines: int) -> None:
        """Kill this process, when there are `lines`."""
        self._process, self._lines = process, lines

    def look(self, _request: int) -> None:
        """Kill it if it is time."""
        process = self._process
        if process is None:
            return
        for journal in self._runs.glob("*/journal.jsonl"):
            if journal.read_bytes().count(b"\n") >= self._lines:
                process.kill()
                self._process = None


@contextmanager
def twin_bench_file(folder: Path, options: TwinOptions) -> Iterator[tuple[Path, CuttableWire]]:
    """A twin that outlives the runs, the bench file that leads to it, and the wire between."""
    with TwinChild(options) as addresses:
        host, _, port = addresses.pump.removeprefix("tcp://").rpartition(":")
        with CuttableWire(host, int(port)) as wire:
            through = f"tcp://127.0.0.1:{wire.port}"
            path = folder / "bench.toml"
            simulated_bench(replace(addresses, pump=through, rig=through)).write(path)
            yield path, wire


def unbroken(folder: Path, seed: int) -> Outcome:
    """Run to the end without a kill."""
    return killed_and_resumed(folder, seed, [])


def killed_and_resumed(
    folder: Path, seed: int, kill_at_lines: list[int], away_s: float = 0.0, plan: Path = PLAN
) -> Outcome:
    """Run, kill it with SIGKILL whenever its journal has so many lines, resume it each time, and read what came of it.

    Args:
        folder: takes the bench file and the run.
        seed: of the twin.
        kill_at_lines: lengths of the journal.
        away_s: twin time that goes by between a kill and the resume.
        plan: what runs; it is resumed from another working directory than it began in.
    """
    with twin_bench_file(folder, TwinOptions(seed=seed)) as (bench, wire):
        runs = folder / "runs"
        killer = Killer(runs)
        wire.on_request = killer.look
        command = [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", f"-c={ROOT / 'tox.ini'}", "-q", "-p"]
        command += ["no:cacheprovider", f"--bench={bench}", f"--runs={runs}", str(plan)]
        for count in kill_at_lines:
            run_until(command, killer, count)
            (run,) = runs.iterdir()
            if away_s:
                _let_time_go_by(bench, away_s)
            command = [PUMPBENCH, "resume", str(run), "--no-html"]
        ended = ran(command, folder=folder)
        (run,) = runs.iterdir()
        if not (run / "summary.json").is_file():
            raise AssertionError(f"{command}\n{ended.stdout}\n{ended.stderr}")
        return _outcome(run)


def instants(seed: int, kills: int, first: int, last: int) -> list[int]:
    """Draw `kills` places in the journal at which a run is killed, in order."""
    return sorted(random.Random(seed).sample(range(first, last), kills))


def run_until(command: list[str], killer: Killer, lines: int) -> None:
    """Run until the journal has so many lines, and is killed then."""
    with started(command, folder=ROOT) as process:
        killer.arm(process, lines)
        told = process.communicate(timeout=LIMIT_S)
        assert process.wait() == -signal.SIGKILL, f"the run ended with less than {lines} lines\n{told}"


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
