# SPDX-License-Identifier: Apache-2.0
"""Where a defect shows, and as what: the claim that the catalogue makes of each defect, and that a test holds.

A bad pump fails the requirements that it breaks and no others: whoever reads a red requirement shall be able to believe
it. A bad instrument fails none: a run on it ends BLOCKED or INCONCLUSIVE, or the bench corrects for it.
"""

from dataclasses import dataclass

_MADE_FOR = {"screening_trial": "external-trial"}
"""Chapters for which a pump of another profile is made."""


@dataclass(frozen=True)
class Showing:
    """What one chapter makes of a defect.

    Attributes:
        chapter: the chapter of the verification protocol.
        test: what picks the test in it, as pytest's `-k` does; empty for all of them.
        ends: the verdict of the run.
        reddens: the requirements with a FAIL, in the order of their ids.
        at: the magnitude that it shows at; None for the usual one.
        pump: the profile of the pump that it shows in; empty for the one that its chapter is made for.
    """

    chapter: str
    test: str
    ends: str
    reddens: tuple[str, ...] = ()
    at: float | None = None
    pump: str = ""

    @property
    def profile(self) -> str:
        """Return the pump that its chapter is for; empty for the one of 20 mL."""
        return self.pump or _MADE_FOR.get(self.chapter, "")
