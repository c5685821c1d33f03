# SPDX-License-Identifier: Apache-2.0
"""The parts of an infusion, one by one: each does its work with the parts that it was given and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.acceptance import Standing
from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.judging import Judging
from bench.infusion.marks import Marks
from bench.infusion.patient_boluses import PatientBoluses
from bench.infusion.pump_control import PumpControl
from bench.infusion.pump_time import PumpTime
from bench.infusion.resolution import Resolution
from bench.infusion.resumption import Resumption
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.stock import MARKS_S, Stock
from bench.infusion.stopped_flow import StoppedFlow
from bench.injectors import injector_named
from bench.therapy import Continuous, Therapy
from groundfloor.errors import BenchFault, PlanError, PumpFailure
from groundfloor.inconclusive import Inconclusive
from instruments.pump import Alarm, BolusEntry, Command, CommandResult, PumpState
from metrology.uncertainty import Influence, quantity_from
from metrology.verdict import Limits, Measurement
from tests.unit.imagined_weighing import PROFILE
from tests.unit.scripted_bench import DEVICE_AHEAD_S, INTERVAL_S, RATE_UL_PER_H, STARTED, Scene, scene

HOUR_S = 3600.0


@dataclass
class Table:
    """All parts, and the scene they work in; the pump was started at 0 s."""

    scene: Scene
    session: SamplingSession
    judging: Judging
    control: PumpControl
    resumption: Resumption
    time: PumpTime

    def started(self) -> "Table":
        self.session.begin()
        self.control.start()
        self.session.start()
        return self

    def course(self) -> Course:
        marks = Marks(self.scene.setting, self.session)
        return Course(self.scene.setting, self.time, self.judging, marks, Resolution(self.scene.setting, self.time))

    def delivery(self, course: Course) -> Delivery:
        return Delivery(course, self.resumption, Stock(self.scene.setting, self.session))

    def titles(self, kind: str) -> list[str]:
        return [str(line.data["title"]) for line in self.scene.lines() if line.kind == kind]


def parts(at: Scene) -> Table:
    session, judging = SamplingSession(at.setting), Judging(at.setting.run)
    resumption = Resumption(at.setting, session)
    time = PumpTime(at.setting, session, resumption)
    return Table(at, session, judging, PumpControl(at.setting, judging), resumption, time)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with scene(tmp_path) as at:
        yield parts(at)


@pytest.fixture
def with_boluses(tmp_path: Path) -> Iterator[Table]:
    with scene(tmp_path, PROFILE.patient_bolus.on_top_of(Continuous(RATE_UL_PER_H))) as at:
        yield parts(at).started()


# --- setting, judging -----------------------------------------------------------------------------------------------


def test_the_watchdog_waits_for_four_heartbeats_and_never_less_than_a_minute(table: Table) -> None:
    setting = table.scene.setting
    assert setting.watchdog_s == 4 * INTERVAL_S
    assert type(setting)(setting.run, "quick", setting.schedule, 1.0).watchdog_s == 60


def test_whoever_listens_hears_of_each_measurement_that_is_judged(table: Table) -> None:
    heard: list[Measurement] = []
    table.judging.measurements.subscribe(heard.append)
    volume = Influence.type_b("volume", 9.0, "µL", 0.1)
    measurement = Measurement("a volume", quantity_from(volume.number, "µL", (volume,)), Limits(10.0, None, "µL", ""))
    table.judging.judge("volume", measurement)
    table.judging.judge_that("it came", True, "it did")
    table.judging.standing_forbidden(Standing.QUIET, "it stayed away", True, "it came")
    assert heard == [measurement]
    assert table.scene.verdicts == {"a volume": "FAIL", "it came": "PASS", "it stayed away": "FAIL"}


# --- the pump -------------------------------------------------------------------------------------------------------


def test_a_pump_that_refuses_its_program_fails_before_it_is_started(table: Table) -> None:
    table.scene.bench.pump.takes = CommandResult.RATE_OUT_OF_RANGE
    with pytest.raises(PumpFailure, match="it answered rate_out_of_range"):
        table.control.program()
    assert table.scene.verdicts == {"the pump takes the program and reads it back": "FAIL"}
    assert table.scene.bench.pump.commands == []


@pytest.mark.parametrize("verb", ["start", "stop"])
def test_a_pump_that_refuses_a_command_it_promised_fails_and_nothing_else_is_scheduled(table: Table, verb: str) -> None:
    table.scene.bench.pump.answers = dict.fromkeys(Command, CommandResult.WRONG_STATE)
    do: Callable[[], None] = getattr(table.control, verb)
    with pytest.raises(PumpFailure, match=f"{verb}: it answered wrong_state"):
        do()
    assert not table.scene.setting.schedule.running


def test_what_is_scheduled_begins_and_ends_by_the_pumps_own_clock(table: Table) -> None:
    table.started()
    table.time.wait(HOUR_S)
    table.control.stop()
    schedule = table.scene.setting.schedule
    assert not schedule.running
    assert schedule.volume_ul(0.0, 1e6) == pytest.approx(RATE_UL_PER_H)


def test_an_alarm_that_stopped_the_pump_is_acknowledged_and_the_pump_started_again(table: Table) -> None:
    table.started()
    pump = table.scene.bench.pump
    pump.alarms_at_s = [(100.0, Alarm.OCCLUSION)]
    table.time.wait(150.0)
    assert pump.state is PumpState.ALARM_STOPPED
    table.control.resume()
    assert pump.commands == [Command.START, Command.ACKNOWLEDGE, Command.START]
    assert table.scene.setting.schedule.started_s == DEVICE_AHEAD_S + 150.0


def test_a_pump_that_runs_is_left_running(table: Table) -> None:
    table.started()
    table.control.resume()
    assert table.scene.bench.pump.commands == [Command.START]


# --- samples and time -----------------------------------------------------------------------------------------------


def test_the_first_sample_is_taken_and_the_watchdog_armed_before_the_pump_starts(table: Table) -> None:
    table.session.begin()
    assert table.scene.bench.rig.armed == [120]
    assert not table.session.started
    table.control.start()
    table.session.start()
    table.time.wait(2 * INTERVAL_S)
    table.session.end()
    table.time.wait(2 * INTERVAL_S)
    taken_s = [line.t_s for line in table.scene.lines() if line.kind == "sample"]
    assert taken_s == [0.0, 0.0, 30.0, 60.0]


def test_air_out_of_its_window_spoils_everything_that_is_weighed(table: Table) -> None:
    table.started()
    assert table.session.qualifiers == ()
    rig = table.scene.bench.rig
    read = rig.read
    rig.read = lambda: type(read())(**{**vars(read()), "temperature_c": 99.0})  # type: ignore[method-assign]
    table.time.wait(INTERVAL_S)
    (qualifier,) = table.session.qualifiers
    assert qualifier.startswith("temperature in °C was 99")


def test_waiting_is_by_the_pumps_own_clock_and_the_rate_is_that_of_the_moment(table: Table) -> None:
    table.started()
    table.time.wait_until(DEVICE_AHEAD_S + 100.0)
    assert (table.scene.bench.clock.at_s, table.time.device_clock_s()) == (100.0, DEVICE_AHEAD_S + 100.0)
    assert table.time.rate_ul_per_h == RATE_UL_PER_H
    table.control.stop()
    assert (table.time.rate_ul_per_h, table.time.rate_if_running_ul_per_h) == (0.0, RATE_UL_PER_H)


def test_a_wait_after_an_interruption_lasts_until_the_flow_is_steady_again(table: Table) -> None:
    table.started()
    table.resumption.steady_from_s = 500.0
    table.time.wait(100.0)
    assert table.scene.bench.clock.at_s == 500.0


# --- an interruption ------------------------------------------------------------------------------------------------


def test_a_pump_that_was_found_running_is_accounted_for_and_started_again(table: Table) -> None:
    table.started()
    table.time.wait(60.0)
    bench, schedule = table.scene.bench, table.scene.setting.schedule
    table.session.end()
    bench.clock.at_s = 90.0
    bench.found = bench.pump.read()
    bench.pump.command(Command.STOP)
    table.resumption.go_on()
    assert bench.pump.state is PumpState.INFUSING
    assert schedule.started_s == DEVICE_AHEAD_S + 90.0
    assert table.titles("event")[-2:] == ["Interrupted for 30 s; stop known to ±0.0 s", "pump started again"]
    assert table.resumption.steady_from_s == 90.0 + PROFILE.settling_time_s(RATE_UL_PER_H)
    assert bench.rig.armed == [120, 120]


def test_a_mass_that_jumped_without_a_sample_has_lost_its_zero_and_nothing_is_started(table: Table) -> None:
    table.started()
    bench = table.scene.bench
    bench.found = bench.pump.read()
    bench.balance.mass_g = -1.0
    with pytest.raises(Inconclusive, match="zero and tare are gone"):
        table.resumption.go_on()
    assert bench.pump.commands == [Command.START]


def test_nothing_is_accounted_for_before_the_pump_was_ever_started(table: Table) -> None:
    table.scene.bench.found = table.scene.bench.pump.read()
    table.resumption.go_on()
    assert (table.scene.bench.rig.armed, table.scene.bench.pump.commands) == ([], [])


# --- volumes --------------------------------------------------------------------------------------------------------


def test_a_window_holds_whole_strokes_and_knows_its_marks(table: Table) -> None:
    table.started()
    window = table.delivery(table.course()).deliver(HOUR_S, "an hour")
    period_s = PROFILE.stroke_period_s(RATE_UL_PER_H)
    duration_s = window.end.mass.time_s - window.start.mass.time_s
    assert duration_s >= HOUR_S
    assert duration_s / period_s == pytest.approx(round(duration_s / period_s))
    assert window.expected_ul == pytest.approx(RATE_UL_PER_H * duration_s / 3600)
    assert table.scene.verdicts["an hour: pump's counter against program"] == "FAIL"  # it counts nothing


def test_a_window_with_a_fault_in_it_judges_no_counter_and_leaves_the_comparison_open(table: Table) -> None:
    table.started()
    delivery = table.delivery(table.course())
    with table.scene.setting.run.injectors.injected(injector_named("kink"), 100.0):
        delivery.deliver(HOUR_S, "kinked")
    assert table.scene.verdicts == STARTED
    delivery.judge_what_is_open()
    assert table.scene.verdicts == STARTED | {"basal: three volumes": "INCONCLUSIVE"}


def test_the_weighed_volume_is_judged_at_the_end_if_the_plan_did_not(table: Table) -> None:
    table.started()
    delivery = table.delivery(table.course())
    window = delivery.deliver(HOUR_S, "an hour")
    delivery.judge_what_is_open()
    assert table.scene.verdicts[window.volume.name] == "FAIL"


def test_a_volume_that_the_plan_judged_is_not_judged_again_at_the_end(table: Table) -> None:
    table.started()
    delivery = table.delivery(table.course())
    table.judging.judge("volume", delivery.deliver(HOUR_S, "an hour").volume)
    judgements = list(table.scene.setting.run.assessment.judgements)
    delivery.judge_what_is_open()
    assert table.scene.setting.run.assessment.judgements == judgements


def test_a_window_that_the_reservoir_does_not_last_for_is_refused_before_it_begins(table: Table) -> None:
    table.started()
    low_ul = PROFILE.low_reservoir_alarm_ul.value
    table.scene.bench.pump.reservoir_ul = low_ul + RATE_UL_PER_H - 1
    table.time.wait(INTERVAL_S)
    stock, now_s = Stock(table.scene.setting, table.session), table.time.device_clock_s()
    with pytest.raises(BenchFault, match="refill the pump"):
        stock.refuse_if_too_little(now_s, HOUR_S)
    beside_s = MARKS_S + INTERVAL_S + PROFILE.settling_time_s(RATE_UL_PER_H)
    lasts_s = HOUR_S * (1.0 - 1.0 / RATE_UL_PER_H)
    stock.refuse_if_too_little(now_s, lasts_s - beside_s - 5.0)
    with pytest.raises(BenchFault, match="refill the pump"):  # the alarm would come while the window is weighed
        stock.refuse_if_too_little(now_s, lasts_s - beside_s + 5.0)
    stock.refuse_if_too_little(now_s, lasts_s - 5.0, keeps_reserve=False)


def test_a_window_that_resolves_nothing_is_refused_and_the_shortest_that_does_is_named(table: Table) -> None:
    table.started()
    resolution = table.course().resolution
    with pytest.raises(BenchFault, match="weigh for at least"):
        resolution.refuse_unresolved(1.0)
    shortest_s = resolution.shortest_s(0.0, stopped=False)
    resolution.refuse_unresolved(shortest_s)
    assert resolution.shortest_s(1e6, stopped=False) == 1e6


def test_a_stopped_pump_that_gives_nothing_shows_no_flow(table: Table) -> None:
    table.started()
    table.control.stop()
    measured = StoppedFlow(table.course()).no_flow(HOUR_S)
    most_ul = RATE_UL_PER_H * PROFILE.accuracy_percent.value / 100
    assert (measured.limits.lower, measured.limits.upper) == (pytest.approx(-most_ul), pytest.approx(most_ul))
    assert abs(measured.quantity.value) < 0.1


def test_what_comes_out_on_release_is_all_that_came_since_the_alarm_was_weighed(table: Table) -> None:
    table.started()
    stopped = StoppedFlow(table.course())
    with pytest.raises(PlanError, match="expect_alarm first"):
        stopped.unintended_bolus()
    table.control.stop()
    stopped.hold()
    table.scene.bench.balance.mass_g += 0.010
    measured = stopped.unintended_bolus()
    assert measured.quantity.value == pytest.approx(10.0, abs=0.1)
    assert measured.limits.upper == PROFILE.unintended_bolus_limit_ul(RATE_UL_PER_H)


# --- boluses --------------------------------------------------------------------------------------------------------


def test_a_bolus_that_is_refused_wrongly_and_not_logged_fails_twice_and_schedules_nothing(with_boluses: Table) -> None:
    table = with_boluses
    course = table.course()
    delivery = table.delivery(course)
    basal = delivery.deliver(HOUR_S, "basal")
    table.scene.bench.pump.answers = {Command.PATIENT_BOLUS: CommandResult.LOCKOUT}
    PatientBoluses(course, delivery, with_boluses.control).request("given", CommandResult.ACCEPTED, basal, "first")
    assert table.scene.verdicts["first: answer"] == "FAIL"
    assert table.scene.verdicts["first: log"] == "FAIL"
    assert table.scene.setting.schedule.boluses == []


def test_an_accepted_bolus_is_scheduled_from_the_request_and_its_lockout_counted_from_it(with_boluses: Table) -> None:
    table = with_boluses
    course = table.course()
    delivery, pump = table.delivery(course), table.scene.bench.pump
    boluses = PatientBoluses(course, delivery, with_boluses.control)
    with pytest.raises(PlanError, match="no bolus was accepted yet"):
        boluses.wait_for_lockout_end(0.0)
    basal = delivery.deliver(HOUR_S, "basal")
    log = pump.bolus_log
    pump.bolus_log = lambda since=0: (BolusEntry(0, 0.0, CommandResult.ACCEPTED, 0.0), *log(since))  # type: ignore[method-assign]
    boluses.request("given", CommandResult.ACCEPTED, basal, "first")
    (bolus,) = table.scene.setting.schedule.boluses
    assert bolus.volume_ul == PROFILE.patient_bolus.volume_ul.value
    assert (table.scene.verdicts["first: answer"], table.scene.verdicts["first: log"]) == ("PASS", "PASS")
    boluses.wait_for_lockout_end(60.0)
    assert table.time.device_clock_s() == pytest.approx(bolus.started_s + PROFILE.patient_bolus.lockout_s.value + 60.0)


def test_a_therapy_without_boluses_has_no_button(table: Table) -> None:
    table.started()
    course = table.course()
    delivery = table.delivery(course)
    therapy: Therapy = table.scene.setting.schedule.therapy
    with pytest.raises(PlanError, match=f"the therapy is {therapy.name}"):
        PatientBoluses(course, delivery, table.control).wait_for_lockout_end(0.0)
