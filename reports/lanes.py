# SPDX-License-Identifier: Apache-2.0
"""What happened during an infusion, sorted into lanes that a picture can draw side by side.

Spans come from the samples (what sensors and pump said), moments from the journal's events (what the bench did). One
lane holds one kind of thing, so no two labels compete for a place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from bench.journal import Entry
from bench.journal.lines import Event

MOVED_PERCENT = 1.0
"""A clamp or valve that its sensor sees further than this from its place of rest counts as moved."""


@dataclass(frozen=True)
class Lane:
    """One kind of happening.

    Attributes:
        name: what it is called in the picture.
        kind: "fault" (injected), "alarm", "bolus" or "event"; picks the colour.
        spans_s: from and to, bench time.
        moments: instant and label of what has no duration.
    """

    name: str
    kind: str
    spans_s: tuple[tuple[float, float], ...] = ()
    moments: tuple[tuple[float, str], ...] = ()


def lanes(frame: pd.DataFrame, events: Sequence[Entry]) -> list[Lane]:
    """Return the lanes that have something to show: faults, boluses, alarms, then what the bench did.

    Args:
        frame: of `bench.journal.samples_frame`.
        events: those of the journal, in their order; what has no lane in `_EVENT_LANES` gets one under its own name.
    """
    moved = {
        "kink": frame["kink_percent"] > MOVED_PERCENT,
        "disconnect": frame["disconnected"],
        "leak": frame["leak_percent"] > MOVED_PERCENT,
        "magnet": frame["magnet"],
    }
    standing = frame["alarms"].astype(str).str.split(";")
    names = sorted({name for alarms in standing for name in alarms if name})
    found = [Lane(name, "fault", _spans(frame, held)) for name, held in moved.items()]
    found.append(Lane("bolus", "bolus", _spans(frame, frame["state"].astype(str) == "bolus")))
    for name in names:
        held = standing.map(lambda alarms, wanted=name: wanted in alarms)
        found.append(Lane(f"{name.replace('_', ' ')} alarm", "alarm", _spans(frame, held)))
    found += [Lane(name, kind, (), tuple(moments)) for (name, kind), moments in _moments(events).items()]
    return [lane for lane in found if lane.spans_s or lane.moments]


_EVENT_LANES = {
    "injection": ("injector", "fault"),
    "release": ("injector", "fault"),
    "alarm": ("alarm log", "alarm"),
    "bolus": ("bolus log", "bolus"),
}
"""Lane and kind of the events that belong to what the samples show."""


def _moments(events: Sequence[Entry]) -> dict[tuple[str, str], list[tuple[float, str]]]:
    found: dict[tuple[str, str], list[tuple[float, str]]] = {}
    for entry in events:
        if isinstance(event := entry.body, Event):
            lane = _EVENT_LANES.get(event.what, (event.what, "event"))
            found.setdefault(lane, []).append((entry.t_s, event.title))
    return found


def _spans(frame: pd.DataFrame, held: "pd.Series[bool]") -> tuple[tuple[float, float], ...]:
    """Return from the first sample that holds to the first that does not any more, or to the last sample."""
    t_s: npt.NDArray[np.float64] = frame["t_s"].to_numpy(dtype=float)
    steps = np.diff(held.to_numpy(dtype=np.int8), prepend=0)
    begins = t_s[steps == 1]
    ends = t_s[steps == -1]
    ends = np.append(ends, t_s[-1:]) if len(ends) < len(begins) else ends
    return tuple((float(begin), float(end)) for begin, end in zip(begins, ends, strict=True))
