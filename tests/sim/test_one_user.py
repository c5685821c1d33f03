# SPDX-License-Identifier: Apache-2.0
"""One bench, one user: runs in processes of their own that want the same simulated bench."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.lease import LeaseHeld, LeaseLost, LeaseRecord, LeaseStore, ask_rig, lease_key, make_free
from bench.lease.lease import LEASE_S
from bench.lease.lease_store import STATE_FOLDER
from bench.therapy import Continuous
from instruments.pump import Command, PumpState
from tests.sim.bench_run import ENVIRONMENT, BenchRun, finished, started
from tests.sim.endless_run import endless_command, wait_until_it_waits
from tests.sim.second_terminal import LIMIT_S, pumpbench, quick_table
from tests.sim.started_process import StartedProcess
from tests.sim.twin_bench import TwinBench

RACERS = 20
RACE = """
import os, sys
from pathlib import Path
from bench.bench_file import BenchFile
from bench.lease import Lease
from bench.lease.lease_record import LeaseHeld
file = BenchFile.load(Path(sys.argv[1]))
for _ in range(5):
    start, starter = os.pipe()
    done, finisher = os.pipe()
    for _ in range(int(sys.argv[2])):
        if os.fork() == 0:
            os.close(starter), os.close(finisher)
            os.read(start, 1)                        # comes back when everybody is there and the pipe is closed
            try:
                Lease.acquire(file, reason="a race")
            except LeaseHeld:
                os._exit(0)
            os.read(done, 1)                         # holds it until all have tried
            os._exit(1)
    os.close(starter)
    codes = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(int(sys.argv[2]) - 1)]
    os.close(finisher)
    codes.append(os.waitstatus_to_exitcode(os.wait()[1]))
    os.close(start), os.close(done)
    print(sum(codes))
"""


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "state"
    monkeypatch.setenv(STATE_FOLDER, str(folder))
    monkeypatch.setitem(ENVIRONMENT, STATE_FOLDER, str(folder))
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Iterator[TwinBench]:
    """A twin that runs by itself: an infusion of hours takes seconds."""
    with quick_table(tmp_path) as it:
        yield it


def store_of(bench: Path) -> LeaseStore:
    file = BenchFile.load(bench)
    return LeaseStore(lease_key(file))


def wait_for_holder(bench: Path, process: StartedProcess) -> LeaseRecord:
    """Wait until the process has fenced the rig of the bench."""
    end_s = time.monotonic() + LIMIT_S
    while time.monotonic() < end_s and process.poll() is None:
        state = store_of(bench).describe()
        if state.locked and state.record is not None and state.record.token:
            return state.record
        time.sleep(0.05)
    raise AssertionError(f"nobody took the bench\n{process.communicate()}")


def blocked(run: BenchRun) -> str:
    assert run.exit_code == 3, run.printed + run.errors
    assert {test.verdict for test in run.summary.tests} == {"BLOCKED"}
    return str(run.raw_summary["tests"][0]["reason"])


def test_the_second_is_told_who_since_when_and_why_at_once_and_the_first_goes_on(
    table: TwinBench, tmp_path: Path
) -> None:
    bench = table.file()
    with started(endless_command(bench, tmp_path / "first", kinked=False)) as first:
        holder = wait_for_holder(bench, first)
        begun_s = time.monotonic()
        with started(endless_command(bench, tmp_path / "second", kinked=False)) as second:
            reason = blocked(finished(second, tmp_path / "second"))
        assert time.monotonic() - begun_s < LEASE_S  # it did not wait until the bench might be free
        assert f"take the lease: it is held by {holder.holder} since {holder.since_utc:%Y-%m-%d %H:%M:%S} UTC" in reason
        assert "for a test of implantable-20ml, run 2" in reason
        assert holder.holder in pumpbench("who", str(bench)).stdout
        assert store_of(bench).describe().locked
        assert first.poll() is None


def test_the_bench_of_a_killed_run_is_free_at_once_also_on_the_rig(table: TwinBench, tmp_path: Path) -> None:
    bench = table.file()
    with started(endless_command(bench, tmp_path / "first", kinked=False)) as first:
        holder = wait_for_holder(bench, first)
        os.kill(first.pid, signal.SIGKILL)
        first.wait(LIMIT_S)
    assert ask_rig(BenchFile.load(bench)).session == holder.session  # the rig does not know that it is dead
    told = pumpbench("who", str(bench)).stdout
    assert f"free; last here: {holder.holder}, and that process is dead" in told
    with started(endless_command(bench, tmp_path / "second", kinked=False)) as second:
        after = wait_for_holder(bench, second)
        assert after.session != holder.session
        assert after.token > holder.token


def test_a_released_session_moves_nothing_ends_blocked_and_says_by_whom(table: TwinBench, tmp_path: Path) -> None:
    bench = table.file()
    with started(endless_command(bench, tmp_path / "first", kinked=False)) as first:
        holder = wait_for_holder(bench, first)
        wait_until_it_waits(tmp_path / "first", first)
        refused = pumpbench("release", str(bench), "--from", "nobody@nowhere")
        assert (refused.returncode, holder.holder in refused.stderr) == (3, True)
        released = pumpbench("release", str(bench), "--from", holder.holder)
        assert released.returncode == 0, released.stderr
        assert "the rig is in its safe state" in released.stdout
        reason = blocked(finished(first, tmp_path / "first"))
    assert "keep the lease: released by " in reason
    rig = ask_rig(BenchFile.load(bench))
    assert (rig.held, rig.token) == (False, holder.token + 1)
    assert table.pump_state() == "stopped"


def test_a_session_that_hangs_loses_the_bench_to_the_next_and_does_not_disturb_it(
    table: TwinBench, tmp_path: Path
) -> None:
    bench = table.file()
    with started(endless_command(bench, tmp_path / "first", kinked=False)) as first:
        holder = wait_for_holder(bench, first)
        wait_until_it_waits(tmp_path / "first", first)
        os.kill(first.pid, signal.SIGSTOP)
        assert pumpbench("release", str(bench), "--from", holder.holder).returncode == 0
        with started(endless_command(bench, tmp_path / "second", kinked=False)) as second:
            wait_for_holder(bench, second)
            wait_until_it_waits(tmp_path / "second", second)
            os.kill(first.pid, signal.SIGCONT)
            assert "keep the lease: it is held by" in blocked(finished(first, tmp_path / "first"))
            assert table.pump_state() != "stopped"
            assert store_of(bench).describe().locked


def test_a_session_that_has_not_noticed_its_loss_does_not_stop_the_pump_of_the_next(table: TwinBench) -> None:
    bench = table.file()
    file = BenchFile.load(bench)
    lost = Bench.open(file)
    store_of(bench).kick(lost.lease.record.holder, "ben@lab-3")
    make_free(file, "released by ben@lab-3")
    holder = Bench.open(file)
    holder.pump.load(Continuous(1000.0).program(0.0))
    holder.rig.arm_watchdog(60)
    holder.pump.command(Command.START)
    lost.enter_safe_state()  # as after any fault, such as a write that the rig refused
    assert holder.pump.read().state is PumpState.INFUSING
    assert "keep the lease: " in lost.poisoned
    lost.close()
    holder.enter_safe_state()
    holder.close()


def test_a_bench_that_was_lost_to_a_stray_token_is_free_for_other_computers_once_it_is_safe(table: TwinBench) -> None:
    file = BenchFile.load(table.file())
    bench = Bench.open(file)
    bench.pump.load(Continuous(1000.0).program(0.0))
    bench.rig.arm_watchdog(60)
    bench.pump.command(Command.START)
    bench.rig.fencing_token += 1  # somebody's, who has no lease
    bench.rig.write(bench.rig.outputs())
    bench.rig.fencing_token -= 1
    with pytest.raises(LeaseLost, match="has seen fencing token"):
        bench.pump.command(Command.SINGLE_BOLUS, 5.0)
    bench.enter_safe_state()
    bench.close()
    assert table.pump_state() is PumpState.STOPPED
    assert not ask_rig(file).held


def test_the_lease_of_another_computer_is_respected_until_it_expires_here_and_on_the_rig(
    table: TwinBench, state: Path
) -> None:
    file = BenchFile.load(table.file())
    dead = Bench.open(file)
    dead.lease._store._lock.free()  # as when its process is killed
    dead.lease.leave_rig = lambda: None  # type: ignore[method-assign]  # the dead tell nobody
    dead._close_lines()
    (path,) = state.glob("rig-*.json")
    elsewhere = {**json.loads(path.read_text(encoding="utf-8")), "host": "lab-9", "holder": "anna@lab-9:3"}
    path.write_text(json.dumps({**elsewhere, "expires_utc": "2999-01-01T00:00:00Z"}), encoding="utf-8")
    with pytest.raises(LeaseHeld, match="held by anna@lab-9:3"):
        Bench.open(file)
    path.write_text(json.dumps({**elsewhere, "expires_utc": "2001-01-01T00:00:00Z"}), encoding="utf-8")
    with pytest.raises(LeaseHeld, match=r"take the lease: .* holds the rig, for \d+ s more"):
        Bench.open(file)  # the file has expired, the rig's own time has not
    make_free(file, "released by ben@lab-3")
    bench = Bench.open(file)
    assert bench.rig.fencing_token == bench.lease.record.token > 1
    bench.close()


def test_of_twenty_processes_that_race_exactly_one_wins_each_time(table: TwinBench) -> None:
    race = [sys.executable, "-c", RACE, str(table.file()), str(RACERS)]
    result = subprocess.run(race, capture_output=True, text=True, timeout=LIMIT_S, env=dict(os.environ))
    assert result.stdout.split() == ["1"] * 5, result.stderr


def test_another_name_for_the_same_rig_is_the_same_bench(table: TwinBench, tmp_path: Path) -> None:
    one = BenchFile.load(table.file())
    table.content["bench"]["name"] = "another"
    other = BenchFile.load(table.file())
    assert lease_key(one) == lease_key(other)
    for host in ("localhost", "LOCALHOST.", "[::ffff:127.0.0.1]"):
        table.content["rig"]["address"] = one.rig.address.replace("127.0.0.1", host)
        assert lease_key(BenchFile.load(table.file())) == lease_key(one), host
    table.content["rig"]["address"] = one.rig.address
    table.content["rig"]["unit_id"] = 9
    assert lease_key(BenchFile.load(table.file())) != lease_key(one)
