# SPDX-License-Identifier: Apache-2.0
"""What the picture of an infusion shows, as data: curves, judged windows, lanes of what happened."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

from bench.journal import Entry, SampleColumns
from bench.journal.lines import Event
from reports.curve_points import Floats
from reports.judged_window import JudgedWindow, unjudged
from reports.lanes import Lane, lanes

SHOWN_ELSEWHERE = frozenset({"mark", "capability", "preflight", "postflight"})
"""Events that are no lane of the picture: windows and tables tell of them."""


@dataclass(frozen=True)
class InfusionChart:
    """An infusion; all arrays have one value a sample.

    Attributes:
        anchor: its place in the page.
        name: what was infused.
        t_s: bench time.
        weighed_ul: live figure of the balance, nothing corrected.
        counter_ul: the pump's own counter, from where the program stood at the first sample.
        expected_ul: by the therapy.
        pressure_kpa: in the catheter; NaN where the pump has no sensor.
        windows: those that were judged.
        lanes: faults, alarms, boluses, commands.
        infusion: its id in the journal.
        columns: all of its samples.
    """

    anchor: str
    name: str
    t_s: Floats
    weighed_ul: Floats
    counter_ul: Floats
    expected_ul: Floats
    pressure_kpa: Floats
    windows: tuple[JudgedWindow, ...]
    lanes: tuple[Lane, ...]
    infusion: str
    columns: SampleColumns = field(repr=False)

    @classmethod
    def of(
        cls,
        anchor: str,
        name: str,
        infusion: str,
        columns: SampleColumns,
        events: Sequence[Entry],
        windows: Sequence[JudgedWindow],
    ) -> Self:
        """Make it of samples; there must be at least one."""
        frame = columns.frame()
        names = ("t_s", "weighed_ul", "counter_ul", "expected_ul", "pressure_kpa")
        t_s, weighed, counter, expected, pressure = (frame[name].to_numpy(dtype=float) for name in names)
        shown = [one for one in events if isinstance(one.body, Event) and one.body.what not in SHOWN_ELSEWHERE]
        counter = counter - counter[0] + expected[0]
        found = tuple(lanes(frame, shown))
        return cls(anchor, name, t_s, weighed, counter, expected, pressure, tuple(windows), found, infusion, columns)

    @property
    def unjudged_s(self) -> tuple[tuple[float, float], ...]:
        """Return the stretches in which no volume was judged."""
        return unjudged(self.windows, float(self.t_s[0]), float(self.t_s[-1]))

    @property
    def unjudged_percent(self) -> float:
        """Return the share of the time in which no volume was judged."""
        whole_s = float(self.t_s[-1] - self.t_s[0])
        return 100 * sum(end - begin for begin, end in self.unjudged_s) / whole_s if whole_s > 0 else 0.0

    def letter(self, window: JudgedWindow) -> str:
        """Return what a window is called in the picture: a to z, then aa, ab and so on."""
        place = self.windows.index(window)
        first = chr(ord("a") + place // 26 - 1) if place >= 26 else ""
        return first + chr(ord("a") + place % 26)
