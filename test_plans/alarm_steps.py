# SPDX-License-Identifier: Apache-2.0
"""What the tests of single alarms share: how each is brought about, and what is done with it then."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar

from bench.acceptance import Criterion
from bench.infusion import Infusion
from bench.injectors import Catheter, Injection
from bench.profile import Profile
from bench.profile.alarm_specification import ToneName
from instruments.pump import Alarm, Command
from test_plans.criteria import accuracy, first_tone_of, level_of, spacing_of, told_as_promised
from test_plans.markers import HOUR_S, judges

TONES = 2
"""So often an alarm is heard again before anybody does something."""
Test = TypeVar("Test", bound=Callable[..., None])
STANDS = (
    ("ALM-010", "interrogated", told_as_promised),
    ("ALM-007", "silenced", told_as_promised),
    ("ALM-009", "stands when its cause has gone", told_as_promised),
    ("ALM-009", "gone when it is acknowledged", told_as_promised),
    ("DEL-002", "after the alarm", accuracy),
)


def _heard(tone: ToneName) -> tuple[tuple[str, str, Criterion], ...]:
    return (
        ("ALM-005", "first tone", first_tone_of(tone)),
        ("ALM-006", "from tone to tone", spacing_of(tone)),
        ("ALM-006", "level", level_of(tone)),
        ("ALM-010", "interrogated", told_as_promised),
        ("ALM-007", "silenced", told_as_promised),
        ("ALM-007", "quiet, and heard again", told_as_promised),
        ("DEL-002", "after the alarm", accuracy),
    )


HEARD, HEARD_LATER = _heard("critical"), _heard("non_critical")
"""What is judged of the tones of an alarm that is critical, and of one that can wait."""


def judges_alarm(
    requirement: str, latency: Criterion, parts: tuple[tuple[str, str, Criterion], ...]
) -> Callable[[Test], Test]:
    """Declare `alarm in time`, as evidence for `requirement`, and the judgements of the steps below."""

    def declared(test: Test) -> Test:
        for part in reversed(((requirement, "alarm in time", latency), *parts)):
            test = judges(*part)(test)
        return test

    return declared


def cause_of(alarm: Alarm, run: Infusion, catheter: Catheter) -> AbstractContextManager[Injection]:
    """Return what makes the rig bring an alarm about."""
    causes = {
        Alarm.OCCLUSION: catheter.kinked,
        Alarm.DISCONNECT: catheter.disconnected,
        Alarm.STALL: run.under_a_field,
        Alarm.LOW_BATTERY: run.power.supplied_low,
    }
    return causes[alarm]()


def stands_until_acknowledged(run: Infusion, catheter: Catheter, profile: Profile, alarm: Alarm) -> None:
    """Bring an alarm about, interrogate and silence it, take its cause away, look at it, acknowledge, and weigh."""
    run.settle()
    with cause_of(alarm, run, catheter) as cause:
        found = run.expect_alarm("alarm in time", alarm, cause)
        run.heard.leaves_all("interrogated", Command.INTERROGATE)
        run.heard.leaves_all("silenced", Command.SILENCE)
    run.wait(profile.rotor_back_s)
    run.settle()
    run.heard.judge_stands("stands when its cause has gone", found, stands=True)
    _acknowledge(run)
    run.heard.judge_stands("gone when it is acknowledged", found, stands=False)
    _weigh(run)


def is_heard_silenced_and_heard_again(run: Infusion, catheter: Catheter, profile: Profile, alarm: Alarm) -> None:
    """Bring an alarm about, listen, silence it, listen for as long as that lasts and longer, acknowledge, and weigh."""
    tone = profile.alarms[alarm].tone
    assert tone is not None
    every_s = profile.tones[tone].repeats_every_s.value
    run.heard.require()
    run.settle()
    with cause_of(alarm, run, catheter) as cause:
        found = run.expect_alarm("alarm in time", alarm, cause)
        run.heard.leaves_all("interrogated", Command.INTERROGATE)
        run.wait((TONES + 1 / 2) * every_s)
        run.judge("first tone", run.heard.first_tone(found))
        run.judge("from tone to tone", run.heard.spacing(found))
        run.heard.judge_level("level", found)
        run.heard.leaves_all("silenced", Command.SILENCE)
        run.wait(profile.silence_s + TONES * every_s)
        run.heard.judge_silence("quiet, and heard again")
    run.wait(profile.rotor_back_s)
    run.settle()
    _acknowledge(run)
    _weigh(run)


def _acknowledge(run: Infusion) -> None:
    run.resume()
    run.settle()


def _weigh(run: Infusion) -> None:
    run.judge("after the alarm", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the alarm").volume)
