# SPDX-License-Identifier: Apache-2.0
"""Runs made by hand: a journal as the bench would have written it, with whatever end a test wants."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from bench.journal import Journal, check_journal, samples_frame
from bench.journal.lines import InfusionStarted, UnknownLine
from tests.journal_validation import misfits

RUN_STARTED: dict[str, Any] = {
    "run_id": "run-1",
    "bench": "simulated",
    "profile": "implantable-20ml",
    "profile_title": "Implantable pump, 20 mL",
    "pump": {"model": "TP-20", "serial_number": "SN-1", "firmware_version": "1.0-twin"},
    "rig": {"model": "Rig", "serial_number": "R-1", "firmware_version": "1.0-twin"},
    "balance": {
        "model": "XPR",
        "serial_number": "B-1",
        "firmware_version": "1.0-twin",
        "capacity_g": 220.0,
        "certificate": "C-1",
        "calibration_due": "2027-01-01",
    },
    "simulated": True,
    "clock": {"mode": "stepped", "speed": None},
    "seed": 1,
    "decision_rule": "guard band w = U (ILAC-G8)",
    "software": {"version": "0.1.0", "commit": None},
    "epoch_utc": "2026-01-01T00:00:00+00:00",
    "trouble": None,
}


class HandMadeRun:
    """Writes a run folder line by line; `clock_s` is the bench time of the next line."""

    def __init__(self, folder: Path, collected: list[str] | None) -> None:
        self.folder = folder
        self.clock_s = 0.0
        self.odd_lines = 0
        self._infusions: dict[str, str] = {}
        self.journal = Journal(folder / "journal.jsonl", lambda: self.clock_s)
        if collected is not None:
            (folder / "collected.json").write_text(json.dumps({"tests": collected}), encoding="utf-8")

    def start(self, **changed: Any) -> None:
        self.journal.write("run-started", **{**RUN_STARTED, **changed})

    def odd(self, kind: str, **data: Any) -> None:
        """Write a line that no model of ours was asked about."""
        self.odd_lines += 1
        self.journal._append(UnknownLine(named=kind, data=data))

    @property
    def untouched(self) -> bool:
        """Tell whether the journal is still as it was written."""
        path = self.journal.path
        return path.is_file() and path.stat().st_size == self.journal.position and check_journal(path).whole

    def start_test(self, node: str) -> None:
        self._infusions.clear()
        self.journal.write(
            "test-started",
            node=node,
            title=f"Title of {node}",
            purpose="",
            requirements=[{"id": "DEL-001"}],
            risk_controls=["RC-001"],
            chapter="delivery",
        )

    def judge(self, verdict: str, **changed: Any) -> None:
        judgement = {
            "name": "cumulative volume",
            "verdict": verdict.upper(),
            "reason": f"reason of {verdict}",
            "rule": "guard band",
            "value": 1000.0,
            "unit": "µL",
            "expanded_uncertainty": 2.0,
            "coverage_factor": 2.0,
            "dof": None,
            "lower": 855.0,
            "upper": 1145.0,
            "limits_source": "profile",
        }
        self.journal.write("judgement", **{**judgement, **changed})

    def end_test(self, node: str, verdict: str, reason: str = "") -> None:
        self.journal.write(
            "test-ended", node=node, verdict=verdict.upper(), reason=reason, started_s=0.0, ended_s=self.clock_s
        )

    def whole_test(self, node: str, verdict: str = "pass") -> None:
        self.start_test(node)
        self.judge(verdict)
        self.end_test(node, verdict, f"end of {verdict}")

    def end(self) -> None:
        self.journal.write("run-ended", reason="ok")

    def sample(self, infusion: str = "continuous", **changed: Any) -> None:
        """Take a sample of an infusion, which begins with its first one."""
        if infusion not in self._infusions:
            begun = self.journal.write("infusion-started", infusion=infusion)
            assert isinstance(begun, InfusionStarted)
            self._infusions[infusion] = begun.infusion
        self.journal.sample(**sample_data(self.clock_s, infusion, **changed))

    def frame(self, infusion: str = "continuous", **offsets: int) -> pd.DataFrame:
        """Return the samples of the newest infusion of that name."""
        return samples_frame(self.journal.path, self._infusions.get(infusion, ""), **offsets)


def sample_data(t_s: float, infusion: str, **changed: Any) -> dict[str, Any]:
    expected_ul = round(t_s / 3600 * 40, 4)
    data = {
        "planned_s": t_s,
        "infusion": infusion,
        "device_clock_s": t_s + 100,
        "state": "infusing",
        "rate_ul_per_h": 40.0,
        "counter_ul": expected_ul,
        "reservoir_ul": 20000.0,
        "battery_percent": 99.0,
        "pressure_kpa": 3.0,
        "alarms": [],
        "alarm_log_count": 0,
        "bolus_log_count": 0,
        "kink_percent": 0.0,
        "disconnected": False,
        "leak_percent": 0.0,
        "magnet": False,
        "supply_mv": 3000,
        "outlet_kpa": 1.2,
        "temperature_c": 22.5,
        "air_pressure_hpa": 1013.2,
        "humidity_percent": 45.0,
        "watchdog_tripped": False,
        "mass_g": 0.001,
        "stable": True,
        "expected_ul": expected_ul,
        "weighed_ul": expected_ul,
    }
    return {**data, **changed}


@pytest.fixture
def run_of(tmp_path: Path) -> Iterator[Callable[..., HandMadeRun]]:
    """Return a maker of runs: `run_of("a", "b")` was to run a and b; `run_of(None)` has no list of its tests."""

    def make(*collected: str | None) -> HandMadeRun:
        folder = tmp_path / "run"
        folder.mkdir()
        nodes = None if None in collected else [node for node in collected if node is not None]
        made.append(HandMadeRun(folder, nodes))
        return made[-1]

    made: list[HandMadeRun] = []
    yield make
    for run in made:
        run.journal.close()
        if run.odd_lines == 0 and run.untouched:
            assert not misfits(run.journal.path)
