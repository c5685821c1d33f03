# SPDX-License-Identifier: Apache-2.0
"""The spans of consecutive parts in which most, and least, came: of all of them, each against its own limits.

There are m²/2 spans of m parts. All are looked at, because the limits of a span are no sum of the limits of its parts.
A longer span is known less well, so what decides is how near to its limit a span may lie with its uncertainty.
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
        beyond_ul: how far beyond the limit it may lie, the uncertainty counted; negative where it does not.
    """

    first: int
    last: int
    beyond_ul: float


def worst_spans(
    parts: Sequence[Part], came_ul: Sequence[float], tolerance: Tolerance, band: Band
) -> tuple[SpanOfParts, SpanOfParts]:
    """Return the span that may be furthest above its greatest volume, and that furthest below its least.

    Args:
        parts: one or more, in the order of time.
        came_ul: what came in each; as many.
        tolerance: what may come.
        band: how well that of a span is known.
    """
    most, least = SpanOfParts(0, 0, -float("inf")), SpanOfParts(0, 0, -float("inf"))
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
            open_ul = band(first, last)
            most = _worse(most, SpanOfParts(first, last, came + open_ul - high_ul))
            least = _worse(least, SpanOfParts(first, last, low_ul + open_ul - came))
    return most, least


def _worse(known: SpanOfParts, found: SpanOfParts) -> SpanOfParts:
    return found if found.beyond_ul > known.beyond_ul else known
