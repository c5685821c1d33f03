# SPDX-License-Identifier: Apache-2.0
"""A value that was chosen because it is the largest of very many has two sides.

A pump that is over its limit is over it in some window that it chose itself, not the noise: its reading alone must be
wrong by U for it to pass. A good pump fails if any pair of readings makes it: there the choice among many counts, and
only there. So a PASS and a FAIL ask for different figures.

    PASS   at_most + U ≤ limit          FAIL   at_least − allowance > limit          else INCONCLUSIVE
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """By how much one influence may lift the worst of many; bounds are added.

    Attributes:
        name: the influence.
        half_width: in the unit of the value.
    """

    name: str
    half_width: float


@dataclass(frozen=True)
class WorstOfMany:
    """The two sides of a value that is the worst of many, in its unit.

    Attributes:
        at_least: the value, all that is open counted for the pump; judged for a FAIL.
        at_most: the value, all that is open counted against it; judged for a PASS.
        bounds: how far noise and instrument may have lifted it.
    """

    at_least: float
    at_most: float
    bounds: tuple[Bound, ...] = ()

    @property
    def allowance(self) -> float:
        """Return how far the value may be too large."""
        return sum(bound.half_width for bound in self.bounds)
