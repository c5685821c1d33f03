# SPDX-License-Identifier: Apache-2.0
"""A pump of twelve registers goes through the plan: a good one passes, a bad one fails, what is not judged is told."""

from pathlib import Path

import pytest

from tests.sim.forked_run import forked_run

EXAMPLE = Path(__file__).parents[2] / "examples" / "twelve-registers"
PUMP = (f"--profile={EXAMPLE / 'profile.toml'}", f"--map={EXAMPLE / 'map.toml'}")


def test_a_good_pump_passes_with_its_alarm_timed_by_bits_and_what_it_does_not_promise_is_told(tmp_path: Path) -> None:
    run = forked_run(tmp_path, *PUMP, "--chapter=kink", select="second_kink")
    assert run.exit_code == 0, run.printed
    latencies = [
        one.data
        for one in run.of_kind("judgement")
        if one.data["measurand"] == "latency of the occlusion alarm" and one.data["declared"] == "both alarms in time"
    ]
    assert len(latencies) == 2
    assert all(one["expanded_uncertainty"] >= 1.0 for one in latencies), "a log would tell it to hundredths"
    told = {one["test"]: one["reason"] for one in run.raw_summary["trace"]["left_out"]}
    assert told["every infusion: the battery is as promised"] == "profile twelve-registers promises no battery charge"
    states = {row["id"]: row["state"] for row in run.raw_summary["trace"]["requirements"]}
    off = ("REG-004", "REG-005", "REG-006", "ALM-004", "SCH-005", "PRG-001")
    assert {states[one] for one in off} == {"NOT APPLICABLE"}
    (registers,) = [line for line in run.of_kind("event") if line.data.get("check") == "registers"]
    assert "not promised and not judged: model, serial number and firmware" in registers.data["seen"]


@pytest.mark.parametrize(
    ("defect", "red"),
    [("rate_bias=0.2", "CAT-004"), ("alarm_bit_missing", "CAT-005"), ("alarm_bit_stays", "ALM-003")],
)
def test_a_bad_pump_fails(tmp_path: Path, defect: str, red: str) -> None:
    run = forked_run(tmp_path, *PUMP, "--chapter=kink", f"--defect={defect}", select="second_kink")
    assert run.exit_code == 1, run.printed
    assert red in run.red_requirements
