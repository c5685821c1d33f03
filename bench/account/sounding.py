# SPDX-License-Identifier: Apache-2.0
"""When which tone of a pump has to be heard: of the alarms that stand and were not silenced, that of the highest.

A silence is of the alarms that stand when it is given, and ends with its time; what comes later is heard.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bench.account.infusion_record import InfusionRecord
from bench.account.registers.known_alarms import known_alarms
from bench.profile import Tone
from instruments.pump import Command

HIGHEST_FIRST = ("critical", "non_critical")


@dataclass(frozen=True)
class Audible:
    """One alarm for as long as it has to be heard, in bench time."""

    tone: str
    from_s: float
    to_s: float


@dataclass(frozen=True)
class Spell:
    """A stretch in which one tone is due.

    Attributes:
        tone: its name in the profile.
        from_s, to_s: bench time.
        news_s: when an alarm of this tone came in it, or was heard again after a silence.
    """

    tone: str
    from_s: float
    to_s: float
    news_s: tuple[float, ...]


def tone_named(record: InfusionRecord, name: str) -> Tone:
    """Return a tone of the profile."""
    return next(tone for called, tone in record.profile.tones.items() if called == name)


def spells(record: InfusionRecord) -> tuple[Spell, ...]:
    """Return when which tone is due, in the order of time; alarms from before the infusion are left out."""
    audible = tuple(_audible(record))
    found: list[Spell] = []
    edges_s = sorted({edge for one in audible for edge in (one.from_s, one.to_s)})
    for from_s, to_s in pairwise(edges_s):
        due = _highest(one.tone for one in audible if one.from_s <= from_s and to_s <= one.to_s)
        if due is None:
            continue
        news_s = tuple(one.from_s for one in audible if one.tone == due and one.from_s == from_s)
        if found and found[-1].tone == due and found[-1].to_s == from_s:
            found[-1] = Spell(due, found[-1].from_s, to_s, (*found[-1].news_s, *news_s))
        else:
            found.append(Spell(due, from_s, to_s, (from_s,)))
    return tuple(found)


def _highest(tones: Iterator[str]) -> str | None:
    due = set(tones)
    return next((tone for tone in HIGHEST_FIRST if tone in due), None)


def _audible(record: InfusionRecord) -> Iterator[Audible]:
    samples = record.samples
    first_s, last_s = float(samples.at_s[0]), float(samples.at_s[-1])
    for line in known_alarms(record):
        tone, came_s = record.profile.alarms[line.alarm].tone, samples.bench_s(line.came_s)
        if tone is None or came_s < first_s:
            continue
        ended_s = last_s if math.isinf(line.ended_s) else min(samples.bench_s(line.ended_s), last_s)
        for from_s, to_s in _heard_parts(record, came_s, ended_s):
            yield Audible(tone, from_s, to_s)


def _heard_parts(record: InfusionRecord, came_s: float, ended_s: float) -> Iterator[tuple[float, float]]:
    """Yield what silences leave of an alarm."""
    from_s = came_s
    for begun_s, over_s in silences(record):
        if came_s <= begun_s < ended_s and over_s > from_s:
            if begun_s > from_s:
                yield from_s, begun_s
            from_s = over_s
    if from_s < ended_s:
        yield from_s, ended_s


def silences(record: InfusionRecord) -> tuple[tuple[float, float], ...]:
    """Return from when to when each silence lasts, in bench time; for ever where the profile promises no end."""
    silence = record.profile.silence
    lasts_s = math.inf if silence is None else silence.lasts_s.value
    given = (one for one in record.commands if one.command is Command.SILENCE and one.accepted)
    return tuple((one.answered_s, one.answered_s + lasts_s) for one in given)
