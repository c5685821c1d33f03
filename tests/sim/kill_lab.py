# SPDX-License-Identifier: Apache-2.0
"""A lab of its own in which one run after another is killed, and what the rig's own log says of each.

The twin is `pumpbench simulate`, a process that outlives the runs. Each run is `pumpbench run`, another process, and is
killed with SIGKILL at an instant drawn at random: half of them between the opening of its bench and its end, half
during its infusions, when something can be unsafe. Whether and when the bench was safe is read from the rig's log, in
the rig's time, over a line that only reads.
"""

import contextlib
import json
import os
import random
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path

from bench.bench_file import BenchFile, SafeStateList
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.pump import PumpState
from instruments.register_map.map import RegisterMap
from instruments.rig_guard import SafeEntry, SafeLog
from tests.sim.bench_run import command, started
from tests.sim.quick_bench import quick
from tests.sim.started_process import StartedProcess
from tests.sim.warm_process import PUMPBENCH

PLAN = Path(__file__).with_name("kill_plan.py")
SPEED = 40.0
OPENED = b'"kind":"run-started"'
INFUSING = b'"kind":"infusion-started"'
TEST_ENDED = b'"kind":"test-ended"'
ENDED = b'"kind":"run-ended"'
STANDING = (PumpState.STOPPED, PumpState.ALARM_STOPPED)
KEEPER_LIST = SafeStateList.model_validate(
    {"step": [{"do": "stop_pump"}, {"do": "rig_safe"}, {"do": "disarm_watchdog"}]}
)
KEEPER_LIMIT_S = 10.0
"""Of the machine's time: it has to notice, to open two lines and to go through its list."""
LIMIT_S = 120.0
"""Of the machine's time, for whatever has to come."""


@dataclass(frozen=True)
class Instant:
    """When a run is killed: so many seconds of the machine after the first journal line of a kind."""

    line: bytes
    after_s: float


@dataclass(frozen=True)
class Kill:
    """One kill; times in seconds of the rig's clock.

    Attributes:
        instant: when.
        at_risk: whether the pump ran or an injector was out of its safe place at that instant.
        limit_s: how long the rig had to become safe: what its watchdog was armed with, 0 if it was not.
        to_safe_s: how long it took from just before the kill; 0 if it was safe already, None if it never was.
        doubt_s: from just before the kill until the process was known to be dead; its last heartbeat may have reached
            the rig at any instant between.
        wrong: what should not have been so.
    """

    instant: Instant
    at_risk: bool
    limit_s: float
    to_safe_s: float | None
    doubt_s: float
    wrong: tuple[str, ...]


class Onlooker:
    """Pump and rig over a line of its own, which writes nothing."""

    def __init__(self, line: ModbusLine) -> None:
        pump_map, rig_map = RegisterMap.named("pump"), RegisterMap.named("rig")
        self._line = line
        self._rig_unit = rig_map.unit_id
        self._armed = rig_map.block("watchdog_timeout_s")
        self._pump = ModbusPump(line, pump_map, pump_map.unit_id)
        self._rig = ModbusRig(line, rig_map, rig_map.unit_id)

    @property
    def log(self) -> SafeLog:
        log = self._rig.safe_log()
        assert log is not None
        return log

    @property
    def watchdog_s(self) -> float:
        """What the watchdog is armed with; 0 when it is not."""
        return float(str(self._line.read(self._rig_unit, self._armed)["watchdog_timeout_s"]))

    def unsafe(self) -> tuple[str, ...]:
        """What is not as it has to be in the safe state, by sensors and by the pump itself."""
        rig, pump = self._rig.read(), self._pump.read()
        seen = {
            f"the pump is {pump.state}": pump.state not in STANDING or pump.active_rate_ul_per_h != 0,
            f"the clamp stands at {rig.kink_clamp_position_percent} %": rig.kink_clamp_position_percent != 0,
            "the catheter is off": rig.disconnect_valve_open,
            f"the leak stands at {rig.leak_valve_position_percent} %": rig.leak_valve_position_percent != 0,
            "the field is on": rig.magnet_field_present,
            f"the supply gives {rig.supply_voltage_measured_mv} mV": rig.supply_voltage_measured_mv != 0,
        }
        return tuple(what for what, is_so in seen.items() if is_so)


class KillLab:
    """A twin and the runs on it.

    Args:
        folder: where the bench file and the run folders are.
        keeper: a rig without a watchdog, and a keeper beside each run.
    """

    def __init__(self, folder: Path, *, keeper: bool = False, speed: float = SPEED) -> None:
        self.folder = folder
        self.bench_file = folder / "bench.toml"
        self._keeper = keeper
        self._speed = speed
        self._runs = 0
        self._onlooker: Onlooker | None = None

    @contextmanager
    def open(self) -> Iterator["KillLab"]:
        """Start the twin; it ends with the block."""
        defect = ["--defect=no_watchdog"] if self._keeper else []
        speed = ["--clock=scaled", f"--speed={self._speed:g}"]
        with started([PUMPBENCH, "simulate", f"--bench-file={self.bench_file}", *speed, *defect]) as twin:
            assert twin.stdout is not None
            assert "Ctrl-C ends it.\n" in iter(twin.stdout.readline, "")
            file = self._write_bench_file()
            with closing(ModbusLine.open(file.rig.address, timeout_s=5.0)) as line:
                self._onlooker = Onlooker(line)
                yield self
            assert twin.poll() is None, "the twin died"

    def _write_bench_file(self) -> BenchFile:
        file = quick(BenchFile.load(self.bench_file))
        if self._keeper:
            rig = file.rig.model_copy(update={"has_watchdog": False})
            file = file.model_copy(update={"rig": rig, "safe_state": KEEPER_LIST})
        file.write(self.bench_file)
        return file

    def lengths_s(self) -> tuple[float, float]:
        """Return how long a run takes that nobody kills, and how long its infusions of that."""
        at_s = {}
        with self._run() as (process, journal):
            for line in (OPENED, INFUSING, TEST_ENDED, ENDED):
                _wait_for_line(journal, line, process)
                at_s[line] = time.monotonic()
        return at_s[ENDED] - at_s[OPENED], at_s[TEST_ENDED] - at_s[INFUSING]

    def kill(self, instant: Instant) -> Kill:
        """Kill a run at an instant, and see what becomes of the bench."""
        assert self._onlooker is not None
        onlooker = self._onlooker
        with self._run() as (process, journal):
            _wait_for_line(journal, instant.line, process)
            time.sleep(instant.after_s)
            at_risk, before = bool(onlooker.unsafe()), onlooker.log
            process.send_signal(signal.SIGKILL)
            process.wait()
            doubt_s = onlooker.log.clock_s - before.clock_s
            limit_s = KEEPER_LIMIT_S * self._speed if self._keeper else onlooker.watchdog_s
            kill = self._judge(Kill(instant, at_risk, limit_s, 0.0, doubt_s, ()), before)
            return replace(kill, wrong=(*kill.wrong, *self._what_the_keeper_left(journal)))

    def _what_the_keeper_left(self, out: Path) -> tuple[str, ...]:
        """Wait until the keeper has ended; it must not be left over, nor end without having made the bench safe."""
        if not self._keeper:
            return ()
        (log,) = out.glob("*/keeper.jsonl")
        end_s = time.monotonic() + LIMIT_S
        while True:
            last = json.loads(log.read_text(encoding="ascii").splitlines()[-1])
            if last["what"] == "made safe":
                return ()
            if time.monotonic() > end_s:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(last["pid"], signal.SIGKILL)
                return (f"the keeper's last line is {last['what']!r}",)
            time.sleep(0.02)

    def _judge(self, kill: Kill, before: SafeLog) -> Kill:
        """Wait until the bench is safe."""
        assert self._onlooker is not None
        guarded = kill.limit_s > 0
        end_s = time.monotonic() + LIMIT_S  # a bench that is made safe too late is found out by the log
        while True:
            new = [entry for entry in self._onlooker.log.entries if entry.number >= before.count]
            unsafe = self._onlooker.unsafe()
            if (not unsafe and (new or not guarded)) or time.monotonic() > end_s:
                break
            time.sleep(0.01)
        if not guarded:
            return replace(kill, to_safe_s=None if unsafe else 0.0, wrong=unsafe)
        return _by_the_log(kill, before.clock_s, new, unsafe)

    @contextmanager
    def _run(self) -> Iterator[tuple[StartedProcess, Path]]:
        self._runs += 1
        out = self.folder / f"runs-{self._runs}"
        arguments = command(self.bench_file, out, "--chapter=leak", select="everything_that", more=[str(PLAN)])
        with started(arguments) as process:
            yield process, out


def _by_the_log(kill: Kill, killed_s: float, new: Sequence[SafeEntry], unsafe: tuple[str, ...]) -> Kill:
    if not new:
        return replace(kill, to_safe_s=None, wrong=("the rig's log is silent", *unsafe))
    first = new[0]
    to_safe_s = first.entered_s - killed_s
    wrong = [*unsafe]
    if to_safe_s > kill.limit_s + kill.doubt_s:
        wrong.append(f"it took {to_safe_s:.2f} s of {kill.limit_s:.0f} s")
    if not first.pump_stopped:
        wrong.append("the rig did not see the pump stand")
    return replace(kill, to_safe_s=to_safe_s, wrong=tuple(wrong))


def _wait_for_line(out: Path, part: bytes, process: StartedProcess) -> None:
    end_s = time.monotonic() + LIMIT_S
    while not any(part in path.read_bytes() for path in out.glob("*/journal.jsonl")):
        assert process.poll() is None or part in (TEST_ENDED, ENDED), process.communicate()
        assert time.monotonic() < end_s
        time.sleep(0.02)


def instants(count: int, seed: int, run_s: float, infusing_s: float) -> list[Instant]:
    """Return `count` instants, drawn evenly: in turn over the whole run and over its infusions."""
    draw, spans = random.Random(seed), ((OPENED, run_s), (INFUSING, infusing_s))
    return [Instant(line, draw.uniform(0.0, length_s)) for line, length_s in islice(cycle(spans), count)]
