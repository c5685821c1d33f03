# SPDX-License-Identifier: Apache-2.0
"""What a process does that comes after the crash: looks at the rig, reads the journal, resumes the run.

It is a child of the process that ran the reference run, forked in the middle of it; what that process would have kept
only in memory is put back to what a new process has.
"""

import contextvars
import functools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import allure_commons
import typer

import cli.pytest_run
import cli.resume
from bench import interruption
from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.journal import Journal, check_journal, read_lines
from bench.journal.lines import BenchOpened, RunEnded
from bench.lease import LeaseHeld
from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault, PlanError
from instruments.pump import PumpState
from reports.summary import Summary, summarise
from tests.campaigns.crash.counted_wire import CountedWire
from tests.campaigns.crash.crash_case import CrashOutcome, Ending, Verdicts
from tests.campaigns.crash.tally import OPEN

STATE = "state"
RUNS = "runs"
_STANDING = (PumpState.STOPPED, PumpState.ALARM_STOPPED)
TRAVEL_S = 10.0
"""No actuator of the rig is longer on its way."""
_TOLD_CHARACTERS = 600
_RECURSION = 4000


def as_a_new_process(call: Callable[[], CrashOutcome]) -> CrashOutcome:
    """Call with what a process has that was just started, as far as the bench's own modules keep state."""
    for number in (*interruption.SIGNALS, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)
    interruption._held = interruption._ignored = 0
    interruption._waiting.clear()
    interruption._duties.clear()
    for plugin in list(allure_commons.plugin_manager.get_plugins()):
        allure_commons.plugin_manager.unregister(plugin)
    sys.setrecursionlimit(_RECURSION)  # it is called from deep inside the run that was ended
    return contextvars.Context().run(call)


def _unsafe(wire: CountedWire) -> list[str]:
    """Let the watchdog's time go by, and then what an actuator takes; tell what is not as the safe state has it."""
    armed_s = float(str(wire.twin.rig.read(["watchdog_timeout_s"])["watchdog_timeout_s"]))
    unsafe = []
    if armed_s:
        _let_go_by(wire, armed_s + 0.1)
        unsafe += _running(wire)
        _let_go_by(wire, TRAVEL_S)
    wanted = {
        "kink_clamp_position_percent": 0,
        "disconnect_valve_open": False,
        "leak_valve_position_percent": 0,
        "magnet_field_present": False,
        "supply_voltage_measured_mv": 0,
    }
    seen = wire.twin.rig.read(list(wanted))
    unsafe += [f"{name} is {seen[name]}" for name, value in wanted.items() if seen[name] != value]
    return [f"{one}, {armed_s:g} s after the crash" for one in [*unsafe, *_running(wire)]]


def _running(wire: CountedWire) -> list[str]:
    pump = wire.twin.pump.read(["state", "active_rate_ul_per_h"])
    stands = PumpState(str(pump["state"])) in _STANDING and pump["active_rate_ul_per_h"] == 0
    return [] if stands else [f"the pump is {pump['state']} at {pump['active_rate_ul_per_h']} uL/h"]


def _let_go_by(wire: CountedWire, duration_s: float) -> None:
    wire.time.step_to_us(wire.time.now_us() + round(duration_s * 1e6))


class ResumedRun:
    """Goes on with a run from the disk under `root`.

    Args:
        wire: the twin, which outlived the bench.
        root: the disk: state folder and runs.
        acknowledged: the bytes of the journal that must be there: all that was written, or all that was synced.
        unbroken: the verdicts of the run without a crash.
        bench_file: where the bench file of the user is.
    """

    def __init__(
        self, wire: CountedWire, root: Path, acknowledged: bytes, unbroken: Verdicts, bench_file: Path
    ) -> None:
        self._wire = wire
        self._root = root
        self._acknowledged = acknowledged
        self._unbroken = unbroken
        self._bench_file = bench_file
        self._wrong: list[str] = []
        self._waited = False

    def read(self) -> CrashOutcome:
        """Read the journal, and begin a resume of it, which cuts off what is torn; the rig is left alone."""
        folder = self._run_folder()
        if folder is not None and self._acknowledged:
            self._check_journal(folder)
            self._reopen(folder / JOURNAL)
        return CrashOutcome(Ending.RESUMED, wrong=tuple(self._wrong))

    def look(self) -> CrashOutcome:
        """Look at the rig as well."""
        self._wrong += _unsafe(self._wire)
        return self.read()

    def go_on(self) -> CrashOutcome:
        """Look, resume, and look at the verdicts."""
        os.environ["PUMPBENCH_STATE"] = str(self._root / STATE)
        self._wrong += _unsafe(self._wire)
        folder = self._run_folder()
        if folder is None:
            return self._not_begun("there is no run folder")
        opened, ended = self._check_journal(folder)
        if ended:
            return self._judge(Ending.ENDED, summarise(folder))
        told = self._resume(folder)
        if "take the lease" in told:
            told = self._wait_and_resume(folder)
        if told and not opened:
            return self._not_begun(told)
        if told:
            self._wrong.append(f"it was not resumed: {told}")
            return CrashOutcome(Ending.UNEXPECTED, wrong=tuple(self._wrong), told=told, waited=self._waited)
        if not check_journal(folder / JOURNAL).whole:
            self._wrong.append("the journal is broken after the resume")
        if not (folder / JOURNAL).read_bytes().startswith(self._acknowledged):
            self._wrong.append("lines that were acknowledged are gone after the resume")
        return self._judge(Ending.RESUMED, Summary.load(folder / "summary.json"))

    def _reopen(self, journal: Path) -> None:
        try:
            Journal.reopen(journal, lambda: 0.0).close()
        except BenchFault as fault:
            self._wrong.append(f"the journal is not gone on with: {fault}")
            return
        if not check_journal(journal).whole or not journal.read_bytes().startswith(self._acknowledged):
            self._wrong.append("the journal is not whole once it was gone on with")

    def _run_folder(self) -> Path | None:
        runs = self._root / RUNS
        folders = [path for path in runs.iterdir() if path.is_dir()] if runs.is_dir() else []
        if not folders and self._acknowledged:
            self._wrong.append("the run folder is gone, and lines of its journal had been acknowledged")
        return folders[0] if folders else None

    def _check_journal(self, folder: Path) -> tuple[bool, bool]:
        """Hold the journal against what was acknowledged; tell whether the bench was opened, and whether it ended."""
        journal = folder / JOURNAL
        content = journal.read_bytes() if journal.is_file() else b""
        if not content.startswith(self._acknowledged):
            self._wrong.append(f"of {len(self._acknowledged)} bytes that were acknowledged not all are there")
        if not journal.is_file():
            return False, False
        found = check_journal(journal)
        if not found.whole:
            self._wrong.append(f"the journal is broken: {found.broken}")
            return True, False
        kinds = [line.kind for line in read_lines(journal)]
        return BenchOpened.kind in kinds, RunEnded.kind in kinds

    def _resume(self, folder: Path) -> str:
        """Resume as `pumpbench resume` does, and leave out the pictures; return why it was refused, empty if not."""
        run_pytest = functools.partial(_run_without_views, cli.pytest_run.run_pytest)
        printed = self._root / "printed.txt"
        before = len(printed.read_bytes()) if printed.is_file() else 0
        try:
            with patch("cli.resume.run_pytest", run_pytest):
                cli.resume.resume(folder, html=False)
        except (PlanError, BenchFault) as refused:
            return str(refused)
        except typer.Exit:
            pass
        sys.stdout.flush()
        if (folder / "summary.json").is_file():
            return ""
        return printed.read_bytes()[before:].decode("utf-8", "replace")[-_TOLD_CHARACTERS:] or "it said nothing"

    def _wait_and_resume(self, folder: Path) -> str:
        self._waited = True
        lease = self._wire.twin.rig.read(["lease_expires_s"])
        _let_go_by(self._wire, float(str(lease["lease_expires_s"])) + 1)
        return self._resume(folder)

    def _not_begun(self, told: str) -> CrashOutcome:
        """Nothing of the bench had moved; the next run must find it free."""
        if self._acknowledged and BenchOpened.kind.encode() in self._acknowledged:
            self._wrong.append(f"a run whose bench was open is lost: {told}")
        try:
            Bench.open(BenchFile.load(self._bench_file)).close()
        except LeaseHeld as held:
            self._wrong.append(f"the bench is not free for the next run: {held}")
        return CrashOutcome(Ending.NOT_BEGUN, wrong=tuple(self._wrong), told=told[-_TOLD_CHARACTERS:])

    def _judge(self, ending: Ending, summary: Summary) -> CrashOutcome:
        verdicts = {test.node.rpartition("::")[2]: str(test.verdict) for test in summary.tests}
        reasons = {test.node.rpartition("::")[2]: test.reason for test in summary.tests}
        for name, wanted in self._unbroken.items():
            got = verdicts.get(name, "missing")
            if got != wanted and got not in OPEN:
                self._wrong.append(f"{name} is {got}, unbroken it is {wanted}: {reasons.get(name, '')}"[:300])
            if got in OPEN and not reasons.get(name):
                self._wrong.append(f"{name} is {got} for no reason")
        return CrashOutcome(ending, verdicts, reasons, tuple(self._wrong), waited=self._waited)


def _run_without_views(run_pytest: Callable[..., int], arguments: list[str], *rest: object, **more: object) -> int:
    return run_pytest([*arguments, "--journal-only", "-p", "no:unraisableexception"], *rest, **more)
