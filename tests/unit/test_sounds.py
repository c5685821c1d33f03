# SPDX-License-Identifier: Apache-2.0
"""What a microphone heard, held against alarms: missing tones, tones of nothing, wrong ones, and the room's."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from bench.account import GivenCommand, InfusionRecord
from bench.account.finding import Finding
from bench.account.sounding import spells
from bench.account.sounds import examine_sounds, examine_tones
from bench.alarms import HeardSound, HeardSounds
from instruments.pump import Command, CommandResult
from metrology.verdict import Judgement, Verdict
from tests.unit.made_infusion import AHEAD_S, MadeInfusion, kinked

MADE = kinked()
CAME_S = float(MADE.alarm_s or 0.0)
GONE_S = MADE.acknowledged_s
ROOM_HZ = 440.0


def tone(at_s: float, number: int = 0, high_hz: float = 1000.0, length_s: float = 3.0, db: float = 55.0) -> HeardSound:
    return HeardSound(number, at_s, length_s, 750.0, high_hz, db)


GOOD = (tone(CAME_S + 1.0), tone(CAME_S + 601.0, 1))
"""At once, and again; the alarm is acknowledged after fifteen minutes."""


def heard(sounds: Iterable[HeardSound], *doubts: str, made: MadeInfusion = MADE) -> InfusionRecord:
    return replace(made.record(), sounds=HeardSounds(tuple(sounds), doubts))


def silenced(sounds: Iterable[HeardSound], at_s: float) -> InfusionRecord:
    record = heard(sounds)
    silence = GivenCommand(Command.SILENCE, CommandResult.ACCEPTED, at_s, at_s, at_s + AHEAD_S)
    return replace(record, commands=(*record.commands, silence))


def judged(findings: Iterable[Finding]) -> tuple[Verdict, str]:
    (finding,) = findings
    assert isinstance(finding.found, Judgement)
    return finding.found.verdict, finding.found.reason


def test_nothing_is_said_where_nobody_listened() -> None:
    assert not list(examine_sounds(MADE.record()))
    assert not list(examine_tones(MADE.record()))


def test_an_alarm_is_due_from_its_line_in_the_log_to_its_acknowledge() -> None:
    (spell,) = spells(heard(GOOD))
    assert (spell.tone, round(spell.from_s), round(spell.to_s)) == ("critical", round(CAME_S), round(GONE_S))


def test_an_alarm_that_is_heard_at_once_and_again_passes() -> None:
    assert judged(examine_sounds(heard(GOOD)))[0] is Verdict.PASS
    assert judged(examine_tones(heard(GOOD)))[0] is Verdict.PASS


@pytest.mark.parametrize(
    ("sounds", "seen"),
    [
        ((), "it came not at all"),
        (GOOD[1:], "due within 10 s, it came after 601 s"),
        (GOOD[:1], "due within 665 s, it came not at all"),
        ((*GOOD, tone(CAME_S - 3600.0)), "while no alarm stood"),
        ((*GOOD, tone(GONE_S + 600.0)), "while no alarm stood"),
    ],
    ids=["never", "late", "once", "before", "after"],
)
def test_a_register_without_a_sound_and_a_sound_without_a_register_fail(
    sounds: tuple[HeardSound, ...], seen: str
) -> None:
    verdict, reason = judged(examine_sounds(heard(sounds)))
    assert verdict is Verdict.FAIL
    assert seen in reason


@pytest.mark.parametrize(
    ("bad", "seen"),
    [
        (tone(CAME_S + 601.0, 1, high_hz=750.0), "promised is a two-tone"),
        (tone(CAME_S + 601.0, 1, high_hz=1200.0), "promised are 1000 Hz"),
        (tone(CAME_S + 601.0, 1, length_s=1.0), "promised are 3 s"),
        (tone(CAME_S + 601.0, 1, db=45.0), "promised are 50 dB at least"),
        (tone(CAME_S + 301.0, 1), "came again after 300 s"),
    ],
    ids=["single", "higher", "short", "soft", "too soon"],
)
def test_a_tone_that_is_not_as_promised_fails(bad: HeardSound, seen: str) -> None:
    verdict, reason = judged(examine_tones(heard((GOOD[0], bad))))
    assert verdict is Verdict.FAIL
    assert seen in reason


def test_a_sound_that_is_none_of_the_pumps_tones_may_be_the_rooms() -> None:
    room = HeardSound(2, CAME_S - 3600.0, 3.0, ROOM_HZ, ROOM_HZ, 55.0)
    verdict, reason = judged(examine_sounds(heard((*GOOD, room))))
    assert verdict is Verdict.INCONCLUSIVE
    assert "it may be the room's" in reason


def test_a_sound_beside_tones_that_came_in_their_time_may_be_the_rooms() -> None:
    telephone = HeardSound(2, CAME_S + 200.0, 0.5, ROOM_HZ, ROOM_HZ, 55.0)
    verdict, reason = judged(examine_tones(heard((GOOD[0], telephone, GOOD[1]))))
    assert verdict is Verdict.INCONCLUSIVE
    assert "it may be the room's" in reason


@pytest.mark.parametrize("own", [(), GOOD[:1], GOOD[1:]], ids=["none", "not again", "late"])
def test_a_foreign_sound_stands_in_for_no_tone_of_the_pump(own: tuple[HeardSound, ...]) -> None:
    foreign = HeardSound(2, CAME_S + 300.0, 3.0, ROOM_HZ, ROOM_HZ, 55.0)
    assert judged(examine_tones(heard((*own[:1], foreign))))[0] is Verdict.FAIL


def test_a_microphone_that_may_have_missed_a_tone_decides_nothing_of_it_and_saves_no_tone_that_it_heard() -> None:
    assert judged(examine_sounds(heard((), "it is deaf")))[0] is Verdict.INCONCLUSIVE
    assert judged(examine_sounds(heard(GOOD, "it was silent for a while")))[0] is Verdict.INCONCLUSIVE
    assert judged(examine_sounds(heard((tone(CAME_S - 3600.0),), "it is deaf")))[0] is Verdict.FAIL


def test_a_silenced_alarm_is_not_due_and_must_not_be_heard() -> None:
    at_s = CAME_S + 300.0
    assert judged(examine_sounds(silenced(GOOD[:1], at_s)))[0] is Verdict.PASS
    verdict, reason = judged(examine_sounds(silenced(GOOD, at_s)))
    assert verdict is Verdict.FAIL
    assert "that was not silenced" in reason


def test_what_stands_when_a_silence_is_over_is_due_again() -> None:
    short = MADE.profile.model_copy(update={"silence": MADE.profile.silence.model_copy(  # type: ignore[union-attr]
        update={"lasts_s": MADE.profile.silence.lasts_s.model_copy(update={"value": 300.0})}  # type: ignore[union-attr]
    )})  # fmt: skip
    at_s = CAME_S + 100.0
    quiet = replace(silenced(GOOD[:1], at_s), profile=short)
    verdict, reason = judged(examine_sounds(quiet))
    assert verdict is Verdict.FAIL
    assert "it came not at all" in reason
    again = replace(silenced((GOOD[0], tone(CAME_S + 401.0, 1)), at_s), profile=short)
    assert judged(examine_sounds(again))[0] is Verdict.PASS
