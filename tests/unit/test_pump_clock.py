# SPDX-License-Identifier: Apache-2.0
"""The pump's clock keeps its promise in an infusion, or the pump fails; a bench that slept is no failure."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.clock import ClockMode
from bench.infusion import pump_clock
from bench.infusion.judging import Judging
from bench.infusion.pump_clock import PumpClock
from bench.infusion.sampling_session import SamplingSession
from bench.journal import Journal
from bench.run import UnfinishedRun
from bench.sampling import ClockComparison, ClockPair, Sample
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.inconclusive import Inconclusive
from instruments.balance import MassReading
from instruments.pump import PumpState
from tests.readings import pump_reading, rig_reading
from tests.unit.scripted_bench import Scene, scene
from tests.unit.test_preflight_checks import blank

KEEPS, STAYS = "the pump's clock keeps time", "the pump does not restart by itself"
FROM_S, DEVICE_FROM_S = 100.0, 5000.0
PROMISED_PPM = 500.0
HOUR_S = 3600.0


@dataclass
class Table:
    """A pump's clock that is read when a test says so, beside a wall clock that runs as a test says."""

    scene: Scene
    clock: PumpClock
    wall: list[datetime] = field(default_factory=lambda: [datetime(2026, 11, 27, tzinfo=UTC)])

    def in_mode(self, mode: ClockMode, speed: float = 1.0) -> None:
        """Take the first sample on a bench whose clock runs in `mode`."""
        clock = self.scene.bench.clock
        clock.mode, clock.speed = mode, speed  # type: ignore[misc]
        self.clock = PumpClock(self.scene.setting, Judging(self.scene.setting.run))
        self.read(0.0, 0.0)

    def read(self, passed_s: float, gained_s: float, wall_gained_s: float = 0.0) -> None:
        """Take a sample `passed_s` after the first, in which the pump's clock gained `gained_s` on the bench's."""
        began = datetime(2026, 11, 27, tzinfo=UTC)
        self.wall[0] = began + timedelta(seconds=passed_s + wall_gained_s)
        self.clock.on_sample(self.sample(passed_s, gained_s))

    def sample(self, passed_s: float, gained_s: float) -> Sample:
        pump = pump_reading(device_clock_s=DEVICE_FROM_S + passed_s + gained_s, state=PumpState.INFUSING)
        at_s = FROM_S + passed_s
        return Sample(at_s, at_s, pump, rig_reading(), MassReading(0.0, True), 0.0, 0.0)

    @property
    def verdicts(self) -> dict[str, str]:
        return self.scene.verdicts


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    with scene(tmp_path) as at:
        one = Table(at, PumpClock(at.setting, Judging(at.setting.run)))
        monkeypatch.setattr(pump_clock, "utc_now", lambda: one.wall[0])
        yield one


# --- from one infusion to the next ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gained_s", "verdicts", "told"),
    [
        (-600.0, {STAYS: "FAIL"}, "its clock went back from 5100.00 s to 4530.00 s since the infusion before"),
        (600.0, {KEEPS: "FAIL"}, "since the infusion before, in 30.00 s, it went on by 630.00 s"),
    ],
    ids=["set back", "set ahead"],
)
def test_a_clock_that_was_set_while_a_program_was_loaded_fails_the_pump(
    table: Table, gained_s: float, verdicts: dict[str, str], told: str
) -> None:
    table.in_mode(ClockMode.STEPPED)
    table.read(100.0, 0.0)
    table.clock = PumpClock(table.scene.setting, Judging(table.scene.setting.run))
    with pytest.raises(PumpFailure, match=told):
        table.read(130.0, gained_s)
    assert table.verdicts == verdicts


def test_a_clock_that_was_wrong_in_one_infusion_is_not_told_again_in_the_next(table: Table) -> None:
    table.in_mode(ClockMode.STEPPED)
    with pytest.raises(PumpFailure):
        table.read(100.0, 600.0)
    table.read(130.0, 600.0)
    table.clock = PumpClock(table.scene.setting, Judging(table.scene.setting.run))
    table.read(160.0, 600.0)


# --- within the promise ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "slack_s"), [(ClockMode.STEPPED, 0.05), (ClockMode.REAL, 2.0)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_within_its_promise_passes(table: Table, mode: ClockMode, slack_s: float, sign: int) -> None:
    table.in_mode(mode)
    table.read(HOUR_S, sign * (slack_s + HOUR_S * PROMISED_PPM * 1e-6 - 0.001))
    table.clock.judge()
    assert table.verdicts == {KEEPS: "PASS", STAYS: "PASS"}


def test_what_was_compared_is_in_the_journal(table: Table) -> None:
    table.in_mode(ClockMode.STEPPED)
    table.read(HOUR_S, 1.5)
    table.clock.judge()
    (line,) = [one for one in table.scene.lines() if one.data.get("what") == "clocks compared"]
    assert line.data["result"] == {"gained_s": 1.5, "allowed_s": 1.85, "within_promise_at_the_blank": True}


# --- beyond it ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "slack_s"), [(ClockMode.STEPPED, 0.05), (ClockMode.REAL, 2.0)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_that_leaves_its_promise_fails_the_pump(
    table: Table, mode: ClockMode, slack_s: float, sign: int
) -> None:
    table.in_mode(mode)
    gained_s = sign * (slack_s + HOUR_S * PROMISED_PPM * 1e-6 + 0.1)
    with pytest.raises(PumpFailure, match=rf"in 3600 s it gained {gained_s:.2f} s on the bench's"):
        table.read(HOUR_S, gained_s)
    assert table.verdicts == {KEEPS: "FAIL"}


def test_a_slow_drift_is_held_against_the_whole_infusion_and_not_against_one_interval(table: Table) -> None:
    table.in_mode(ClockMode.STEPPED)
    for number in range(1, 17):
        table.read(30.0 * number, 30.0 * number * 600e-6)
    with pytest.raises(PumpFailure, match="in 510 s"):  # 100 ppm of that are 0.051 s
        table.read(510.0, 510.0 * 600e-6)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_that_is_wrong_for_a_while_fails_though_the_whole_infusion_would_allow_it(
    table: Table, sign: int
) -> None:
    """After twenty good hours the whole infusion allows 36 s; two minutes allow 0.11 s."""
    table.in_mode(ClockMode.STEPPED)
    table.read(20 * HOUR_S, 0.0)
    for number in range(1, 4):
        table.read(20 * HOUR_S + 30.0 * number, sign * 30.0 * number * 1000e-6)
    with pytest.raises(PumpFailure, match=r"since 72100 s, in 120\.00 s, it went on by"):
        table.read(20 * HOUR_S + 120.0, sign * 120.0 * 1000e-6)
    assert table.verdicts == {KEEPS: "FAIL"}


@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_that_uses_its_whole_promise_by_turns_passes(table: Table, sign: int) -> None:
    table.in_mode(ClockMode.STEPPED)
    gained_s = 0.0
    for number in range(1, 481):
        gained_s += sign * (1 if number % 240 < 120 else -1) * 30.0 * PROMISED_PPM * 1e-6
        table.read(30.0 * number, gained_s)
    table.clock.judge()
    assert table.verdicts == {KEEPS: "PASS", STAYS: "PASS"}


@pytest.mark.parametrize(("mode", "jump_s"), [(ClockMode.STEPPED, 0.2), (ClockMode.REAL, 2.5)])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_jump_fails_the_pump_though_the_promise_of_a_day_would_allow_it(
    table: Table, mode: ClockMode, jump_s: float, sign: int
) -> None:
    """After a day 43 s are allowed in all; from one sample to the next hardly more than two readings are apart."""
    table.in_mode(mode)
    day_s = 24 * HOUR_S
    for passed_s in range(0, int(day_s), 600):
        table.read(passed_s, 0.0)
    table.read(day_s, 0.0)
    with pytest.raises(PumpFailure, match=r"from one sample to the next, in 30\.00 s, it went on by"):
        table.read(day_s + 30.0, sign * jump_s)
    assert table.verdicts == {KEEPS: "FAIL"}


def test_a_clock_that_stands_for_a_while_and_catches_up_fails_the_pump(table: Table) -> None:
    table.in_mode(ClockMode.STEPPED)
    for passed_s in range(0, int(10 * HOUR_S), 600):
        table.read(passed_s, 0.0)
    with pytest.raises(PumpFailure, match=r"it went on by 0\.00 s"):
        table.read(10 * HOUR_S - 590.0, -10.0)  # 18 s are allowed in all


def test_a_restart_whose_clock_is_set_again_shows_as_a_step(table: Table) -> None:
    table.in_mode(ClockMode.STEPPED)
    table.read(8 * HOUR_S, 0.0)
    with pytest.raises(PumpFailure, match="from one sample to the next"):
        table.read(8 * HOUR_S + 30.0, 5.0)  # somebody set it by a watch


def test_a_clock_that_drifts_within_its_promise_makes_no_step(table: Table) -> None:
    table.in_mode(ClockMode.STEPPED)
    for number in range(1, 200):
        table.read(30.0 * number, 30.0 * number * 0.99 * PROMISED_PPM * 1e-6)
    table.clock.judge()
    assert table.verdicts == {KEEPS: "PASS", STAYS: "PASS"}


def test_a_clock_that_went_back_is_a_restart_and_fails_the_pump(table: Table) -> None:
    table.in_mode(ClockMode.REAL)
    table.read(60.0, 0.0)
    with pytest.raises(PumpFailure, match=r"its clock went back from 5060\.00 s to 5059\.50 s"):
        table.read(61.0, -1.5)  # which the slack of two readings would allow
    assert table.verdicts == {STAYS: "FAIL"}


def test_a_pump_that_restarted_while_the_run_was_interrupted_fails(table: Table) -> None:
    table.in_mode(ClockMode.REAL)
    table.read(60.0, 0.0)
    resumed = PumpClock(table.scene.setting, Judging(table.scene.setting.run))
    resumed.recall(table.sample(60.0, 0.0))
    with pytest.raises(PumpFailure, match=r"its clock went back from 5060\.00 s to 3\.00 s"):
        resumed.on_sample(table.sample(60.0, 3.0 - DEVICE_FROM_S - 60.0))
    assert table.verdicts == {STAYS: "FAIL"}


def test_time_that_went_by_while_the_run_was_interrupted_is_no_gain(table: Table) -> None:
    """The bench's clock goes on where it was; the pump's has gone on all the time."""
    table.in_mode(ClockMode.STEPPED)
    resumed = PumpClock(table.scene.setting, Judging(table.scene.setting.run))
    resumed.recall(table.sample(60.0, 0.0))
    resumed.on_sample(table.sample(61.0, 500.0))
    resumed.on_sample(table.sample(91.0, 500.0))
    resumed.judge()
    assert table.verdicts == {KEEPS: "PASS", STAYS: "PASS"}


def test_a_failure_is_raised_and_judged_once_so_that_the_way_to_the_safe_state_is_free(table: Table) -> None:
    table.in_mode(ClockMode.STEPPED)
    with pytest.raises(PumpFailure):
        table.read(60.0, 5.0)
    table.read(90.0, 5.0)
    table.clock.judge()
    assert table.verdicts == {KEEPS: "FAIL"}
    assert len(table.scene.setting.run.assessment.judgements) == 1


# --- whose clock it was ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("apart_s", [0.0, 1.9, -1.9])
def test_a_computer_that_slept_is_no_failure_of_the_pump(table: Table, apart_s: float) -> None:
    """Its monotonic clock stands still while it sleeps; pump and wall clock go on."""
    table.in_mode(ClockMode.REAL)
    with pytest.raises(BenchFault, match=r"the bench's time stood still.*keep the computer of the bench from sleeping"):
        table.read(60.0, 300.0, wall_gained_s=300.0 + apart_s)
    assert table.verdicts == {}


@pytest.mark.parametrize("wall_gained_s", [0.0, 290.0, -300.0])
def test_a_wall_clock_that_does_not_agree_with_the_pump_excuses_nothing(table: Table, wall_gained_s: float) -> None:
    table.in_mode(ClockMode.REAL)
    with pytest.raises(PumpFailure):
        table.read(60.0, 300.0, wall_gained_s=wall_gained_s)
    assert table.verdicts == {KEEPS: "FAIL"}


def test_the_wall_clock_excuses_nothing_where_the_bench_itself_moves_time(table: Table) -> None:
    table.in_mode(ClockMode.STEPPED)
    with pytest.raises(PumpFailure):
        table.read(60.0, 300.0, wall_gained_s=300.0)


def test_a_scaled_clock_cannot_tell_whose_clock_went_wrong(table: Table) -> None:
    table.in_mode(ClockMode.SCALED, speed=100.0)
    table.read(60.0, 20.0)  # two readings may be 0.2 s of the machine apart: 20 s of the bench's, and 0.03 s promised
    with pytest.raises(Inconclusive, match="a scaled clock cannot tell whose fault that is"):
        table.read(60.0, 20.1)
    assert table.verdicts == {}


# --- the blank ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error_ppm", "verdict"), [(499.0, "PASS"), (506.0, "PASS"), (-510.0, "FAIL"), (510.0, "FAIL")]
)
def test_a_clock_that_missed_its_promise_over_the_blank_beyond_doubt_fails(
    table: Table, error_ppm: float, verdict: str
) -> None:
    """Over an hour the reads bound it to 1.6 ppm, standard uncertainty; four of those are the doubt."""
    start, end = ClockPair(0.0, 0.0, 0.0), ClockPair(HOUR_S, HOUR_S * (1 + error_ppm * 1e-6), 0.0)
    table.scene.blank.clocks = ClockComparison(start, end)
    table.in_mode(ClockMode.REAL)
    table.clock.judge()
    assert table.verdicts == {KEEPS: verdict, STAYS: "PASS"}


def test_a_resumed_run_knows_what_its_blank_said_of_the_clock(table: Table, tmp_path: Path) -> None:
    """Or a pump would pass by being interrupted."""
    journal = Journal(tmp_path / "before.jsonl")
    measured = replace(blank(0.03, 0.01, error_ppm=510.0), times_s=(0.0, 1800.0, HOUR_S), masses_g=(0.0, 0.0, 0.0))
    journal.write("event", what="blank", **measured.as_dict())
    journal.close()
    clocks = UnfinishedRun.read(tmp_path / "before.jsonl").clocks
    assert clocks is not None
    assert clocks.error_ppm == pytest.approx(510.0, abs=1e-3)
    table.scene.setting.run.recalled_clocks = clocks
    table.in_mode(ClockMode.REAL)
    table.clock.judge()
    assert table.verdicts == {KEEPS: "FAIL", STAYS: "PASS"}


# --- in a sampling --------------------------------------------------------------------------------------------------


def test_a_failure_that_a_sample_shows_is_raised_after_the_lease_was_looked_at(tmp_path: Path) -> None:
    """Whoever lost the bench to somebody else is told that, and not that the pump failed."""
    told: list[str] = []

    def keep_lease() -> None:
        told.append("lease")

    with scene(tmp_path) as at:
        at.bench.keep_lease = keep_lease  # type: ignore[method-assign]
        session, clock = SamplingSession(at.setting), PumpClock(at.setting, Judging(at.setting.run))
        session.sampling.samples.subscribe(clock.on_sample)
        session.begin()
        session.start()
        at.bench.scheduler.pass_until(60.0)
        told.clear()
        read = at.bench.pump.read
        at.bench.pump.read = lambda: type(read())(**{**vars(read()), "device_clock_s": 1.0})  # type: ignore[method-assign]
        with pytest.raises(PumpFailure, match="its clock went back"):
            at.bench.scheduler.pass_until(90.0)
        assert told == ["lease"]
        assert at.verdicts[STAYS] == "FAIL"
        (last,) = [line for line in at.lines() if line.kind == "sample" and line.data["device_clock_s"] == 1.0]
        assert last.t_s == 90.0  # the sample that shows it is kept
