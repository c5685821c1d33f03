# SPDX-License-Identifier: Apache-2.0
"""The spans of consecutive parts in which most, and least, came: of all of them, each against its own limits.

There are m²/2 spans of m parts. All of two parts and more are looked at, because the limits of a span are no sum of the
limits of its parts. A longer span is allowed more and known less well. So what decides is how much of what it may hold
beside the programmed volume it may have used, its uncertainty counted.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from metrology.phases.part import Part
from metrology.phases.tolerance import Tolerance

Band = Callable[[int, int], float]
"""Expanded uncertainty in µL of what came from one part to another, both included; an estimate will do."""


@dataclass(frozen=True)
class SpanOfParts:
    """Consecutive parts.

    Attributes:
        first, last: places of the first and the last part, both included.
        used: share of what is allowed beside the programmed volume that it may have used; over 1 is beyond the limit.
    """

    first: int
    last: int
    used: float


def worst_spans(
    parts: Sequence[Part], came_ul: Sequence[float], tolerance: Tolerance, band: Band
) -> tuple[SpanOfParts, SpanOfParts]:
    """Return the span that used most of what it may hold more than programmed, and that of what it may hold less.

    Args:
        parts: two or more, in the order of time.
        came_ul: what came in each; as many.
        tolerance: what may come.
        band: how well that of a span is known.
    """
    most = least = SpanOfParts(0, len(parts) - 1, -float("inf"))
    for first, opening in enumerate(parts):
        programmed = tolerated = rate = more = less = came = 0.0
        for last in range(first, len(parts)):
            part = parts[last]
            programmed, tolerated = programmed + part.programmed_ul, tolerated + part.tolerated_ul
            rate, came = max(rate, part.rate_ul_per_h), came + came_ul[last]
            more, less = more + part.own.more_ul, less + part.own.less_ul
            low_ul, high_ul = tolerance.limits_of_sums_ul(
                programmed_ul=programmed,
                tolerated_ul=tolerated,
                rate_ul_per_h=rate,
                more_ul=more + opening.at_start.more_ul + part.at_end.more_ul,
                less_ul=less + opening.at_start.less_ul + part.at_end.less_ul,
            )
            if last > first:
                beside_ul, open_ul = came - programmed, band(first, last)
                most = _worse(most, SpanOfParts(first, last, _share(beside_ul + open_ul, high_ul - programmed)))
                least = _worse(least, SpanOfParts(first, last, _share(open_ul - beside_ul, programmed - low_ul)))
    return most, least


def _share(used_ul: float, allowed_ul: float) -> float:
    return used_ul / allowed_ul if allowed_ul > 0 else float("inf")


def _worse(known: SpanOfParts, found: SpanOfParts) -> SpanOfParts:
    return found if found.used > known.used else known
