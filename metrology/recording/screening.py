# SPDX-License-Identifier: Apache-2.0
"""Looks for what a running pump under a balance cannot have done, before any rate is computed from it.

A gap, a fall, a volume below zero, a record that goes on after delivery ended: each would become a wrong number that
nobody could tell from a right one. Each is refused by name, with its line and what to do.
"""

from dataclasses import replace

import numpy as np

from groundfloor.errors import PlanError
from metrology.delivery.blocks import blocks
from metrology.recording.display_digit import display_digit
from metrology.recording.flow_end import flow_end_s
from metrology.recording.recording import Floats, Recording
from metrology.recording.unit import Dimension

USUAL_GAP_INTERVALS = 2.5
"""Readings further apart than this many usual intervals have a gap between them: one lost reading is none, two are."""
NOISE_SPAN = 12.0
"""From the highest to the lowest of ten million readings, noise alone spans this many standard deviations."""
FALL_SHARE = 0.01
"""A fall of less than this share of all that was delivered counts as a ripple."""
NEGATIVE_SHARE = 0.001
"""A volume below zero by less than this share of all that was delivered counts as a zero point that is a little off."""
FLICKER_DIGITS = 2.5
"""A display falls by one digit, or two, where its mass lies at the edge of one."""
SUDDEN_SHARE = 0.3
"""A fall of which intervals that follow each other make at least this share came at once."""
LONGEST_EMPTYING_S, MOST_EMPTYING_READINGS = 1200.0, 12
"""What falls for longer, and over more readings, is none that somebody emptied or filled (assumed)."""
NOISE_OF_A_FALL = 4.0
MOST_FALLS_TOLD = 12
SHARE_OF_FALLS = 0.01
"""Where fewer steps than this go down, the balance does not flicker: each is an event, none says what noise is."""
FEWEST_BEFORE = 4
"""A record with fewer readings before its end is none to be cut."""
MOST_TOLD = 3
"""So many gaps are named one by one; of more, how they are bridged."""
NOISE_READINGS = 1_000_000
NEGATIVE_VOLUME = (
    "write the volume delivered since the start; if the column tells what is left, say so: --loss-in-weight"
)
MOST_MG_OR_UL = 1e9
"""A tonne: no balance of a pump bench weighs it."""


def cut(recording: Recording, from_s: float | None, to_s: float | None) -> Recording:
    """Return the part of a recording between two instants, in seconds since its first reading; times begin anew.

    Raises:
        PlanError: too few readings are left.
    """
    if from_s is None and to_s is None:
        return recording
    first = 0 if from_s is None else int(np.searchsorted(recording.times_s, from_s))
    last = len(recording.times_s) if to_s is None else int(np.searchsorted(recording.times_s, to_s, side="right"))
    if last - first < 3:
        seen = f"{max(last - first, 0)} readings lie in the part to be used"
        raise PlanError(f"recording {recording.source}", "cut", seen, "name a longer part of it")
    part = recording.part(slice(first, last))
    begins_s = float(part.times_s[0])
    return replace(part, times_s=part.times_s - begins_s, begins_s=recording.begins_s + begins_s)


def screen(recording: Recording, longest_gap_s: float | None = None, level: Floats | None = None) -> None:
    """Refuse a recording in which something happened that is no delivery.

    Args:
        recording: what was read.
        longest_gap_s: readings further apart have a gap between them; 2.5 usual intervals if not given.
        level: the amounts without the steps that were found: a step beside the flow hides where it ends.

    Raises:
        PlanError: a volume is impossible, the amount falls, nothing was delivered, there is a gap, or delivery ends
            before the record does.
    """
    _refuse_impossible(recording)
    _refuse_loss(recording)
    _refuse_tail(recording if level is None else replace(recording, amounts=level))
    refuse_falls(recording)
    refuse_gaps(recording, usual_gap_s(recording) if longest_gap_s is None else longest_gap_s)


def usual_gap_s(recording: Recording) -> float:
    """Return how far apart two readings may be, judged by the others."""
    times_s = recording.times_s
    places = np.unique(np.linspace(0, len(times_s) - 2, min(len(times_s) - 1, NOISE_READINGS)).astype(np.intp))
    return USUAL_GAP_INTERVALS * float(np.median(times_s[places + 1] - times_s[places]))


def noise(amounts: Floats) -> float:
    """Return the standard deviation of one reading, from the steps that go down; a pump only makes steps up."""
    steps = np.diff(amounts[:NOISE_READINGS])
    falls = -steps[steps < 0]
    return float(np.median(falls)) if len(falls) >= max(SHARE_OF_FALLS * len(steps), 2) else 0.0


def _refuse_impossible(recording: Recording) -> None:
    amounts = recording.amounts
    slack = max(NOISE_SPAN / 2 * noise(amounts), NEGATIVE_SHARE * float(np.ptp(amounts)))
    if recording.measured is Dimension.VOLUME and not recording.from_source and float(np.min(amounts)) < -slack:
        index = int(np.argmax(amounts < -slack))
        seen = f"line {recording.line(index)}: {amounts[index]:g} µL, a delivered volume cannot be negative"
        raise PlanError(_who(recording), "check", seen, NEGATIVE_VOLUME)
    if float(np.max(np.abs(amounts))) > MOST_MG_OR_UL:
        index = int(np.argmax(np.abs(amounts) > MOST_MG_OR_UL))
        seen = f"line {recording.line(index)}: {amounts[index]:g} {recording.unit} is impossible on a pump bench"
        raise PlanError(_who(recording), "check", seen, "check the unit of the column")


def _refuse_loss(recording: Recording) -> None:
    amounts = recording.amounts
    deepest = min(float(np.min(np.diff(amounts))), 0.0)
    # Where all but one interval rose together, that one interval is what fell: a tare, not a loss.
    if amounts[-1] > amounts[0] or amounts[-1] - amounts[0] - deepest > SUDDEN_SHARE * -deepest * _rises(amounts):
        return
    seen = f"it ends with {amounts[-1] - amounts[0]:+g} {recording.unit} against its beginning"
    if recording.from_source:
        next_step = "nothing left the vessel: leave --loss-in-weight out"
    elif amounts[-1] == amounts[0]:
        next_step = "nothing was delivered: name another column, or another part (--use-from, --use-to)"
    else:
        next_step = "if the pump itself was weighed, or the vessel that it draws from, say so: --loss-in-weight"
        if recording.measured is Dimension.VOLUME:
            next_step = "if the column tells what is left, say so: --loss-in-weight"
    raise PlanError(_who(recording), "check", seen, next_step)


def _rises(amounts: Floats) -> float:
    """Return nought where most readings lie above the one before, and otherwise more than any share."""
    steps = np.diff(amounts)
    return 0.0 if np.count_nonzero(steps > 0) > np.count_nonzero(steps < 0) else np.inf


def refuse_falls(recording: Recording) -> None:
    """Raise PlanError where the amount falls by more than noise, and say what takes it out."""
    amounts = recording.amounts
    flicker = FLICKER_DIGITS * display_digit(amounts)
    slack = max(NOISE_SPAN * noise(amounts), FALL_SHARE * float(np.ptp(amounts)), flicker)
    level, runs, left = amounts, list[tuple[int, int]](), _first_fall(amounts, slack)
    first = left
    while left is not None and len(runs) < MOST_FALLS_TOLD:
        index, fallen = left
        top = int(np.argmax(level[: index + 1]))
        begin, end = _run_of_falls(level, top + int(np.argmin(np.diff(level[top : index + 1]))))
        if not _is_sudden(recording, level, (begin, end), fallen):
            break
        runs.append((begin, end))
        level = np.concatenate([level[: end + 1], level[end + 1 :] + (level[begin] - level[end])])
        level[begin : end + 1] = level[begin]
        left = _first_fall(level, slack)
    if first is None:
        return
    index, fallen = first
    more = f", and {len(runs) - 1} times more" if len(runs) > 1 else ""
    what = f"the {recording.measured} falls by {fallen:g} {recording.unit} up to line {recording.line(index)}"
    seen = f"{what}, {_at(recording, index)}{more}"
    if not runs:
        before = _to(recording, int(np.argmax(amounts[: index + 1])))
        next_step = f"little by little: the vessel dries, or liquid is drawn back. Use the part before it ({before})"
        raise PlanError(_who(recording), "check", seen, next_step)
    out = " ".join(_out(recording, *run) for run in runs)
    next_step = (
        "a vessel was emptied, a balance tared or knocked: leave it out, "
        f"{out}, or use the part before it ({_to(recording, runs[0][0])})"
    )
    raise PlanError(_who(recording), "check", seen, next_step)


def _is_sudden(recording: Recording, level: Floats, run: tuple[int, int], fallen: float) -> bool:
    """Tell whether a fall came within minutes, or a few readings, and makes most of what fell."""
    begin, end = run
    took_s = float(recording.times_s[end] - recording.times_s[begin])
    is_short = took_s <= LONGEST_EMPTYING_S or end - begin <= MOST_EMPTYING_READINGS
    return is_short and float(level[begin] - level[end]) >= SUDDEN_SHARE * fallen


def _run_of_falls(amounts: Floats, at: int) -> tuple[int, int]:
    """Return the readings between which all intervals fall beyond noise, the one behind `at` among them."""
    steps = np.diff(amounts)
    falls = steps < -max(NOISE_OF_A_FALL * noise(amounts), FLICKER_DIGITS * display_digit(amounts))
    falls[at] = True
    risen_before = np.flatnonzero(~falls[:at])
    risen_behind = np.flatnonzero(~falls[at:])
    begin = int(risen_before[-1]) + 1 if len(risen_before) else 0
    return begin, at + int(risen_behind[0]) if len(risen_behind) else len(steps)


def _first_fall(amounts: Floats, slack: float) -> tuple[int, float] | None:
    """Return the first reading that lies so far below one before it, and how far."""
    highest = -np.inf
    for block in blocks(len(amounts)):
        level = np.maximum(np.maximum.accumulate(amounts[block]), highest)
        fallen = level - amounts[block]
        index = int(np.argmax(fallen > slack))
        if fallen[index] > slack:
            return block.start + index, float(fallen[index])
        highest = float(level[-1])
    return None


def refuse_gaps(recording: Recording, longest_s: float) -> None:
    """Raise PlanError where two readings are further apart than `longest_s`."""
    steps_s = np.diff(recording.times_s)
    gaps = np.flatnonzero(steps_s > longest_s * (1 + 1e-9))
    if len(gaps):
        index = int(gaps[0])
        more = f", and {len(gaps) - 1} more" if len(gaps) > 1 else ""
        seen = (
            f"a gap: no reading for {steps_s[index]:g} s after line {recording.line(index)}, {_at(recording, index)}"
            f"{more}; the longest allowed is {longest_s:g} s"
        )
        out = " ".join(_out(recording, one, one + 1) for one in gaps[:MOST_TOLD].tolist())
        bridged = f"--longest-gap '{np.ceil(np.max(steps_s)):.9g} s'"
        next_step = f"leave it out, {out}, or, if the pump went on evenly, let it be bridged: {bridged}"
        if len(gaps) > MOST_TOLD:
            next_step = f"if the pump went on evenly, let them be bridged: {bridged}"
        raise PlanError(_who(recording), "check", seen, next_step)


def _refuse_tail(recording: Recording) -> None:
    stopped_s = flow_end_s(recording.times_s, recording.amounts)
    if stopped_s is not None:
        index = int(np.searchsorted(recording.times_s, stopped_s))
        left_h = (recording.times_s[-1] - stopped_s) / 3600
        seen = (
            f"nothing is delivered in the last {left_h:.3g} h, from line {recording.line(index)} on, "
            f"{_at(recording, index)}: the reservoir ran dry, or the pump was stopped"
        )
        # It ended somewhere between two readings: what came in that interval is none of a full flow.
        until = _to(recording, max(index - 1, 0))
        next_step = f"if the end does not belong to the delivery, leave it out: {until}"
        if index < FEWEST_BEFORE:
            next_step = "hardly anything came: name another column, or another part (--use-from, --use-to)"
        raise PlanError(_who(recording), "check", seen, next_step)


def _to(recording: Recording, index: int) -> str:
    return f"--use-to '{recording.file_s(index):.9g} s'"


def _out(recording: Recording, first: int, last: int) -> str:
    return f"--exclude '{recording.file_begin_s(first):.9g} s..{recording.file_s(last):.9g} s'"


def _at(recording: Recording, index: int) -> str:
    return f"{recording.file_s(index) / 3600:.4g} h after the first reading of the file"


def _who(recording: Recording) -> str:
    return f"recording {recording.source}"
