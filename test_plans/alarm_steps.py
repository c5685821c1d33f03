# SPDX-License-Identifier: Apache-2.0
"""What the tests of single alarms share: how each is brought about, and what is done with it then.

A low and an empty reservoir and a reset are no fault that a rig puts on and takes away: `inner_alarm_steps` has them.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import pytest

from bench.acceptance import Criterion
from bench.alarms import AlarmObservation
from bench.infusion import Infusion
from bench.injectors import Catheter, Injection
from bench.profile import Profile
from bench.profile.alarm_specification import ToneName
from bench.therapy import Continuous
from instruments.pump import Alarm, Command
from test_plans.criteria import (
    accuracy,
    disconnect_latency,
    end_of_service_latency,
    first_tone_of,
    level_of,
    low_battery_latency,
    occlusion_latency,
    spacing_of,
    stall_latency,
    told_as_promised,
)
from test_plans.markers import HOUR_S, judges, only_with
from test_plans.patient_requests import Requirement

TONES = 2
"""So often an alarm is heard again before anybody does something."""
BEFOREHAND = "silenced before it came"
STANDS = (
    ("ALM-010", "interrogated", told_as_promised),
    ("ALM-007", "silenced", told_as_promised),
    ("ALM-009", "stands when its cause has gone", told_as_promised),
    ("ALM-016", "stands after stop and load", told_as_promised),
    ("ALM-009", "gone when it is acknowledged", told_as_promised),
    ("DEL-002", "after the alarm", accuracy),
)


def heard_as(tone: ToneName, *, silenced_before: bool = False) -> tuple[tuple[Requirement, str, Criterion], ...]:
    """Return what is judged of an alarm of this tone that is listened to, as `judges` takes it.

    Args:
        tone: critical, or one that can wait.
        silenced_before: whether a silence was asked for before it came.
    """
    return (
        (("ALM-005", "ALM-015") if silenced_before else "ALM-005", "first tone", first_tone_of(tone)),
        ("ALM-006", "from tone to tone", spacing_of(tone)),
        ("ALM-006", "level", level_of(tone)),
        ("ALM-010", "interrogated", told_as_promised),
        ("ALM-007", "silenced", told_as_promised),
        ("ALM-007", "quiet, and heard again", told_as_promised),
        ("DEL-002", "after the alarm", accuracy),
    )


@dataclass(frozen=True)
class BroughtAbout:
    """An alarm that a rig brings about and takes away.

    Attributes:
        name: what its test is called.
        alarm: which.
        requirement: that it comes in time.
        latency: its criterion.
        tone: critical, or one that can wait.
        needs: the feature that the pump has then.
    """

    name: str
    alarm: Alarm
    requirement: str
    latency: Criterion
    tone: ToneName
    needs: str


EACH = (
    BroughtAbout("occlusion", Alarm.OCCLUSION, "CAT-001", occlusion_latency, "critical", "occlusion_alarm"),
    BroughtAbout("disconnect", Alarm.DISCONNECT, "DIS-001", disconnect_latency, "critical", "disconnect_alarm"),
    BroughtAbout("stall", Alarm.STALL, "STL-001", stall_latency, "critical", "stall"),
    BroughtAbout("low_battery", Alarm.LOW_BATTERY, "PWR-001", low_battery_latency, "non_critical", "power"),
    BroughtAbout(
        "end_of_service",
        Alarm.END_OF_SERVICE,
        "PWR-006",
        end_of_service_latency,
        "critical",
        "end_of_service_alarm",
    ),
)


def each_alarm(*, heard: bool) -> pytest.MarkDecorator:
    """Run a test once for each alarm that a rig brings about and takes away, with what that alarm is judged by.

    Args:
        heard: whether its tones are judged, or that it stands until it is acknowledged.
    """

    def judged_as(one: BroughtAbout) -> Iterator[pytest.MarkDecorator]:
        parts = heard_as(one.tone, silenced_before=True) if heard else STANDS
        before = (("ALM-015", BEFOREHAND, told_as_promised),) if heard else ()
        told = (*before, (one.requirement, "alarm in time", one.latency), *parts)
        yield from (judges(*part) for part in reversed(told))
        yield only_with("silence")
        yield only_with(one.needs)
        if not heard:
            yield only_with(f"{one.alarm}_alarm_latches")

    return pytest.mark.parametrize(
        "alarm", [pytest.param(one.alarm, id=one.name, marks=[*judged_as(one)]) for one in EACH]
    )


def cause_of(alarm: Alarm, run: Infusion, catheter: Catheter) -> AbstractContextManager[Injection]:
    """Return what makes the rig bring an alarm about."""
    causes: dict[Alarm, Callable[[], AbstractContextManager[Injection]]] = {
        Alarm.OCCLUSION: lambda: catheter.kinked(),
        Alarm.DISCONNECT: lambda: catheter.disconnected(),
        Alarm.STALL: lambda: run.stalls.under_a_field(),
        Alarm.LOW_BATTERY: lambda: run.power.supplied_low(),
        Alarm.END_OF_SERVICE: lambda: run.power.battery_exhausted(),
    }  # asked for what the one needs, and no other
    return causes[alarm]()


def stands_until_acknowledged(run: Infusion, catheter: Catheter, profile: Profile, alarm: Alarm) -> None:
    """Bring an alarm about, interrogate and silence it, take its cause away, stop, load, acknowledge, and weigh."""
    run.settle()
    with cause_of(alarm, run, catheter) as cause:
        found = run.expect_alarm("alarm in time", alarm, cause)
        run.heard.leaves_all("interrogated", Command.INTERROGATE)
        run.heard.leaves_all("silenced", Command.SILENCE)
    run.wait(profile.rotor_back_s)
    run.settle()
    run.heard.judge_stands("stands when its cause has gone", found, stands=True)
    run.stop()
    if _goes_on(profile, alarm):
        run.change_program(Continuous(profile.rates.tested("intermediate")))
    run.heard.judge_stands("stands after stop and load", found, stands=True)
    _acknowledge(run, alarm, cause)
    run.heard.judge_stands("gone when it is acknowledged", found, stands=False)
    if not run.schedule.running:
        run.start()
        run.settle()
    _weigh(run)


def is_heard_silenced_and_heard_again(run: Infusion, catheter: Catheter, profile: Profile, alarm: Alarm) -> None:
    """Silence nothing, bring an alarm about, listen, silence it, listen on, acknowledge, and weigh."""
    run.heard.require()
    run.settle()
    run.heard.silence_nothing(BEFOREHAND)
    with cause_of(alarm, run, catheter) as cause:
        listen_to(run, profile, alarm, run.expect_alarm("alarm in time", alarm, cause))
    run.wait(profile.rotor_back_s)
    run.settle()
    _acknowledge(run, alarm, cause)
    _weigh(run)


def listen_to(run: Infusion, profile: Profile, alarm: Alarm, found: AlarmObservation) -> None:
    """Interrogate the pump, listen to an alarm that stands, silence it, and listen until that is over and longer."""
    tone = profile.alarms[alarm].tone
    assert tone is not None
    every_s = profile.tones[tone].repeats_every_s.value
    run.heard.leaves_all("interrogated", Command.INTERROGATE)
    run.wait((TONES + 1 / 2) * every_s)
    run.judge("first tone", run.heard.first_tone(found))
    run.judge("from tone to tone", run.heard.spacing(found))
    run.heard.judge_level("level", found)
    run.heard.leaves_all("silenced", Command.SILENCE)
    run.wait(profile.silence_s + TONES * every_s)
    run.heard.judge_silence("quiet, and heard again")


def _goes_on(profile: Profile, alarm: Alarm) -> bool:
    """Tell whether the pump goes on in an alarm; one that it stopped takes no program before it is acknowledged."""
    return profile.alarms[alarm].then_does == "continues"


def _acknowledge(run: Infusion, alarm: Alarm, cause: Injection) -> None:
    """Acknowledge; a battery at the end of its service was a low one before, and that alarm has its cause as well."""
    if alarm is Alarm.END_OF_SERVICE:
        run.resume_after(Alarm.LOW_BATTERY, cause)
    else:
        run.resume()
    run.settle()


def _weigh(run: Infusion) -> None:
    run.judge("after the alarm", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the alarm").volume)
