# SPDX-License-Identifier: Apache-2.0
"""`pumpbench analyse` finds the strokes of the twin's pump in what its balance showed, and nobody told it of them."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.sim.bench_run import PUMPBENCH, BenchRun, bench_run, ran

UL_PER_MG = 1.00285
"""Of water at 20 °C, weighed in air (ISO 8655-6)."""
START_UP_S = 1800
PLAN = """
import pytest
from bench.therapy import Continuous

@pytest.mark.parametrize(
    ("rate_ul_per_h", "interval_s", "duration_s"), [(2, 60, 40000), (10, 10, 8000), (41.7, 5, 8000)]
)
def test_strokes(infusion, rate_ul_per_h, interval_s, duration_s):
    with infusion(Continuous(rate_ul_per_h), interval_s=interval_s) as run:
        run.wait(duration_s)
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    folder = tmp_path_factory.mktemp("strokes")
    plan = folder / "test_strokes_of_the_twin.py"
    plan.write_text(PLAN)
    return bench_run("simulated", folder / "runs", select="test_strokes", more=[str(plan)])


def analysed(run: BenchRun, rate: str) -> dict[str, Any]:
    arguments = [PUMPBENCH, "analyse", str(run.folder), f"--infusion=[{rate}-", f"--rate={rate} uL/h", "--json"]
    done = ran([*arguments, f"--start-up={START_UP_S} s", "--evaporation=0 mg/h"])
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def counted(run: BenchRun, rate: str) -> tuple[float, float]:
    """Return period and volume of a stroke as the steps of the pump's counter and the balance's readings give them."""
    frame = pd.read_parquet(run.folder / "samples.parquet")
    frame = frame[frame["node"].str.contains(f"[{rate}-", regex=False)]
    frame = frame[
        frame["t_s"] >= frame["t_s"].iloc[0] + START_UP_S
    ]  # strokes are not alike: the same ones on both sides
    steps = frame[frame["counter_ul"].diff() > 0]
    first, last, strokes = steps.iloc[len(steps) // 10], steps.iloc[-1], len(steps) - 1 - len(steps) // 10
    volume_ul = 1000 * (last["mass_g"] - first["mass_g"]) * UL_PER_MG
    times_s = steps["t_s"].to_numpy()
    # Through all of them: between two alone, the sampling interval would be as much as what is allowed.
    period_s = float(np.polyfit(np.arange(len(times_s)), times_s, 1)[0])
    return period_s, volume_ul / strokes


@pytest.mark.parametrize(("rate", "least_step_share"), [("2", 0.9), ("10", 0.9), ("41.7", 0.6)])
def test_the_strokes_are_those_that_the_pump_made(run: BenchRun, rate: str, least_step_share: float) -> None:
    stroke, (period_s, volume_ul) = analysed(run, rate)["stroke"], counted(run, rate)
    assert stroke["period_s"] == pytest.approx(period_s, rel=2e-3)
    assert stroke["volume_ul"] == pytest.approx(volume_ul, rel=1 / 40)  # of 40, one is still on its way at an end
    assert least_step_share < stroke["step_ul"] / stroke["volume_ul"] < 1.1  # the catheter rounds off what comes fast
