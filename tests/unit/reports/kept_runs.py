# SPDX-License-Identifier: Apache-2.0
"""Run folders with a summary and a journal, as a list of runs and a comparison read them."""

import json
from pathlib import Path

from metrology.verdict import Verdict
from reports.entry import Entry, MeasuredValue
from reports.run_info import RunInfo
from reports.summary import Summary

SOURCES = {"calibration at the begin": 0.3, "calibration at the end": 0.4, "mass at the end": 1.2}


def run_info(firmware: str = "3.1.0", balance: str = "B123", certificate: str = "C-7", pump: str = "P-1") -> RunInfo:
    device = {"model": "M", "serial_number": pump, "firmware_version": firmware}
    scale = {**device, "serial_number": balance, "capacity_g": 220.0}
    return RunInfo.model_validate(
        {
            "run_id": "run",
            "bench": "bench-7",
            "profile": "implantable-20ml",
            "profile_title": "20 mL",
            "liquid": "water",
            "pump": device,
            "rig": {**device, "serial_number": "R-1"},
            "balance": {**scale, "certificate": certificate, "calibration_due": "2027-06-01"},
            "simulated": False,
            "clock": {"mode": "real", "speed": None},
            "seed": None,
            "defects": [],
            "decision_rule": "guard band w = U",
            "software": {"version": "0.1.0", "commit": "abc"},
            "epoch_utc": "2027-01-01T00:00:00+00:00",
            "trouble": None,
        }
    )


def judged(name: str, value: float | None, verdict: Verdict = Verdict.PASS, own: str = "J-0001") -> MeasuredValue:
    limits = {"lower": 85.0, "upper": 115.0, "unit": "µL"} if value is not None else {}
    u = 2 * sum(part**2 for part in SOURCES.values()) ** 0.5
    certain = {"expanded_uncertainty": u, "coverage_factor": 2.0} if value is not None else {}
    return MeasuredValue(
        name=name, id=own, value=value, verdict=verdict, reason="", measurand=name, requirements=("DEL-001@1",),
        **limits, **certain,
    )  # fmt: skip


def kept_run(folder: Path, values: tuple[MeasuredValue, ...], info: RunInfo | None = None) -> Path:
    """Write a run of one test into a folder."""
    folder.mkdir(parents=True)
    verdict = max((value.verdict for value in values), key=lambda one: one is Verdict.FAIL)
    entry = Entry(
        node="test_plans/test_delivery.py::test_rate",
        title="A rate",
        chapter="delivery",
        requirements=("DEL-001@1",),
        risk_controls=(),
        verdict=verdict,
        reason="",
        values=values,
        started_s=0.0,
        ended_s=1.0,
    )
    summary = Summary(
        run=info or run_info(),
        simulated=False,
        verdict=verdict,
        exit_code=0,
        aborted=False,
        reason="",
        troubles=(),
        counts={verdict.name: 1},
        not_run=(),
        tests=(entry,),
    )
    (folder / "summary.json").write_text(summary.to_json(), encoding="utf-8")
    lines = [{"seq": 0, "t": 0.0, "kind": "journal-opened", "data": {}, "prev": "0" * 64}]
    for value in values:
        budget = [
            {"name": name, "sensitivity": 1.0, "contribution": u} for name, u in SOURCES.items() if value.unit == "µL"
        ]
        data = {"id": value.id, "budget": budget}
        lines.append({"seq": len(lines), "t": 0.0, "kind": "judgement", "data": data, "prev": "0" * 64})
    text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
    (folder / "journal.jsonl").write_text(text, encoding="utf-8")
    (folder / "bench.toml").write_text('[conditions]\nthermometer = { serial_number = "T-9" }\n', encoding="utf-8")
    return folder
