# SPDX-License-Identifier: Apache-2.0
"""Every way a process can end leaves the bench safe: asked twice, by a time limit, by the exit of the interpreter."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.bench_file import BenchFile, SafeStateList
from bench.interruption import SAME_PRESS_S
from bench.simulated_bench import simulated_bench
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.pump import PumpState
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, finished
from tests.sim.endless_run import LIMIT_S, endless_run, wait_for
from tests.sim.quick_bench import SHORT_BLANK_S, quick
from tests.sim.simulated_lab import onlooker
from tests.sim.started_process import StartedProcess
from tests.sim.unsafe_process import unsafe_process

SPEED = 30.0
STEP_LIMIT_S = 0.4
SLACK_S = 10.0
"""For a busy machine; without their limits the steps take a minute."""
BY_CTRL_C = 128 + signal.SIGINT
SAFE = "The run was ended at once; the bench is in its safe state."


class Twin:
    """A twin on time of its own, and what an onlooker sees of it."""

    def __init__(self, pid: int, bench_file: Path, pump: ModbusPump, rig: ModbusRig) -> None:
        self.pid = pid
        self.bench_file = bench_file
        self.pump = pump
        self.rig = rig

    @property
    def is_safe(self) -> bool:
        stands = self.pump.read().state in (PumpState.STOPPED, PumpState.ALARM_STOPPED)
        return stands and self.rig.read().kink_clamp_position_percent == 0

    @property
    def tripped(self) -> bool:
        return self.rig.read().watchdog_tripped


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[Twin]:
    child, bench_file = TwinChild(TwinOptions(clock=ClockMode.SCALED, speed=SPEED)), tmp_path / "bench.toml"
    with child as addresses, onlooker(addresses.pump) as seen:
        quick(simulated_bench(addresses), SHORT_BLANK_S).write(bench_file)
        assert child.pid is not None
        yield Twin(child.pid, bench_file, *seen)


def test_asked_twice_a_run_ends_at_once_and_safe_and_makes_no_report(twin: Twin, tmp_path: Path) -> None:
    with endless_run(twin.bench_file, tmp_path) as (process, out):
        process.send_signal(signal.SIGINT)
        wait_for(lambda: twin.is_safe)
        time.sleep(SAME_PRESS_S)
        process.send_signal(signal.SIGINT)
        assert wait_for(lambda: process.poll() is not None) < SLACK_S
        _, errors = process.communicate()
        assert process.returncode == BY_CTRL_C
        assert SAFE in errors
        assert not list(out.glob("*/summary.json"))
        assert twin.is_safe
        assert not twin.tripped


def test_asked_twice_in_the_same_breath_by_two_signals_it_is_still_asked_once(twin: Twin, tmp_path: Path) -> None:
    with endless_run(twin.bench_file, tmp_path) as (process, out):
        process.send_signal(signal.SIGSTOP)  # or a busy machine might let much time go by between the two
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        run = finished(process, out)
    assert (run.exit_code, run.summary.reason) == (3, "interrupted")
    assert twin.is_safe


@contextmanager
def unsafe(twin: Twin, folder: Path, then: str) -> Iterator[StartedProcess]:
    with unsafe_process(twin.bench_file, folder, then) as process:
        assert not twin.is_safe
        yield process


def asked(process: StartedProcess) -> None:
    """Wait until the process knows that it was asked to end, and until asking again is another press."""
    assert process.stdout is not None
    assert process.stdout.readline() == "asked\n"
    time.sleep(SAME_PRESS_S)


def test_when_the_first_signal_is_swallowed_the_second_still_makes_the_bench_safe(twin: Twin, tmp_path: Path) -> None:
    """A script that catches everything is no reason for a pump to run on."""
    with unsafe(twin, tmp_path, "swallows") as process:
        process.send_signal(signal.SIGINT)
        asked(process)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == 128 + signal.SIGTERM
    assert SAFE in errors
    wait_for(lambda: twin.is_safe)
    assert not twin.tripped


def test_an_interpreter_that_exits_with_the_bench_open_leaves_it_safe(twin: Twin, tmp_path: Path) -> None:
    with unsafe(twin, tmp_path, "returns") as process:
        process.send_signal(signal.SIGUSR1)
        _, errors = process.communicate(timeout=LIMIT_S)
    assert (process.returncode, errors) == (0, "")
    wait_for(lambda: twin.is_safe)
    assert not twin.tripped


def test_a_safe_state_that_cannot_be_reached_is_told_and_ends_in_its_time(twin: Twin, tmp_path: Path) -> None:
    steps = [step.model_copy(update={"limit_s": STEP_LIMIT_S}) for step in SafeStateList().step]
    file = BenchFile.load(twin.bench_file).model_copy(update={"safe_state": SafeStateList(step=tuple(steps))})
    file.write(twin.bench_file)
    with unsafe(twin, tmp_path, "hangs") as process:
        os.kill(twin.pid, signal.SIGSTOP)
        try:
            process.send_signal(signal.SIGINT)  # the exit of the interpreter takes the steps, for all of their time
            asked(process)
            process.send_signal(signal.SIGINT)
            asked_s = time.monotonic()
            _, errors = process.communicate(timeout=LIMIT_S)
            assert time.monotonic() - asked_s < len(steps) * STEP_LIMIT_S + SLACK_S
        finally:
            os.kill(twin.pid, signal.SIGCONT)
    assert (
        "its twin was not brought to its safe state. bench: enter the safe state: stop the pump: pump at tcp://"
        in errors
    )
    assert "s were used up" in errors
    wait_for(lambda: twin.is_safe)
    assert twin.tripped  # what could not be reached was left to the watchdog, which stayed armed


@pytest.mark.parametrize("method", ["signal", "thread"])
def test_a_time_limit_on_tests_leaves_the_bench_safe(twin: Twin, tmp_path: Path, method: str) -> None:
    """By signal it is an exception like others. By thread the process is gone at once: then the watchdog does it."""
    limit = ("--timeout=12", f"--timeout-method={method}", "-o", "timeout_func_only=true")  # not of the pre-flight
    with endless_run(twin.bench_file, tmp_path, more=limit) as (process, out):
        process.wait(LIMIT_S)
        wait_for(lambda: twin.is_safe)
        assert twin.tripped is (method == "thread")
        if method == "signal":
            run: BenchRun = finished(process, out)
            assert run.exit_code == 3
            assert run.test.verdict is Verdict.BLOCKED
            assert "Timeout (>12.0s) from pytest-timeout" in run.test.reason
