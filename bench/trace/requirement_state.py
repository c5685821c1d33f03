# SPDX-License-Identifier: Apache-2.0
"""What is known about a requirement, or about one planned judgement of it."""

from collections.abc import Iterable
from enum import StrEnum

from metrology.verdict import Verdict


class RequirementState(StrEnum):
    """A verdict where there is one, else the reason why there is none."""

    PASS = "PASS"  # noqa: S105  # a verdict, no password
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    BLOCKED = "BLOCKED"
    NOT_RUN = "NOT RUN"
    """A test would judge it, and did not run, or was left out by whoever chose the tests."""
    NOT_APPLICABLE = "NOT APPLICABLE"
    """The profile lacks the feature that it is about."""
    UNCOVERED = "UNCOVERED"
    """No test judges it."""
    STALE = "STALE"
    """It was judged by another text or revision than the baseline has now."""
    ORPHAN = "ORPHAN"
    """It was judged, and the baseline does not have it."""

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing is left to be shown."""
        return self in {RequirementState.PASS, RequirementState.NOT_APPLICABLE}

    @classmethod
    def of(cls, verdict: Verdict) -> "RequirementState":
        """Return the state that a verdict stands for; what was not judged is BLOCKED."""
        return cls.BLOCKED if verdict is Verdict.UNSET else cls(verdict.value)


_WORST_FIRST = (
    RequirementState.FAIL,
    RequirementState.BLOCKED,
    RequirementState.INCONCLUSIVE,
    RequirementState.STALE,
    RequirementState.ORPHAN,
    RequirementState.NOT_RUN,
    RequirementState.UNCOVERED,
    RequirementState.PASS,
    RequirementState.NOT_APPLICABLE,
)


def worst_state(states: Iterable[RequirementState]) -> RequirementState:
    """Return the state that speaks for all; of none at all it is UNCOVERED.

    A judgement that does not apply to a profile says nothing against those that do.
    """
    return min(states, key=_WORST_FIRST.index, default=RequirementState.UNCOVERED)
