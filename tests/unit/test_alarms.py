# SPDX-License-Identifier: Apache-2.0
"""Alarms: each is found once, between the right snapshots, answers its cause and no other, and is timed from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.alarms import AlarmObservation, LoggedAlarm
from bench.infusion.expected_alarms import ExpectedAlarms
from bench.infusion.judging import Judging
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from groundfloor.errors import PumpFailure
from groundfloor.inconclusive import Inconclusive
from instruments.pump import Alarm, AlarmEntry, Command, PumpState
from metrology.latency.bracket import Bracket
from tests.unit.scripted_bench import DEVICE_AHEAD_S, STARTED, Scene, scene

LOW = Alarm.LOW_BATTERY
IN_TIME = "alarm in time"
NO_CAUSE = "basal: an alarm without a fault"


@dataclass(frozen=True)
class Drained:
    """A battery that fell below its threshold: a cause that no injector of the rig made."""

    began: Bracket
    what: str = "low battery"


@dataclass
class Table:
    """A pump that was started at 0 s and is sampled every 30 s."""

    scene: Scene
    session: SamplingSession
    expected: ExpectedAlarms

    def alarm(self, *at_s: float, alarm: Alarm = LOW) -> None:
        self.scene.bench.pump.alarms_at_s += [(one, alarm) for one in at_s]

    def pass_until(self, instant_s: float) -> None:
        self.scene.bench.scheduler.pass_until(instant_s)


@pytest.fixture
def table(tmp_path: Path) -> Iterator[Table]:
    with scene(tmp_path) as at:
        session, judging = SamplingSession(at.setting), Judging(at.setting.run)
        control = PumpControl(at.setting, judging)
        at.bench.pump.stops_on_alarm = False
        session.begin()
        control.start()
        session.start()
        yield Table(at, session, ExpectedAlarms(at.setting, session, control, judging))


def cause(sent_s: float, confirmed_s: float) -> Drained:
    return Drained(Bracket(sent_s, confirmed_s))


def logged(onset_s: float, after_s: float = 90.0, by_s: float = 120.0) -> LoggedAlarm:
    return LoggedAlarm(AlarmEntry(0, LOW, onset_s + DEVICE_AHEAD_S, None), onset_s, after_s, by_s)


# --- the watch ------------------------------------------------------------------------------------------------------


def test_an_alarm_came_up_between_the_sample_before_and_the_first_that_has_it(table: Table) -> None:
    table.alarm(100.0)
    table.pass_until(200.0)
    (found,) = table.session.alarms.alarms
    assert (found.onset_s, found.after_s, found.by_s) == (100.0, 90.0, 120.0)
    (line,) = [one for one in table.scene.lines() if one.data.get("what") == "alarm"]
    assert (line.data["number"], line.data["device_onset_s"], line.data["onset_s"]) == (0, 5100.0, 100.0)
    assert (line.data["seen_after_s"], line.data["seen_by_s"]) == (90.0, 120.0)


def test_each_alarm_is_found_once_and_those_before_the_infusion_not_at_all(table: Table) -> None:
    table.alarm(0.0)
    table.session.alarms.begin(1)  # it stood in the log already
    table.alarm(110.0)
    table.pass_until(150.0)
    table.alarm(160.0)
    table.pass_until(300.0)
    assert [one.entry.number for one in table.session.alarms.alarms] == [1, 2]


def test_an_alarm_after_the_last_sample_is_found_when_the_log_is_read_once_more(table: Table) -> None:
    table.pass_until(125.0)
    table.alarm(124.0)
    assert table.session.alarms.read_once_more() == 1
    (found,) = table.session.alarms.alarms
    assert (found.after_s, found.by_s) == (120.0, 125.0)


def test_an_alarm_of_the_same_kind_is_found_from_the_instant_on_at_which_its_cause_began(table: Table) -> None:
    table.alarm(100.0, 200.0)
    table.alarm(150.0, alarm=Alarm.STALL)
    table.scene.bench.pump.alarms_at_s.sort(key=lambda one: one[0])
    table.pass_until(300.0)
    first, last = (table.session.alarms.find(LOW, since_s) for since_s in (120.0, 120.1))
    assert first is not None
    assert last is not None
    assert (first.onset_s, last.onset_s) == (100.0, 200.0)  # the first was observed at 120 s, which is not before it
    assert table.session.alarms.find(LOW, 210.1) is None


def test_an_alarm_is_told_by_its_number_in_the_log(table: Table) -> None:
    table.alarm(100.0, 200.0)
    table.pass_until(300.0)
    assert table.session.alarms.numbered(1).onset_s == 200.0


def test_what_the_journal_holds_is_not_found_a_second_time(table: Table, tmp_path: Path) -> None:
    table.alarm(100.0, 110.0)
    table.pass_until(200.0)
    recorded = [one for one in table.scene.lines() if one.data.get("what") == "alarm"]
    (tmp_path / "resumed").mkdir()
    with scene(tmp_path / "resumed") as again:
        again.bench.clock.at_s = 200.0
        again.bench.pump.alarms_at_s = [(100.0, LOW), (110.0, LOW), (205.0, LOW)]
        session = SamplingSession(again.setting)
        for line in recorded:
            session.alarms.recall(line)
        assert [one.onset_s for one in session.alarms.alarms] == [100.0, 110.0]
        again.bench.clock.at_s = 210.0
        session.sampling.take(210.0)
        assert [one.entry.number for one in session.alarms.alarms] == [0, 1, 2]


def test_an_alarm_that_came_and_went_between_two_samples_is_found_by_the_count(table: Table) -> None:
    """Its bit is in no sample; the log has its line, and tells when it went."""
    table.pass_until(95.0)
    table.scene.bench.pump.clears_after_s = 5.0
    table.alarm(100.0)
    table.pass_until(200.0)
    assert [one.entry.alarm for one in table.session.alarms.alarms] == [LOW]


def test_a_count_that_falls_is_no_new_alarm_and_ends_nothing(table: Table) -> None:
    """It is for the account of the infusion to say what it is; what comes later is found all the same."""
    table.alarm(100.0, 110.0)
    table.pass_until(150.0)
    table.scene.bench.pump.alarms_at_s = []
    table.pass_until(200.0)
    assert [one.entry.number for one in table.session.alarms.alarms] == [0, 1]
    table.alarm(205.0, alarm=Alarm.STALL)
    table.pass_until(250.0)
    assert [one.entry.alarm for one in table.session.alarms.alarms] == [LOW, LOW, Alarm.STALL]
    assert table.session.alarms.numbered(0).entry.alarm is Alarm.STALL


def test_a_line_that_changes_is_told_once_and_known_to_a_resumed_run(table: Table, tmp_path: Path) -> None:
    table.alarm(100.0)
    table.pass_until(150.0)
    table.scene.bench.pump.alarms_at_s = [(90.0, LOW), (160.0, LOW)]
    table.pass_until(250.0)
    table.alarm(255.0)
    table.pass_until(300.0)
    told = "line 0 of the alarm log told low_battery at 5100.00 s of its clock, later low_battery at 5090.00 s"
    assert table.session.alarms.changes == [told]
    (line,) = [one for one in table.scene.lines() if one.data.get("what") == "alarm-log-changed"]
    (tmp_path / "resumed").mkdir()
    with scene(tmp_path / "resumed") as again:
        session = SamplingSession(again.setting)
        session.listeners["alarm-log-changed"](line)
        assert session.alarms.changes == [told]


def test_a_log_with_a_hole_is_read_again_at_the_next_sample(table: Table) -> None:
    table.scene.bench.pump.log_has_a_hole = True
    table.alarm(100.0)
    table.pass_until(150.0)
    assert table.session.alarms.alarms == []
    table.scene.bench.pump.log_has_a_hole = False
    table.pass_until(180.0)
    assert [one.entry.number for one in table.session.alarms.alarms] == [0]


# --- an alarm and its cause -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("onset_s", "answers"), [(99.0, True), (98.99, False), (150.0, True)])
def test_an_alarm_answers_a_cause_that_had_begun_within_what_two_clocks_may_differ(
    onset_s: float, answers: bool
) -> None:
    alarm, drained = logged(onset_s), cause(100.0, 101.0)
    alarm.account_for(drained, slack_s=1.0)
    assert alarm.cause is (drained if answers else None)


def test_an_alarm_that_was_there_before_its_second_cause_has_none(table: Table) -> None:
    alarm = logged(100.0)
    alarm.account_for(cause(95.0, 96.0), slack_s=1.0)
    alarm.account_for(cause(110.0, 111.0), slack_s=1.0)
    assert alarm.cause is None


@pytest.mark.parametrize(("onset_s", "as_logged"), [(89.0, True), (88.9, False), (121.0, True), (121.1, False)])
def test_a_log_must_claim_an_onset_between_the_snapshots_that_bound_it(onset_s: float, as_logged: bool) -> None:
    assert logged(onset_s).came_as_logged(slack_s=1.0) is as_logged


def test_the_latency_runs_from_the_middle_of_the_cause_to_the_logged_onset() -> None:
    observation = AlarmObservation("basal", logged(130.0), cause(100.0, 106.0), within_s=40.0)
    latency = observation.latency
    assert latency.quantity.value == pytest.approx(27.0)
    # rectangles of 3 s (the cause) and 0.01 s (a step of the log)
    assert latency.quantity.standard_uncertainty == pytest.approx((3.0**2 + 0.01**2) ** 0.5 / 3**0.5)
    assert (latency.limits.lower, latency.limits.upper) == (None, 40.0)
    assert latency.name == "basal: latency of the low_battery alarm"
    assert latency.qualifiers == ()


def test_clocks_that_are_known_badly_and_gaps_stand_in_the_latency() -> None:
    gaps = ("no samples from 90 s to 120 s",)
    observation = AlarmObservation("basal", logged(130.0), cause(100.0, 100.0), 40.0, 6.0, gaps)
    assert observation.latency.quantity.standard_uncertainty == pytest.approx(6.0 / 3**0.5, rel=1e-4)
    assert observation.latency.qualifiers == gaps


def test_two_latencies_are_compared_with_both_their_uncertainties() -> None:
    first = AlarmObservation("basal", logged(130.0), cause(100.0, 106.0), 40.0, qualifiers=("a gap",))
    later = AlarmObservation("basal", logged(290.0), cause(200.0, 206.0), 100.0)
    against = later.later_than(first, most_s=30.0, source="profile")
    assert against.quantity.value == pytest.approx(87.0 - 27.0)
    assert against.quantity.standard_uncertainty == pytest.approx((2 * (3.0**2 + 0.01**2) / 3) ** 0.5)
    assert (against.limits.lower, against.limits.upper) == (None, 30.0)
    assert against.qualifiers == ("a gap",)
    assert against.name == "basal: latency of the low_battery alarm against the first"


# --- an alarm that is expected --------------------------------------------------------------------------------------


def test_an_alarm_that_no_injector_caused_is_expected_and_judged_like_any_other(table: Table) -> None:
    table.pass_until(95.0)
    table.alarm(100.0)
    observation = table.expected.expect(IN_TIME, LOW, cause(90.0, 95.0), within_s=60.0)
    table.expected.judge_unexpected()
    assert observation.latency.quantity.value == pytest.approx(7.5)
    assert set(table.scene.verdicts.values()) == {"PASS"}
    assert NO_CAUSE in table.scene.verdicts
    assert "after the low_battery alarm the pump continues" in table.scene.verdicts


def test_an_alarm_that_nothing_called_for_fails_the_pump(table: Table) -> None:
    table.alarm(100.0)
    table.pass_until(200.0)
    table.expected.judge_unexpected()
    assert table.scene.verdicts == STARTED | {NO_CAUSE: "FAIL"}


def test_an_alarm_that_does_not_come_in_its_time_fails_the_pump(table: Table) -> None:
    table.pass_until(95.0)
    with pytest.raises(PumpFailure, match="the low battery was confirmed, no low_battery alarm came within 1 min"):
        table.expected.expect(IN_TIME, LOW, cause(90.0, 95.0), within_s=60.0)
    assert table.scene.bench.clock.at_s == 95.0 + 60.0 + 30.0  # the last sample that could have it was taken
    assert table.scene.verdicts == STARTED | {"low_battery alarm": "FAIL"}


def test_a_log_that_claims_another_onset_than_was_observed_fails_the_pump(table: Table) -> None:
    table.pass_until(95.0)
    table.scene.bench.pump.log_is_late_s = 40.0
    table.alarm(100.0)
    table.expected.expect(IN_TIME, LOW, cause(90.0, 95.0), within_s=120.0)
    assert table.scene.verdicts["the log tells the onset of the low_battery alarm as it was seen"] == "FAIL"


def test_a_pump_that_stops_where_it_promised_to_go_on_fails(table: Table) -> None:
    table.pass_until(95.0)
    table.scene.bench.pump.stops_on_alarm = True
    table.alarm(100.0)
    table.expected.expect(IN_TIME, LOW, cause(90.0, 95.0), within_s=60.0)
    assert table.scene.bench.pump.state is PumpState.ALARM_STOPPED
    assert table.scene.verdicts["after the low_battery alarm the pump continues"] == "FAIL"


def test_a_cause_that_would_end_before_it_began_is_told_and_judges_nothing(table: Table) -> None:
    with pytest.raises(Inconclusive, match="look for a clock that jumped"):
        cause(100.0, 90.0)
    assert table.scene.verdicts == STARTED
    assert table.scene.bench.pump.commands == [Command.START]
