# SPDX-License-Identifier: Apache-2.0
"""Is each alarm heard, and nothing else? And does what is heard sound as the profile says?

What the rig's microphone kept is held against alarms and silences: a register without a sound and a sound without a
register are both the pump's failure. A sound that is none of the pump's tones, while no alarm stands or beside tones
that came in their time, may be the room's; that decides nothing. Nor does a microphone that is deaf.
"""

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from bench.acceptance import Standing
from bench.account.finding import Finding
from bench.account.given_command import GivenCommand
from bench.account.infusion_record import InfusionRecord
from bench.account.registers.expected_course import ExpectedCourse
from bench.account.registers.known_alarms import known_alarms
from bench.account.registers.register_check import RegisterCheck
from bench.account.sounding import Spell, spells, tone_named
from bench.alarms.heard_sound import HeardSound
from bench.profile import Tone
from instruments.pump import Command

TWO_TONES_FROM = 1.02
"""Of the lower frequency: with the higher one over that there are two (assumed)."""
NO_LOG = "the pump's log could not be read"
LENGTH_TO_S = 0.05
LEVEL_TO_DB = 1.0
"""How well a microphone tells a length and a level (assumed)."""


def examine_sounds(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether alarms were heard as they stood, and nothing else; nothing where nobody listened."""
    if record.sounds is None or not len(record.samples):
        return
    check = RegisterCheck(record, Standing.SOUNDS)
    if record.logs is None:
        check.doubt(NO_LOG)
    else:
        sounds = _Sounds(record)
        sounds.due(check)
        sounds.alone(check)
    for doubt in record.sounds.doubts:
        check.doubt(doubt)
    yield check.finding(f"{len(record.sounds.heard)} bursts of tone were heard, each with its alarm")


def examine_tones(record: InfusionRecord) -> Iterator[Finding]:
    """Yield whether what was heard of alarms sounds as the profile says; nothing where nobody listened."""
    if record.sounds is None or not len(record.samples):
        return
    check = RegisterCheck(record, Standing.TONES)
    if record.logs is None:
        check.doubt(NO_LOG)
    else:
        _Sounds(record).sound_as_promised(check)
    yield check.finding(f"{len(record.sounds.heard)} bursts of tone were heard, each as promised")


class _Sounds:
    """What was heard in one infusion, and what had to be."""

    def __init__(self, record: InfusionRecord) -> None:
        self._record = record
        self._slack_s = ExpectedCourse(record).slack_s
        self._spells = spells(record)
        self._heard = () if record.sounds is None else record.sounds.heard
        self._listened_to_s = math.inf if record.sounds is None else record.sounds.listened_to_s
        self._deaf = record.sounds is not None and bool(record.sounds.doubts)

    def due(self, check: RegisterCheck) -> None:
        """Look for each tone that had to come, at once and again."""
        for spell in self._spells:
            tone = tone_named(self._record, spell.tone)
            within_s, again_s = self._within_s(tone), self._again_s(tone)
            onsets_s = [one.onset_s for one in self._heard if self._lies_in(one, spell)]
            known_to_s = max(spell.from_s, min(spell.to_s, self._listened_to_s))
            waits_s = pairwise((spell.from_s, *onsets_s, max(known_to_s, *onsets_s, spell.from_s)))
            if not onsets_s and known_to_s < min(spell.to_s, spell.from_s + within_s):
                check.doubt(f"from {spell.from_s:.0f} s on the {spell.tone} tone was due, and nobody listened any more")
            for number, (from_s, to_s) in enumerate(waits_s):
                limit_s = within_s if number == 0 else again_s
                if to_s - from_s > limit_s:
                    told = "not at all" if number == len(onsets_s) else f"after {to_s - from_s:.0f} s"
                    seen = (
                        f"from {from_s:.0f} s on the {spell.tone} tone was due within {limit_s:.0f} s, it came {told}"
                    )
                    self._fail_or_doubt(check, seen)
                    break

    def alone(self, check: RegisterCheck) -> None:
        """Look for tones while none was due."""
        for one in self._heard:
            if any(self._lies_in(one, spell) for spell in self._spells) or self._bit_set_at(one.onset_s):
                continue
            if self._with_a_last_alarm(one):
                continue
            seen = f"{one} was heard at {one.onset_s:.0f} s, while no alarm stood that was not silenced"
            if any(may_be_of(one, tone) for tone in self._record.profile.tones.values()):
                check.fail(seen)
            else:
                check.doubt(f"{seen}; it is none of the pump's tones, so it may be the room's")

    def _with_a_last_alarm(self, one: HeardSound) -> bool:
        """Tell whether it came with an alarm behind the last sample, of which the log alone tells."""
        samples = self._record.samples
        if one.onset_s < float(samples.at_s[-1]) - self._slack_s:
            return False
        came_s = (samples.bench_s(line.came_s) for line in known_alarms(self._record))
        return any(abs(one.onset_s - alarm_s) <= self._slack_s for alarm_s in came_s)

    def sound_as_promised(self, check: RegisterCheck) -> None:
        """Hold each tone that was due against the profile, and its distance from the one before."""
        for spell in self._spells:
            tone = tone_named(self._record, spell.tone)
            heard = [one for one in self._heard if self._lies_in(one, spell) and not self._near_another(one, spell)]
            foreign = self._foreign(heard, spell)
            for one in foreign:
                check.doubt(
                    f"{one} was heard at {one.onset_s:.0f} s beside the {spell.tone} tone; it may be the room's"
                )
            bursts = [one for one in heard if one not in foreign]
            for one in bursts:
                if wrong := _wrong(one, tone):
                    check.fail(f"at {one.onset_s:.0f} s {one} was heard for the {spell.tone} tone: {wrong}")
            for before, one in pairwise(bursts):
                least_s = tone.repeats_every_s.value * (1 - _tolerance(tone)) - self._slack_s
                news = any(before.onset_s < at_s <= one.onset_s + self._slack_s for at_s in spell.news_s)
                if one.onset_s - before.onset_s < least_s and not news:
                    gap_s = one.onset_s - before.onset_s
                    check.fail(f"at {one.onset_s:.0f} s the {spell.tone} tone came again after {gap_s:.0f} s")

    def _foreign(self, heard: list[HeardSound], spell: Spell) -> list[HeardSound]:
        """Return the bursts that are none of the pump's tones, where its own came in their time without them."""
        tones = self._record.profile.tones.values()
        own = [one for one in heard if any(may_be_of(one, tone) for tone in tones)]
        tone = tone_named(self._record, spell.tone)
        ends_s = min(spell.to_s, self._listened_to_s)
        limits_s = (self._within_s(tone), *(self._again_s(tone) for _ in own))
        edges_s = (
            spell.from_s,
            *(one.onset_s for one in own),
            max(ends_s, *(one.onset_s for one in own), spell.from_s),
        )
        in_time = all(
            to_s - from_s <= limit_s for (from_s, to_s), limit_s in zip(pairwise(edges_s), limits_s, strict=True)
        )
        return [one for one in heard if one not in own] if own and in_time else []

    def _fail_or_doubt(self, check: RegisterCheck, seen: str) -> None:
        if self._deaf:
            check.doubt(f"{seen}; the microphone may have missed it")
        else:
            check.fail(seen)

    def _within_s(self, tone: Tone) -> float:
        return tone.begins_max_s.value + self._slack_s

    def _again_s(self, tone: Tone) -> float:
        return tone.repeats_every_s.value * (1 + _tolerance(tone)) + self._slack_s

    def _lies_in(self, one: HeardSound, spell: Spell) -> bool:
        return spell.from_s - self._slack_s <= one.onset_s <= spell.to_s + self._slack_s

    def _near_another(self, one: HeardSound, spell: Spell) -> bool:
        others = (other for other in self._spells if other.tone != spell.tone)
        return any(self._lies_in(one, other) for other in others)

    def _bit_set_at(self, at_s: float) -> bool:
        """Tell whether an alarm bit was set about an instant of which the log tells nothing: the log is wrong then."""
        samples = self._record.samples
        if any(from_s - self._slack_s <= at_s for from_s in (one.answered_s for one in self._silencing())):
            return False
        after = int(np.searchsorted(samples.at_s, at_s))
        near = samples.alarm_bits[max(0, after - 1) : after + 1]
        return bool(np.any(near != 0))

    def _silencing(self) -> list[GivenCommand]:
        return [one for one in self._record.commands if one.command is Command.SILENCE and one.accepted]


def _tolerance(tone: Tone) -> float:
    return tone.timing_percent.value / 100


def may_be_of(one: HeardSound, tone: Tone) -> bool:
    """Tell whether a burst may be of a tone, by its frequencies; any may be where none are promised."""
    return not _wrong_frequency(one, tone)


def _wrong(one: HeardSound, tone: Tone) -> str:
    """Return what is wrong with a burst, empty for nothing."""
    if wrong := wrong_pattern(one, tone):
        return wrong
    if tone.level_min_db is not None and one.level_db + LEVEL_TO_DB < tone.level_min_db.value:
        return f"promised are {tone.level_min_db.value:g} dB at least"
    return _wrong_frequency(one, tone)


def wrong_pattern(one: HeardSound, tone: Tone) -> str:
    """Return what a burst lacks of the pattern and the length of a tone, empty for nothing."""
    two = one.high_hz > TWO_TONES_FROM * one.low_hz
    if two is not (tone.pattern == "two-tone"):
        return f"promised is a {tone.pattern}"
    length_s = tone.duration_s.value
    wrong_length = abs(one.duration_s - length_s) > length_s * _tolerance(tone) + LENGTH_TO_S
    return f"promised are {length_s:g} s" if wrong_length else ""


def _wrong_frequency(one: HeardSound, tone: Tone) -> str:
    for heard_hz, promised in ((one.low_hz, tone.low_hz), (one.high_hz, tone.high_hz)):
        if promised is None:
            continue
        if abs(heard_hz - promised.value) > promised.value * tone.frequency_percent.value / 100:
            return f"promised are {promised.value:g} Hz"
    return ""
