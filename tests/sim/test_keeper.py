# SPDX-License-Identifier: Apache-2.0
"""The keeper makes a rig without a watchdog safe when the bench's process cannot, and leaves a living bench alone."""

import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.safety.keeper import link
from bench.simulated_bench import simulated_bench
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.modbus.rig_lease import ModbusRigLease
from instruments.pump import PumpState
from instruments.register_map.map import RegisterMap
from instruments.rig import RigOutputs
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions, Wire
from tests.sim.cuttable_wire import CuttableWire
from tests.sim.started_process import StartedProcess
from tests.sim.unsafe_bench import WATCHDOG_S
from tests.sim.unsafe_process import unsafe_process

SPEED = 40.0
TIMEOUT_S = 0.5
LIMIT_S = 15.0


def wait_for(condition: Callable[[], bool]) -> float:
    """Return how long it took, in s."""
    start_s = time.monotonic()
    while not condition():
        assert time.monotonic() < start_s + LIMIT_S
        time.sleep(0.01)
    return time.monotonic() - start_s


@dataclass
class Kept:
    """A twin whose rig has no watchdog, and the file of a bench with a keeper."""

    file: BenchFile
    folder: Path

    @property
    def bench_file(self) -> Path:
        self.file.write(self.folder / "bench.toml")
        return self.folder / "bench.toml"

    @property
    def log(self) -> list[dict[str, Any]]:
        path = self.folder / "keeper.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()] if path.exists() else []

    def logged(self, what: str) -> bool:
        return any(line["what"] == what for line in self.log)

    @property
    def pid(self) -> int:
        return int(self.log[0]["pid"])

    @contextmanager
    def unsafe(self, then: str = "beats") -> Iterator[StartedProcess]:
        """A process that holds the bench unsafe, in a group of its own."""
        try:
            with unsafe_process(self.bench_file, self.folder, then) as process:
                yield process
        finally:
            wait_for(lambda: not self.keeper_lives)

    @property
    def keeper_lives(self) -> bool:
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0]
        except (FileNotFoundError, IndexError):
            return False
        return state != "Z"

    def is_safe(self) -> bool:
        with closing(ModbusLine.open(self.file.rig.address, TIMEOUT_S)) as line:
            rig = ModbusRig(line, RegisterMap.named("rig"), 2)
            clamp_percent = rig.read().kink_clamp_position_percent
        with closing(ModbusLine.open(self.file.pump.address, TIMEOUT_S)) as line:
            state = ModbusPump(line, RegisterMap.named("pump"), 1).read().state
        return state is PumpState.STOPPED and clamp_percent == 0


@contextmanager
def kept_twin(folder: Path, wire: Wire) -> Iterator[Kept]:
    options = TwinOptions(clock=ClockMode.SCALED, speed=SPEED, wire=wire, defects=("no_watchdog",))
    with TwinChild(options) as addresses:
        file = simulated_bench(addresses)
        # a pty that is opened anew swallows the first request, so each opening costs one time-out
        rig = file.rig.model_copy(update={"has_watchdog": False, "timeout_s": TIMEOUT_S})
        file = file.model_copy(update={"rig": rig, "pump": file.pump.model_copy(update={"timeout_s": TIMEOUT_S})})
        yield Kept(file, folder)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    with kept_twin(tmp_path, Wire.TCP) as twin:
        yield twin


@pytest.mark.parametrize("wire", list(Wire))
def test_when_the_whole_process_group_is_killed_the_keeper_stops_the_pump_and_opens_the_clamp(
    tmp_path: Path, wire: Wire
) -> None:
    """On a serial line that works only because the keeper opens nothing before the bench is gone."""
    with kept_twin(tmp_path, wire) as kept, kept.unsafe() as process:
        os.killpg(process.pid, signal.SIGKILL)
        wait_for(lambda: kept.logged("made safe"))
        wait_for(kept.is_safe)
        gone, attempt = (line for line in kept.log if line["what"] in ("bench gone", "attempt"))
    assert gone["why"] == "its process ended"
    assert [step["action"] for step in attempt["steps"]] == [step.do for step in kept.file.safe_state.step]
    assert not any(step["fault"] for step in attempt["steps"])


def test_a_signal_does_not_end_the_keeper_and_a_bench_that_ends_in_order_does(kept: Kept) -> None:
    with kept.unsafe() as process:
        for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT):
            os.kill(kept.pid, number)
        time.sleep(0.2)
        assert kept.keeper_lives
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(LIMIT_S)
        wait_for(lambda: not kept.keeper_lives)
    assert [line["what"] for line in kept.log] == ["watching", "signed off"]
    assert kept.is_safe()


def test_a_bench_that_hangs_is_made_safe_when_its_beats_fail_to_come_and_writes_nothing_any_more(kept: Kept) -> None:
    with kept.unsafe() as process:
        process.send_signal(signal.SIGSTOP)
        took_s = wait_for(lambda: kept.logged("made safe"))
        wait_for(kept.is_safe)  # the clamp is told to open by then, and takes its time
        assert WATCHDOG_S / SPEED - 10.0 / SPEED < took_s < WATCHDOG_S / SPEED + 2.0
        before = kept.log[1]["fencing_token"]
        with closing(ModbusLine.open(kept.file.rig.address, 2.0)) as line:
            overtaken = ModbusRig(line, RegisterMap.named("rig"), 2, fencing_token=before)
            with pytest.raises(BenchFault, match=r"exception 3 .* with fencing token 1"):
                overtaken.write(RigOutputs(kink_clamp_percent=10.0))
        process.send_signal(signal.SIGCONT)
        assert process.wait(LIMIT_S) != 0
    assert kept.is_safe()


def test_a_bench_that_beats_is_left_alone(kept: Kept) -> None:
    with kept.unsafe():
        time.sleep(2 * WATCHDOG_S / SPEED)
        assert [line["what"] for line in kept.log] == ["watching"]
        assert not kept.is_safe()


def test_a_serial_line_is_waited_for_as_long_as_a_silent_bench_holds_it(tmp_path: Path) -> None:
    with kept_twin(tmp_path, Wire.PTY) as kept, kept.unsafe("hangs") as process:
        time.sleep(2 * WATCHDOG_S / SPEED)
        assert [line["what"] for line in kept.log] == ["watching"]
        process.kill()
        wait_for(lambda: kept.logged("made safe"))


def test_a_bench_that_somebody_else_took_meanwhile_is_left_to_them(kept: Kept) -> None:
    with kept.unsafe() as process:
        process.send_signal(signal.SIGSTOP)  # before it is killed, another bench takes the rig
        with closing(ModbusLine.open(kept.file.rig.address, 2.0)) as line:
            lease = ModbusRigLease(line, RegisterMap.named("rig"), 2)
            lease.kick("somebody else")
            token = lease.take(4711, "ben@lab-3:1", 3600)
            other = ModbusRig(line, RegisterMap.named("rig"), 2, fencing_token=token)
            other.write(RigOutputs(kink_clamp_percent=20.0))
            process.kill()
            wait_for(lambda: kept.logged("bench taken"))
            assert other.outputs().kink_clamp_percent == 20.0
    assert not kept.is_safe()


def test_a_stray_token_that_no_living_session_stands_behind_keeps_no_clamp_shut(kept: Kept) -> None:
    with kept.unsafe() as process:
        process.send_signal(signal.SIGSTOP)
        with closing(ModbusLine.open(kept.file.rig.address, 2.0)) as line:
            stray = ModbusRig(line, RegisterMap.named("rig"), 2)
            stray.write(RigOutputs(kink_clamp_percent=20.0))
        process.kill()
        wait_for(lambda: kept.logged("made safe"))
    assert kept.is_safe()


def test_a_keeper_that_made_the_bench_safe_gives_its_lease_back(kept: Kept) -> None:
    with kept.unsafe() as process:
        process.kill()
        wait_for(lambda: kept.logged("made safe"))
        with closing(ModbusLine.open(kept.file.rig.address, 2.0)) as line:
            present = ModbusRigLease(line, RegisterMap.named("rig"), 2).describe()
    assert not present.held
    assert present.holder == "made safe by its keeper"


def test_it_tries_until_the_wire_is_back(kept: Kept) -> None:
    real = kept.file.rig.address
    with CuttableWire("127.0.0.1", int(real.rpartition(":")[2])) as wire:
        through = f"tcp://127.0.0.1:{wire.port}"
        update = {"pump": kept.file.pump.model_copy(update={"address": through, "timeout_s": 0.1})}
        kept.file = kept.file.model_copy(update=update)
        with kept.unsafe() as process:
            wire.spoil = lambda data: b""
            process.kill()
            wait_for(lambda: sum(line["what"] == "attempt" for line in kept.log) >= 2)
            first = next(line for line in kept.log if line["what"] == "attempt")
            failed = [step["action"] for step in first["steps"] if step["fault"]]
            assert failed == ["stop_pump"]  # the clamp was opened all the same
            assert "disarm_watchdog" not in [step["action"] for step in first["steps"]]
            wire.spoil = lambda data: data
            wait_for(lambda: kept.logged("made safe"))
    kept.file = kept.file.model_copy(update={"pump": kept.file.pump.model_copy(update={"address": real})})
    assert kept.is_safe()


def test_a_bench_whose_keeper_died_goes_on_with_nothing(kept: Kept) -> None:
    bench = Bench.open(kept.file, folder=kept.folder)
    os.kill(kept.pid, signal.SIGKILL)
    os.waitpid(kept.pid, 0)
    with pytest.raises(BenchFault, match=f"keeper: talk to process {kept.pid}: .*Broken pipe.*Next: find out who"):
        bench.rig.arm_watchdog(WATCHDOG_S)
    bench.safe_state.steps = bench.safe_state.steps[:-1]
    bench.safe_state.enter()
    bench.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "ANSWER_LIMIT_S", 0.5)
    monkeypatch.setattr(link, "GRACE_S", 0.2)


@pytest.mark.usefixtures("impatient")
def test_a_keeper_that_hangs_is_noticed_before_anything_moves(kept: Kept) -> None:
    """A pipe takes the heartbeats of hours before it is full."""
    with closing(opened_and_left_safe(kept)) as bench:
        with stopped(kept.pid):
            with pytest.raises(BenchFault, match=f"talk to process {kept.pid}: it reads nothing any more"):
                bench.rig.arm_watchdog(WATCHDOG_S)
            assert bench.rig.guard_state().watchdog_timeout_s == 0  # so no command that moves fluid is sent
        leave_in_order(bench)


@pytest.mark.usefixtures("impatient")
def test_a_keeper_that_hangs_later_ends_the_run_at_one_of_the_next_heartbeats(kept: Kept) -> None:
    with closing(opened_and_left_safe(kept)) as bench:
        bench.rig.arm_watchdog(WATCHDOG_S)
        bench.rig.send_heartbeat()
        hung = pytest.raises(BenchFault, match=f"talk to process {kept.pid}: it reads nothing any more")
        with stopped(kept.pid), hung:
            beats_until_it_raises(bench)
        leave_in_order(bench)


def test_a_keeper_that_answers_late_is_no_keeper_that_hangs(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that was frozen as a whole lets the bench run first."""
    monkeypatch.setattr(link, "ANSWER_LIMIT_S", 0.1)
    with closing(opened_and_left_safe(kept)) as bench:
        monkeypatch.setattr(link, "GRACE_S", LIMIT_S)
        with stopped(kept.pid):
            bench.rig.send_heartbeat()
            time.sleep(0.2)
            wakes = threading.Timer(0.2, os.kill, (kept.pid, signal.SIGCONT))
            wakes.start()
            bench.rig.send_heartbeat()
            wakes.join()
        bench.rig.arm_watchdog(WATCHDOG_S)
        leave_in_order(bench)


def opened_and_left_safe(kept: Kept) -> Bench:
    """Open a bench whose way to the safe state ends before the watchdog, which a dead keeper cannot hear of."""
    bench = Bench.open(kept.file, folder=kept.folder)
    bench.safe_state.steps = bench.safe_state.steps[:-1]
    return bench


def leave_in_order(bench: Bench) -> None:
    bench.rig.arm_watchdog(0)
    bench.safe_state.enter()


def beats_until_it_raises(bench: Bench) -> None:
    limit = Deadline(LIMIT_S)
    while not limit.passed():
        bench.rig.send_heartbeat()
        time.sleep(0.02)


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_keeper_that_cannot_be_started_leaves_nothing_moved(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link, "COMMAND", (str(kept.folder / "no_interpreter"), "-P"))
    with pytest.raises(BenchFault, match=r"keeper: start: .*No such file.*Next: see that this computer has room"):
        Bench.open(kept.file, folder=kept.folder)


def test_a_keeper_whose_folder_is_gone_makes_the_bench_safe_all_the_same(kept: Kept, tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    with unsafe_process(kept.bench_file, folder, "beats") as process:
        pid = json.loads((folder / "keeper.jsonl").read_text(encoding="ascii"))["pid"]
        shutil.rmtree(folder)
        process.kill()
        wait_for(kept.is_safe)
        wait_for(lambda: not Path(f"/proc/{pid}").exists())
    assert not folder.exists()


def test_a_log_that_hangs_does_not_hold_it_up(kept: Kept, tmp_path: Path) -> None:
    """A pipe that nobody reads stands for a disk that does not answer."""
    with kept.unsafe() as process:
        pid, log = kept.pid, tmp_path / "keeper.jsonl"
        log.rename(tmp_path / "begun.jsonl")
        os.mkfifo(log)
        process.kill()
        wait_for(kept.is_safe)
        log.unlink()
        (tmp_path / "begun.jsonl").rename(log)
        assert kept.pid == pid


def test_it_writes_through_no_link_and_works_all_the_same(kept: Kept, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "keeper.jsonl").symlink_to(elsewhere)
    bench = Bench.open(kept.file, folder=tmp_path)
    bench.close()
    assert not elsewhere.exists()
