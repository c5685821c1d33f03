# SPDX-License-Identifier: Apache-2.0
"""A stretch that a person takes out of a recording: its time and all that came meanwhile, so that no rate knows of it.

The readings at its two ends become one. What is left goes on without it, as if the clock had stood still.
"""

from dataclasses import dataclass, replace

import numpy as np

from groundfloor.errors import PlanError
from metrology.recording.recording import Recording


@dataclass(frozen=True)
class Stretch:
    """From one instant to another, in s since the first reading of the file."""

    from_s: float
    to_s: float

    @property
    def told(self) -> str:
        """Return it as an option is written."""
        return f"{self.from_s:.9g} s..{self.to_s:.9g} s"


@dataclass(frozen=True)
class Exclusion:
    """A stretch that was taken out.

    Attributes:
        stretch: from the reading before it to the reading behind it.
        at_s: where it was, on the time of what is left.
        amount: what came meanwhile, in the unit of the amounts.
    """

    stretch: Stretch
    at_s: float
    amount: float


def exclude(recording: Recording, stretches: tuple[Stretch, ...]) -> tuple[Recording, tuple[Exclusion, ...]]:
    """Return what is left of a recording, and what was taken out of it.

    Raises:
        PlanError: a stretch lies outside of the recording, or leaves too little of it.
    """
    taken: list[Exclusion] = []
    for stretch in reversed(_joined(stretches)):
        recording, exclusion = _without(recording, stretch)
        later = exclusion.stretch.to_s - exclusion.stretch.from_s
        taken = [exclusion, *(replace(one, at_s=one.at_s - later) for one in taken)]
    return recording, tuple(taken)


def _joined(stretches: tuple[Stretch, ...]) -> list[Stretch]:
    """Return stretches in the order of time; those that share an instant inside them as one."""
    joined: list[Stretch] = []
    for stretch in sorted(stretches, key=lambda one: (one.from_s, one.to_s)):
        if joined and stretch.from_s < joined[-1].to_s:
            joined[-1] = Stretch(joined[-1].from_s, max(joined[-1].to_s, stretch.to_s))
        else:
            joined.append(stretch)
    return joined


def _without(recording: Recording, stretch: Stretch) -> tuple[Recording, Exclusion]:
    times_s, amounts = recording.times_s + recording.begins_s, recording.amounts
    # An instant that was told is rounded; the reading that it means lies at it.
    slack_s = 1e-6 * float(np.median(np.diff(times_s)))
    first = int(np.searchsorted(times_s, stretch.from_s + slack_s, side="right")) - 1
    last = int(np.searchsorted(times_s, stretch.to_s - slack_s))
    if first < 0 or last >= len(times_s) or last - first < 1:
        seen = f"{stretch.told}, the recording reaches from {times_s[0]:.6g} s to {times_s[-1]:.6g} s"
        raise PlanError(
            "--exclude", "take out a stretch", seen, "name one inside; --use-from and --use-to cut the ends"
        )
    if len(times_s) - (last - first) < 3:
        raise PlanError("--exclude", "take out a stretch", f"{stretch.told} leaves nothing", "name a shorter one")
    took_s, came = float(times_s[last] - times_s[first]), float(amounts[last] - amounts[first])
    kept = np.ones(len(times_s), dtype=bool)
    kept[first + 1 : last + 1] = False
    left = recording.part(kept)
    behind = slice(first + 1, None)
    later_s, more = left.times_s.copy(), left.amounts.copy()
    later_s[behind] -= took_s
    more[behind] -= came
    exclusion = Exclusion(Stretch(float(times_s[first]), float(times_s[last])), float(recording.times_s[first]), came)
    at_s = float(recording.times_s[first])
    taken_out = ((at_s, took_s), *((later - took_s, long_s) for later, long_s in recording.taken_out))
    return replace(left, times_s=later_s, amounts=more, taken_out=taken_out), exclusion
