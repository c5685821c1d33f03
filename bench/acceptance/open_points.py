# SPDX-License-Identifier: Apache-2.0
"""Why a test did not pass, in one sentence made of its judgements: what it ends with, and what a check expects."""

from collections.abc import Sequence
from typing import Protocol

from metrology.verdict import Verdict, worst


class Judged(Protocol):
    """What is needed of a judgement here."""

    @property
    def name(self) -> str:
        """Return what was judged."""

    @property
    def verdict(self) -> Verdict:
        """Return what came of it."""

    @property
    def reason(self) -> str:
        """Return why."""

    @property
    def value(self) -> float | None:
        """Return the measured value; None for a yes or a no."""


def open_points(judgements: Sequence[Judged], unset: Sequence[str]) -> str:
    """Return all that did not pass: every finding and the first of the worst values in full, more values by name.

    Args:
        judgements: of one test; the worst of them is neither PASS nor UNSET.
        unset: names of what was declared and not judged.
    """
    verdict = worst(one.verdict for one in judgements)
    not_passed = [one for one in judgements if one.verdict is not Verdict.PASS]
    values = [one for one in not_passed if one.value is not None]
    values.sort(key=lambda one: one.verdict is not verdict)
    points = [f"{one.verdict} {one.reason}" for one in not_passed if one.value is None or one is values[0]]
    more = [one.name if one.verdict is verdict else f"{one.name} ({one.verdict})" for one in values[1:]]
    missing = [f"not judged: {', '.join(unset)}"] if unset else []
    return "; ".join(points + ([f"did not pass either: {', '.join(more)}"] if more else []) + missing)
