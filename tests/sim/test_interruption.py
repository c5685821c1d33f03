# SPDX-License-Identifier: Apache-2.0
"""However a run is ended, the pump stops and the clamps open first, and what was recorded is kept.

The witness is the twin: it runs in a process of its own, on its own time, and is asked over a line of its own.
"""

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.journal import read_lines
from bench.simulated_bench import simulated_bench
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.pump import PumpState
from instruments.rig_guard import SafeLog, SafeReason
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from reports.summary import summarise
from tests.sim.bench_run import BenchRun, finished
from tests.sim.endless_run import KINK_PERCENT, LIMIT_S, endless_run, wait_for
from tests.sim.forked_run import forked_run
from tests.sim.quick_bench import SHORT_BLANK_S, quick
from tests.sim.simulated_lab import onlooker
from tests.sim.started_process import StartedProcess

SPEED = 30.0
WATCHDOG_S = 60.0
AT_ONCE_S = 1.0
"""Of the computing time of the bench's process: a busy machine gives it less of that in a second."""


@dataclass(frozen=True)
class Watched:
    """A run with a kink in the catheter, and the twin's own word on it."""

    process: StartedProcess
    out: Path
    pump: ModbusPump
    rig: ModbusRig

    @property
    def is_safe(self) -> bool:
        """Ask the clamp first: if it has begun to open, the pump must have been stopped before."""
        clamp_percent = self.rig.read().kink_clamp_position_percent
        state = self.pump.read().state
        assert clamp_percent == KINK_PERCENT or state is not PumpState.INFUSING
        return clamp_percent == 0 and state is PumpState.STOPPED

    @property
    def folder(self) -> Path:
        (folder,) = self.out.iterdir()
        return folder


def computing_s(process: StartedProcess) -> float:
    """How much of the processors a running process has had, in s."""
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    user, system = int(fields[11]), int(fields[12])
    return (user + system) / os.sysconf("SC_CLK_TCK")


@contextmanager
def kinked_run(folder: Path) -> Iterator[Watched]:
    with TwinChild(TwinOptions(clock=ClockMode.SCALED, speed=SPEED)) as addresses, onlooker(addresses.pump) as seen:
        bench_file = folder / "bench.toml"
        quick(simulated_bench(addresses), SHORT_BLANK_S).write(bench_file)
        with endless_run(bench_file, folder) as (process, out):
            watched = Watched(process, out, *seen)
            assert watched.pump.read().state is PumpState.INFUSING
            assert watched.rig.read().kink_clamp_position_percent == KINK_PERCENT
            yield watched


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_pump_and_opens_the_clamp_before_anything_else(tmp_path: Path, number: int) -> None:
    with kinked_run(tmp_path) as watched:
        before_s = computing_s(watched.process)
        os.killpg(watched.process.pid, number)
        wait_for(lambda: watched.is_safe)
        assert computing_s(watched.process) - before_s < AT_ONCE_S
        assert not (watched.folder / "summary.json").exists()
        run = finished(watched.process, watched.out)
        assert watched.is_safe
        assert not watched.rig.read().watchdog_tripped  # it was the bench that did it
    ends_in_order(run)


def ends_in_order(run: BenchRun) -> None:
    assert run.exit_code == 3
    assert run.test.verdict is Verdict.BLOCKED
    assert [line.kind for line in run.journal].count("infusion-ended") == 1
    assert (run.journal[-1].kind, run.journal[-1].data["reason"]) == ("run-ended", "interrupted")
    assert run.summary.reason == "interrupted"
    assert "KeyboardInterrupt" not in run.errors


def test_pressing_ctrl_c_again_and_again_breaks_off_the_report_and_not_the_way_to_the_safe_state(
    tmp_path: Path,
) -> None:
    """As one press or as several: that depends on when the process gets to hear them."""
    with kinked_run(tmp_path) as watched:
        while watched.process.poll() is None and not (watched.folder / "summary.json").exists():
            os.killpg(watched.process.pid, signal.SIGINT)
            time.sleep(0.02)
        assert watched.process.wait(LIMIT_S) in (3, 128 + signal.SIGINT)
        assert watched.is_safe
        assert not watched.rig.read().watchdog_tripped


def safe_log(rig: ModbusRig) -> SafeLog:
    log = rig.safe_log()
    assert log is not None
    return log


def test_when_the_run_is_killed_the_rig_makes_itself_safe_within_its_watchdog_time(tmp_path: Path) -> None:
    with kinked_run(tmp_path) as watched:
        before = safe_log(watched.rig)
        watched.process.kill()
        watched.process.wait()
        doubt_s = safe_log(watched.rig).clock_s - before.clock_s  # its last beat came at any instant until then
        wait_for(lambda: watched.is_safe)
        (entry,) = [entry for entry in safe_log(watched.rig).entries if entry.number >= before.count]
        assert entry.reason is SafeReason.WATCHDOG
        assert 0 < entry.entered_s - before.clock_s <= WATCHDOG_S + doubt_s
        assert watched.rig.read().watchdog_tripped
        lines = read_lines(watched.folder / "journal.jsonl")
        assert sum(line.kind == "sample" for line in lines) > 0
        told = summarise(watched.folder)
    assert (told.aborted, told.exit_code, told.tests[0].verdict) == (True, 6, Verdict.BLOCKED)


def test_ctrl_c_ends_a_stepped_run_in_order_as_well_and_no_second_pump_is_started(tmp_path: Path) -> None:
    """The terminal sends it to the whole group: the twin must outlive it, or nobody could stop the pump."""
    profiles = ("--profile=implantable-20ml", "--profile=implantable-40ml")
    with endless_run("simulated", tmp_path, *profiles) as (process, out):
        os.killpg(process.pid, signal.SIGINT)
        run = finished(process, out)
    ends_in_order(run)
    assert (run.folder / "pictures" / "I-0001-delivery.svg").is_file()
    (result,) = run.folder.glob("allure-results/*-result.json")
    assert "](../pictures/I-0001-delivery.svg)" in json.loads(result.read_text(encoding="utf-8"))["description"]


INTERRUPTED_IN_ITS_START = """
import signal
from bench.therapy import Continuous

def test_interrupted_in_its_start(infusion, profile):
    run = infusion(Continuous(profile.rates.tested("high")))
    run._session.watch_closely = lambda: signal.raise_signal(signal.SIGINT)  # the first step after the command
    with run:
        raise AssertionError("it was begun")
"""


def test_an_infusion_that_is_interrupted_between_its_start_and_its_first_line_is_ended_in_the_journal(
    tmp_path: Path,
) -> None:
    plan = tmp_path / "test_interrupted_in_its_start.py"
    plan.write_text(INTERRUPTED_IN_ITS_START)
    (tmp_path / "runs").mkdir()
    run = forked_run(tmp_path / "runs", select="interrupted_in_its_start", more=[str(plan)])
    assert (run.exit_code, run.summary.reason) == (3, "interrupted")
    begun_and_ended = [line for line in run.journal if line.kind in ("infusion-started", "infusion-ended")]
    assert [line.kind for line in begun_and_ended] == ["infusion-started", "infusion-ended"]
    assert begun_and_ended[1].data["reason"] == "KeyboardInterrupt: SIGINT"
    assert [line.data["infusion"] for line in begun_and_ended] == ["I-0001", "I-0001"]
    assert run.test.verdict is Verdict.BLOCKED


INTERRUPTED_IN_ITS_REPORT = """
import signal
from groundfloor.errors import PumpFailure

def test_interrupted_in_its_report(bench):
    __tracebackhide__ = lambda _info: signal.raise_signal(signal.SIGTERM)  # pytest asks while it makes the report
    raise PumpFailure("pump", "be watched", "it failed", "see to it")
"""


def test_a_signal_while_the_report_of_a_failed_test_is_made_ends_the_run_in_order(tmp_path: Path) -> None:
    plan = tmp_path / "test_interrupted_in_its_report.py"
    plan.write_text(INTERRUPTED_IN_ITS_REPORT)
    (tmp_path / "runs").mkdir()
    run = forked_run(tmp_path / "runs", select="interrupted_in_its_report", more=[str(plan)])
    assert "INTERNALERROR" not in run.printed
    assert (run.exit_code, run.summary.exit_code, run.summary.reason) == (3, 3, "interrupted")
    assert run.test.verdict is Verdict.BLOCKED


CRASHES_BEHIND_THE_END = """
from groundfloor.errors import PumpFailure

def crash():
    raise RuntimeError("behind the end")

def test_crashes_behind_the_end(bench, request):
    request.config.add_cleanup(crash)
    raise PumpFailure("pump", "be watched", "it failed", "see to it")
"""


def test_what_crashes_behind_the_end_of_a_run_turns_no_fail_into_nothing_was_tested(tmp_path: Path) -> None:
    plan = tmp_path / "test_crashes_behind_the_end.py"
    plan.write_text(CRASHES_BEHIND_THE_END)
    (tmp_path / "runs").mkdir()
    run = forked_run(tmp_path / "runs", select="crashes_behind_the_end", more=[str(plan)])
    assert (run.exit_code, run.summary.exit_code) == (1, 1)
    assert "RuntimeError: behind the end" in run.printed
    assert "it came behind the end of the run, whose record is whole" in run.printed
