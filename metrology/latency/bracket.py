# SPDX-License-Identifier: Apache-2.0
"""An instant that is known only to lie between two others."""

from dataclasses import dataclass
from typing import Self

from groundfloor.inconclusive import Inconclusive


@dataclass(frozen=True)
class Bracket:
    """Something happened not before `after_s` and not after `before_s`, both in bench time.

    A command lies between being sent and being confirmed, an alarm between the last poll without and the first with it.
    """

    after_s: float
    before_s: float

    def __post_init__(self) -> None:
        if not self.after_s <= self.before_s:
            seen = f"it would lie after {self.after_s:g} s and before {self.before_s:g} s"
            raise Inconclusive("clock", "bracket an instant", seen, "look for a clock that jumped")

    @classmethod
    def around(cls, instant_s: float, resolution_s: float) -> Self:
        """Return the bracket of an instant from a log that counts in steps of `resolution_s`.

        A log may cut off or round up, and mostly does not say which, so it is a whole step either way.
        """
        return cls(instant_s - resolution_s, instant_s + resolution_s)

    @property
    def middle_s(self) -> float:
        """The best estimate of the instant."""
        return (self.after_s + self.before_s) / 2

    @property
    def half_width_s(self) -> float:
        """How far the instant can lie from the middle."""
        return (self.before_s - self.after_s) / 2

    def surely_precedes(self, other: "Bracket") -> bool:
        """Tell whether this happened before the other beyond doubt."""
        return self.before_s < other.after_s

    def narrowed_by(self, other: "Bracket") -> "Bracket":
        """Return what two accounts of one event leave, say of a log and of the polls around it.

        Raises:
            Inconclusive: they exclude each other.
        """
        if self.surely_precedes(other) or other.surely_precedes(self):
            raise Inconclusive(
                "clock", "combine two accounts of one event", f"{self} and {other}", "compare the clocks"
            )
        return Bracket(max(self.after_s, other.after_s), min(self.before_s, other.before_s))
