# SPDX-License-Identifier: Apache-2.0
"""Something dies during an infusion: the test is BLOCKED, the pump is stopped if any wire leads there, nothing is lost.

Each wire of the twin can be led through the test, which cuts it when a certain request comes by; so a run dies at the
same point of its time whenever it is repeated.
"""

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from bench.journal import samples_frame
from groundfloor.exit_code import ExitCode
from instruments.pump import PumpState
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from tests.sim.bench_run import LIMIT_S, BenchRun, bench_run, command, started
from tests.sim.twin_bench import TwinBench, twin_bench

INTERVAL_S = 30.0
IN_THE_INFUSION, OF_THE_BALANCE, OF_THE_TIME = 554, 861, 485
"""The numbers of requests to pump and rig, to the balance and for time that are sent while the leak is open.

Some hundred samples have been taken then: each costs three requests to pump and rig, two to the balance, one for time.
"""
GONE = r"the device closed the connection|no connection: \[Errno 111\] Connection refused|the twin hung up"
"""What the bench sees first of a process that is gone: on a wire, on opening one anew, or where it steps the time."""


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[TwinBench]:
    with twin_bench(tmp_path) as bench:
        yield bench


def at(number: int, act: Callable[[], object]) -> Callable[[int], None]:
    """Return what calls `act` at one request."""

    def on_request(count: int) -> None:
        if count == number:
            act()

    return on_request


def leak_run(twin: TwinBench, folder: Path) -> BenchRun:
    """Run one test that ends with exit code 3, BLOCKED, without a traceback."""
    run = bench_run(twin.file(), folder / "runs", "--chapter=leak", select="30")
    assert "Traceback" not in run.printed + run.errors
    assert run.exit_code == ExitCode.NOT_TESTED
    assert run.test.verdict is Verdict.BLOCKED
    expect_nothing_lost(run)
    return run


def expect_nothing_lost(run: BenchRun) -> None:
    """The journal is whole to its end, and holds every sample up to the fault, readable in two ways."""
    (begun,) = run.of_kind("infusion-started")
    (ended,) = run.of_kind("infusion-ended")
    assert run.journal[-1].kind == "run-ended"
    planned_s = sorted({float(line.data["planned_s"]) for line in run.of_kind("sample")})  # type: ignore[arg-type]
    assert len(planned_s) > 20
    assert max(later - earlier for earlier, later in pairwise(planned_s)) == INTERVAL_S
    assert ended.t_s - planned_s[-1] <= 5 * INTERVAL_S + 1.0  # so long it hoped for an answer; then it closed the leak
    samples = len(run.of_kind("sample"))
    assert len(samples_frame(run.folder / "journal.jsonl", str(begun.data["infusion"]))) == samples
    assert pq.read_table(run.folder / "samples.parquet").num_rows == samples


def test_the_whole_twin_is_killed(twin: TwinBench, tmp_path: Path) -> None:
    twin.modbus_wire().on_request = at(IN_THE_INFUSION, lambda: os.kill(twin.pid, signal.SIGKILL))
    run = leak_run(twin, tmp_path)
    assert "bench: enter the safe state: stop the pump: pump at tcp://" in run.test.reason
    assert re.search(GONE, run.test.reason)
    assert "Next: nobody needs to stop anything: the pump is simulated" in run.test.reason
    (trouble,) = [one for one in run.summary.troubles if not one.startswith("post-flight: not made")]
    assert trouble.endswith("See why its twin does not answer, then start anew")
    assert trouble in " ".join(run.printed.split())


def test_the_wire_to_pump_and_rig_is_cut_and_the_rigs_watchdog_stops_the_pump(twin: TwinBench, tmp_path: Path) -> None:
    wire = twin.modbus_wire()
    wire.on_request = at(IN_THE_INFUSION, wire.cut)
    run = leak_run(twin, tmp_path)
    told = run.test.reason
    assert told.startswith("bench: enter the safe state: stop the pump: pump at ")
    assert "; open the clamp, connect the catheter, close the leak, switch the field off, " in told
    assert re.search("it began with: (pump|rig) at tcp://", told)
    assert run.summary.troubles
    assert twin.pump_state() is PumpState.STOPPED  # while the bench hoped for an answer the rig heard no heartbeat


def test_the_wire_to_the_balance_is_cut(twin: TwinBench, tmp_path: Path) -> None:
    wire = twin.balance_wire()
    wire.on_request = at(OF_THE_BALANCE, wire.cut)
    run = leak_run(twin, tmp_path)
    assert run.test.reason.startswith("balance: find the way back into step: ")
    assert "Connection refused (asked " in run.test.reason
    assert "Next: check power, cable and address" in run.test.reason
    found = {
        line.data["check"]: line.data["state"] for line in run.of_kind("event") if line.data["what"] == "postflight"
    }
    assert {name for name, state in found.items() if state == "BLOCK"} >= {"balance-noise", "blank", "sensitivity"}
    assert run.summary.troubles  # what two of them say in the same words is told once
    for trouble in run.summary.troubles:
        assert trouble.startswith("post-flight: balance: find the way back into step: ")
    assert twin.pump_state() is PumpState.STOPPED


def test_the_line_that_moves_the_twins_time_is_cut(twin: TwinBench, tmp_path: Path) -> None:
    wire = twin.control_wire()
    wire.on_request = at(OF_THE_TIME, wire.cut)
    run = leak_run(twin, tmp_path)
    assert run.test.reason.startswith("twin control line 127.0.0.1:")
    assert "the twin hung up" in run.test.reason
    assert twin.pump_state() is PumpState.STOPPED


def test_the_balance_powers_up_anew(tmp_path: Path) -> None:
    with twin_bench(tmp_path, TwinOptions(defects=("balance_restarts_at_h=1",))) as twin:
        run = leak_run(twin, tmp_path)
        assert twin.pump_state() is PumpState.STOPPED
    assert run.test.reason.startswith("balance: listen: the balance told that it has powered up: ")
    assert "Next: zero and tare are gone: find out why, then tare and start the run anew" in run.test.reason
    assert not [value for value in run.test.values if value.unit]  # nothing was weighed across the new zero


def test_the_run_folder_is_deleted(twin: TwinBench, tmp_path: Path) -> None:
    out = tmp_path / "runs"
    twin.modbus_wire().on_request = at(IN_THE_INFUSION, lambda: shutil.rmtree(next(out.iterdir())))
    with started(command(twin.file(), out, "--chapter=leak")) as process:
        printed, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == ExitCode.NOT_TESTED
    assert "journal.jsonl: sync: [Errno 2] the file was deleted while the run went on: " in printed
    assert "/journal.jsonl. Next: make room or mend the disk, then start anew" in printed
    assert "Traceback" not in printed + errors
    assert "INTERNALERROR" not in printed + errors
    assert twin.pump_state() is PumpState.STOPPED


def test_a_plan_that_asks_for_what_the_profile_or_the_register_cannot_hold(twin: TwinBench, tmp_path: Path) -> None:
    plan = tmp_path / "test_too_much.py"
    plan.write_text(
        "from bench.therapy import Continuous, WithPatientBolus\n"
        "def test_too_fast(infusion):\n"
        "    with infusion(Continuous(1e6)):\n"
        "        pass\n"
        "def test_too_often(infusion):\n"
        "    with infusion(WithPatientBolus(Continuous(40.0), 10.0, 60, 60, 100_000)):\n"
        "        pass\n"
    )
    run = bench_run(twin.file(), tmp_path / "runs", "--chapter=leak", select="too", more=[str(plan)])
    assert run.exit_code == ExitCode.NOT_TESTED
    assert "Traceback" not in run.printed + run.errors
    fast, often = run.summary.tests
    assert fast.verdict is often.verdict is Verdict.BLOCKED
    assert fast.reason == (
        "therapy: program the pump: 1e+06 µL/h is outside the 2 to 1000 µL/h of the profile. "
        "Next: choose a rate that this pump promises"
    )
    assert often.reason.startswith("program: stage: ptm_max_per_day")
    assert often.reason.endswith("Next: give a value that the register can hold")
    assert twin.pump_state() is PumpState.STOPPED
