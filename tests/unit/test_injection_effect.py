# SPDX-License-Identifier: Apache-2.0
"""What flow and pressure say of an injector: confirmed, contradicted, or nothing yet."""

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bench.injectors import (
    EffectPoint,
    EffectState,
    EffectTolerance,
    InjectionEffect,
    LostShare,
    PromisedEffect,
    ReleaseEffect,
    held_against,
    injector_named,
)

TOLERANCE = EffectTolerance(
    reading_mg=0.1,
    stroke_ul=0.5,
    stored_ul=0.0,
    loss_mg_per_h=0.05,
    loss_half_width_mg_per_h=0.05,
    compliance_ul_per_kpa=0.25,
)
CONFIRMED, CONTRADICTED, UNKNOWN = EffectState.CONFIRMED, EffectState.CONTRADICTED, EffectState.UNKNOWN
NONE = math.nan


def promise(name: str, percent: float = 100.0) -> PromisedEffect:
    promised = injector_named(name).promised(percent)
    assert promised is not None
    return promised


def points(
    rate_ul_per_h: float,
    passing: float,
    minutes: float,
    pressures_kpa: Sequence[float] = (1.2, 1.2),
    accuracy: float = 0.0,
) -> list[EffectPoint]:
    """One sample each half minute, from the confirmation at 0 s on; the vessel loses what the blank said."""
    found = []
    for number in range(int(2 * minutes) + 1):
        at_s = 30.0 * number
        due_ul = rate_ul_per_h * at_s / 3600
        lost_mg = TOLERANCE.loss_mg_per_h * at_s / 3600
        share = min(1.0, number / max(1, 2 * minutes))
        kpa = pressures_kpa[0] + share * (pressures_kpa[1] - pressures_kpa[0])
        found.append(EffectPoint(at_s, due_ul * passing * (1 + accuracy) - lost_mg, due_ul, (kpa, 1.2)))
    return found


def finding(promised: PromisedEffect, seen: Sequence[EffectPoint], until_s: float = math.inf) -> EffectState:
    before = EffectPoint(-30.0, 0.0, 0.0, seen[0].pressures_kpa)
    effect = InjectionEffect(promised, TOLERANCE, 0.0, before)
    for point in seen:
        effect.see(point)
    return effect.finding(until_s).state


@pytest.mark.parametrize("rate_ul_per_h", [2.0, 41.7, 1000.0])
def test_a_full_kink_is_told_by_the_flow_within_the_time_of_its_alarm(rate_ul_per_h: float) -> None:
    minutes = 18.75 / rate_ul_per_h * 60 + 2
    kink = promise("kink")
    assert finding(kink, points(rate_ul_per_h, 0.0, minutes)) is CONFIRMED
    assert finding(kink, points(rate_ul_per_h, 1.0, minutes)) is CONTRADICTED
    assert finding(kink, points(rate_ul_per_h, 1.0, minutes, accuracy=-0.5)) is CONTRADICTED
    assert finding(kink, points(rate_ul_per_h, 0.4, minutes)) is CONTRADICTED


def test_a_pump_whose_own_sensor_is_dead_or_missing_does_not_hide_that_the_flow_has_ended() -> None:
    assert finding(promise("kink"), points(41.7, 0.0, 30, (1.2, 1.2))) is CONFIRMED
    assert finding(promise("kink"), points(41.7, 0.0, 30, (NONE, NONE))) is CONFIRMED


def test_a_pressure_that_rises_does_not_confirm_a_kink_through_which_all_flows() -> None:
    assert finding(promise("kink"), points(41.7, 1.0, 30, (1.2, 70.0))) is CONTRADICTED


@pytest.mark.parametrize(
    ("pressures_kpa", "state"),
    [((1.2, 0.0), CONFIRMED), ((1.2, 1.2), UNKNOWN), ((0.1, 0.0), UNKNOWN), ((NONE, NONE), UNKNOWN)],
    ids=["it falls", "it stays", "there was none", "no sensor"],
)
def test_a_disconnection_at_the_lowest_rate_is_told_by_the_pressure_until_the_flow_can(
    pressures_kpa: tuple[float, float], state: EffectState
) -> None:
    assert finding(promise("disconnect"), points(2.0, 0.0, 10, pressures_kpa)) is state
    assert finding(promise("disconnect"), points(2.0, 0.0, 180, pressures_kpa)) is CONFIRMED
    assert finding(promise("disconnect"), points(2.0, 1.0, 180, (1.2, 0.0))) is CONTRADICTED


@pytest.mark.parametrize("passing", [0.0, 1.0])
def test_when_it_says_that_it_can_tell_it_tells(passing: float) -> None:
    effect = InjectionEffect(promise("disconnect"), TOLERANCE, 0.0)
    for point in points(2.0, passing, 600):
        effect.see(point)
        if effect.tells:
            break
    assert effect.finding().state is (CONFIRMED if passing == 0 else CONTRADICTED)
    assert 2.0 < point.programmed_ul < 6.0


def test_a_kink_of_which_the_pressure_rises_as_it_must_is_confirmed_before_the_flow_can_tell() -> None:
    assert finding(promise("kink"), points(2.0, 0.0, 60, (1.2, 12.0))) is CONFIRMED
    for too_little_kpa in (2.0, 4.2):
        assert finding(promise("kink"), points(2.0, 0.0, 60, (1.2, too_little_kpa))) is UNKNOWN


def test_what_came_after_the_alarm_and_right_after_the_confirmation_does_not_count() -> None:
    seen = points(1000.0, 0.0, 2)
    stopped = [EffectPoint(point.at_s + 180, point.mass_mg + 40, point.programmed_ul + 50) for point in seen]
    effect = InjectionEffect(promise("kink"), TOLERANCE, 0.0)
    for point in [EffectPoint(4.9, -8.0, 0.0), *seen, *stopped]:
        effect.see(point)
    assert effect.finding(until_s=130.0).state is CONFIRMED
    assert effect.finding().state is CONTRADICTED


def test_a_display_that_gives_no_number_says_nothing() -> None:
    blind = [EffectPoint(one.at_s, math.nan, one.programmed_ul, one.pressures_kpa) for one in points(41.7, 0.0, 30)]
    assert finding(promise("kink"), blind) is UNKNOWN
    assert finding(promise("kink"), [*points(41.7, 0.0, 30), replace(blind[-1], at_s=1830.0)]) is CONFIRMED


def test_what_the_vessel_loses_by_itself_is_no_lost_flow() -> None:
    dry = replace(TOLERANCE, loss_mg_per_h=2.0)
    effect = InjectionEffect(promise("kink"), dry, 0.0)
    for point in points(2.0, 1.0, 360):
        effect.see(replace(point, mass_mg=0.0))
    assert effect.finding().state is CONTRADICTED


@pytest.mark.parametrize(
    ("percent", "accuracy", "passing", "state"),
    [
        (30.0, 0.145, 0.7, CONFIRMED),
        (30.0, -0.145, 0.7, CONFIRMED),
        (30.0, 0.145, 1.0, CONTRADICTED),
        (30.0, -0.14, 1.0, CONTRADICTED),
        (60.0, 0.5, 0.4, CONFIRMED),
        (60.0, 0.0, 1.0, CONTRADICTED),
    ],
)
def test_a_leak_is_told_from_a_tight_valve_for_every_pump_within_its_accuracy(
    percent: float, accuracy: float, passing: float, state: EffectState
) -> None:
    lost = LostShare(1 - passing * (1 + accuracy), 0.003)
    assert held_against(promise("leak", percent), lost) is state


def test_far_more_than_was_programmed_is_no_word_about_an_injector_that_does_nothing() -> None:
    field = promise("kink", 100.0)
    assert held_against(field, LostShare(-0.5, 0.05)) is CONTRADICTED
    assert held_against(field, LostShare(-3.0, 0.05)) is UNKNOWN


def test_what_lies_too_near_is_left_open() -> None:
    for share in (0.29, 0.31):
        assert held_against(promise("leak", 60.0), LostShare(share, 0.05)) is UNKNOWN


def test_a_pinch_promises_nothing_of_the_flow_and_a_magnet_that_none_goes_on_until_the_rotor_turns_again() -> None:
    assert injector_named("kink").promised(30.0) is None
    magnet = injector_named("magnet").promised(100.0)
    assert magnet is not None
    assert magnet.stops_the_flow
    assert not magnet.ends_with_it


# --- released -------------------------------------------------------------------------------------------------------


def released(name: str, percent: float, start_kpa: float, end: EffectPoint, *before: LostShare) -> ReleaseEffect:
    release = ReleaseEffect(promise(name, percent), TOLERANCE, EffectPoint(0.0, 0.0, 0.0, (start_kpa, 1.2)), before)
    release.see(end)
    return release


def later(mass_mg: float, kpa: float) -> EffectPoint:
    return EffectPoint(600.0, mass_mg, 7.0, (kpa, 1.2))


GONE = LostShare(1.0, 0.02)


def test_a_kink_that_lets_out_what_was_stored_is_released_and_a_pump_that_then_gives_nothing_is_bad() -> None:
    release = released("kink", 100.0, 61.0, later(12.0, 1.2))
    assert not release.holds_back(12.0)
    assert not release.still_stands(GONE, 0.145)


def test_a_kink_that_lets_nothing_out_still_stands() -> None:
    release = released("kink", 100.0, 61.0, later(0.02, 61.0))
    assert release.holds_back(12.0)
    assert release.still_stands(GONE, 0.145)


def test_a_clamp_that_opened_a_little_only_holds_the_pressure_up() -> None:
    assert released("kink", 100.0, 137.0, later(3.3, 124.6)).held_up.startswith(
        "the pressure over the outlet went from 135.8 to 123.4 kPa only in 600 s"
    )


@pytest.mark.parametrize(
    ("start_kpa", "end"),
    [
        (137.0, later(27.0, 1.2)),
        (137.0, later(27.0, 124.6)),
        (6.0, later(0.3, 6.0)),
        (NONE, later(0.3, NONE)),
        (137.0, EffectPoint(600.0, 0.3, 7.0, (137.0, 135.0))),
    ],
    ids=["free", "the pump's sensor sticks", "never pressed", "no sensor", "the outlet is high"],
)
def test_a_free_catheter_does_not_seem_to_hold_its_pressure_up(start_kpa: float, end: EffectPoint) -> None:
    assert not released("kink", 100.0, start_kpa, end).held_up


def test_a_kink_that_was_never_pressed_against_cannot_be_told_by_what_comes_out() -> None:
    assert not released("kink", 100.0, 1.2, later(0.0, 1.2)).holds_back(12.0)
    assert not released("kink", 100.0, 61.0, later(0.0, 61.0)).holds_back(2.0)
    assert released("kink", 100.0, NONE, later(0.0, NONE)).holds_back(12.0)


def test_a_catheter_that_fills_again_is_back_on_and_a_pump_that_then_gives_nothing_is_bad() -> None:
    assert released("disconnect", 100.0, 0.0, later(-0.3, 0.0)).still_stands(GONE, 0.145)
    assert not released("disconnect", 100.0, 0.0, later(-0.3, 1.2)).still_stands(GONE, 0.145)
    assert not released("disconnect", 100.0, 0.0, later(5.0, 0.0)).still_stands(LostShare(0.2, 0.02), 0.145)


@pytest.mark.parametrize(
    ("lost_before", "lost", "stands"),
    [
        (0.6, 0.6, True),
        (0.62, 0.58, True),
        (0.6, 0.0, False),
        (0.84, 0.6, False),
        (1.0, 1.0, False),
        (0.6, 1.0, False),
    ],
    ids=[
        "nothing changed",
        "nearly nothing",
        "it is tight",
        "it lost more before",
        "a pump that never gave anything",
        "a pump that stopped",
    ],
)
def test_a_leak_still_stands_where_a_good_pump_behind_it_would_show_just_this(
    lost_before: float, lost: float, stands: bool
) -> None:
    release = released("leak", 60.0, 1.2, later(2.8, 1.2), LostShare(lost_before, 0.02))
    assert release.still_stands(LostShare(lost, 0.02), 0.145) is stands


@pytest.mark.parametrize(
    ("name", "before", "after", "less"),
    [
        ("leak", 0.0, 0.1, True),
        ("leak", -0.1, 0.0, True),
        ("leak", 0.1, 0.1, False),
        ("leak", 0.0, 0.045, False),
        ("leak", 0.1, 0.0, False),
        ("kink", 0.0, 0.1, False),
    ],
    ids=["leaks on", "a generous pump", "a meagre pump", "within uncertainty", "more than before", "a kink"],
)
def test_less_after_a_leak_than_before_it_is_no_pumps_for_sure(
    name: str, before: float, after: float, less: bool
) -> None:
    release = released(name, 100.0 if name == "kink" else 60.0, 1.2, later(2.8, 1.2))
    assert release.leaves_less_than(LostShare(before, 0.01), LostShare(after, 0.01)) is less


def test_before_a_sample_was_taken_nothing_is_said_of_a_release() -> None:
    release = ReleaseEffect(promise("kink"), TOLERANCE, EffectPoint(0.0, 0.0, 0.0, (61.0, 1.2)))
    assert not release.holds_back(12.0)
    assert not release.still_stands(GONE, 0.145)


# --- a release that comes late --------------------------------------------------------------------------------------


def leak_of_60(minutes_late: float, passes_before: float = 0.4, accuracy: float = 0.0) -> LostShare | None:
    """What is told of a leak of 60 % that closes so late, an hour of it at 41.7 µL/h."""
    lost = LostShare(1 - passes_before, 0.02)
    release = ReleaseEffect(promise("leak", 60.0), TOLERANCE, EffectPoint(0.0, 0.0, 0.0, (1.2, 1.2)), [lost], 10.0)
    mass_mg = 0.0
    for number in range(1, 121):
        at_s, due_ul = 30.0 * number, 41.7 * 30.0 / 3600
        passing = passes_before if at_s <= 60 * minutes_late else 1.0
        mass_mg += due_ul * passing * (1 + accuracy) - TOLERANCE.loss_mg_per_h * 30.0 / 3600
        release.see(EffectPoint(at_s, mass_mg, due_ul * number, (1.2, 1.2)))
    return release.stood_on(0.145)


def test_a_leak_that_closes_half_an_hour_late_is_told_by_what_came_first() -> None:
    told = leak_of_60(30.0)
    assert told is not None
    assert told.share == pytest.approx(0.6, abs=0.05)


@pytest.mark.parametrize("accuracy", [-0.14, 0.0, 0.14])
def test_a_leak_that_closed_at_once_is_not(accuracy: float) -> None:
    assert leak_of_60(0.0, accuracy=accuracy) is None


def test_a_pump_that_gives_too_little_after_a_release_that_was_one_is_judged_for_it() -> None:
    assert leak_of_60(0.0, accuracy=-0.3) is None
