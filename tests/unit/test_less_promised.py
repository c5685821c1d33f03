# SPDX-License-Identifier: Apache-2.0
"""A pump that promises less: its map may leave out what it has not, and what then cannot be judged is told by name."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bench.acceptance import Standing, unjudged
from bench.account import InfusionRecord, examine
from bench.account.seen_alarms import seen_alarms
from bench.alarms import LoggedAlarm
from bench.bench_file import BenchFile
from bench.devices import check_promises, check_register_maps, lacking_features
from bench.profile import Profile
from cli.conformance import try_bench
from groundfloor.errors import PlanError
from instruments.modbus.pump_points import PumpPoints
from instruments.modbus.staged_program import StagedProgram
from instruments.program import Mode, Program, Step
from instruments.pump import Alarm, AlarmEntry, Command
from instruments.pump_feature import PumpFeature
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point, Table
from instruments.register_map.request_limits import RequestLimits
from metrology.latency.bracket import Bracket
from metrology.verdict import Judgement
from tests.unit.made_infusion import LEAD_IN_S, MadeInfusion, altered, kinked
from tests.unit.test_alarms import Drained
from tests.unit.test_bench_file import example

EXAMPLE = Path(__file__).parents[2] / "examples" / "twelve-registers"
MAP = EXAMPLE / "map.toml"
PROFILE = Profile.load(EXAMPLE / "profile.toml")
WHOLE = RegisterMap.named("pump")


def lacking(*names: str, lists: Sequence[str] = ()) -> RegisterMap:
    """The pump's own map without these points, and without these lists."""
    points = [
        point
        for name, point in WHOLE.points.items()
        if name not in names and not any(name.startswith(f"{one}[") for one in lists)
    ]
    return RegisterMap("pump", "", 1, points, {n: count for n, count in WHOLE.list_lengths.items() if n not in lists})


def bench_with(pump_map: Path) -> BenchFile:
    content = example()
    content["pump"]["map"] = str(pump_map)
    return BenchFile.model_validate(content)


# --- maps ------------------------------------------------------------------------------------------------------------


def test_the_example_has_twelve_registers() -> None:
    assert sum(point.registers for point in RegisterMap.load(MAP).points.values()) == 12


def test_a_map_of_twelve_registers_makes_a_pump_without_what_it_leaves_out() -> None:
    points = PumpPoints(RegisterMap.load(MAP))
    assert [block.count for block in points.snapshot] == [9]
    assert (points.alarm_log, points.bolus_log, points.active, points.identity) == ((), (), (), ())
    assert points.steps == 1


def test_what_a_map_lacks_is_what_its_profile_is_without() -> None:
    assert set(lacking_features(bench_with(MAP))) == set(PROFILE.without)


@pytest.mark.parametrize(
    ("names", "lists", "told"),
    [
        (("alarm_log_count",), (), "alarm_log_count"),
        ((), ("alarm_log",), r"alarm_log\[0\].code"),
        (("bolus_log_count",), (), "bolus_log_count"),
        (("ptm_lockout_s",), (), "ptm_lockout_s"),
        (("active_steps[2].rate_ul_per_h",), (), r"active_steps\[2\].rate_ul_per_h"),
        (("bolus_volume_ul",), (), "bolus_volume_ul"),
        (("mode",), (), "mode"),
    ],
)
def test_half_of_what_belongs_together_is_refused_by_name(
    names: tuple[str, ...], lists: tuple[str, ...], told: str
) -> None:
    with pytest.raises(PlanError, match=told):
        PumpPoints(lacking(*names, lists=lists))


def test_a_promise_without_its_point_names_both_and_the_point_that_was_meant(tmp_path: Path) -> None:
    text = MAP.read_text(encoding="utf-8").replace('"delivered_volume_ul"', '"delivered_volum_ul"')
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    file = bench_with(tmp_path / "map.toml")
    with pytest.raises(PlanError) as refused:
        check_promises(file, PROFILE.features, PROFILE.name)
    assert "counter needs delivered_volume_ul (did you mean 'delivered_volum_ul'?)" in refused.value.seen
    less = PROFILE.model_copy(update={"without": (*PROFILE.without, PumpFeature.COUNTER)})
    check_promises(file, less.features, less.name)


def test_a_mode_that_is_promised_needs_its_points() -> None:
    with pytest.raises(PlanError, match="flex needs mode, step_count"):
        check_promises(bench_with(MAP), {*PROFILE.features, "flex"}, PROFILE.name)
    check_promises(bench_with(MAP), PROFILE.features, PROFILE.name)


# --- programs --------------------------------------------------------------------------------------------------------


def test_a_program_that_says_more_than_the_map_can_is_refused() -> None:
    points = PumpPoints(RegisterMap.load(MAP))
    steps = (Step(0, 40.0),)
    assert StagedProgram(Program(Mode.CONTINUOUS, steps), points).values == {"steps[0].rate_ul_per_h": 40.0}
    with pytest.raises(PlanError, match=r"its ptm_volume_ul is 20\.0, and the register map has no such point"):
        StagedProgram(Program(Mode.CONTINUOUS, steps, ptm_volume_ul=20.0), points)
    with pytest.raises(PlanError, match="its mode is flex"):
        StagedProgram(Program(Mode.FLEX, steps), points)


def test_a_rate_that_its_register_rounds_is_refused() -> None:
    points = PumpPoints(RegisterMap.load(MAP))
    with pytest.raises(PlanError, match=r"is to be 41\.6667, and its register holds 41\.7"):
        StagedProgram(Program(Mode.CONTINUOUS, (Step(0, 41.6667),)), points)


# --- requests --------------------------------------------------------------------------------------------------------


def _points(*addresses: int, table: Table = Table.INPUT) -> list[Point]:
    return [Point(name=f"p{at}", table=table, address=at, type="uint16", meaning="") for at in addresses]


def test_a_snapshot_is_read_in_as_few_requests_as_the_device_takes() -> None:
    points = _points(0, 1, 2, 10, 11, 60)
    assert [[p.address for p in run] for run in RequestLimits().reads(points)] == [[0, 1, 2, 10, 11, 60]]
    assert [[p.address for p in run] for run in RequestLimits(most_read=20).reads(points)] == [[0, 1, 2, 10, 11], [60]]
    around = RequestLimits(reads_gaps=False).reads(points)
    assert [[p.address for p in run] for run in around] == [[0, 1, 2], [10, 11], [60]]


def test_no_request_is_longer_than_the_limit_and_none_is_lost() -> None:
    for most in range(4, 60):
        runs = [
            [WHOLE.points[point.name] for point in block]
            for block in RequestLimits(most_read=most).reads(WHOLE.points.values())
        ]
        assert sum(map(len, runs)) == len(WHOLE.points)
        longest = max(point.registers for point in WHOLE.points.values())
        assert all(run[-1].address + run[-1].registers - run[0].address <= max(most, longest) for run in runs)


def test_a_write_leaves_no_register_out() -> None:
    points = _points(0, 1, 5, 6, 7, table=Table.HOLDING)
    runs = RequestLimits(most_written=2).writes(points)
    assert [[point.address for point in run] for run in runs] == [[0, 1], [5, 6], [7]]


# --- judgements ------------------------------------------------------------------------------------------------------


def test_an_infusion_judges_all_but_what_rests_on_the_features_left_out() -> None:
    made = MadeInfusion()
    less = made.profile.model_copy(update={"without": (PumpFeature.BATTERY, PumpFeature.COUNTER)})
    everything, rest = {one.standing for one in examine(made.record())}, MadeInfusion(profile=less).record()
    silent = altered(rest, counter_ul=np.full(len(rest.samples), np.nan))
    assert everything - {one.standing for one in examine(silent)} == {Standing.BATTERY, Standing.COUNTER}
    assert set(unjudged(less.without)) == {Standing.BATTERY, Standing.COUNTER, Standing.THREE_VOLUMES}


def test_a_reservoir_that_does_not_fall_is_found_without_a_counter() -> None:
    less = MadeInfusion().profile.model_copy(update={"without": (PumpFeature.COUNTER,)})
    record = MadeInfusion(profile=less).record()
    silent = altered(record, counter_ul=np.full(len(record.samples), np.nan))
    held = altered(silent, reservoir_ul=np.full(len(record.samples), record.samples.reservoir_ul[0]))

    def verdicts(one: InfusionRecord) -> list[str]:
        found = [finding.found for finding in examine(one) if finding.standing is Standing.RESERVOIR]
        return [str(judgement.verdict) for judgement in found if isinstance(judgement, Judgement)]

    assert (verdicts(silent), verdicts(held)) == (["PASS"], ["FAIL"])


def test_an_alarm_without_a_log_has_the_onset_and_the_end_that_the_bits_show() -> None:
    record = kinked().record()
    samples = record.samples
    first = int(np.flatnonzero(samples.with_alarm(Alarm.OCCLUSION))[0])
    after_s, by_s = float(samples.at_s[first - 1]), float(samples.at_s[first])
    entry = AlarmEntry(0, Alarm.OCCLUSION, samples.device_s((after_s + by_s) / 2), None)
    logged = LoggedAlarm(entry, (after_s + by_s) / 2, after_s, by_s, by_bits=True)
    assert (logged.onset.after_s, logged.onset.before_s) == (after_s, by_s)
    (seen,) = seen_alarms([logged], samples, record.commands)
    told_s = [one.device_clock_s for one in record.commands if one.command is Command.ACKNOWLEDGE]
    assert seen.cleared_s is None or any(abs(seen.cleared_s - at_s) <= 30.0 for at_s in told_s)


def test_an_alarm_seen_by_its_bits_answers_a_cause_between_the_two_samples() -> None:
    entry = AlarmEntry(0, Alarm.OCCLUSION, LEAD_IN_S, None)
    alarm = LoggedAlarm(entry, onset_s=115.0, after_s=100.0, by_s=130.0, by_bits=True)
    alarm.account_for(Drained(Bracket(125.0, 126.0)), slack_s=1.0)
    assert alarm.cause is not None
    logged = replace(alarm, by_bits=False, cause=None)
    logged.account_for(Drained(Bracket(125.0, 126.0)), slack_s=1.0)
    assert logged.cause is None


def test_the_kit_of_rules_refuses_a_pump_that_promises_less(tmp_path: Path) -> None:
    bench_with(MAP).write(tmp_path / "bench.toml")
    with pytest.raises(PlanError, match="its map has no model, serial number and firmware, no computed reservoir"):
        try_bench(tmp_path / "bench.toml", move=False)


def test_the_rates_of_the_grid_are_ones_that_the_pump_can_be_told() -> None:
    points = PumpPoints(RegisterMap.load(MAP))
    rates = [PROFILE.rates.grid_ul_per_h(place) for place in range(1, 9)]
    assert (rates[0], rates[-1]) == (2.0, 1000.0)
    for rate in rates:
        StagedProgram(Program(Mode.CONTINUOUS, (Step(0, rate),)), points)


@pytest.mark.parametrize("unit", [0, 255])
def test_units_0_and_255_are_for_tcp_alone(unit: int) -> None:
    content = example()
    content["pump"] |= {"unit_id": unit, "address": "tcp://h:502"}
    check_register_maps(BenchFile.model_validate(content))
    content["pump"]["address"] = "rtu:///dev/ttyUSB0"
    with pytest.raises(PlanError, match=f"{unit} is for tcp:// alone"):
        check_register_maps(BenchFile.model_validate(content))
