# SPDX-License-Identifier: Apache-2.0
"""What disturbed a recording, told by its lines: steps make what lies across them doubtful, dips are left out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from groundfloor.errors import PlanError
from metrology.recording.decline import decline
from metrology.recording.disturbance import Disturbance, DisturbanceKind
from metrology.recording.exclusion import Stretch
from metrology.recording.recording import Floats, Recording
from metrology.recording.step_finder import Event, find_events

_LEAP_SHARE = 0.5
"""A step of more than this share of all else that came is no delivery with a step in it."""
TOGETHER_S, TOGETHER_READINGS = 600.0, 30
"""Steps that follow each other as closely are told as one: a table that shakes, a vessel that is moved."""


_STILL, _FEWEST_STILL, _MADE_UP = 0.25, 3, 0.25
"""Readings stand still while they move by less than this share of what an interval gains; so many; how well it fits."""


@dataclass(frozen=True)
class Disturbances:
    """What was found in a recording.

    Attributes:
        recording: without the readings inside dips.
        steps: that stay, by places in it.
        dips: that were left out, by places in it.
        decline: flow that dies away towards the end; None where it does not.
    """

    recording: Recording
    steps: tuple[Disturbance, ...] = ()
    dips: tuple[Disturbance, ...] = ()
    decline: Disturbance | None = None

    @classmethod
    def of(cls, recording: Recording, digit: float, stroke: float, accepted: tuple[Stretch, ...]) -> "Disturbances":
        """Find them.

        Args:
            recording: what is used of a file.
            digit: of the display.
            stroke: what the pump moves at once; 0 where it is not known.
            accepted: stretches of which a person says that what is odd in them is delivery.
        """
        found = [
            event
            for event in find_events(recording.times_s, recording.amounts, digit, stroke)
            if not _is_accepted(recording, event, accepted)
        ]
        kept = np.ones(len(recording.times_s), dtype=bool)
        for event in found:
            if event.comes_back:
                kept[event.first + 1 : event.last] = False
        left = recording.part(kept) if not kept.all() else recording
        told = [_told(recording, event, kept) for event in found]
        steps = [one for one in told if one.kind is DisturbanceKind.STEP]
        dying = _decline(left, accepted)
        if dying is not None and all(one.first >= dying.first and one.size < 0 for one in steps):
            told = [one for one in told if one not in steps]  # they are the flow that dies away
        elif steps:
            dying = _decline(replace(left, amounts=_without(left.amounts, steps)), accepted)
        return cls(
            left,
            tuple(one for one in told if one.kind is DisturbanceKind.STEP),
            tuple(one for one in told if one.kind is DisturbanceKind.DIP),
            dying,
        )

    def level(self) -> Floats:
        """Return the amounts as they would be had no step come; shape as those of the recording."""
        return _without(self.recording.amounts, self.steps)

    def refuse_leaps(self) -> None:
        """Raise PlanError where a step is so large that the rest of the recording means nothing beside it."""
        recording = self.recording
        total = float(recording.amounts[-1] - recording.amounts[0])
        for step in self.steps:
            if step.size > _LEAP_SHARE * abs(total - step.size):
                seen = (
                    f"the {recording.measured} leaps by {step.size:.6g} {recording.unit} at line {step.line}, "
                    f"{step.to_s:.6g} s after the first reading: a vessel was put on, or something fell on it"
                )
                raise PlanError(f"recording {recording.source}", "check", seen, _way_round(recording, step))

    def doubts(self, from_s: float, to_s: float) -> tuple[str, ...]:
        """Return a sentence for each step, and for a decline, between two instants of the recording."""
        recording = self.recording
        across = [
            step
            for step in self.steps
            if recording.times_s[step.last] > from_s and recording.times_s[step.first] < to_s
        ]
        found = [_doubt(group, recording.unit, self._still_before(group)) for group in _near_each_other(across)]
        end = self.decline
        if end is not None and recording.times_s[end.first] < to_s:
            found.append(
                f"in doubt: the flow dies away from line {end.line} on, to {100 * end.size:.0f} % of what it was: a "
                f"reservoir that ran dry? --use-to '{end.from_s:.9g} s', or "
                f"--accept '{end.from_s:.9g} s..{end.to_s:.9g} s' where it was the pump"
            )
        return tuple(found)

    def _still_before(self, group: Sequence[Disturbance]) -> float | None:
        """Return since when the readings before a step stood still, if it made up for what was lacking; else None."""
        times_s, amounts = self.recording.times_s, self.level()
        first, size = group[0].first, sum(step.size for step in group)
        rate = float(np.median(np.diff(amounts) / np.diff(times_s)))
        usual = rate * float(np.median(np.diff(times_s)))
        moved = np.flatnonzero(np.abs(amounts[: first + 1] - amounts[first]) > _STILL * abs(usual))
        still = int(moved[-1]) if len(moved) else 0
        lacking = rate * float(times_s[first] - times_s[still])
        if first - still < _FEWEST_STILL or abs(size - lacking) > _MADE_UP * abs(size):
            return None
        return self.recording.file_s(still)

    def told(self) -> tuple[str, ...]:
        """Return a sentence about what was left out."""
        if not self.dips:
            return ()
        first = self.dips[0]
        what = f"the {self.recording.measured} goes off by {first.size:+.4g} {self.recording.unit} at line {first.line}"
        more = f", and {len(self.dips) - 1} times more" if len(self.dips) > 1 else ""
        return (f"{what} and comes back{more}: the readings in between are left out",)


def _near_each_other(steps: Sequence[Disturbance]) -> list[list[Disturbance]]:
    groups: list[list[Disturbance]] = []
    for step in steps:
        if groups and (
            step.from_s - groups[-1][-1].to_s <= TOGETHER_S or step.first - groups[-1][-1].last <= TOGETHER_READINGS
        ):
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups


def _doubt(steps: Sequence[Disturbance], unit: str, still_s: float | None) -> str:
    begin_s, end_s, sizes = steps[0].from_s, steps[-1].to_s, sum(step.size for step in steps)
    what = f"a step of {sizes:+.4g} {unit} at line {steps[0].line}"
    if len(steps) > 1:
        what = f"{len(steps)} steps of {sizes:+.4g} {unit} together, from line {steps[0].line} to {steps[-1].line}"
    when = f"({begin_s:.6g} s to {end_s:.6g} s after the first reading)"
    why = f"{when} that no flow beside it explains"
    if still_s is not None:
        begin_s = still_s
        why = (
            f"{when} makes up for readings that stand still from {still_s:.6g} s on: a balance that was stuck, or a "
            "pump that stalled and caught up"
        )
    stretch = f"'{begin_s:.9g} s..{end_s:.9g} s'"
    return f"in doubt: {what} {why}: say what it was, --exclude {stretch}, or --accept {stretch} where the pump gave it"


def _without(amounts: Floats, steps: Sequence[Disturbance]) -> Floats:
    level: Floats = amounts.copy()
    for step in steps:
        level[step.last :] -= step.size
    return level


def _told(recording: Recording, event: Event, kept: npt.NDArray[np.bool_]) -> Disturbance:
    first, last = (int(np.count_nonzero(kept[:end])) for end in (event.first, event.last))
    kind = DisturbanceKind.DIP if event.comes_back else DisturbanceKind.STEP
    shown = event.first + 1 if event.comes_back else event.last
    return Disturbance(
        kind,
        first,
        last,
        recording.file_begin_s(event.first),
        recording.file_s(event.last),
        recording.line(shown),
        event.size,
    )


def _decline(recording: Recording, accepted: tuple[Stretch, ...]) -> Disturbance | None:
    found = decline(recording.times_s, recording.amounts)
    if found is None:
        return None
    at, left = found
    last = len(recording.times_s) - 1
    if _is_accepted(recording, Event(at, last, left, comes_back=False), accepted):
        return None
    begin_s, end_s = recording.file_s(at), recording.file_s(last)
    return Disturbance(DisturbanceKind.DECLINE, at, last, begin_s, end_s, recording.line(at), left)


def _is_accepted(recording: Recording, event: Event, accepted: tuple[Stretch, ...]) -> bool:
    slack_s = 1e-6 * float(recording.times_s[-1] - recording.times_s[0])
    begin_s, end_s = recording.file_begin_s(event.first), recording.file_s(event.last)
    return any(one.from_s - slack_s <= begin_s and end_s <= one.to_s + slack_s for one in accepted)


def _way_round(recording: Recording, step: Disturbance) -> str:
    """Return the option that leaves a leap out, with the longer part of the recording."""
    if 2 * step.last <= len(recording.times_s):
        return f"use what comes after it: --use-from '{step.to_s:.9g} s'"
    return (
        f"use what came before it, --use-to '{step.from_s:.9g} s', or leave it out: "
        f"--exclude '{step.from_s:.9g} s..{step.to_s:.9g} s'"
    )
