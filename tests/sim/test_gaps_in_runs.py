# SPDX-License-Identifier: Apache-2.0
"""Cables that are out in mid-run: a short gap spoils nothing that was weighed, a long one ends in BLOCKED."""

from pathlib import Path
from threading import Event, Thread
from time import sleep

from instruments.simulated.wires.faulty_wires import FaultyWires
from metrology.verdict import Verdict
from tests.sim.disturbed_run import PATIENCE_S, DisturbedRun, disturbed_run

SAMPLES_BEFORE = 150


class Outage:
    """Pulls the cables when so many samples are in the journal, and puts them back after `duration_s`."""

    def __init__(self, folder: Path, duration_s: float) -> None:
        self._folder = folder
        self._duration_s = duration_s
        self._ended = Event()

    def begin(self, wires: FaultyWires) -> None:
        self._wires = wires
        Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._ended.wait(0.01):
            lines = [path.read_bytes().count(b'"kind":"sample"') for path in self._folder.glob("runs/*/journal.jsonl")]
            if lines and lines[0] > SAMPLES_BEFORE:
                break
        self._silence(True)
        sleep(self._duration_s)
        self._silence(False)

    def _silence(self, silent: bool) -> None:
        for proxy in self._wires.proxies:
            proxy.silent = silent


def run_with(tmp_path: Path, duration_s: float) -> DisturbedRun:
    folder = tmp_path / "run"
    return disturbed_run(folder, 0.0, prepare=Outage(folder, duration_s).begin)


def gaps(run: DisturbedRun) -> list[str]:
    return [str(line.data["title"]) for line in run.run.of_kind("event") if line.data["what"] == "gap"]


def test_a_short_gap_is_told_and_spoils_no_volume(tmp_path: Path) -> None:
    # an answer is waited for three times a second long, which is over the patience: one sample is missed, or two
    run = run_with(tmp_path, 3 * PATIENCE_S)
    assert run.verdict is Verdict.PASS, run.run.printed
    assert any(title.startswith("No sample at ") for title in gaps(run))
    assert gaps(run)[-1].startswith("Gap of ")


def test_a_long_gap_ends_in_blocked(tmp_path: Path) -> None:
    run = run_with(tmp_path, 60.0)
    assert run.verdict is Verdict.BLOCKED, run.run.printed
    (ended,) = run.run.of_kind("infusion-ended")
    assert "no sample for 150 s, allowed are 120 s" in str(ended.data["reason"])
