# SPDX-License-Identifier: Apache-2.0
"""A good pump's registers pass in every sort of infusion, and each that says something wrong fails by its own name."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.acceptance import Standing
from bench.account import InfusionRecord, examine
from bench.account.sample_table import ALARMS, STATES, Column
from bench.profile import Profile
from bench.therapy import Continuous, Flex, SingleBolus, Step
from instruments.pump import Alarm, CommandResult, PumpState
from metrology.verdict import Judgement
from tests.unit.made_infusion import (
    AHEAD_S,
    HOUR_S,
    LEAD_IN_S,
    RATE_UL_PER_H,
    MadeInfusion,
    altered,
    kinked,
    with_boluses,
)

PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"
NO_SENSOR = Profile.named("implantable-20ml-no-catheter-sensor", PROFILES)
REGISTERS = {
    Standing.STATE,
    Standing.ACTIVE_RATE,
    Standing.COUNTER,
    Standing.RESERVOIR,
    Standing.BATTERY,
    Standing.PRESSURE,
    Standing.ALARM_BITS,
    Standing.ALARM_LOG,
    Standing.BOLUS_LOG,
}
ALARM_S = LEAD_IN_S + 2 * HOUR_S
BOLUS_S = LEAD_IN_S + HOUR_S


def judged(record: InfusionRecord) -> dict[Standing, Judgement]:
    """Return what is said of each register."""
    found = {}
    for finding in examine(record):
        if finding.standing in REGISTERS:
            assert isinstance(finding.found, Judgement)
            found[finding.standing] = finding.found
    assert set(found) == REGISTERS
    return found


def wrong(record: InfusionRecord) -> dict[Standing, str]:
    """Return the verdict of each register that did not pass."""
    return {standing: str(one.verdict) for standing, one in judged(record).items() if one.verdict != "PASS"}


def code(state: PumpState) -> float:
    return float(STATES.index(state))


def bit(alarm: Alarm) -> float:
    return float(1 << ALARMS.index(alarm))


# --- a good pump ----------------------------------------------------------------------------------------------------

FLEX = Flex((Step(6 * 60, RATE_UL_PER_H), Step(9 * 60, 0.5 * RATE_UL_PER_H), Step(12 * 60, 1.5 * RATE_UL_PER_H)))
GOOD = {
    "continuous": MadeInfusion(),
    "every second": MadeInfusion(interval_s=1.0, runs_s=((LEAD_IN_S, LEAD_IN_S + HOUR_S),)),
    "every ten minutes": MadeInfusion(interval_s=600.0, runs_s=((600.0, 600.0 + 12 * HOUR_S),)),
    "at the least rate": MadeInfusion(therapy=Continuous(2.0), runs_s=((LEAD_IN_S, LEAD_IN_S + 12 * HOUR_S),)),
    "at the greatest rate": MadeInfusion(therapy=Continuous(1000.0)),
    "flex": MadeInfusion(therapy=FLEX, runs_s=((LEAD_IN_S, LEAD_IN_S + 30 * HOUR_S),)),
    "single bolus": MadeInfusion(therapy=SingleBolus(20.0, 600)),
    "with a pause": MadeInfusion(runs_s=((LEAD_IN_S, 2 * HOUR_S), (3 * HOUR_S, 5 * HOUR_S))),
    "kinked": kinked(),
    "disconnected": MadeInfusion(disconnected_s=(2 * HOUR_S, 3 * HOUR_S)),
    "patient boluses": with_boluses(),
    "without a sensor": MadeInfusion(profile=NO_SENSOR),
    "on a scaled clock": replace(with_boluses(), clocks_half_width_s=100.0),
    "with a gap": MadeInfusion(without_s=(HOUR_S, HOUR_S + 600.0)),
    "interrupted": MadeInfusion(
        runs_s=((LEAD_IN_S, HOUR_S + 45.0), (HOUR_S + 400.0, 4 * HOUR_S)),
        without_s=(HOUR_S, HOUR_S + 400.0),
        interruptions=((HOUR_S, 0.5),),
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_good_pump_passes(name: str) -> None:
    assert wrong(GOOD[name].record()) == {}


def test_an_interruption_whose_stop_is_known_to_a_stroke_makes_no_failure() -> None:
    """The pump ran on for two strokes more than the account of the interruption says, which knows it to ± 1 µL."""
    made = replace(GOOD["interrupted"], interruptions=((HOUR_S, 1.0),))
    record = made.record()
    later = record.samples.at_s > HOUR_S
    more_ul = 1.0 * later
    good = altered(
        record, counter_ul=record.samples.counter_ul + more_ul, reservoir_ul=record.samples.reservoir_ul - more_ul
    )
    assert wrong(good) == {}


# --- one register that is wrong -------------------------------------------------------------------------------------

Change = Callable[[InfusionRecord], dict[str, Column]]


def since(record: InfusionRecord, from_s: float, column: str, value: float) -> dict[str, Column]:
    changed = getattr(record.samples, column).copy()
    changed[record.samples.at_s >= from_s] = value
    return {column: changed}


def added(record: InfusionRecord, from_s: float, column: str, more: float) -> dict[str, Column]:
    changed = getattr(record.samples, column).copy()
    changed[record.samples.at_s >= from_s] += more
    return {column: changed}


def both(record: InfusionRecord, from_s: float, more_ul: Column | float) -> dict[str, Column]:
    """Count something on top, and take it from the reservoir as a pump would."""
    on_top_ul = more_ul * (record.samples.at_s >= from_s)
    return {
        "counter_ul": record.samples.counter_ul + on_top_ul,
        "reservoir_ul": record.samples.reservoir_ul - on_top_ul,
    }


MIDDLE_S = 2 * HOUR_S
STOPPED, INFUSING, BOLUS = code(PumpState.STOPPED), code(PumpState.INFUSING), code(PumpState.BOLUS)
IN_ALARM = code(PumpState.ALARM_STOPPED)


def arrived_g(record: InfusionRecord, share: float) -> Column:
    """What the balance shows where this share arrives of what is counted while the catheter is off."""
    at_s, (off,) = record.samples.at_s, record.injections
    assert off.released_s is not None
    lost = (at_s[1:] > off.confirmed_s) & (at_s[1:] <= off.released_s)
    came_ul = np.diff(record.samples.counter_ul) * np.where(lost, share, 1.0)
    return np.concatenate(([0.0], np.cumsum(came_ul))) / 1000


WRONG: dict[str, tuple[MadeInfusion, Change, set[Standing]]] = {
    "stopped while it infuses": (
        MadeInfusion(),
        lambda r: {"state": np.full_like(r.samples.state, STOPPED)},
        {Standing.STATE},
    ),
    "a bolus that nobody asked for": (MadeInfusion(), lambda r: since(r, MIDDLE_S, "state", BOLUS), {Standing.STATE}),
    "a bolus that is not told": (
        with_boluses(),
        lambda r: {"state": np.where(r.samples.state == BOLUS, INFUSING, r.samples.state)},
        {Standing.STATE},
    ),
    "an alarm stop that is told as a stop": (
        kinked(),
        lambda r: {"state": np.where(r.samples.state == IN_ALARM, STOPPED, r.samples.state)},
        {Standing.STATE},
    ),
    "an active rate that is a tenth off": (
        MadeInfusion(),
        lambda r: {"rate_ul_per_h": 1.1 * r.samples.rate_ul_per_h},
        {Standing.ACTIVE_RATE},
    ),
    "an active rate of one per cent more": (
        MadeInfusion(),
        lambda r: {"rate_ul_per_h": 1.01 * r.samples.rate_ul_per_h},
        {Standing.ACTIVE_RATE},
    ),
    "the basal rate in a bolus": (
        with_boluses(),
        lambda r: {"rate_ul_per_h": np.minimum(r.samples.rate_ul_per_h, RATE_UL_PER_H)},
        {Standing.ACTIVE_RATE},
    ),
    "a counter of nought": (MadeInfusion(), lambda r: added(r, MIDDLE_S, "counter_ul", -4050.0), {Standing.COUNTER}),
    "a counter that stands": (
        MadeInfusion(),
        lambda r: {"counter_ul": np.minimum(r.samples.counter_ul, 4050.0)},
        {Standing.COUNTER},
    ),
    "a counter that jumps": (MadeInfusion(), lambda r: added(r, MIDDLE_S, "counter_ul", 20.0), {Standing.COUNTER}),
    "a burst that is counted": (MadeInfusion(), lambda r: both(r, MIDDLE_S, 5.0), {Standing.COUNTER}),
    "a rest that is counted": (MadeInfusion(), lambda r: both(r, MIDDLE_S, -5.0), {Standing.COUNTER}),
    "a counter that runs in a stop": (
        MadeInfusion(),
        lambda r: both(r, LEAD_IN_S + 6 * HOUR_S + 60.0, 0.5),
        {Standing.COUNTER},
    ),
    "a reservoir that stands": (
        MadeInfusion(),
        lambda r: {"reservoir_ul": np.full_like(r.samples.at_s, 15000.0)},
        {Standing.RESERVOIR},
    ),
    "a reservoir that falls a tenth too fast": (
        MadeInfusion(),
        lambda r: {"reservoir_ul": 15000.0 - 1.1 * (15000.0 - r.samples.reservoir_ul)},
        {Standing.RESERVOIR},
    ),
    "more than a full reservoir": (
        MadeInfusion(),
        lambda r: {"reservoir_ul": r.samples.reservoir_ul + 10000.0},
        {Standing.RESERVOIR},
    ),
    "an empty battery": (
        MadeInfusion(),
        lambda r: {"battery_percent": np.zeros_like(r.samples.at_s)},
        {Standing.BATTERY},
    ),
    "a battery that rises": (MadeInfusion(), lambda r: added(r, MIDDLE_S, "battery_percent", 0.3), {Standing.BATTERY}),
    "a battery that falls fast": (
        MadeInfusion(),
        lambda r: {"battery_percent": 80.0 - 3.0 * r.samples.at_s / HOUR_S},
        {Standing.BATTERY},
    ),
    "a low battery without an alarm": (
        MadeInfusion(),
        lambda r: {
            "battery_percent": np.full_like(r.samples.at_s, 10.05) - np.floor(r.samples.at_s / (2 * HOUR_S)) * 0.1
        },
        {Standing.BATTERY},
    ),
    "a pressure that stands in a kink": (
        kinked(),
        lambda r: {"pressure_kpa": np.full_like(r.samples.at_s, 1.2)},
        {Standing.PRESSURE},
    ),
    "a pressure that is 5 kPa off": (
        MadeInfusion(),
        lambda r: {"pressure_kpa": r.samples.pressure_kpa + 5.0},
        {Standing.PRESSURE},
    ),
    "a pressure that is turned": (
        MadeInfusion(),
        lambda r: {"pressure_kpa": -r.samples.pressure_kpa},
        {Standing.PRESSURE},
    ),
    "a pressure that is no number": (
        MadeInfusion(),
        lambda r: {"pressure_kpa": np.full_like(r.samples.at_s, np.nan)},
        {Standing.PRESSURE},
    ),
    "the pressure of a catheter that is off": (
        GOOD["disconnected"],
        lambda r: {"pressure_kpa": np.full_like(r.samples.at_s, 1.2), "mass_g": arrived_g(r, 0.0)},
        {Standing.PRESSURE},
    ),
    "a bit that is never set": (
        kinked(),
        lambda r: {"alarm_bits": np.zeros_like(r.samples.at_s)},
        {Standing.ALARM_BITS},
    ),
    "a bit that stays": (
        kinked(),
        lambda r: since(r, ALARM_S, "alarm_bits", bit(Alarm.OCCLUSION)),
        {Standing.ALARM_BITS},
    ),
    "the bit of another alarm": (
        kinked(),
        lambda r: {"alarm_bits": np.where(r.samples.alarm_bits > 0, bit(Alarm.STALL), 0.0)},
        {Standing.ALARM_BITS},
    ),
    "a count of alarms that stands": (
        kinked(),
        lambda r: {"alarm_log_count": np.full_like(r.samples.at_s, 3.0)},
        {Standing.ALARM_LOG},
    ),
    "a count of alarms that falls": (
        kinked(),
        lambda r: since(r, ALARM_S + HOUR_S, "alarm_log_count", 0.0),
        {Standing.ALARM_LOG},
    ),
    "a count of boluses that stands": (
        with_boluses(),
        lambda r: {"bolus_log_count": np.full_like(r.samples.at_s, 5.0)},
        {Standing.BOLUS_LOG},
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_register_that_is_wrong_fails_by_its_own_name_and_no_other_does(name: str) -> None:
    made, change, standings = WRONG[name]
    record = made.record()
    assert wrong(altered(record, **change(record))) == dict.fromkeys(standings, "FAIL")


def kpa_from_to(record: InfusionRecord, column: str, from_s: float, to_s: float, kpa: float) -> dict[str, Column]:
    at_s, was = record.samples.at_s, getattr(record.samples, column)
    return {column: np.where((at_s >= from_s) & (at_s < to_s), kpa, was)}


@pytest.mark.parametrize("outlet_kpa", [4.2, 2.0])
def test_an_outlet_that_alone_moved_leaves_open_whose_sensor_is_right(outlet_kpa: float) -> None:
    record = MadeInfusion().record()
    moved = kpa_from_to(record, "outlet_kpa", MIDDLE_S, MIDDLE_S + HOUR_S, outlet_kpa)
    assert wrong(altered(record, **moved)) == {Standing.PRESSURE: "INCONCLUSIVE"}
    with_it = kpa_from_to(record, "pressure_kpa", MIDDLE_S, MIDDLE_S + HOUR_S, 20.0)
    assert wrong(altered(record, **moved, **with_it)) == {Standing.PRESSURE: "FAIL"}


@pytest.mark.parametrize(("share", "verdict"), [(1.0, "FAIL"), (0.0, "INCONCLUSIVE")])
def test_no_pressure_is_the_pumps_where_what_it_counted_arrived_meanwhile(share: float, verdict: str) -> None:
    record = MadeInfusion().record()
    at_s = record.samples.at_s
    off = (at_s >= MIDDLE_S) & (at_s < MIDDLE_S + 600.0)
    arrived_g = (
        np.concatenate(([0.0], np.cumsum(np.diff(record.samples.counter_ul) * np.where(off[1:], share, 1.0)))) / 1000
    )
    none = kpa_from_to(record, "pressure_kpa", MIDDLE_S, MIDDLE_S + 600.0, 0.0)
    assert wrong(altered(record, **none, mass_g=arrived_g)) == {Standing.PRESSURE: verdict}


@pytest.mark.parametrize(("share", "verdict"), [(0.4, "FAIL"), (0.6, "INCONCLUSIVE")])
def test_a_catheter_that_tells_pressure_while_it_is_off_may_be_on_where_what_it_counted_arrived(
    share: float, verdict: str
) -> None:
    record = GOOD["disconnected"].record()
    on = {"pressure_kpa": np.full_like(record.samples.at_s, 1.2), "mass_g": arrived_g(record, share)}
    assert wrong(altered(record, **on)) == {Standing.PRESSURE: verdict}


FOUND: dict[str, tuple[dict[str, float], Standing]] = {
    "counter": ({"counter_ul": 4500.0}, Standing.COUNTER),
    "reservoir": ({"reservoir_ul": 14000.0}, Standing.RESERVOIR),
    "alarm log": ({"alarm_log_count": 9}, Standing.ALARM_LOG),
    "bolus log": ({"bolus_log_count": 9}, Standing.BOLUS_LOG),
    "battery": ({"battery_percent": 70.0}, Standing.BATTERY),
}


@pytest.mark.parametrize("name", FOUND)
def test_what_a_pump_counts_for_life_outlives_the_loading_of_a_program(name: str) -> None:
    record, (found, standing) = MadeInfusion().record(), FOUND[name]
    assert record.before is not None
    assert wrong(replace(record, before=replace(record.before, **found))) == {standing: "FAIL"}  # type: ignore[arg-type]
    assert wrong(replace(record, before=None)) == {}


def test_a_failure_tells_what_was_seen_when_first_how_often_and_what_was_expected() -> None:
    record = MadeInfusion().record()
    found = judged(altered(record, **since(record, MIDDLE_S, "rate_ul_per_h", 50.0)))[Standing.ACTIVE_RATE]
    assert found.reason == ("it tells 50 µL/h where 41.6667 µL/h are scheduled, first at 7200 s, in 530 samples")


def test_a_mismatch_in_one_sample_alone_is_no_failure_and_no_pass() -> None:
    record = MadeInfusion().record()
    rates = record.samples.rate_ul_per_h.copy()
    rates[100] = 50.0
    assert wrong(altered(record, rate_ul_per_h=rates)) == {Standing.ACTIVE_RATE: "INCONCLUSIVE"}
    rates[500] = 50.0
    assert wrong(altered(record, rate_ul_per_h=rates)) == {Standing.ACTIVE_RATE: "FAIL"}


@pytest.mark.parametrize(
    ("late_s", "verdicts"), [(5.0, {}), (8.0, {Standing.STATE: "FAIL", Standing.ACTIVE_RATE: "FAIL"})]
)
def test_registers_may_follow_a_command_as_late_as_the_profile_allows(
    late_s: float, verdicts: dict[Standing, str]
) -> None:
    made = MadeInfusion(interval_s=1.0, runs_s=((LEAD_IN_S, LEAD_IN_S + HOUR_S),))
    record = made.record()
    early = (record.samples.at_s >= LEAD_IN_S) & (record.samples.at_s < LEAD_IN_S + late_s)
    state, rates = record.samples.state.copy(), record.samples.rate_ul_per_h.copy()
    state[early], rates[early] = STOPPED, 0.0
    assert wrong(altered(record, state=state, rate_ul_per_h=rates)) == verdicts


def test_a_step_of_the_day_may_come_as_early_or_late_as_the_profile_allows() -> None:
    made = GOOD["flex"]
    record = made.record()
    for late_s, verdicts in ((290.0, {}), (400.0, {Standing.ACTIVE_RATE: "FAIL"})):
        steps = made.schedule.rate_steps(0.0, AHEAD_S + made.ends_s)
        places = np.searchsorted([at for at, _ in steps], record.samples.device_clock_s - late_s, side="right") - 1
        shifted = np.array([rate for _, rate in steps])[places]
        inside = (record.samples.at_s > LEAD_IN_S + 600.0) & (record.samples.at_s < made.runs_s[0][1])
        rates = np.where(inside, shifted, record.samples.rate_ul_per_h)
        assert wrong(altered(record, rate_ul_per_h=rates)) == verdicts


# --- the low-reservoir alarm ----------------------------------------------------------------------------------------


def low_reservoir(alarm_at_ul: float) -> InfusionRecord:
    """Return an infusion that runs from 2100 µL down, whose alarm comes at a volume."""
    made = MadeInfusion()
    record = made.record()
    left_ul = record.samples.reservoir_ul - 15000.0 + 2100.0
    place = int(np.flatnonzero(left_ul <= alarm_at_ul)[0]) if alarm_at_ul else len(left_ul)
    bits = np.where(np.arange(len(left_ul)) >= place, bit(Alarm.LOW_RESERVOIR), 0.0)
    return altered(replace(record, before=None), reservoir_ul=left_ul, alarm_bits=bits)


@pytest.mark.parametrize(
    ("alarm_at_ul", "verdict"), [(2000.0, "PASS"), (2050.0, "FAIL"), (1950.0, "FAIL"), (0.0, "FAIL")]
)
def test_the_low_reservoir_alarm_stands_from_its_volume_down(alarm_at_ul: float, verdict: str) -> None:
    assert str(judged(low_reservoir(alarm_at_ul))[Standing.RESERVOIR].verdict) == verdict


# --- the logs -------------------------------------------------------------------------------------------------------


def with_alarm_line(record: InfusionRecord, **changes: object) -> InfusionRecord:
    """Return a record in which the alarm's line in the log says something else at the end."""
    assert record.logs is not None
    *before, line = record.logs.alarms
    return replace(record, logs=replace(record.logs, alarms=(*before, replace(line, **changes))))  # type: ignore[arg-type]


def with_bolus_line(record: InfusionRecord, **changes: object) -> InfusionRecord:
    """Return a record in which the first bolus' line in the log says something else."""
    assert record.logs is not None
    lines = list(record.logs.boluses)
    lines[5] = replace(lines[5], **changes)  # type: ignore[arg-type]
    return replace(record, logs=replace(record.logs, boluses=tuple(lines)))


ALARM_LINES: dict[str, dict[str, object]] = {
    "another alarm": {"alarm": Alarm.STALL},
    "another onset": {"onset_s": ALARM_S + AHEAD_S + 40.0},
    "no end": {"cleared_s": None},
    "an end before its onset": {"cleared_s": ALARM_S + AHEAD_S - 10.0},
}


@pytest.mark.parametrize("name", ALARM_LINES)
def test_an_alarm_line_that_is_wrong_at_the_end_fails_the_alarm_log(name: str) -> None:
    assert wrong(with_alarm_line(kinked().record(), **ALARM_LINES[name]))[Standing.ALARM_LOG] == "FAIL"


def test_an_onset_that_the_log_claims_at_another_time_than_it_was_seen_fails() -> None:
    record = kinked().record()
    (logged,) = record.alarms
    onset_s = logged.entry.onset_s + 60.0
    logged = replace(logged, entry=replace(logged.entry, onset_s=onset_s))
    record = with_alarm_line(replace(record, alarms=(logged,)), onset_s=onset_s)
    assert "is logged at" in judged(record)[Standing.ALARM_LOG].reason
    assert wrong(record) == {Standing.ALARM_LOG: "FAIL"}


def test_an_alarm_that_is_logged_twice_fails_the_alarm_log() -> None:
    record = kinked().record()
    assert record.logs is not None
    line = record.logs.alarms[-1]
    twice = replace(record.logs, alarms=(*record.logs.alarms, replace(line, number=4)), alarm_log_count=5)
    count = record.samples.alarm_log_count + (record.samples.at_s >= ALARM_S)
    record = altered(replace(record, logs=twice), alarm_log_count=count)
    assert wrong(record) == {Standing.ALARM_LOG: "FAIL"}


def test_alarms_out_of_order_fail_the_alarm_log() -> None:
    record = kinked().record()
    assert record.logs is not None
    early = replace(record.logs.alarms[-1], number=4, onset_s=ALARM_S + AHEAD_S - 3000.0, cleared_s=ALARM_S + AHEAD_S)
    logs = replace(record.logs, alarms=(*record.logs.alarms, early))
    assert "before that of the line before it" in judged(replace(record, logs=logs))[Standing.ALARM_LOG].reason


def test_a_latched_alarm_that_goes_by_itself_fails_though_bits_and_log_agree() -> None:
    record = kinked().record()
    gone_s = ALARM_S + 600.0
    bits = np.where(record.samples.at_s >= gone_s, 0.0, record.samples.alarm_bits)
    record = altered(with_alarm_line(record, cleared_s=gone_s + AHEAD_S), alarm_bits=bits)
    assert "nobody acknowledged it" in judged(record)[Standing.ALARM_BITS].reason


TOLD_S = kinked().acknowledged_s
"""When the acknowledge of the kink was given that is written down."""
GONE_S = TOLD_S - 100.0
LOST_ACKNOWLEDGE = "so an acknowledge may have been given unnoted"


def gone_early(*, without_s: tuple[float, float] = (0.0, 0.0), resumed_after_s: tuple[float, ...] = ()) -> Judgement:
    """Return what is said of the bits where the kink's alarm went 100 s before its acknowledge was written down."""
    made = replace(kinked(), without_s=without_s)
    record = replace(made.record(), resumed_after_s=resumed_after_s)
    at_s = record.samples.at_s
    bits = np.where(at_s >= GONE_S, 0.0, record.samples.alarm_bits)
    state = np.where((at_s >= GONE_S) & (at_s < TOLD_S), STOPPED, record.samples.state)
    record = altered(with_alarm_line(record, cleared_s=GONE_S + AHEAD_S), alarm_bits=bits, state=state)
    return judged(record)[Standing.ALARM_BITS]


@pytest.mark.parametrize(
    ("without_s", "resumed_after_s", "why"),
    [
        ((GONE_S - 50.0, TOLD_S + 50.0), (), "samples are missing between 8250 s and 8460 s"),
        ((GONE_S - 50.0, TOLD_S + 50.0), (8250.0,), "the run was interrupted between 8250 s and 8460 s and resumed"),
        ((0.0, 0.0), (8280.0004,), "the run was interrupted between 8280 s and 8310 s and resumed"),
    ],
    ids=["samples are missing", "resumed late", "resumed at once"],
)
def test_a_latched_alarm_that_went_while_nobody_looked_is_undecided(
    without_s: tuple[float, float], resumed_after_s: tuple[float, ...], why: str
) -> None:
    found = gone_early(without_s=without_s, resumed_after_s=resumed_after_s)
    assert str(found.verdict) == "INCONCLUSIVE"
    assert why in found.reason
    assert LOST_ACKNOWLEDGE in found.reason


@pytest.mark.parametrize(
    ("without_s", "resumed_after_s"),
    [((0.0, 0.0), ()), ((TOLD_S, TOLD_S + 200.0), ()), ((0.0, 0.0), (GONE_S - 60.0, GONE_S + 30.0))],
    ids=["watched", "samples are missing later", "resumed before and after"],
)
def test_a_latched_alarm_that_goes_while_the_bench_looks_fails(
    without_s: tuple[float, float], resumed_after_s: tuple[float, ...]
) -> None:
    found = gone_early(without_s=without_s, resumed_after_s=resumed_after_s)
    assert (str(found.verdict), "nobody acknowledged it" in found.reason) == ("FAIL", True)


def test_an_acknowledge_that_is_written_down_explains_an_alarm_that_went_while_nobody_looked() -> None:
    made = replace(kinked(), without_s=(TOLD_S - 150.0, TOLD_S + 150.0))
    assert wrong(replace(made.record(), resumed_after_s=(TOLD_S - 150.0,))) == {}


@pytest.mark.parametrize(("promised", "sounded"), [(True, False), (False, True)])
def test_an_alarm_sounds_again_while_its_cause_stands_as_the_profile_says(promised: bool, sounded: bool) -> None:
    """The catheter stays off for an hour after the alarm was acknowledged."""
    made = MadeInfusion(disconnected_s=(2 * HOUR_S, 3 * HOUR_S))
    alarms = dict(made.profile.alarms)
    flag = alarms[Alarm.DISCONNECT].latches.model_copy(update={"value": promised})
    alarms[Alarm.DISCONNECT] = alarms[Alarm.DISCONNECT].model_copy(update={"sounds_again": flag})
    record = made.record()
    told_s = 2 * HOUR_S + 300.0
    commands = tuple(
        replace(one, sent_s=told_s, answered_s=told_s, device_clock_s=told_s + AHEAD_S)
        if one.command == "acknowledge"
        else one
        for one in record.commands
    )
    bits = np.where(record.samples.at_s >= told_s, 0.0, record.samples.alarm_bits)
    record = altered(with_alarm_line(record, cleared_s=told_s + AHEAD_S), alarm_bits=bits)
    assert record.logs is not None
    if sounded:
        again = replace(record.logs.alarms[-1], number=4, onset_s=told_s + 200.0 + AHEAD_S, cleared_s=None)
        record = replace(record, logs=replace(record.logs, alarms=(*record.logs.alarms, again)))
        stands = record.samples.at_s >= told_s + 200.0
        record = altered(
            record,
            alarm_bits=bits + stands * bit(Alarm.DISCONNECT),
            alarm_log_count=record.samples.alarm_log_count + stands,
        )
    profile = made.profile.model_copy(update={"alarms": alarms})
    found = judged(replace(record, commands=commands, profile=profile))
    assert str(found[Standing.ALARM_BITS].verdict) == "FAIL"
    assert ("did not sound again" if promised else "sounded again") in found[Standing.ALARM_BITS].reason


BOLUS_LINES: dict[str, dict[str, object]] = {
    "30 % more": {"volume_ul": 26.0},
    "10 % more than was counted": {"volume_ul": 22.0},
    "another outcome": {"outcome": CommandResult.LOCKOUT},
    "another time": {"requested_s": BOLUS_S + AHEAD_S + 40.0},
}


@pytest.mark.parametrize("name", BOLUS_LINES)
def test_a_bolus_line_that_is_wrong_fails_the_bolus_log(name: str) -> None:
    assert wrong(with_bolus_line(with_boluses().record(), **BOLUS_LINES[name])) == {Standing.BOLUS_LOG: "FAIL"}


def test_a_request_that_is_not_logged_and_one_that_nobody_made_fail_the_bolus_log() -> None:
    record = with_boluses().record()
    assert record.logs is not None
    lines = record.logs.boluses
    missing = replace(record, logs=replace(record.logs, boluses=lines[:5] + lines[6:]))
    assert "the log has no line of the request" in judged(missing)[Standing.BOLUS_LOG].reason
    more = replace(lines[-1], number=9, requested_s=lines[-1].requested_s + 60.0)
    invented = replace(record, logs=replace(record.logs, boluses=(*lines, more), bolus_log_count=10))
    assert "a request that nobody made" in judged(invented)[Standing.BOLUS_LOG].reason


def test_a_log_with_a_hole_fails_and_one_that_was_never_read_is_undecided() -> None:
    record = kinked().record()
    assert record.logs is not None
    holed = replace(record, logs=replace(record.logs, trouble="pump: read alarm_log: entry 3 is empty", alarms=()))
    assert "entry 3 is empty" in judged(holed)[Standing.ALARM_LOG].reason
    unread = {Standing.ALARM_BITS, Standing.ALARM_LOG, Standing.BOLUS_LOG}
    assert wrong(replace(record, logs=None)) == dict.fromkeys(unread, "INCONCLUSIVE")


def test_an_alarm_that_stops_the_pump_and_is_not_logged_fails_bits_and_log_and_nothing_else() -> None:
    """State, rate and counter are right: the pump stands because of its alarm."""
    record = kinked().record()
    assert record.logs is not None
    logs = replace(record.logs, alarms=record.logs.alarms[:-1], alarm_log_count=3)
    record = altered(
        replace(record, logs=logs, alarms=()), alarm_log_count=np.full_like(record.samples.alarm_log_count, 3.0)
    )
    assert wrong(record) == {Standing.ALARM_BITS: "FAIL", Standing.ALARM_LOG: "FAIL"}
