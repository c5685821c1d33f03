# SPDX-License-Identifier: Apache-2.0
"""A small run in a folder, as the bench would have written it: what a section of a report is tried with."""

from pathlib import Path

from bench.journal import Journal
from metrology.verdict import Verdict

VALUES_UL = (1000.0, 990.0, 700.0)
"""What was judged against 855 µL to 1145 µL: the last of them FAILs."""
STEP_S = 60.0


def write_small_run(journal: Path, text: str = "a quarter of an hour") -> None:
    """Write a journal of two tests, of which one passed and one failed.

    Args:
        journal: where it is to be.
        text: every text of it that somebody has written or a device has sent.
    """
    seconds = [0.0]
    with Journal(journal, lambda: seconds[0]) as made:
        made.write("run-started", **_started(text))
        for number, values_ul in enumerate((VALUES_UL[:2], VALUES_UL[2:])):
            node = f"test_plans/test_small.py::test_{number}"
            made.write(
                "test-started", node=node, title=text, purpose=text, requirements=[{"id": text}], chapter="small"
            )
            for count, value_ul in enumerate(values_ul):
                seconds[0] += STEP_S
                made.write("judgement", **_judged(f"{text} {count}", text, value_ul))
            verdict = Verdict.PASS if number == 0 else Verdict.FAIL
            made.write(
                "test-ended", node=node, verdict=verdict.name, reason=text, started_s=0.0, ended_s=seconds[0],
                judged=len(values_ul),
            )  # fmt: skip
        made.write("run-ended", reason=text, troubles=[text])


def write_empty_run(journal: Path) -> None:
    """Write a journal of a run that ended before its bench was open and before a test began."""
    with Journal(journal, lambda: 0.0) as made:
        made.write("run-ended", reason="the bench could not be opened")


def _started(text: str) -> dict[str, object]:
    device = {"model": text, "serial_number": text, "firmware_version": text}
    return {
        "run_id": "small",
        "bench": text,
        "profile": text,
        "profile_title": text,
        "pump": device,
        "rig": device,
        "balance": {**device, "capacity_g": 220.0, "certificate": text, "calibration_due": "2027-01-01"},
        "simulated": True,
        "clock": {"mode": "stepped", "speed": None},
        "seed": 1,
        "decision_rule": text,
        "software": {"version": "0", "commit": None},
        "epoch_utc": "2026-01-01T00:00:00+00:00",
    }


def _judged(name: str, text: str, value_ul: float) -> dict[str, object]:
    passed = 857.0 <= value_ul <= 1143.0
    return {
        "name": name,
        "declared": text,
        "measurand": text,
        "verdict": (Verdict.PASS if passed else Verdict.FAIL).name,
        "reason": text,
        "rule": text,
        "value": value_ul,
        "unit": "µL",
        "expanded_uncertainty": 2.0,
        "coverage_factor": 2.0,
        "lower": 855.0,
        "upper": 1145.0,
        "limits_source": text,
        "requirements": [{"id": text}],
    }
