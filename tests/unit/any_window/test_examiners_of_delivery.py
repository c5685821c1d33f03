# SPDX-License-Identifier: Apache-2.0
"""What the examiners say of imagined pumps: good ones pass, and each class of bad ones fails by its own judgement."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from bench.acceptance import Standing
from bench.account import GivenCommand, InfusionRecord, examine
from bench.account.any_window import examine_excess, examine_shortfall
from bench.account.run_down import examine_run_down
from bench.account.start_up import examine_start_up
from bench.injectors import Injection
from bench.injectors.kinds.disconnect import Disconnect
from bench.injectors.kinds.kink import Kink
from bench.therapy import AcceptedBolus, Flex, Step, WithPatientBolus
from instruments.pump import Command
from metrology.verdict import Judgement, Measurement, Verdict, judge, worst
from tests.any_window.imagined_pumps import Fault, imagined
from tests.any_window.imagined_record import command, record_of, with_mass_added

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
RATES = (2.0, 10.0, 41.6667, 208.333, 1000.0)
MIDDLE = 41.6667
GOOD = Fault()


def judged(record: InfusionRecord) -> list[tuple[Standing, Judgement]]:
    return [
        (one.standing, judge(one.found) if isinstance(one.found, Measurement) else one.found)
        for one in examine(record)
        if one.standing in {Standing.EXCESS, Standing.SHORTFALL, Standing.START_UP, Standing.RUN_DOWN}
    ]


def verdict_of(record: InfusionRecord, standing: Standing | None = None) -> Verdict:
    return worst(one.verdict for of, one in judged(record) if standing in {None, of})


def infusion(rate: float, hours: float = 12.0, fault: Fault = GOOD, seed: int = 5) -> InfusionRecord:
    batch = imagined(np.random.default_rng(seed), rate, hours, 1, fault)
    return record_of(batch.times_s[0], batch.masses_mg[0], rate, batch.stopped_s)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hours", [4.0, 12.0])
def test_a_good_pump_passes_every_question(rate: float, hours: float) -> None:
    found = judged(infusion(rate, hours))
    assert {standing for standing, _ in found} == {
        Standing.EXCESS,
        Standing.SHORTFALL,
        Standing.START_UP,
        Standing.RUN_DOWN,
    }
    assert {one.verdict for _, one in found} == {PASS}


@pytest.mark.parametrize(
    ("rate", "fault", "standing"),
    [
        (2.0, Fault(burst_ul=10.0), Standing.EXCESS),
        (MIDDLE, Fault(burst_ul=10.0), Standing.EXCESS),
        (208.333, Fault(burst_ul=40.0), Standing.EXCESS),
        (MIDDLE, Fault(wave=0.6), Standing.EXCESS),
        (2.0, Fault(stall_s=900.0), Standing.SHORTFALL),
        (MIDDLE, Fault(stall_s=600.0), Standing.SHORTFALL),
        (1000.0, Fault(stall_s=1200.0, catches_up=True), Standing.SHORTFALL),
        (1000.0, Fault(wave=0.6), Standing.SHORTFALL),
        (10.0, Fault(late_s=600.0), Standing.START_UP),
        (MIDDLE, Fault(late_s=600.0), Standing.START_UP),
        (2.0, Fault(first_hours=1.0), Standing.START_UP),
        (MIDDLE, Fault(first_hours=0.25), Standing.START_UP),
        (MIDDLE, Fault(run_on_s=100.0), Standing.RUN_DOWN),
        (1000.0, Fault(run_on_s=100.0), Standing.RUN_DOWN),
    ],
)
def test_each_class_of_bad_pumps_fails_by_its_own_judgement(rate: float, fault: Fault, standing: Standing) -> None:
    assert verdict_of(infusion(rate, 14.0, fault), standing) is FAIL


def test_a_short_stall_at_the_slowest_rate_is_found_by_its_silence_and_not_by_mass() -> None:
    found = [
        one for standing, one in judged(infusion(2.0, 12.0, Fault(stall_s=750.0))) if standing is Standing.SHORTFALL
    ]
    assert [one.verdict for one in found] == [INCONCLUSIVE, FAIL]
    assert found[1].measurand == "longest time without a stroke"


def test_the_verdict_names_the_window_and_has_two_sides() -> None:
    (finding,) = examine_excess(infusion(MIDDLE, fault=Fault(burst_ul=20.0)))
    assert isinstance(finding.found, Measurement)
    many = finding.found.worst_of_many
    assert many is not None
    # A minute of programmed rate with accuracy is taken off; what the pump gives of it is not.
    assert finding.found.quantity.value == pytest.approx(20.0, abs=0.6)
    assert many.at_least < finding.found.quantity.value < many.at_most
    assert many.allowance == pytest.approx(0.55, abs=0.02)
    assert finding.found.limits.upper == pytest.approx(4.222, abs=1e-3)
    assert "min of the rate" in finding.found.name


def knocked(record: InfusionRecord, size_mg: float, first: int, last: int | None) -> InfusionRecord:
    place = np.arange(len(record.samples))
    return with_mass_added(record, np.where((place >= first) & (place < (last or len(place))), size_mg, 0.0))


@pytest.mark.parametrize("rate", [2.0, MIDDLE, 1000.0])
@pytest.mark.parametrize("size_mg", [-100.0, -2.0, 2.0, 100.0])
@pytest.mark.parametrize("samples", [1, 2, 12])
def test_a_knock_that_goes_away_is_no_pumps(rate: float, size_mg: float, samples: int) -> None:
    assert verdict_of(knocked(infusion(rate), size_mg, 500, 500 + samples)) is PASS


def test_a_jump_that_nothing_answers_for_makes_no_verdict() -> None:
    record = knocked(infusion(MIDDLE), 12.0, 700, None)
    assert verdict_of(record, Standing.EXCESS) is INCONCLUSIVE
    assert verdict_of(record, Standing.SHORTFALL) is PASS


def test_a_jump_in_the_middle_of_a_stall_does_not_make_up_for_it() -> None:
    stalled = infusion(MIDDLE, fault=Fault(stall_s=600.0, every_s=1e9))
    mass_g = stalled.samples.mass_g[60:-60]
    begins = 60 + int(np.argmin(mass_g[20:] - mass_g[:-20]))
    assert verdict_of(stalled, Standing.SHORTFALL) is FAIL
    # Either half of the stall is inside the promise; only the whole of it is not, and that hangs on whose the jump was.
    assert verdict_of(knocked(stalled, 4.0, begins + 10, None), Standing.SHORTFALL) is INCONCLUSIVE


def counted(record: InfusionRecord, more_ul: float, first: int) -> InfusionRecord:
    counter_ul = record.samples.counter_ul + np.where(np.arange(len(record.samples)) >= first, more_ul, 0.0)
    return replace(record, samples=replace(record.samples, counter_ul=counter_ul))


def pressed(record: InfusionRecord, more_kpa: float, at: int) -> InfusionRecord:
    pressure_kpa = record.samples.pressure_kpa.copy()
    pressure_kpa[at] += more_kpa
    return replace(record, samples=replace(record.samples, pressure_kpa=pressure_kpa))


def commanded(record: InfusionRecord, at_s: float) -> InfusionRecord:
    given: Sequence[GivenCommand] = (*record.commands, command(Command.ACKNOWLEDGE, at_s))
    return replace(record, commands=tuple(given))


def test_a_jump_is_the_pumps_where_it_was_counted_pressed_commanded_or_came_again() -> None:
    jumped = knocked(infusion(MIDDLE), 12.0, 700, None)
    at_s = float(jumped.samples.at_s[700])
    assert verdict_of(counted(jumped, 12.0, 700), Standing.EXCESS) is FAIL
    assert verdict_of(pressed(jumped, 5.0, 700), Standing.EXCESS) is FAIL
    assert verdict_of(commanded(jumped, at_s - 40.0), Standing.EXCESS) is FAIL
    assert verdict_of(commanded(jumped, at_s - 400.0), Standing.EXCESS) is INCONCLUSIVE
    assert verdict_of(knocked(jumped, 12.0, 900, None), Standing.EXCESS) is FAIL


def test_drops_that_fall_from_the_outlet_are_the_rigs() -> None:
    record = infusion(MIDDLE)
    ran_s = np.clip(record.samples.at_s, 0, None)
    hanging_mg = -((MIDDLE / 3600 * ran_s) % 12.0) * 0.997
    found = verdict_of(with_mass_added(record, hanging_mg), Standing.EXCESS)
    assert found is INCONCLUSIVE


def in_a_dead_band(record: InfusionRecord, width_mg: float) -> InfusionRecord:
    """Return the record of a display that moves only where the load has moved by more than a width."""
    shown_mg, shows_mg = [], float("-inf")
    for mg in (1000 * record.samples.mass_g).tolist():
        shows_mg = mg if abs(mg - shows_mg) > width_mg else shows_mg
        shown_mg.append(shows_mg)
    return with_mass_added(record, np.array(shown_mg) - 1000 * record.samples.mass_g)


@pytest.mark.parametrize("seed", range(6))
def test_a_display_that_swallows_a_stroke_fails_no_good_pump_and_hides_no_stall_of_hours(seed: int) -> None:
    found = judged(in_a_dead_band(infusion(2.0, 14.0, seed=seed), 0.5))
    assert FAIL not in {one.verdict for _, one in found}
    assert INCONCLUSIVE in {one.verdict for _, one in found}
    stalled = in_a_dead_band(infusion(2.0, 14.0, Fault(stall_s=7200.0), seed), 0.5)
    assert verdict_of(stalled, Standing.SHORTFALL) is FAIL


def shaken(record: InfusionRecord, sd_mg: float, seed: int) -> InfusionRecord:
    """Return the record of a table that vibrated for ten minutes after six hours."""
    at_s, scatter_mg = record.samples.at_s, sd_mg * np.random.default_rng(seed).normal(size=len(record.samples))
    return with_mass_added(record, np.where((at_s >= 21600) & (at_s < 22200), scatter_mg, 0.0))


@pytest.mark.parametrize(("rate", "burst_ul"), [(2.0, 10.0), (MIDDLE, 10.0), (208.333, 40.0)])
@pytest.mark.parametrize("seed", range(5))
def test_a_table_that_vibrates_for_ten_minutes_fails_no_good_pump_and_hides_no_bad_one(
    rate: float, burst_ul: float, seed: int
) -> None:
    found = judged(shaken(infusion(rate, 14.0), 2.0, seed))
    assert FAIL not in {one.verdict for _, one in found}
    assert INCONCLUSIVE in {one.verdict for _, one in found}
    for fault, standing in ((Fault(burst_ul=burst_ul), Standing.EXCESS), (Fault(stall_s=3600.0), Standing.SHORTFALL)):
        assert verdict_of(shaken(infusion(rate, 14.0, fault), 2.0, seed), standing) is FAIL


@pytest.mark.parametrize("rate", [2.0, 10.0])
def test_a_fall_of_the_display_after_the_first_arrival_makes_no_good_pump_late(rate: float) -> None:
    at = int(2.5 * 120)  # a sample every half minute
    assert verdict_of(knocked(infusion(rate), -15.0, at, None), Standing.START_UP) in {PASS, INCONCLUSIVE}
    late = infusion(rate, 14.0, Fault(late_s=7000.0))
    assert verdict_of(knocked(late, -15.0, at, None), Standing.START_UP) is FAIL


def test_a_fall_of_the_display_that_stays_leaves_both_sides_and_no_pass() -> None:
    assert verdict_of(knocked(infusion(MIDDLE), -30.0, 700, None), Standing.EXCESS) is INCONCLUSIVE
    burst = knocked(infusion(MIDDLE, fault=Fault(burst_ul=40.0)), -30.0, 1400, None)
    assert verdict_of(burst, Standing.EXCESS) is FAIL


def thinned(
    record: InfusionRecord, keep: np.ndarray[tuple[int], np.dtype[np.bool_]], interval_s: float
) -> InfusionRecord:
    columns = {name: column[keep] for name, column in vars(record.samples).items()}
    return replace(record, samples=type(record.samples)(**columns), interval_s=interval_s)


def test_a_long_gap_hides_what_a_short_one_does_not() -> None:
    record = infusion(MIDDLE)
    at_s = record.samples.at_s
    for gap_s, wanted in ((180.0, PASS), (900.0, INCONCLUSIVE)):
        left = thinned(record, (at_s < 20000.0) | (at_s > 20000.0 + gap_s), record.interval_s)
        assert verdict_of(left, Standing.EXCESS) is wanted
        assert verdict_of(left, Standing.SHORTFALL) is wanted


def test_a_night_that_the_plan_left_unread_hides_nothing_that_is_asked_and_what_came_in_it_counts() -> None:
    for fault, wanted in ((GOOD, PASS), (Fault(burst_ul=60.0), INCONCLUSIVE)):  # the window over the night FAILs it
        record = infusion(MIDDLE, fault=fault)
        at_s = record.samples.at_s
        night = 10000.0, 30000.0
        left = thinned(record, (at_s < night[0]) | (at_s > night[1]), record.interval_s)
        assert verdict_of(replace(left, unread=(night,)), Standing.EXCESS) is wanted
        assert verdict_of(left, Standing.SHORTFALL) is INCONCLUSIVE
        assert verdict_of(replace(left, unread=(night,)), Standing.SHORTFALL) is PASS


def test_samples_every_two_minutes_judge_as_well() -> None:
    for fault, wanted in ((Fault(), PASS), (Fault(burst_ul=20.0), FAIL), (Fault(stall_s=1200.0), FAIL)):
        record = infusion(MIDDLE, fault=fault)
        at_s = record.samples.at_s
        regular, close = np.abs(at_s / 120.0 - np.round(at_s / 120.0)) < 0.01, (at_s > 0) & (at_s < 125.0)
        assert verdict_of(thinned(record, regular | close, 120.0)) is wanted


def test_noise_too_large_for_strokes_leaves_arrivals_unjudged() -> None:
    record = infusion(2.0)
    noisy = with_mass_added(record, 0.06 * np.random.default_rng(3).normal(size=len(record.samples)))
    found = [one for _, one in judged(noisy)]
    assert FAIL not in {one.verdict for one in found}
    assert not [one for one in found if one.measurand in {"longest time without a stroke", "arrival after a stop"}]


@pytest.mark.parametrize("rate", RATES)
def test_a_balance_that_wears_in_the_run_accuses_no_pump(rate: float) -> None:
    record = infusion(rate)
    worn_mg = np.where(record.samples.at_s > 7200.0, 2.0, 0.0) * np.random.default_rng(3).normal(
        size=len(record.samples)
    )
    assert FAIL not in {one.verdict for _, one in judged(with_mass_added(record, worn_mg))}


def kinked(record: InfusionRecord, from_s: float, to_s: float) -> InfusionRecord:
    """The catheter is shut; what was held back comes out on release."""
    at_s = record.samples.at_s
    held = np.interp(at_s, [from_s, to_s, to_s + 30.0], [0.0, MIDDLE * (to_s - from_s) / 3600, 0.0])
    injection = Injection(Kink(), 100.0, from_s, from_s + 1.0, to_s)
    shut = np.where((at_s > from_s) & (at_s < to_s), 100.0, 0.0)
    samples = replace(record.samples, kink_percent=shut, mass_g=record.samples.mass_g - held * 0.997e-3)
    return replace(record, samples=samples, injections=(injection,))


def test_under_a_kink_nothing_is_missing_and_on_its_release_what_was_stored_may_come() -> None:
    record = infusion(MIDDLE)
    assert verdict_of(kinked(record, 20000.0, 20900.0)) is PASS
    unexplained = replace(kinked(record, 20000.0, 20900.0), injections=())
    assert verdict_of(unexplained, Standing.SHORTFALL) is FAIL
    assert verdict_of(unexplained, Standing.EXCESS) is FAIL


def test_a_catheter_that_is_put_back_on_may_draw_liquid_in() -> None:
    record = infusion(2.0)
    drawn = knocked(record, -0.3, 700, None)
    assert verdict_of(drawn, Standing.SHORTFALL) is INCONCLUSIVE
    at_s = float(drawn.samples.at_s[700])
    off = Injection(Disconnect(), 100.0, at_s - 3600.0, at_s - 3599.0, at_s - 5.0)
    assert verdict_of(replace(drawn, injections=(off,)), Standing.SHORTFALL) is PASS


def test_an_interruption_of_the_run_ends_the_curve() -> None:
    record = infusion(MIDDLE)
    jumped = knocked(record, 12.0, 700, None)
    at_s = float(jumped.samples.at_s[699]) + 1.0
    assert verdict_of(replace(jumped, interruptions=((at_s, 0.1),)), Standing.EXCESS) is PASS


STEPS = (Step(0, 20.0), Step(360, 60.0), Step(480, 40.0))


def flex_day(shift_s: float, bolus_s: float | None = None) -> InfusionRecord:
    """A day in three steps, each late by so much, with a bolus of 20 µL in ten minutes."""
    rates = [(0.0, 20.0), (21600.0 + shift_s, 60.0), (28800.0 + shift_s, 40.0), (86400.0, 0.0)]
    at_s = np.unique(np.concatenate((np.arange(-300.0, 87601.0, 30.0), np.arange(86400.0, 86521.0, 10.0))))
    edges_s, each = np.array([at for at, _ in rates]), np.array([rate for _, rate in rates])
    at_edges = np.concatenate(([0.0], np.cumsum(each[:-1] * np.diff(edges_s) / 3600)))
    volume = np.interp(at_s, edges_s, at_edges)
    if bolus_s is not None:
        volume = volume + 20.0 * np.clip((at_s - bolus_s - 20.0) / 600.0, 0, 1)
    noise = 0.02 * np.random.default_rng(4).normal(size=len(at_s))
    record = record_of(at_s, volume + noise, 40.0, 86400.0, WithPatientBolus(Flex(STEPS), 20.0, 600, 7200, 4))
    if bolus_s is not None:
        record.schedule.boluses.append(AcceptedBolus(bolus_s, 20.0, 600.0))
    return record


def test_a_step_within_its_tolerance_passes_and_one_far_outside_fails() -> None:
    assert verdict_of(flex_day(290.0), Standing.SHORTFALL) is PASS
    assert verdict_of(flex_day(-290.0), Standing.EXCESS) is PASS
    assert verdict_of(flex_day(1500.0), Standing.SHORTFALL) is FAIL
    assert verdict_of(flex_day(-1500.0), Standing.EXCESS) is FAIL


def test_each_rate_of_a_day_is_held_against_what_it_allows_itself() -> None:
    found = [one.found for one in examine_excess(flex_day(0.0))]
    limits = [one.limits.upper for one in found if isinstance(one, Measurement)]
    assert limits == pytest.approx([0.75 + 5.0, 0.75 + 20 / 12, 0.75 + 40 / 12])


def test_a_bolus_that_was_accepted_is_allowed_for_and_one_that_was_not_is_an_excess() -> None:
    asked, unasked = flex_day(0.0, 40000.0), flex_day(0.0, 40000.0)
    unasked.schedule.boluses.clear()
    assert verdict_of(asked, Standing.EXCESS) is PASS
    assert verdict_of(unasked, Standing.EXCESS) is FAIL
    missing = flex_day(0.0)
    missing.schedule.boluses.append(AcceptedBolus(40000.0, 20.0, 600.0))
    assert verdict_of(missing, Standing.SHORTFALL) is FAIL


def test_where_nothing_was_programmed_nothing_is_decided() -> None:
    record = infusion(MIDDLE)
    schedule = type(record.schedule)(record.schedule.therapy)
    idle = replace(record, schedule=schedule)
    for examiner in (examine_excess, examine_shortfall, examine_start_up, examine_run_down):
        (finding,) = examiner(idle)
        assert isinstance(finding.found, Judgement)
        assert finding.found.verdict is INCONCLUSIVE


def test_at_the_slowest_rate_a_quarter_more_for_two_hours_is_found_by_the_pace_of_strokes() -> None:
    found = [one for _, one in judged(infusion(2.0, 24.0, Fault(first_hours=0.25))) if one.verdict is FAIL]
    assert [one.measurand for one in found] == ["pace of the first two hours"]
