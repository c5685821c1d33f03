# SPDX-License-Identifier: Apache-2.0
"""How much of a weighed mass may have come, or gone, in steps for which nothing answers, or between strokes.

Steps that rise are told apart over any window (`jumps_of_the_pump`): what came with a command, with pressure, counted,
or again is the pump's, and counts in full. So does what comes on a release, and what comes or goes when the outlet is
moved, for its phase allows for it. No pump makes a step that falls; and what was there and went again by as much was a
knock, and is in no volume that holds both, though it came with a command or went as an injector moved.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.outlet_moves import outlet_moves
from bench.account.weighed_course import weighed_course
from bench.sampling import MassStep
from groundfloor.inconclusive import Inconclusive

_ALIKE = 0.2
"""A knock and its end differ by no more than this share."""


def unattributed_mg(record: InfusionRecord, from_s: float, to_s: float) -> float:
    """Return how much of the mass between two instants may have come or gone in steps that nothing answers for, ±."""
    steps = [one for one in _unattributed(record) if not _with_a_moved_outlet(record, one)]
    inside = [one.step_mg for one in steps if one.from_s < to_s and one.to_s > from_s]
    gained_mg = sum(step_mg for step_mg in inside if step_mg > 0)
    return max(gained_mg, gained_mg - sum(inside)) + _hanging_drop_mg(record) + _crept_mg(record, from_s, to_s)


def _crept_mg(record: InfusionRecord, from_s: float, to_s: float) -> float:
    """Return how uncertain a volume is by what crept between strokes: all of it was the pump's, or nothing."""
    try:
        course = weighed_course(record)
    except Inconclusive:
        return 0.0
    crept_ul = 0.0 if course.creep is None else course.creep.between_ul(from_s, to_s)
    return crept_ul / course.uncertainty.ul_per_mg / 3**0.5


def _hanging_drop_mg(record: InfusionRecord) -> float:
    """Return what may hang at the outlet at either end of a time, because it was seen to hang and fall."""
    try:
        return weighed_course(record).hanging_drop_ul
    except Inconclusive:
        return 0.0


def _unattributed(record: InfusionRecord) -> Iterator[MassStep]:
    try:
        jumps = weighed_course(record).jumps
    except Inconclusive:  # too few readings to tell them apart
        yield from record.steps
        return
    steps = (MassStep(one.span.from_s, one.span.to_s, one.size_ul) for one in jumps)
    yield from (one for one in steps if not _on_release(record, one))
    rises = [one for one in record.steps if one.step_mg > 0]
    falls = [one for one in record.steps if one.step_mg < 0]
    falls += _falls_beside_an_injector(record, rises, falls)
    yield from falls
    yield from (one for one in rises if any(_undoes(fall.step_mg, one) for fall in falls))


def _undoes(fall_mg: float, rise: MassStep) -> bool:
    """Tell whether a fall takes back what a step had risen by: a knock, and its end."""
    return abs(rise.step_mg + fall_mg) <= _ALIKE * rise.step_mg


def _falls_beside_an_injector(
    record: InfusionRecord, rises: Sequence[MassStep], known: Sequence[MassStep]
) -> list[MassStep]:
    """Return the falls that take a step back while an injector has just moved: no step is told of then."""
    at_s, mass_mg = record.samples.at_s, 1000 * record.samples.mass_g
    falls = []
    for place in np.flatnonzero(np.diff(mass_mg) < 0):
        from_s, to_s, step_mg = (float(x) for x in (at_s[place], at_s[place + 1], mass_mg[place + 1] - mass_mg[place]))
        is_known = any(one.from_s < to_s and from_s < one.to_s for one in known)
        if not is_known and any(_undoes(step_mg, rise) for rise in rises):
            falls.append(MassStep(from_s, to_s, step_mg))
    return falls


def _with_a_moved_outlet(record: InfusionRecord, step: MassStep) -> bool:
    """Tell whether the catheter filled or emptied then; its phase allows for it."""
    reach_s = 2 * record.interval_s
    moves = (one.span for one in outlet_moves(record))
    return any(one.from_s - reach_s <= step.to_s and step.from_s <= one.to_s + reach_s for one in moves)


def _on_release(record: InfusionRecord, step: MassStep) -> bool:
    reach_s = 2 * record.interval_s
    released_s = (one.released_s for one in record.injections if one.released_s is not None)
    return any(step.from_s - reach_s <= at_s <= step.to_s for at_s in released_s)
