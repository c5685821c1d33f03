# SPDX-License-Identifier: Apache-2.0
"""Profiles: every number has a source, and every limit follows from the numbers."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from bench.dose import Slip, slipped
from bench.profile import Profile, ProgrammingSpecification, Sourced
from bench.profile.sourced import SourcedFlag
from bench.therapy import Continuous
from groundfloor.errors import PlanError
from instruments.pump import Alarm, CommandResult

FOLDER = Path(__file__).parents[2] / "test_plans" / "profiles"
NAMES = ("implantable-20ml", "implantable-40ml", "implantable-20ml-no-catheter-sensor")
PUMP = Profile.named("implantable-20ml", FOLDER)
BLIND = Profile.named("implantable-20ml-no-catheter-sensor", FOLDER)


def content() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "implantable-20ml.toml").read_text(encoding="utf-8"))


def load(told: dict[str, Any], folder: Path) -> Profile:
    path = folder / "pump.toml"
    path.write_text(tomli_w.dumps(told), encoding="utf-8")
    return Profile.load(path)


@pytest.mark.parametrize("name", NAMES)
def test_the_profiles_promise_what_the_issue_asks_for(name: str) -> None:
    profile = Profile.named(name, FOLDER)
    assert profile.reservoir_ul.value == (40000 if "40ml" in name else 20000)
    assert profile.rates.least_ul_per_h.value * 24 / 1000 == pytest.approx(0.048)
    assert profile.rates.greatest_ul_per_h.value * 24 / 1000 == pytest.approx(24.0)
    assert profile.rates.intermediate_ul_per_h.value * 24 / 1000 == pytest.approx(1.0, rel=1e-5)
    assert profile.accuracy_percent.value == 14.5
    assert profile.low_reservoir_alarm_ul.value == 2000
    assert set(profile.alarms) == set(Alarm)
    assert profile.promises(Alarm.OCCLUSION) is ("no-catheter-sensor" not in name)


def test_the_two_sizes_differ_in_name_and_reservoir_only() -> None:
    large = Profile.named("implantable-40ml", FOLDER)
    told = {"name", "title", "twin_model", "reservoir_ul"}
    assert PUMP.model_dump(exclude=told) == large.model_dump(exclude=told)


def test_the_occlusion_limit_is_a_function_of_the_rate() -> None:
    assert PUMP.occlusion_time_limit_s(1000.0) == pytest.approx(0.25 * 75 / 1000 * 3600 + 120)
    assert PUMP.occlusion_time_limit_s(2.0) == pytest.approx(33750 + 120)


def test_the_unintended_bolus_holds_what_is_pumped_up_to_the_alarm() -> None:
    assert PUMP.unintended_bolus_limit_ul(1000.0) == pytest.approx((18.75 + 1000 / 30) * 1.1 + 0.5)
    assert PUMP.unintended_bolus_limit_ul(2.0) == pytest.approx((18.75 + 2 / 30) * 1.1 + 0.5)


def test_settling_waits_for_catheter_and_strokes() -> None:
    assert PUMP.catheter.time_constant_s == pytest.approx(10.8)
    assert PUMP.settling_time_s(1000.0) == pytest.approx(108.0)
    assert PUMP.settling_time_s(2.0) == pytest.approx(2 * 900)


@given(st.floats(0.1, 2000.0), st.floats(0.0, 1e6))
def test_a_window_holds_whole_strokes_and_not_one_too_many(rate_ul_per_h: float, at_least_s: float) -> None:
    window_s = PUMP.window_of_whole_strokes_s(rate_ul_per_h, at_least_s)
    period_s = PUMP.stroke_period_s(rate_ul_per_h)
    strokes = window_s / period_s
    assert strokes == pytest.approx(round(strokes), rel=1e-9)
    assert strokes >= 0.999
    assert window_s >= at_least_s - 1e-6 * period_s
    assert window_s - period_s < at_least_s or strokes == pytest.approx(1)


def test_a_window_that_is_whole_already_stays_as_it_is() -> None:
    assert PUMP.window_of_whole_strokes_s(1000.0, 3600.0) == pytest.approx(3600.0)
    assert PUMP.window_of_whole_strokes_s(2.0, 1.0) == pytest.approx(900.0)
    just_over_s = 21 * 1.8  # 37.800000000000004, which divided by 1.8 is a little more than 21
    assert PUMP.window_of_whole_strokes_s(1000.0, just_over_s) == pytest.approx(21 * 1.8)


def test_tests_name_a_rate_and_a_feature_and_no_number() -> None:
    assert [PUMP.rates.tested(name) for name in ("low", "intermediate", "high")] == [2.0, 41.6667, 1000.0]
    with pytest.raises(PlanError, match="low, intermediate, high"):
        PUMP.rates.tested("medium")
    assert PUMP.features >= {"catheter_sensor", "flex", "patient_bolus"}
    of_the_sensor = {"catheter_sensor", "catheter_pressure", "occlusion_alarm", "disconnect_alarm", "alarm_log_lines"}
    of_the_sensor |= {"occlusion_alarm_latches", "disconnect_alarm_latches"}
    of_programming = {"update_runs_on", "update_stops", "session_code"}
    assert PUMP.features ^ BLIND.features == {*of_the_sensor, "no_catheter_sensor", *of_programming}


def test_accuracy_limits_are_as_far_on_both_sides() -> None:
    assert PUMP.accuracy_limits_ul(100.0) == pytest.approx((85.5, 114.5))


def test_the_example_bolus_makes_a_therapy_with_a_lockout() -> None:
    therapy = PUMP.patient_bolus.on_top_of(Continuous(PUMP.rates.intermediate_ul_per_h.value))
    first = therapy.accepted(0.0)
    assert therapy.verdict_on_request(7199.0, [first]) is CommandResult.LOCKOUT
    assert first.rate_ul_per_h == pytest.approx(120.0)


def test_what_is_not_promised_has_no_limit() -> None:
    for ask in (BLIND.occlusion_time_limit_s, BLIND.unintended_bolus_limit_ul):
        with pytest.raises(PlanError, match="not promised"):
            ask(41.7)


def test_a_number_without_a_source_is_refused(tmp_path: Path) -> None:
    for bare, named in (
        (14.5, "accuracy_percent: a number needs its source"),
        ({"value": 14.5}, "accuracy_percent.source: missing"),
        ({"value": 14.5, "source": "  "}, "accuracy_percent.source"),
    ):
        with pytest.raises(PlanError, match=named):
            load({**content(), "accuracy_percent": bare}, tmp_path)


def test_assumed_is_told_from_documented() -> None:
    assert Sourced(value=1.0, source="assumed: near the other").assumed
    assert not PUMP.accuracy_percent.assumed
    assert PUMP.stroke_volume_ul.assumed


def test_no_source_is_a_file_of_ours() -> None:
    for path in FOLDER.glob("*.toml"):
        assert "domain.md" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"modes": ["continuous", "circadian"]}, "no mode circadian"),
        ({"decision_rule": "guess"}, "decision_rule"),
        ({"acuracy_percent": 1}, "did you mean 'accuracy_percent'"),
        ({"stroke_volume_ul": {"value": 0, "source": "assumed"}}, "stroke_volume_ul is not over zero"),
        ({"stroke_volume_ul": {"value": float("inf"), "source": "assumed"}}, "not a finite number"),
        ({"flex_steps_max": {"value": 12.5, "source": "assumed"}}, "flex_steps_max"),
    ],
)
def test_a_misfit_is_named(change: dict[str, Any], named: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=named):
        load({**content(), **change}, tmp_path)


def test_rates_must_rise(tmp_path: Path) -> None:
    told = content()
    told["rates"]["intermediate_ul_per_h"]["value"] = 1.0
    with pytest.raises(PlanError, match="do not rise"):
        load(told, tmp_path)


def test_nothing_may_be_left_open_about_an_alarm(tmp_path: Path) -> None:
    told = content()
    del told["alarms"]["stall"]
    del told["alarms"]["occlusion"]["then_does"]
    with pytest.raises(PlanError, match="then_does"):
        load(told, tmp_path)
    told["alarms"]["occlusion"] = {"promised": False}
    with pytest.raises(PlanError, match="nothing is said of stall"):
        load(told, tmp_path)


def test_a_pump_without_catheter_sensor_cannot_promise_catheter_alarms(tmp_path: Path) -> None:
    told = content()
    told["catheter"]["has_sensor"] = False
    with pytest.raises(PlanError, match="only with one"):
        load(told, tmp_path)
    del told["catheter"]["occlusion_threshold_max_kpa"]
    with pytest.raises(PlanError, match="cannot be promised"):
        load(told, tmp_path)


def test_an_unknown_profile_names_those_there_are() -> None:
    with pytest.raises(PlanError, match=r"did you mean 'implantable-20ml'.*implantable-40ml"):
        Profile.named("implantable-20m", FOLDER)


def test_a_profile_is_found_by_path_as_well(tmp_path: Path) -> None:
    load(content(), tmp_path)
    assert Profile.named(str(tmp_path / "pump.toml"), FOLDER) == PUMP


def test_a_copied_profile_must_be_renamed(tmp_path: Path) -> None:
    load(content(), tmp_path)
    with pytest.raises(PlanError, match="name it as its file"):
        Profile.named("pump", tmp_path)


def test_a_plan_that_asks_for_a_rate_beyond_the_promise_is_wrong_and_not_the_pump() -> None:
    least, greatest = PUMP.rates.least_ul_per_h.value, PUMP.rates.greatest_ul_per_h.value
    PUMP.rates.refuse_others([least, 0.0, greatest])
    for rate in (least * 0.99, greatest * 1.01, -1.0):
        with pytest.raises(PlanError, match="outside the 2 to 1000 µL/h of the profile"):
            PUMP.rates.refuse_others([least, rate])


def test_a_filling_bolus_comes_at_the_greatest_rate_and_is_slowed_down_where_the_pump_promises_it() -> None:
    greatest_ul_per_h, duration_s = PUMP.rates.greatest_ul_per_h.value, PUMP.patient_bolus.duration_s.value
    therapy = PUMP.with_filling_bolus(Continuous(greatest_ul_per_h / 2))
    assert therapy.ptm_volume_ul == pytest.approx(greatest_ul_per_h * duration_s / 3600)
    assert therapy.accepted(0.0).duration_s == pytest.approx(2 * duration_s)
    even = PUMP.patient_bolus.model_copy(update={"slowed_at_greatest_rate": SourcedFlag(value=False, source="assumed")})
    other = PUMP.model_copy(update={"patient_bolus": even})
    assert PUMP.features - other.features == {"slowed_bolus"}
    assert other.with_filling_bolus(Continuous(greatest_ul_per_h / 2)).accepted(0.0).duration_s == duration_s


def test_a_profile_that_says_nothing_of_programming_and_dose_is_loaded_and_promises_neither() -> None:
    silent = PUMP.model_copy(update={"programming": None, "drug": None})
    assert not silent.features & {"program_change", "update_runs_on", "update_stops", "greatest_bolus_rate", "drug"}
    assert Profile.model_fields["programming"].default is None
    assert Profile.model_fields["drug"].default is None


def test_a_pump_that_stops_for_an_update_must_say_which_alarm_tells_of_one_that_broke_off() -> None:
    stops = {"value": "stops_until_complete", "source": "assumed"}
    with pytest.raises(ValueError, match="needs incomplete_alarm and incomplete_alarm_max_s"):
        ProgrammingSpecification.model_validate({"during_update": stops})


def test_the_dose_limits_of_a_profile_refuse_ten_times_its_dose_and_take_its_rates() -> None:
    drug = PUMP.drug
    assert drug is not None
    assert drug.at_rate(41.6667).basal_ug_per_day == pytest.approx(500.0, rel=1e-5)
    assert drug.at_rate(PUMP.rates.tested("low")).therapy(drug.limits)
    with pytest.raises(PlanError, match="5000 µg a day are over 2000 µg"):
        slipped(drug.at_rate(41.6667), Slip.TEN_TIMES).therapy(drug.limits)
