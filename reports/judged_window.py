# SPDX-License-Identifier: Apache-2.0
"""Which stretches of an infusion were judged, and by what limits: a picture may show figures only of those.

A delivery curve runs through settling, through the fault that a test makes and through the time after it. An error read
off there says nothing about the pump, because nobody promised anything for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bench.journal.lines import Volume
from reports.deviation import Deviation
from reports.entry import MeasuredValue
from reports.weighed_span import WeighedSpan


@dataclass(frozen=True)
class JudgedWindow:
    """A weighed window with what was judged in it.

    Attributes:
        name: of the window.
        span: from and to, and the volume with U.
        values: the judgements made of it, in the order of the journal.
    """

    name: str
    span: WeighedSpan
    values: tuple[MeasuredValue, ...] = ()

    @property
    def weighed(self) -> MeasuredValue | None:
        """Return the judgement of the weighed volume itself; None where only something made of it was judged."""
        same = [one for one in self.values if one.value is not None and _close(one.value, self.span.volume_ul)]
        return next((one for one in same if one.lower is not None or one.upper is not None), None)

    @property
    def deviation(self) -> Deviation | None:
        """Return the weighed volume as a share of its limits; None where it was not judged itself."""
        one = self.weighed
        return None if one is None else Deviation.of(one.value, one.expanded_uncertainty, one.lower, one.upper)


@dataclass
class JudgedWindows:
    """Gathers the windows of one infusion from its journal lines."""

    _windows: dict[str, JudgedWindow] = field(default_factory=dict)

    def take_volume(self, volume: Volume) -> None:
        """Take a weighed volume; what is no number makes no window."""
        span = WeighedSpan.of_line(volume)
        if span is not None:
            self._windows[volume.id] = JudgedWindow(volume.name, span)

    def take_judgement(self, value: MeasuredValue) -> None:
        """Take a judgement; one that belongs to no window is left."""
        window = self._windows.get(value.window)
        if window is not None:
            self._windows[value.window] = replace(window, values=(*window.values, value))

    @property
    def judged(self) -> tuple[JudgedWindow, ...]:
        """Return the windows in which something was judged, by their beginning, the longer first."""
        found = [window for window in self._windows.values() if window.values]
        return tuple(sorted(found, key=lambda one: (one.span.start_s, -one.span.end_s)))


def unjudged(windows: Sequence[JudgedWindow], start_s: float, end_s: float) -> tuple[tuple[float, float], ...]:
    """Return the stretches between `start_s` and `end_s` that lie in no judged window."""
    gaps: list[tuple[float, float]] = []
    reached_s = start_s
    for window in sorted(windows, key=lambda one: one.span.start_s):
        until_s = min(window.span.start_s, end_s)
        if until_s > reached_s:
            gaps.append((reached_s, until_s))
        reached_s = max(reached_s, window.span.end_s)
    return tuple(gaps) if reached_s >= end_s else (*gaps, (reached_s, end_s))


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * max(abs(one), abs(other))
