# SPDX-License-Identifier: Apache-2.0
"""A run that is killed in the midst of a firmware update, a refill, a climate or a lift leaves the bench safe.

It is killed at a request behind the first order of that sort. The rig's watchdog does the rest; a resumed run goes on
from a safe bench, and nothing that was cut passes.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.journal import check_journal, read_lines
from instruments.control_line_client import ControlLine
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.register_map.map import RegisterMap
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from reports.summary import Summary
from tests.sim.bench_run import LIMIT_S, PUMPBENCH, ran, started
from tests.sim.cuttable_wire import CuttableWire
from tests.sim.quick_bench import SHORT_BLANK_S, quick
from tests.sim.resume_lab import ROOT, twin_bench_file

PLAN = Path(__file__).with_name("moving_plan.py")
PUMP, RIG = RegisterMap.named("pump"), RegisterMap.named("rig")
WRITES = (6, 15, 16)
LATER_S = 7200.0
"""More than a watchdog is armed with, and than a chamber takes to have the climate of the room again."""


@dataclass(frozen=True)
class Moment:
    """When a run is killed: at a request behind the first order to a point, counted from a line of its journal on."""

    test: str
    unit: int
    point: str
    behind: int
    line: bytes = b'"kind":"infusion-started"'


MOMENTS = [
    Moment("test_update", PUMP.unit_id, "update_block_number", 12),
    Moment("test_refill", RIG.unit_id, "refill_token", 12),
    Moment("test_chamber", RIG.unit_id, "chamber_token", 4),
    Moment("test_lift", RIG.unit_id, "line_token", 1),
]
IN_THE_OPENING = Moment("test_lift", RIG.unit_id, "chamber_token", 1, b'"kind":"test-started"')
"""Every bench that is opened is brought to its safe state, before the journal says which bench it is."""

BEHIND_THE_LAST_TEST = Moment("test_lift", RIG.unit_id, "chamber_token", 1, b'"kind":"test-ended"')


class KillerInAMove:
    """Kills a process with SIGKILL at a moment; the wire waits meanwhile, and so does the run."""

    def __init__(self, moment: Moment, wire: CuttableWire, runs: Path, pid: int) -> None:
        points = RIG if moment.unit == RIG.unit_id else PUMP
        self._head = moment.unit, points.point(moment.point).address
        self._moment, self._wire, self._runs, self._pid = moment, wire, runs, pid
        self._left = -1
        self.killed = False

    def look(self, _count: int) -> None:
        unit, function, address = self._wire.request[6], self._wire.request[7], self._wire.request[8:10]
        if self._left < 0 and function in WRITES and (unit, int.from_bytes(address)) == self._head:
            told = (journal.read_bytes() for journal in self._runs.glob("*/journal.jsonl"))
            self._left = self._moment.behind if any(self._moment.line in one for one in told) else -1
        elif self._left == 0 and not self.killed:
            os.kill(self._pid, signal.SIGKILL)
            self.killed = True
        elif self._left > 0:
            self._left -= 1


def unsafe_later(file: BenchFile) -> list[str]:
    """What the bench's own sensors say that is not as it has to be, when the watchdog's time has gone by."""
    with closing(ControlLine.open(str(file.clock.control))) as control:
        control.advance_to_us(control.now_us() + round(LATER_S * 1e6))
    with closing(ModbusLine.open(file.rig.address, timeout_s=5.0)) as line:
        rig, pump = ModbusRig(line, RIG, RIG.unit_id), ModbusPump(line, PUMP, PUMP.unit_id)
        port, chamber, lift = rig.read_refill_port(), rig.read_chamber(), rig.observed_catheter_line().outlet_lift_kpa
        state, room = pump.read(), rig.read()
    seen = {
        f"the pump is {state.state}": state.active_rate_ul_per_h != 0,
        "the needle is in": port.needle_in or port.busy,
        f"the chamber has {chamber.temperature_c} °C": abs(chamber.temperature_c - room.temperature_c) > 2.0,
        f"the outlet is lifted by {lift} kPa": abs(lift) > 0.1,
    }
    return [what for what, is_so in seen.items() if is_so]


@contextmanager
def killed(moment: Moment, tmp_path: Path) -> Iterator[tuple[Path, BenchFile]]:
    """The folder of a run that was killed so, and the bench."""
    with twin_bench_file(tmp_path, TwinOptions(seed=3)) as (path, wire):
        file = quick(BenchFile.load(path), SHORT_BLANK_S)
        file.write(path)
        runs = tmp_path / "runs"
        command = [sys.executable, "-m", "pytest", f"--rootdir={ROOT}", f"-c={ROOT / 'tox.ini'}", "-q", "-p"]
        command += ["no:cacheprovider", f"--bench={path}", f"--runs={runs}", f"{PLAN}::{moment.test}"]
        with started(command, folder=ROOT) as process:
            killer = KillerInAMove(moment, wire, runs, process.pid)
            wire.on_request = killer.look
            told = process.communicate(timeout=LIMIT_S)
            assert killer.killed, told
        (run,) = runs.iterdir()
        yield run, file


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.test)
def test_the_bench_is_safe_the_record_is_whole_and_nothing_that_was_cut_passes(moment: Moment, tmp_path: Path) -> None:
    with killed(moment, tmp_path) as (run, file):
        assert unsafe_later(file) == []
        assert check_journal(run / "journal.jsonl").whole
        resumed = ran([PUMPBENCH, "resume", str(run), "--no-html"])
        assert unsafe_later(file) == []
    told = resumed.stdout + resumed.stderr
    summary = Summary.load(run / "summary.json")
    assert summary.verdict is Verdict.INCONCLUSIVE, told
    assert resumed.returncode == summary.exit_code == 3, told
    assert any(line.kind == "resumed" for line in read_lines(run / "journal.jsonl"))
    if moment.test in ("test_update", "test_refill"):  # the others are begun anew, from where the safe state left them
        assert "interrupted" in summary.tests[0].reason, summary.tests[0].reason


def test_a_run_that_was_killed_while_its_bench_was_opened_says_which_bench_it_goes_on_with(tmp_path: Path) -> None:
    with killed(IN_THE_OPENING, tmp_path) as (run, _file):
        assert b"run-started" not in (run / "journal.jsonl").read_bytes()
        resumed = ran([PUMPBENCH, "resume", str(run), "--no-html"])
    told = resumed.stdout + resumed.stderr
    summary = Summary.load(run / "summary.json")
    assert summary.run is not None, told
    assert (summary.simulated, summary.troubles) == (True, ()), told
    assert resumed.returncode == summary.exit_code


def test_a_run_that_was_killed_behind_its_last_test_ends_with_the_code_of_its_verdicts(tmp_path: Path) -> None:
    with killed(BEHIND_THE_LAST_TEST, tmp_path) as (run, _file):
        assert b"run-ended" not in (run / "journal.jsonl").read_bytes()
        resumed = ran([PUMPBENCH, "resume", str(run), "--no-html"])
    told = resumed.stdout + resumed.stderr
    summary = Summary.load(run / "summary.json")
    assert (summary.verdict, summary.troubles) == (Verdict.INCONCLUSIVE, ()), told
    assert resumed.returncode == summary.exit_code == 3, told
