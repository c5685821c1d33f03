# SPDX-License-Identifier: Apache-2.0
"""A pump near its limit passes on a balance that tells it apart, and is left open by one that repeats half as well.

Nothing but the twin's balance differs: the pre-flight measures its scatter, the budget takes it, the verdict follows.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.journal import JournalLine, read_lines
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.gravimetry import Repeatability
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run
from tests.sim.resume_lab import killed_and_resumed
from tests.sim.twin_bench import twin_bench

NOISE_MG = 0.1
"""It decides the quiet minutes before the start too; twice as much does not."""
NEAR_THE_LIMIT = "rate_bias=0.125"


def run(folder: Path, noise_mg: float) -> BenchRun:
    folder.mkdir()
    with twin_bench(folder, TwinOptions(seed=2, defects=(NEAR_THE_LIMIT, f"noisy_balance={noise_mg}"))) as twin:
        twin.content["limits"].update(lead_in_s=300.0, run_down_s=1200.0)  # start and stop shall be decided as well
        twin.content["evaporation"] = {"blank_s": 3600.0}
        twin.content["balance"]["repeatability_mg"] = NOISE_MG
        twin.content["preflight"] = {"noise_factor": 4.0}  # the worse one shall be judged with, not blocked
        return bench_run(twin.file(), folder / "out", "--chapter=delivery", select="intermediate")


def measured(lines: Iterable[JournalLine]) -> list[Repeatability]:
    told = [line.data for line in lines if line.data.get("what") == "repeatability"]
    return [Repeatability(data["standard_deviation_mg"], data["dof"]) for data in told]


def judged_with_mg(run: BenchRun) -> set[float]:
    """What marks of judged volumes were said to repeat to."""
    budgets = [line.data["budget"] for line in run.of_kind("judgement")]
    return {one["standard_uncertainty"] for lines in budgets for one in lines if one["name"].startswith("mass at")}


def test_twice_the_repeatability_turns_a_pass_near_the_limit_into_inconclusive(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        good, worse = pool.map(lambda noise_mg: run(tmp_path / f"{noise_mg}", noise_mg), (NOISE_MG, 2 * NOISE_MG))
    assert good.test.verdict is Verdict.PASS, good.reasons
    assert worse.test.verdict is Verdict.INCONCLUSIVE, worse.reasons
    delivered = [one for one in worse.reasons.splitlines() if "delivered volume, balance against program" in one]
    assert delivered
    assert all("straddles a limit" in one for one in delivered)
    (good_mg,), (worse_mg,) = ([one.standard_deviation_mg for one in measured(run.journal)] for run in (good, worse))
    assert worse_mg / good_mg > 1.6
    assert good_mg in judged_with_mg(good)
    assert worse_mg in judged_with_mg(worse)
    assert worse.failures == []


def test_a_resumed_run_judges_with_the_repeatability_that_it_began_with_or_a_worse_one(tmp_path: Path) -> None:
    killed_and_resumed(tmp_path, 5, [120])
    (folder,) = (tmp_path / "runs").iterdir()
    lines = list(read_lines(folder / "journal.jsonl"))
    first, after = measured(lines)
    assert after.reaches_mg >= first.reaches_mg
    used = [line.data["balance"]["measured_repeatability"] for line in lines if line.kind == "volume"]
    assert used[-1] == after.as_dict()
