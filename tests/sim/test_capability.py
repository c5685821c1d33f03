# SPDX-License-Identifier: Apache-2.0
"""Too short a window at the least rate: refused at once with a time that would do, in which the pump passes."""

import re
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.bench_file.surroundings import EvaporationBlank
from bench.capability import CapabilityGate
from bench.infusion import Infusion
from bench.journal import Journal, read_lines
from bench.profile import Profile
from bench.run import Run
from bench.simulated_bench import simulated_bench
from bench.therapy import Continuous
from bench.weighing import Weighing
from groundfloor.errors import BenchFault
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, finished, started
from tests.sim.stopwatch import Stopwatch

ROOT = Path(__file__).parents[2]
PROFILES = ROOT / "test_plans" / "profiles"
RATE_UL_PER_H = 20.0
LEAST_UL_PER_H = 2.0
HOUR_S = 3600.0
SHORT_BLANK_S = 600.0
LONG_BLANK_S = 4 * HOUR_S
ONE_MG = ("coarse_balance=1", "noisy_balance=1")
PLAN = """
from bench.therapy import Continuous
from test_plans.criteria import accuracy
from test_plans.markers import judges

@judges("DEL-001", "the window", accuracy)
def test_it(infusion):
    with infusion(Continuous({rate}), shortest_window_s={window_s}) as run:
        run.settle()
        run.judge("the window", run.deliver({window_s}, "the window").volume)
"""


def with_one_mg_balance(file: BenchFile, blank_s: float) -> BenchFile:
    figures = {"readability_mg": 1.0, "repeatability_mg": 1.0, "linearity_mg": 1.0, "drift_mg_per_day": 1.0}
    certificate = file.balance.calibration.model_copy(update={"expanded_uncertainty_mg": 0.5})
    balance = file.balance.model_copy(update={**figures, "calibration": certificate})
    return file.model_copy(update={"balance": balance, "evaporation": EvaporationBlank(blank_s=blank_s)})


@contextmanager
def one_mg_bench(folder: Path, blank_s: float) -> Iterator[Path]:
    """A twin of its own each time, so that the same seed gives the same blank again."""
    with TwinChild(TwinOptions(defects=ONE_MG)) as addresses:
        path = folder / "bench.toml"
        with_one_mg_balance(simulated_bench(addresses), blank_s).write(path)
        yield path


@contextmanager
def usual_bench(folder: Path, blank_s: float) -> Iterator[Path]:
    """The usual balance: one of 1 mg resolves a volume in time enough, and never a burst in any window."""
    with TwinChild(TwinOptions()) as addresses:
        path = folder / "bench.toml"
        simulated_bench(addresses).model_copy(update={"evaporation": EvaporationBlank(blank_s=blank_s)}).write(path)
        yield path


def infused(folder: Path, window_s: float, blank_s: float = LONG_BLANK_S) -> BenchRun:
    folder.mkdir()
    plan = folder / "test_slow_infusion.py"
    plan.write_text(PLAN.format(rate=LEAST_UL_PER_H, window_s=window_s))
    with usual_bench(folder, blank_s) as bench:
        arguments = [f"--bench={bench}", f"--runs={folder / 'runs'}", f"--rootdir={ROOT}", f"-c{ROOT / 'tox.ini'}"]
        command = [sys.executable, "-m", "pytest", "-pno:cacheprovider", "-pfixtures.plugin", str(plan), *arguments]
        with started(command) as process:
            return finished(process, folder / "runs")


def named_s(text: str, words: str) -> float:
    (found,) = re.findall(rf"{words} (\d+) s", text)
    return float(found)


@pytest.fixture(scope="module")
def hour(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    return infused(tmp_path_factory.mktemp("hour") / "it", HOUR_S)


def test_an_hour_is_blocked_and_the_duration_that_is_named_passes_while_a_shorter_one_is_blocked(
    hour: BenchRun, tmp_path: Path
) -> None:
    assert (hour.exit_code, hour.test.verdict) == (3, Verdict.BLOCKED)
    assert "resolve ±14.5 % of 2 µL/h in 3600 s (1 h): U would be" in hour.test.reason
    enough_s = named_s(hour.test.reason, "weigh for at least")
    assert enough_s > HOUR_S

    run = infused(tmp_path / "enough", enough_s)
    assert (run.exit_code, run.test.verdict) == (0, Verdict.PASS), run.test.reason
    (volume,) = [value for value in run.test.values if value.declared == "the window"]
    assert volume.uncertainty_ratio is not None
    assert 2.5 < volume.uncertainty_ratio < 4

    assert infused(tmp_path / "shorter", 0.95 * enough_s).test.verdict is Verdict.BLOCKED


def test_nothing_was_programmed_and_no_bench_time_was_spent(hour: BenchRun) -> None:
    kinds = {line.kind for line in hour.journal}
    activities = {line.data.get("what") for line in hour.journal}
    assert "infusion-started" not in kinds
    assert not activities & {"programmed", "command", "tared", "capability"}
    last_event = [line for line in hour.journal if line.kind == "event"][-1]
    assert hour.of_kind("test-ended")[0].t_s == last_event.t_s


def test_where_the_blank_is_too_short_the_one_that_would_do_is_named_and_passes(tmp_path: Path) -> None:
    told = infused(tmp_path / "short", HOUR_S, blank_s=SHORT_BLANK_S).test
    assert told.verdict is Verdict.BLOCKED
    blank_s = named_s(told.reason, "set blank_s of the bench file to")
    run = infused(tmp_path / "long", named_s(told.reason, "weigh for at least"), blank_s)
    assert (run.exit_code, run.test.verdict) == (0, Verdict.PASS), run.test.reason


def test_the_refusal_takes_less_than_a_second_and_leaves_the_pump_alone(tmp_path: Path) -> None:
    with one_mg_bench(tmp_path, LONG_BLANK_S) as path:
        bench = Bench.open(BenchFile.load(path))
        with closing(bench), closing(Journal(tmp_path / "journal.jsonl", bench.clock.now_s)) as journal:
            run = Run.of("gate", bench, Profile.named("implantable-20ml", PROFILES), journal)
            run.evaporation()
            before, now_s, watch = bench.pump.read(), bench.clock.now_s(), Stopwatch()
            infusion = Infusion(run, Continuous(RATE_UL_PER_H), "slow", shortest_window_s=HOUR_S)
            with pytest.raises(BenchFault, match=r"take a balance of 0\.1 mg readability"), infusion:
                pass
            assert watch.own_s < 1.0
            assert (bench.pump.read(), bench.clock.now_s()) == (before, now_s)
            bench.safe_state.enter()
        assert not [line for line in read_lines(tmp_path / "journal.jsonl") if line.kind == "infusion-started"]


def test_a_plan_that_does_not_say_what_it_will_judge_is_refused_at_its_first_window(tmp_path: Path) -> None:
    with TwinChild(TwinOptions()) as addresses:
        bench = Bench.open(simulated_bench(addresses))
        with closing(bench), closing(Journal(tmp_path / "journal.jsonl", bench.clock.now_s)) as journal:
            run = Run.of("gate", bench, Profile.named("implantable-20ml", PROFILES), journal)
            lowest = Continuous(run.profile.rates.least_ul_per_h.value)
            with Infusion(run, lowest, "slow") as infusion:
                with pytest.raises(BenchFault, match=r"resolve ±14.5 % of 2 µL/h in 3600 s"):
                    infusion.deliver(HOUR_S, "an hour")
                infusion.stop()
                with pytest.raises(BenchFault, match=r"resolve ±14.5 % of 2 µL/h in 3600 s"):
                    infusion.no_flow(HOUR_S)
                infusion.start()
                infusion.deliver(infusion.duration_that_resolves_s(HOUR_S), "long enough")
    judged = {one.name: one.verdict for one in run.assessment.judgements}
    assert judged["long enough: delivered volume, balance against program"] is Verdict.PASS  # nobody asked for it
    assert judged["long enough: pump's counter against program"] is Verdict.PASS
    assert judged["long enough: pump's counter against balance"] is Verdict.PASS


@pytest.mark.parametrize("profile", ["implantable-20ml", "implantable-40ml"])
def test_the_lowest_rate_of_each_profile_is_resolved_within_the_reservoir_and_two_days(
    tmp_path: Path, profile: str
) -> None:
    with TwinChild(TwinOptions(model=profile)) as addresses:
        bench = Bench.open(simulated_bench(addresses))
        with closing(bench), closing(Journal(tmp_path / "journal.jsonl", bench.clock.now_s)) as journal:
            run = Run.of("gate", bench, Profile.named(profile, PROFILES), journal)
            gate = CapabilityGate(Weighing(bench, run.evaporation(), run.repeatability()), run.profile, 30.0)
            lowest = run.profile.rates.least_ul_per_h.value
            found = gate.require(lowest)
            bench.safe_state.enter()
    assert gate.judged_as(lowest) == "accumulated mass"
    assert 4 * found.duration_s < 2 * 86400
