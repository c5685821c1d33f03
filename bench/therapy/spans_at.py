# SPDX-License-Identifier: Apache-2.0
"""Which of many spans of time holds each of many instants, in one walk over both."""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise, takewhile

Span = tuple[float, float]


def spans_at(spans_s: Sequence[Span], instants_s: Sequence[float]) -> Iterator[Span | None]:
    """Return for each instant the first of the spans that holds it, None where none does.

    Args:
        spans_s: from when to when, half open; where they do not begin one after the other, all that have not ended are
            looked at for each instant.
        instants_s: never falling.
    """
    rising = all(one[0] <= other[0] for one, other in pairwise(spans_s))
    over = 0
    for at_s in instants_s:
        while over < len(spans_s) and spans_s[over][1] <= at_s:
            over += 1
        left: Iterator[Span] = islice(spans_s, over, None)
        if rising:
            left = takewhile(lambda span, at_s=at_s: span[0] <= at_s, left)  # type: ignore[misc]
        yield next((span for span in left if span[0] <= at_s < span[1]), None)
