# SPDX-License-Identifier: Apache-2.0
"""Marks, blanks and delivery windows: every figure of them, on a table whose truth is known."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.clock import Clock
from bench.journal import Journal
from bench.retrying_reader import RetryingReader
from bench.sampling import BalanceWatch
from bench.scheduler import Scheduler
from bench.weighing import Blank, BolusRequest, DeliveryWindow, ThreeVolumes, TimedMark, Weighing, measure_blank, tare
from groundfloor.errors import BenchFault
from groundfloor.inconclusive import Inconclusive
from instruments.balance import BalanceBusy, BalanceIdentity, MassReading
from instruments.pump import CommandResult, PumpReading, PumpState
from instruments.rig import RigReading
from metrology.gravimetry import BalanceMark, Conditions, Evaporation
from metrology.verdict import Verdict, judge
from tests.unit.imagined_weighing import PROFILE, imagined_file, weighing
from tests.unit.test_preflight_checks import HandClock

HOUR_S = 3600.0
RATE_UL_PER_H = 60.0
UL_PER_G = 1002.851
AIR = Conditions(20.0, 1013.25, 50.0)
PROGRAMMED_UL = 120.0
TOLERANCE_UL = 0.145 * PROGRAMMED_UL


class Table:
    """A bench whose pump delivers evenly, whose clock runs 1000 s ahead, and whose air grows denser."""

    def __init__(self, file: BenchFile, mass_g: Callable[[float], float], rate_ul_per_h: float = RATE_UL_PER_H) -> None:
        self.hand, self.file, self._mass_g, self._rate = HandClock(), file, mass_g, rate_ul_per_h
        self.clock = cast(Clock, self.hand)
        self.scheduler, self.reader = Scheduler(self.clock), RetryingReader(self.clock)
        self.balance, self.pump, self.rig = self, Answering(self.pump_reading), Answering(self.rig_reading)
        self.second = None
        self.pump_takes_s = 0.0
        self.busy = 0
        self.zero_g = 0.0

    def identify(self) -> BalanceIdentity:
        return BalanceIdentity("WXS", "B", "1", 100.0)

    def read_mass_g(self) -> MassReading:
        return MassReading(self._mass_g(self.hand.time_s) - self.zero_g, True)

    def tare(self) -> None:
        self.busy -= 1
        if self.busy >= 0:
            raise BalanceBusy("balance", "tare", "not stable", "wait")
        self.zero_g = self._mass_g(self.hand.time_s)

    def pump_reading(self) -> PumpReading:
        now_s = self.hand.time_s
        self.hand.time_s += self.pump_takes_s
        counter_ul = self._rate * now_s / HOUR_S
        return PumpReading(
            1000.0 + now_s, PumpState.INFUSING, self._rate, counter_ul, 9e3, 90.0, 1.0, frozenset(), 0, 0
        )

    def rig_reading(self) -> RigReading:
        pressure_hpa = 1000.0 + self.hand.time_s / HOUR_S
        return RigReading(0.0, False, 0.0, False, 6000, 1.0, 20.0, pressure_hpa, 50.0, False, 0.1)


class Answering:
    def __init__(self, read: Callable[[], object]) -> None:
        self.read = read


def table(mass_g: Callable[[float], float], rate_ul_per_h: float = RATE_UL_PER_H) -> Table:
    return Table(imagined_file(), mass_g, rate_ul_per_h)


def bench(of: Table) -> Bench:
    return cast(Bench, of)


def rising(time_s: float) -> float:
    return 1.0 + 0.06 * time_s / HOUR_S


def test_a_mark_is_made_of_what_all_devices_showed_at_its_mean_instant() -> None:
    on = table(rising)
    on.hand.time_s = 7200.0
    mark = Weighing(bench(on), Evaporation(0.0, 0.01)).mark()
    assert (mark.mass.time_s, mark.mass.readings, mark.mass.span_s) == (7205.0, 11, 10.0)
    assert mark.mass.mass_g == pytest.approx(rising(7205.0), abs=1e-9)
    assert mark.device_clock_s == pytest.approx(8205.0)
    assert mark.counter_ul == pytest.approx(RATE_UL_PER_H * 7205 / HOUR_S)
    assert mark.conditions.air_pressure_hpa == pytest.approx(1002.0, abs=2e-3)
    assert mark.mass.reading_takes_s == 0.0
    assert TimedMark.from_dict(mark.as_dict()) == mark


def test_a_pump_that_answers_slowly_makes_the_instant_of_a_mark_uncertain_and_its_clock_is_turned_back_to_it() -> None:
    on = table(rising)
    on.pump_takes_s = 2.0
    mark = Weighing(bench(on), Evaporation(0.0, 0.01)).mark()
    assert mark.mass.reading_takes_s == 2.0
    late_s = mark.mass.time_s - 5.0
    assert late_s == pytest.approx(1 / 11)  # the reading after the pump's came a second later than planned
    assert mark.device_clock_s == pytest.approx(1005.0 + late_s)


def test_the_bench_file_says_what_the_volumes_are_weighed_with() -> None:
    file = imagined_file()
    file = file.model_copy(update={"balance": file.balance.model_copy(update={"steady_drift_mg_per_day": 0.48})})
    setup = Weighing(bench(Table(file, rising)), Evaporation(0.03, 0.01, 59, 1.0, 0.0)).setup
    assert setup.evaporation.drift_mg_per_h == pytest.approx(0.02)
    assert setup.evaporation.change_half_width_mg_per_h == file.preflight.blank_change_mg_per_h == 0.02
    assert (setup.balance.readability_mg, setup.balance.drift_mg_per_day) == (0.01, 0.2)
    assert setup.balance.calibration_expanded_uncertainty_mg == 0.05
    assert setup.vessel.excess_volume_ml == pytest.approx(50 * (1 / 2.23 - 1 / 8) + 10 * (1 / 0.998 - 1 / 8), rel=1e-3)
    assert (setup.vessel.gross_g, setup.balance.sensitivity_per_c) == (80.0, pytest.approx(1.5e-6))
    assert (setup.vessel.drop_mg, setup.vessel.static_mg, setup.vessel.static_below_percent) == (0.0, 1.0, 40.0)


def test_the_air_of_the_samples_between_the_marks_counts_and_not_that_of_the_marks_alone() -> None:
    on = table(rising)
    watch = BalanceWatch(bench(on), cast(Journal, None), "I-0001", 0.02, 0.5)
    blank = Evaporation(0.06, 0.01, 59, 1.0, 0.0, temperature_c=21.0, humidity_percent=50.0)
    watched, alone = (Weighing(bench(on), blank, None, one) for one in (watch, None))
    ends = mark(0.0, 1.0, 0.0), mark(86400.0, 1.048, 48.0)
    for hour in range(1, 24):
        watch.air.see(3600.0 * hour, 23.0, 1013.0, 25.0)
    seen, guessed = (one.volume(*ends, 0.5) for one in (watched, alone))
    assert seen.span.conditions.temperature_c == pytest.approx(23.0, abs=0.2)
    assert seen.span.conditions.least_humidity_percent == 25.0
    scale = blank.scale_to(seen.span.conditions)
    assert scale == pytest.approx(1.67, abs=0.04)
    gained_ul = 24 * 0.06 * (scale - blank.scale_to(guessed.span.conditions))
    warmer_ul = 48 * 4.6e-4  # of water, two degrees warmer
    assert seen.quantity.value - guessed.quantity.value == pytest.approx(gained_ul + warmer_ul, rel=0.05)
    dry = [line.name for line in seen.quantity.budget if line.name.startswith("static charge")]
    assert len(dry) == 2


def test_the_blank_knows_the_air_that_it_was_weighed_in() -> None:
    blank = measure_blank(bench(table(losing, rate_ul_per_h=0.0)), HOUR_S)
    assert blank.air is not None
    assert blank.evaporation.humidity_percent == blank.air.humidity_percent
    assert Blank.from_dict(blank.as_dict()) == blank


def mark(time_s: float, mass_g: float, counter_ul: float, air: Conditions = AIR) -> TimedMark:
    return TimedMark(BalanceMark(time_s, mass_g, 0.0, 0.0, 9, 11), time_s, counter_ul, air)


def window(weighed_ul: float, counted_ul: float, **more: float) -> DeliveryWindow:
    """Two hours, 120 µL programmed; the pump's counter begins at 500 µL."""
    ends = mark(HOUR_S, 1.0, 500.0), mark(3 * HOUR_S, 1.0 + weighed_ul / UL_PER_G, 500.0 + counted_ul)
    on = weighing(blank=Evaporation(0.0, 0.01, 59, 1.0, 0.0))
    volume = on.volume(*ends, 0.0 if "stopped" in more else PROFILE.stroke_volume_ul.value)
    half_width_ul = more.get("interruption_ul", 0.0)
    return DeliveryWindow("window", *ends, PROGRAMMED_UL, volume, PROFILE, half_width_ul)


def test_the_rate_of_a_window_is_its_volume_over_its_hours() -> None:
    rate = window(119.0, 119.0).mean_rate
    assert (rate.value, rate.unit) == (pytest.approx(59.5, rel=1e-5), "µL/h")
    assert rate.standard_uncertainty == pytest.approx(window(119.0, 119.0).weighed.standard_uncertainty / 2)


def test_a_reading_late_by_a_second_is_wrong_by_what_the_pump_counted_in_a_second() -> None:
    lines = [line for line in window(119.0, 119.0).weighed.budget if line.name.startswith("timing ")]
    assert [line.sensitivity for line in lines] == pytest.approx([-119 / 2 / HOUR_S, 119 / 2 / HOUR_S])


def test_the_air_of_a_window_is_the_mean_of_its_ends_and_what_rose_from_the_first_to_the_second() -> None:
    later = replace(AIR, air_pressure_hpa=1019.25)
    on = weighing()
    span = on.volume(mark(0.0, 1.0, 0.0), mark(HOUR_S, 1.1, 60.0, later), 0.0).span
    assert (span.conditions.air_pressure_hpa, span.conditions.air_pressure_rise_hpa) == (1016.25, 6.0)


@pytest.mark.parametrize(
    ("weighed_ul", "verdict"), [(120.0, Verdict.PASS), (140.0, Verdict.FAIL), (100.0, Verdict.FAIL)]
)
def test_the_weighed_volume_is_held_against_the_program(weighed_ul: float, verdict: Verdict) -> None:
    found = window(weighed_ul, weighed_ul)
    assert found.tolerance_ul == pytest.approx(TOLERANCE_UL)
    assert (found.volume.limits.lower, found.volume.limits.upper) == pytest.approx((102.6, 137.4))
    assert judge(found.volume).verdict is verdict
    assert found.rate_error.quantity.value == pytest.approx(100 * (weighed_ul / PROGRAMMED_UL - 1), abs=1e-3)
    assert (found.rate_error.limits.lower, found.rate_error.limits.upper) == (-14.5, 14.5)
    assert judge(found.rate_error).verdict is verdict


def test_a_counter_that_has_more_than_the_balance_is_a_missing_volume() -> None:
    leaky, tight = window(80.0, 120.0), window(120.0, 120.0)
    assert leaky.counter_ul == 120.0
    assert leaky.missing.quantity.value == pytest.approx(40.0, abs=1e-3)
    limits = leaky.missing.limits
    assert (limits.lower, limits.upper) == pytest.approx((TOLERANCE_UL, PROGRAMMED_UL + TOLERANCE_UL))
    assert judge(leaky.missing).verdict is Verdict.PASS
    assert judge(tight.missing).verdict is Verdict.FAIL
    assert judge(window(160.0, 120.0).missing).verdict is Verdict.FAIL
    limits = leaky.counter_against_balance.limits
    assert (limits.lower, limits.upper) == pytest.approx((-TOLERANCE_UL, TOLERANCE_UL))
    assert judge(leaky.counter_against_balance).verdict is Verdict.FAIL
    assert judge(tight.counter_against_balance).verdict is Verdict.PASS


def test_no_more_can_be_missing_than_was_programmed_and_behind_a_leak_not_much_more_than_its_share() -> None:
    assert judge(window(0.0, 120.0).missing).verdict is Verdict.PASS
    assert judge(window(0.0, 3 * 120.0).missing).verdict is Verdict.FAIL
    assert judge(window(84.0, 120.0).leaked(30.0)).verdict is Verdict.PASS
    assert judge(window(40.0, 120.0).leaked(30.0)).verdict is Verdict.FAIL
    for percent, most_ul in ((30.0, 54.0), (60.0, 108.0), (80.0, 120.0)):
        limits = window(84.0, 120.0).leaked(percent).limits
        assert (limits.lower, limits.upper) == pytest.approx((TOLERANCE_UL, most_ul + TOLERANCE_UL))


def test_an_unfinished_stroke_counts_once_and_is_the_counters_where_the_volume_has_none() -> None:
    running, stopped = window(120.0, 120.0), window(120.0, 120.0, stopped=1.0)
    of_the_counter = 0.5 / 6**0.5
    assert running.counter_against_balance.quantity.standard_uncertainty == pytest.approx(
        running.weighed.standard_uncertainty
    )
    assert stopped.counter_against_balance.quantity.standard_uncertainty == pytest.approx(
        (stopped.weighed.standard_uncertainty**2 + of_the_counter**2) ** 0.5
    )
    assert stopped.counter_against_balance.quantity.value == pytest.approx(0.0, abs=1e-3)
    assert running.counter_against_program.quantity.standard_uncertainty == pytest.approx(of_the_counter)
    assert judge(window(120.0, 140.0).counter_against_program).verdict is Verdict.FAIL


def test_what_an_interruption_leaves_open_is_in_the_weighed_volume_and_in_the_counted_one_alike() -> None:
    plain, interrupted = window(120.0, 120.0), window(120.0, 120.0, interruption_ul=3.0)
    assert interrupted.weighed.standard_uncertainty**2 == pytest.approx(plain.weighed.standard_uncertainty**2 + 3.0)
    assert interrupted.weighed.value == plain.weighed.value
    assert [line.name for line in plain.weighed.budget].count("stop at an interruption") == 0
    counted = interrupted.counter_against_program.quantity
    assert counted.standard_uncertainty**2 == pytest.approx(0.5**2 / 6 + 3.0)
    both = interrupted.weighed - interrupted.weighed
    assert both.standard_uncertainty == 0.0  # one stop, however often the volume is asked for


@pytest.mark.parametrize("outcome", [CommandResult.ACCEPTED, CommandResult.LOCKOUT])
@pytest.mark.parametrize(("wanted", "programmed_ul"), [(CommandResult.ACCEPTED, 20.0), (CommandResult.LOCKOUT, 0.0)])
def test_a_bolus_is_held_against_what_the_pump_had_to_give_whatever_it_answered(
    wanted: CommandResult, programmed_ul: float, outcome: CommandResult
) -> None:
    around, basal = window(140.0, 140.0), window(120.0, 120.0)
    found = BolusRequest("first", 0.0, outcome, ()).volume(around, basal, wanted, 20.0)
    assert found.quantity.value == pytest.approx(20.0, abs=1e-3)
    assert (found.limits.lower, found.limits.upper) == pytest.approx((programmed_ul - 2.9, programmed_ul + 2.9))


def test_of_the_windows_left_open_the_longest_is_judged() -> None:
    volumes, short = ThreeVolumes(), window(120.0, 120.0)
    long = replace(short, name="long", end=mark(5 * HOUR_S, 1.0, 740.0))
    for one in (short, long):
        volumes.add(one)
    assert volumes.left_open is not None
    assert volumes.left_open.name.startswith("long: ")


def losing(time_s: float) -> float:
    return 1.0 - 1e-4 * time_s / HOUR_S


def test_a_blank_is_weighed_from_its_first_reading_to_its_last_over_the_time_asked_for() -> None:
    on = table(losing, rate_ul_per_h=0.0)
    blank = measure_blank(bench(on), HOUR_S)
    assert (len(blank.times_s), blank.times_s[0], blank.times_s[1], blank.times_s[-1]) == (361, 0.0, 10.0, HOUR_S)
    assert on.hand.time_s == HOUR_S
    # 0.1 mg/h; the air lifted by 1 hPa takes 25 mL × 1.19e-3 kg/m³ of it
    assert blank.evaporation.rate_mg_per_h == pytest.approx(0.1 - blank.lost_to_air_mg, abs=1e-6)
    assert blank.lost_to_air_mg == pytest.approx(0.0297, rel=0.02)
    assert blank.clocks.error_ppm == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("rate_ul_per_h", [5.0, -5.0])
def test_no_blank_is_weighed_while_the_pump_runs(rate_ul_per_h: float) -> None:
    with pytest.raises(BenchFault, match="stop it first"):
        measure_blank(bench(table(losing, rate_ul_per_h)), HOUR_S)


def test_a_blank_with_a_mass_that_cannot_be_decides_nothing() -> None:
    with pytest.raises(Inconclusive, match="its range ends at 100 g"):
        measure_blank(bench(table(lambda time_s: 102.0 if time_s == 600.0 else 1.0, 0.0)), HOUR_S)


class OneBehind(Table):
    """Its balance answers each question with what the one before should have got."""

    untold = MassReading(60.0, True)

    def read_mass_g(self) -> MassReading:
        told, self.untold = self.untold, super().read_mass_g()
        return told


def test_a_balance_that_answers_one_question_late_is_found_right_after_a_tare() -> None:
    on = OneBehind(imagined_file(), losing)
    with pytest.raises(
        BenchFault, match=r"right after it 60\.00000 g is shown, .* each answer is that to the question before"
    ):
        tare(bench(on))


def test_a_balance_that_does_not_show_zero_after_a_tare_is_refused() -> None:
    on = table(losing)
    on.tare = lambda: None  # type: ignore[method-assign]  # it takes the command and does nothing
    with pytest.raises(BenchFault, match=r"right after it 1\.00000 g is shown, not zero\. Next"):
        tare(bench(on))


def test_a_balance_that_is_not_at_rest_is_given_a_minute() -> None:
    on = table(losing)
    on.busy = 59
    tare(bench(on))
    assert on.hand.time_s == 59.0
    on.busy = 60
    with pytest.raises(BenchFault, match="not stable within 60 s"):
        tare(bench(on))
