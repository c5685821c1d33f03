# SPDX-License-Identifier: Apache-2.0
"""One part of a time that is tiled by parts, and what may come in it beside what was programmed."""

from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True)
class Slack:
    """How much more, and how much less, than programmed may come; never negative."""

    more_ul: float = 0.0
    less_ul: float = 0.0

    def __add__(self, other: Self) -> Self:
        """Return what both allow together."""
        return type(self)(self.more_ul + other.more_ul, self.less_ul + other.less_ul)


NONE = Slack()


@dataclass(frozen=True)
class Part:
    """One part.

    Attributes:
        programmed_ul: the volume that was programmed for it.
        rate_ul_per_h: the greatest rate programmed in it.
        tolerated_ul: what the accuracy is a share of: the programmed volume, and while the pump stands what it would
            have given at its least rate; nobody can tell less of a balance that drifts.
        own: of any span that holds it: what a fault keeps back, a start that may be late.
        at_start: of a span that begins with it: what was programmed before and may come now.
        at_end: of a span that ends with it: what was programmed in it and may come later.
    """

    programmed_ul: float
    rate_ul_per_h: float
    tolerated_ul: float
    own: Slack = NONE
    at_start: Slack = NONE
    at_end: Slack = NONE
