# SPDX-License-Identifier: Apache-2.0
"""What a test can end with, and how several ends become one.

UNSET is an end of its own: where nothing was judged, nothing has passed.
"""

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The end of a test, or of one judgement in it."""

    UNSET = "UNSET"
    """Nothing was judged."""
    PASS = "PASS"  # noqa: S105  # a verdict, no password
    """Inside the limits, the uncertainty counted against the pump."""
    FAIL = "FAIL"
    """Outside the limits beyond doubt, a forbidden event, or a required one that is missing."""
    INCONCLUSIVE = "INCONCLUSIVE"
    """The evidence does not decide."""
    BLOCKED = "BLOCKED"
    """The bench could not test."""


_WORST_FIRST = (Verdict.FAIL, Verdict.BLOCKED, Verdict.INCONCLUSIVE, Verdict.UNSET, Verdict.PASS)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict that speaks for all: FAIL, then BLOCKED, INCONCLUSIVE, UNSET, and PASS only if all passed.

    Of no verdicts at all the worst is UNSET.
    """
    return min(verdicts, key=_WORST_FIRST.index, default=Verdict.UNSET)
