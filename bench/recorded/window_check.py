# SPDX-License-Identifier: Apache-2.0
"""Weighed volumes made again: from the marks through the chain of corrections, and from there the values judged.

The programmed volume behind a window's limits is held against the schedule as the samples around its marks tell it.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bench.journal import JournalLine
from bench.journal.lines import Judgement, Mark, RunStarted, Sample, Volume
from bench.recorded.contradiction import Contradiction
from bench.recorded.judgement_check import agrees
from groundfloor.errors import BenchFault
from metrology.gravimetry import BalanceMark, DeliveredVolume

COUNTER_PROGRAM = "pump's counter against program"
DELIVERED = "delivered volume, balance against program"
RATE_ERROR = "rate error"
VALUES: Mapping[str, tuple[int, int]] = {
    DELIVERED: (1, 0),
    "unintended bolus on release": (1, 0),
    "volume while stopped": (1, 0),
    COUNTER_PROGRAM: (0, 1),
    "pump's counter against balance": (-1, 1),
    "volume missing from the balance": (-1, 1),
}
"""By measurand, how often the weighed and the counted volume of its window are in its value."""
_ABOUT_PROGRAMMED = (DELIVERED, COUNTER_PROGRAM)
"""Their limits lie as far below the programmed volume as above it."""
_OPEN_UL = 0.01
"""Samples round the scheduled volume to four places, and marks lie between them."""


@dataclass
class _Schedule:
    """The scheduled volume over bench time, as the samples of one infusion tell it; it never falls."""

    times_s: list[float] = field(default_factory=list)
    volumes_ul: list[float] = field(default_factory=list)

    def bounds_ul(self, start_s: float, end_s: float) -> tuple[float, float] | None:
        """Return the least and the greatest volume scheduled between two instants; None outside of the samples."""
        first, last = bisect_right(self.times_s, start_s), bisect_left(self.times_s, end_s)
        if first == 0 or last == len(self.times_s) or first > last:
            return None
        volumes = self.volumes_ul
        least = volumes[max(first, last - 1)] - volumes[min(first, len(volumes) - 1)]
        return max(0.0, least) - _OPEN_UL, volumes[last] - volumes[first - 1] + _OPEN_UL


class WindowCheck:
    """Follows a journal and keeps what values are made again from."""

    def __init__(self) -> None:
        self._marks: dict[str, Mark] = {}
        self._volumes: dict[str, Volume] = {}
        self._schedules: dict[str, _Schedule] = {}
        self._in_use: set[tuple[str, str, str, str]] = set()

    def take(self, line: JournalLine) -> Iterator[Contradiction]:
        """Take the next line; yield what does not follow from the lines before it."""
        match line.body:
            case RunStarted(corrections=in_use):
                self._in_use |= {(one.name, one.version, one.sha256, one.replaces) for one in in_use}
            case Sample() as sample:
                schedule = self._schedules.setdefault(sample.infusion, _Schedule())
                schedule.times_s.append(line.t_s)
                schedule.volumes_ul.append(sample.expected_ul)
            case Mark() as mark:
                self._marks[mark.id] = mark
            case Volume() as volume:
                self._volumes[volume.id] = volume
                yield from self._volume(volume, line)
            case Judgement() as judgement if judgement.window:
                yield from self._judgement(judgement)

    def _volume(self, volume: Volume, line: JournalLine) -> Iterator[Contradiction]:
        for own, used in ((volume.start_mark, volume.start), (volume.end_mark, volume.end)):
            mark = self._marks.get(own)
            if mark is None or not _same_mark(mark.result.mass, used):
                weighed = "no such mark" if mark is None else f"{mark.result.mass}"
                yield Contradiction(volume.id, f"the mark {own} as {used}", weighed)
        for one in volume.corrections:
            if (one.name, one.version, one.sha256, one.replaces) not in self._in_use:
                yield Contradiction(volume.id, f"the correction {one.name!r}", "none such: the run began without it")
        try:
            again = DeliveredVolume.from_dict(line.data)
        except (BenchFault, ValueError, ArithmeticError, TypeError, KeyError) as odd:
            yield Contradiction(volume.id, "a volume", f"none: {odd}")
            return
        made = again.quantity
        figures = {
            "its value": (volume.quantity.value, made.value),
            "its u": (volume.quantity.standard_uncertainty, made.standard_uncertainty),
            "its U": (volume.quantity.expanded_uncertainty, made.expanded_uncertainty()),
            "its raw mass": (volume.raw_mass_mg, again.raw_mass_mg),
        }
        for name, (recorded, follows) in figures.items():
            if not agrees(recorded, follows):
                yield Contradiction(volume.id, f"{name} {recorded}", f"{follows} (from its marks)")
        steps = list(zip(volume.steps, again.steps, strict=False))
        if len(volume.steps) != len(again.steps) or any(one != other for one, other in steps):
            yield Contradiction(volume.id, "its chain of corrections", "another (from its marks)")

    def _judgement(self, judgement: Judgement) -> Iterator[Contradiction]:
        volume = self._volumes.get(judgement.window)
        if volume is None:
            yield Contradiction(judgement.id, f"the window {judgement.window}", "no window that was weighed before")
            return
        weighed_ul, counted_ul = volume.quantity.value, self._counted_ul(volume)
        if judgement.measurand in VALUES and weighed_ul is not None and counted_ul is not None:
            weighed, counted = VALUES[judgement.measurand]
            follows = weighed * weighed_ul + counted * counted_ul
            if not agrees(judgement.value, follows):
                made = f"{follows} {judgement.unit} (from {volume.id})"
                yield Contradiction(judgement.id, f"{judgement.measurand} {judgement.value}", made)
        yield from self._programmed(judgement, volume)

    def _counted_ul(self, volume: Volume) -> float | None:
        start, end = self._marks.get(volume.start_mark), self._marks.get(volume.end_mark)
        if start is None or end is None or start.result.counter_ul is None or end.result.counter_ul is None:
            return None
        return end.result.counter_ul - start.result.counter_ul

    def _programmed(self, judgement: Judgement, volume: Volume) -> Iterator[Contradiction]:
        """Hold the programmed volume that a judgement rests on against the schedule."""
        programmed_ul, schedule = _programmed_ul(judgement, volume), self._schedules.get(judgement.infusion)
        if programmed_ul is None or schedule is None:
            return
        bounds = schedule.bounds_ul(volume.start.time_s, volume.end.time_s)
        if bounds is not None and not bounds[0] <= programmed_ul <= bounds[1]:
            follows = f"{bounds[0]:.6g} to {bounds[1]:.6g} µL (scheduled between the samples around its marks)"
            yield Contradiction(judgement.id, f"a programmed volume of {programmed_ul:.6g} µL", follows)


def _programmed_ul(judgement: Judgement, volume: Volume) -> float | None:
    """Return the programmed volume that limits or value of a judgement were made with; None where it has none."""
    value, lower, upper = judgement.value, judgement.lower, judgement.upper
    if judgement.measurand in _ABOUT_PROGRAMMED and lower is not None and upper is not None:
        return (lower + upper) / 2
    weighed_ul = volume.quantity.value
    if judgement.measurand == RATE_ERROR and value is not None and weighed_ul is not None and value > -100:
        return weighed_ul / (1 + value / 100)
    return None


def _same_mark(one: BalanceMark, other: BalanceMark) -> bool:
    pairs = zip(one.as_dict().values(), other.as_dict().values(), strict=True)
    return all(mine == its or _both_nan(mine, its) for mine, its in pairs)


def _both_nan(one: object, other: object) -> bool:
    return isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other)
