# SPDX-License-Identifier: Apache-2.0
"""Finds steps against the flow beside them: a drop that fell, a knock, a tare, a vessel that was touched.

What one interval gained is compared with what its neighbours gained. In noise a step is looked for a second time: where
a straight line through the readings before an interval, and another through those behind it, do not meet in it. How far
they miss each other everywhere else says what is usual; strokes, noise and a flow that changes are so taken from the
record itself. What comes back within a short time is a dip: it changes no sum.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from metrology.recording.recording import Floats

MOST_READINGS = 1 << 17
MOST_EVENTS = 200
BACK_WITHIN_S = 1200.0
BACK_WITHIN_READINGS = 12
"""What goes and comes back within this time, or so few readings, is a dip (assumed)."""
_SIGMAS, _SIGMAS_OF_FEW, _FEW = 7.0, 8.0, 40
_SIGMAS_OF_LINES = 5.5
_MAD = 1.4826
_NEAR = 51
_FLOW_SHARE = 0.05
"""A step is more than this share of what an interval gains; less is a flow that wavers."""
_EVENLY = 0.4
_TAIL, _TAIL_SIGMAS = 0.975, 2.24
_SMOOTH, _SMOOTH_OVER_ALL = 2.0, 1.4
_SHORT, _FEWEST_OVER_ALL = 400, 10
_MOST_OF_A_BUMP = 5
_BURST_LIKE, _FEWEST_BURSTS, _BURST_SHARE = 2.0, 5, 0.5
Ints = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Event:
    """A step or a dip: from the reading before it to the one behind it, and how large."""

    first: int
    last: int
    size: float
    comes_back: bool


def find_events(times_s: Floats, amounts: Floats, digit: float, stroke: float) -> tuple[Event, ...]:
    """Return steps and dips in the order of time.

    Args:
        times_s: increasing; shape (n,).
        amounts: what was read; shape (n,).
        digit: of the display.
        stroke: what the pump moves at once; 0 where it is not known.
    """
    if len(times_s) < 4:
        return ()
    places = _thinned(len(times_s))
    found = _Search(times_s[places], amounts[places], digit, stroke).events()
    return tuple(_narrowed(event, places, times_s, amounts) for event in found)


def _thinned(count: int) -> Ints:
    every = -(-count // MOST_READINGS)
    places = np.arange(0, count, every)
    return places if places[-1] == count - 1 else np.append(places, count - 1)


def _narrowed(event: Event, places: Ints, times_s: Floats, amounts: Floats) -> Event:
    """Return an event between neighbours of all readings, where only some were looked at."""
    first, last = int(places[event.first]), int(places[event.last])
    if event.comes_back or last - first <= 1:
        return Event(first, last, event.size, event.comes_back)
    inside = amounts[first : last + 1]
    gained = np.diff(inside) - np.diff(times_s[first : last + 1]) * _slope(times_s, amounts, first, last)
    # The greatest jump of the sum of what is odd, not of one reading: noise has those as well.
    level = np.cumsum(gained - gained.mean())
    at = int(np.argmin(level) if event.size > 0 else np.argmax(level))
    at = min(at + 1, last - first - 1)
    return Event(first + at, first + at + 1, event.size, False)


def _slope(times_s: Floats, amounts: Floats, first: int, last: int) -> float:
    return float(amounts[last] - amounts[first]) / float(times_s[last] - times_s[first])


class _Search:
    """Looks through one record."""

    def __init__(self, times_s: Floats, amounts: Floats, digit: float, stroke: float) -> None:
        self._times_s, self._amounts = times_s, amounts
        self._digit, self._stroke = digit, stroke
        self._usual = 0.0

    def events(self) -> list[Event]:
        sharp = self._sharp()
        steps, dips = self._paired(sharp)
        if self._are_strokes(steps):
            self._stroke, steps = max(step.size for step in steps), []
        level = self._without(steps, dips)
        blurred = [] if len(steps) + len(dips) > MOST_EVENTS // 2 else self._blurred(level, steps, dips)
        return sorted((*steps, *dips, *blurred), key=lambda event: event.first)[:MOST_EVENTS]

    def _sharp(self) -> list[Event]:
        """Return intervals that gained far more, or less, than their neighbours; those side by side as one."""
        took_s, gained = np.diff(self._times_s), np.diff(self._amounts)
        usual = _usual_rates(gained / took_s) * took_s
        beside = gained - usual
        sigmas = _SIGMAS_OF_FEW if len(beside) < _FEW else _SIGMAS
        near = ndimage.median_filter(np.abs(beside), size=min(_NEAR, len(beside) | 1), mode="mirror") * _MAD
        self._usual = _scatter(beside, 1)
        scatter = np.maximum(near, self._usual)
        floor = self._digit + 1.25 * self._stroke + _FLOW_SHARE * np.abs(usual)
        odd = np.abs(beside) > sigmas * scatter + floor
        odd &= ~_begins_or_ends_evenly(gained / took_s, beside / took_s)
        events: list[Event] = []
        for run in np.split(np.flatnonzero(odd), np.flatnonzero(np.diff(np.flatnonzero(odd)) > 1) + 1):
            for part in np.split(run, np.flatnonzero(np.diff(np.sign(beside[run]))) + 1):
                if len(part):
                    first, last = int(part[0]), int(part[-1]) + 1
                    events.append(Event(first, last, float(beside[first:last].sum()), False))
        return events

    def _paired(self, events: list[Event]) -> tuple[list[Event], list[Event]]:
        """Return steps, and dips made of steps that undo each other: two, or a few of a bump that swings."""
        steps, dips, place = list[Event](), list[Event](), 0
        while place < len(events):
            ends = range(place + 2, min(place + _MOST_OF_A_BUMP, len(events)) + 1)
            group = next((events[place:end] for end in ends if self._undo_each_other(events[place:end])), None)
            if group is None:
                steps.append(events[place])
                place += 1
            else:
                largest = max(group, key=lambda one: abs(one.size))
                size = group[0].size if len(group) == 2 else largest.size
                dips.append(Event(group[0].first, group[-1].last, size, True))
                place += len(group)
        return steps, dips

    def _undo_each_other(self, group: list[Event]) -> bool:
        apart_s = float(self._times_s[group[-1].first] - self._times_s[group[0].last])
        is_near = apart_s <= BACK_WITHIN_S or group[-1].first - group[0].last < BACK_WITHIN_READINGS
        largest = max(abs(one.size) for one in group)
        slack = max(0.1 * largest, 3 * self._digit, 4 * self._usual)
        beyond = abs(self._beyond(group[0].first, group[-1].last))
        # Each size is against its neighbours, which may be off themselves: of a pair they are right where a flow stops
        # or begins, but at an end of the record no other reading says that the level is that of before.
        is_at_end = group[0].first == 0 or group[-1].last == len(self._times_s) - 1
        left = abs(sum(one.size for one in group))
        undone = beyond <= slack if len(group) > 2 or is_at_end else left <= slack
        return is_near and undone and slack < largest

    def _beyond(self, first: int, last: int) -> float:
        """Return what came between two readings beyond the usual flow: of a swing each interval misleads the next."""
        near = slice(max(first - _NEAR // 2, 0), last + _NEAR // 2)
        rate = float(np.median(np.diff(self._amounts[near]) / np.diff(self._times_s[near])))
        took_s = float(self._times_s[last] - self._times_s[first])
        return float(self._amounts[last] - self._amounts[first]) - rate * took_s

    def _are_strokes(self, steps: list[Event]) -> bool:
        """Tell whether the steps are how the pump delivers: alike, upwards, and most of all that came."""
        sizes = np.array([step.size for step in steps])
        if len(sizes) < _FEWEST_BURSTS or np.any(sizes <= 0):
            return False
        alike = bool(sizes.max() < _BURST_LIKE * float(np.median(sizes)))
        return alike and float(sizes.sum()) > _BURST_SHARE * float(self._amounts[-1] - self._amounts[0])

    def _without(self, steps: list[Event], dips: list[Event]) -> Floats:
        level: Floats = self._amounts.copy()
        for dip in dips:
            ends = [dip.first, dip.last]
            inside = slice(dip.first + 1, dip.last)
            level[inside] = np.interp(self._times_s[inside], self._times_s[ends], level[ends])
        for step in steps:
            level[step.last :] -= step.size
        return level

    def _blurred(self, level: Floats, steps: list[Event], dips: list[Event]) -> list[Event]:
        """Return steps that only many readings together show."""
        count = len(level)
        even_s = np.linspace(self._times_s[0], self._times_s[-1], count)
        line = np.polynomial.Polynomial.fit(self._times_s, level, 1)
        even = np.interp(even_s, self._times_s, level - line(self._times_s))
        taken = np.zeros(count, dtype=bool)
        for one in (*steps, *dips):
            taken[max(one.first - 2, 0) : one.last + 2] = True
        found: list[Event] = []
        half = 2
        while half <= min(128, count // 16):
            found += self._misses(even, half, taken)
            half *= 2
        if count <= _SHORT and not found:
            found = self._over_all(even, taken)
        return [self._at_readings(one, even_s) for one in found]

    def _at_readings(self, event: Event, even_s: Floats) -> Event:
        """Return an event that was found on an even grid at the readings nearest to it."""
        last = min(int(np.searchsorted(self._times_s, even_s[event.last])), len(self._times_s) - 1)
        first = min(int(np.searchsorted(self._times_s, even_s[event.first], side="right")) - 1, last - 1)
        return Event(max(first, 0), max(last, 1), event.size, comes_back=False)

    def _over_all(self, even: Floats, taken: npt.NDArray[np.bool_]) -> list[Event]:
        """Return the step that a short record as a whole shows, if its flow is straight but for it."""
        if len(even) < _FEWEST_OVER_ALL:
            return []
        before, size, t, variance = _best_step(even)
        floor = self._digit + 1.25 * self._stroke
        smooth = _rest_of_curve(even) / (len(even) - 4)
        if abs(t) < _SIGMAS_OF_LINES or abs(size) < floor or smooth < _SMOOTH_OVER_ALL * variance or taken[before]:
            return []
        return [Event(before, before + 1, size, False)]

    def _misses(self, even: Floats, half: int, taken: npt.NDArray[np.bool_]) -> list[Event]:
        """Return where lines through so many readings before and behind an interval do not meet in it."""
        missed = _miss(even, half)
        usual = _scatter(missed, 2 * half)
        floor = self._digit + 1.25 * self._stroke
        sigmas = max(_SIGMAS_OF_LINES, float(np.sqrt(2 * np.log(len(missed)))) + 1.5)
        strength = np.abs(missed) / (sigmas * usual + floor + 1e-12)
        found: list[Event] = []
        while len(found) < MOST_EVENTS:
            at = int(np.argmax(strength))
            if strength[at] <= 1:
                break
            strength[max(at - 2 * half, 0) : at + 2 * half + 1] = 0.0
            before = at + half - 1  # the reading before the interval
            if taken[before] or taken[before + 1]:
                continue
            around = even[before - half + 1 : before + half + 1]
            if _is_a_break(around, half):
                found.append(Event(before, before + 1, float(missed[at]), False))
                taken[max(before - half, 0) : before + half + 2] = True
        return found


def _rest_of_curve(even: Floats) -> float:
    at: Floats = np.linspace(-1.0, 1.0, len(even), dtype=np.float64)
    return min(_rest(np.stack([at**power for power in range(4)], axis=1), even), *_bent(at, even))


def _best_step(even: Floats) -> tuple[int, float, float, float]:
    """Return the reading before the step that explains most beside a straight line, its size, t, and what is left."""
    count = len(even)
    at = np.linspace(-1.0, 1.0, count)
    line = np.stack([np.ones(count), at], axis=1) / np.array([np.sqrt(count), np.sqrt((at**2).sum())])
    steps = np.tri(count, count - 1, -1)
    rest, free = even - line @ (line.T @ even), steps - line @ (line.T @ steps)
    power = (free**2).sum(axis=0)
    sizes = free.T @ rest / power
    left = (rest**2).sum() - sizes**2 * power
    before = int(np.argmin(left[1:-1])) + 1 if count > 4 else int(np.argmin(left))
    variance = max(float(left[before]), 0.0) / (count - 3)
    return before, float(sizes[before]), float(sizes[before] * np.sqrt(power[before] / (variance + 1e-300))), variance


def _usual_rates(rates: Floats) -> Floats:
    """Return the median rate of the four intervals nearest to each; a rate that changes evenly is its neighbours'."""
    count = len(rates)
    if count < 5:
        return np.full(count, float(np.median(rates)))
    begins = np.clip(np.arange(count) - 2, 0, count - 5)
    near = begins[:, None] + np.arange(5)
    beside = rates[near]
    beside[near == np.arange(count)[:, None]] = np.inf
    beside.sort(axis=1)
    usual: Floats = (beside[:, 1] + beside[:, 2]) / 2
    return usual


def _begins_or_ends_evenly(rates: Floats, beside: Floats) -> npt.NDArray[np.bool_]:
    """Return which of the two intervals at either end only go on a change that their neighbours show as well."""
    evenly = np.zeros(len(rates), dtype=bool)
    if len(rates) < 5:
        return evenly
    for way in (rates, rates[::-1]):
        off = beside if way is rates else beside[::-1]
        end = evenly if way is rates else evenly[::-1]
        end[0] = abs(way[0] - 2 * way[1] + way[2]) <= _EVENLY * abs(off[0])
        end[1] = abs(way[1] - (way[0] + way[2]) / 2) <= _EVENLY * abs(off[1])
    return evenly


def _scatter(values: Floats, reach: int) -> float:
    """Return the standard deviation of values, one step among them left out of account.

    A rare stroke is usual as well: where the tail is longer than that of noise, the tail counts.
    """
    sizes = np.abs(values)
    level = min(_TAIL, 1 - 6 * reach / len(sizes))
    spread = _MAD * float(np.median(sizes))
    if level < 0.75:
        return spread
    return max(spread, float(np.quantile(sizes, level)) / _TAIL_SIGMAS)


def _miss(even: Floats, half: int) -> Floats:
    """Return by how much two lines miss each other, for each interval that has so many readings on both sides."""
    at = np.arange(half) + 0.5
    weights = 1 / half - (at.mean() * (at - at.mean())) / float(((at - at.mean()) ** 2).sum())
    behind = np.convolve(even, weights[::-1], mode="valid")
    before = np.convolve(even, weights, mode="valid")
    missed: Floats = behind[half:] - before[:-half]
    return missed


def _is_a_break(around: Floats, half: int) -> bool:
    """Tell whether two lines that do not meet explain the readings better than a curve, or a kink, without a break."""
    at: Floats = np.arange(2 * half, dtype=np.float64) - half + 0.5
    sides = (at[:half], around[:half]), (at[half:], around[half:])
    broken = sum(_rest(np.stack([np.ones(half), x], axis=1), y) for x, y in sides)
    curve = _rest(np.stack([np.ones(2 * half), at, at**2, at**3], axis=1), around)
    smooth = min(curve, *_bent(at, around))
    return smooth > _SMOOTH * broken if half > 2 else smooth > 4 * _SMOOTH * broken


def _bent(at: Floats, values: Floats) -> list[float]:
    """Return what is left of values beside lines that bend, and lines whose rate changes evenly from a knot on."""
    ones = np.ones(len(at))
    behind = [np.maximum(at - knot, 0) for knot in np.linspace(at[0], at[-1], min(len(at), 13))[1:-1]]
    return [_rest(np.stack([ones, at, one**power], axis=1), values) for one in behind for power in (1, 2)]


def _rest(columns: Floats, values: Floats) -> float:
    fitted = columns @ np.linalg.lstsq(columns, values, rcond=None)[0]
    return float(((values - fitted) ** 2).sum())
