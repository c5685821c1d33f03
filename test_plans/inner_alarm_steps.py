# SPDX-License-Identifier: Apache-2.0
"""What the tests of the alarms of reservoir and system share: how each is brought about, and what is done with it then.

No rig takes the cause of these away again: a reservoir stays low or empty until it is filled, and a failure of the
system is over when it is told.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from bench.acceptance import Criterion
from bench.alarms import AlarmObservation
from bench.infusion import Infusion
from bench.profile import Profile
from bench.profile.alarm_specification import ToneName
from instruments.pump import Alarm, Command
from test_plans.alarm_steps import heard_as, listen_to
from test_plans.criteria import (
    accuracy,
    empty_latency,
    kept_over_a_reset,
    left_when_empty,
    low_reservoir_latency,
    reset_latency,
    told_as_promised,
)
from test_plans.markers import HOUR_S, judges, only_with

UNDER_UL = 100.0
"""So much under the volume of its alarm the reservoir is filled where that is to come at once."""
LAST_UL = 200.0
"""So little is filled where the reservoir is to run dry, and the pump is told that it is full."""
LEFT_FOR_S = 6 * HOUR_S
"""So long nobody does anything about an alarm."""
DIP_S = 5.0
"""A supply that is gone for so short a time takes the system down."""
STANDS = (
    ("ALM-010", "interrogated", told_as_promised),
    ("ALM-007", "silenced", told_as_promised),
    ("ALM-009", "stands when it was left alone", told_as_promised),
    ("ALM-009", "gone when it is acknowledged", told_as_promised),
    ("DEL-002", "after the alarm", accuracy),
)
Judged = tuple[str, str, Criterion]
Bring = Callable[[Infusion, Profile], AlarmObservation]


def reservoir_low(run: Infusion, profile: Profile, declared: str = "alarm in time") -> AlarmObservation:
    """Fill a little less than the volume of its alarm, start, and wait for it."""
    _fill(run, profile.low_reservoir_alarm_ul.value - UNDER_UL)
    return run.reservoir.run_down_to_alarm(declared)


def reservoir_empty(run: Infusion, profile: Profile) -> AlarmObservation:
    """Fill hardly anything, tell the pump that it is full, and wait until nothing flows any more."""
    _fill(run, LAST_UL, profile.reservoir_ul.value)
    return run.reservoir.run_dry("alarm in time", left="left when empty")


def system_failed(run: Infusion, _profile: Profile, declared: str = "failure") -> AlarmObservation:
    """Take the supply away for a moment."""
    return run.power.interrupt(DIP_S, declared)


def _fill(run: Infusion, volume_ul: float, told_ul: float | None = None) -> None:
    run.reservoir.refilling.require_port()
    run.stop()
    run.reservoir.fill(volume_ul, told_ul)
    run.start()
    run.settle()


@dataclass(frozen=True)
class InnerAlarm:
    """An alarm of reservoir or system.

    Attributes:
        name: what its test is called.
        bring: brings it about.
        judged: what is judged of its coming.
        tone: critical, or one that can wait.
        needs: the features that the pump has then.
    """

    name: str
    bring: Bring
    judged: tuple[Judged, ...]
    tone: ToneName
    needs: tuple[str, ...]


EACH = {
    Alarm.LOW_RESERVOIR: InnerAlarm(
        "low_reservoir",
        reservoir_low,
        (("RES-001", "alarm in time", low_reservoir_latency),),
        "non_critical",
        ("refill", "low_reservoir_alarm"),
    ),
    Alarm.RESERVOIR_EMPTY: InnerAlarm(
        "reservoir_empty",
        reservoir_empty,
        (("RES-004", "alarm in time", empty_latency), ("RES-004", "left when empty", left_when_empty)),
        "critical",
        ("refill", "reservoir_empty_alarm"),
    ),
    Alarm.MEMORY: InnerAlarm(
        "system_failure",
        system_failed,
        (("PWR-002", "failure: alarm", reset_latency), ("PWR-003", "failure: kept", kept_over_a_reset)),
        "critical",
        ("power", "memory_alarm"),
    ),
}


def each_inner_alarm(*, heard: bool) -> pytest.MarkDecorator:
    """Run a test once for each alarm of reservoir and system, with what that alarm is judged by.

    Args:
        heard: whether its tones are judged, or that it stands until it is acknowledged.
    """

    def marks(alarm: Alarm, one: InnerAlarm) -> list[pytest.MarkDecorator]:
        parts = (*one.judged, *(heard_as(one.tone) if heard else STANDS))
        judged = [judges(*part) for part in reversed(parts)]
        latches = () if heard else (f"{alarm}_alarm_latches",)
        return [*judged, *(only_with(feature) for feature in ("silence", *one.needs, *latches))]

    return pytest.mark.parametrize(
        "alarm", [pytest.param(alarm, id=one.name, marks=marks(alarm, one)) for alarm, one in EACH.items()]
    )


def inner_alarm_stands_until_acknowledged(run: Infusion, profile: Profile, alarm: Alarm) -> None:
    """Bring an alarm about, interrogate and silence it, leave it alone for hours, acknowledge, and weigh."""
    run.settle()
    found = EACH[alarm].bring(run, profile)
    run.heard.leaves_all("interrogated", Command.INTERROGATE)
    run.heard.leaves_all("silenced", Command.SILENCE)
    run.wait(LEFT_FOR_S)
    _end_the_cause(run, profile, alarm)
    run.heard.judge_stands("stands when it was left alone", found, stands=True)
    run.resume()
    run.settle()
    run.heard.judge_stands("gone when it is acknowledged", found, stands=False)
    _weigh(run, alarm)


def inner_alarm_is_heard_silenced_and_heard_again(run: Infusion, profile: Profile, alarm: Alarm) -> None:
    """Bring an alarm about, listen, silence it, listen for as long as that lasts and longer, acknowledge, and weigh."""
    run.heard.require()
    run.settle()
    listen_to(run, profile, alarm, EACH[alarm].bring(run, profile))
    _end_the_cause(run, profile, alarm)
    run.resume()
    run.settle()
    _weigh(run, alarm)


def _end_the_cause(run: Infusion, profile: Profile, alarm: Alarm) -> None:
    """Fill a reservoir that is empty; a low one is acknowledged as it is, and a system that failed works again."""
    if alarm is Alarm.RESERVOIR_EMPTY:
        run.reservoir.fill(profile.reservoir_ul.value)


def _weigh(run: Infusion, alarm: Alarm) -> None:
    at_least_s = run.duration_that_resolves_s(HOUR_S)
    at_a_low_one = run.reservoir.deliver_now if alarm is Alarm.LOW_RESERVOIR else run.deliver
    run.judge("after the alarm", at_a_low_one(at_least_s, "after the alarm").volume)
