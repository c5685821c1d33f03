# SPDX-License-Identifier: Apache-2.0
"""What was weighed between two marks, with its uncertainty: the band around the live curve of an infusion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from bench.journal.lines import Volume
from reports.curve_points import Floats

MOST_POINTS = 1000


@dataclass(frozen=True)
class WeighedSpan:
    """A weighed volume.

    Attributes:
        start_s, end_s: bench time of its marks.
        volume_ul: corrected for everything.
        expanded_ul: U (95 %).
    """

    start_s: float
    end_s: float
    volume_ul: float
    expanded_ul: float

    @classmethod
    def of_line(cls, line: Volume) -> Self | None:
        """Return the span that a line of the journal tells of; None where the volume is no number."""
        quantity = line.quantity
        if quantity.value is None or quantity.expanded_uncertainty is None:
            return None
        return cls(line.start.time_s, line.end.time_s, quantity.value, quantity.expanded_uncertainty)

    def lies_in(self, other: Self) -> bool:
        """Tell whether this is a part of another span."""
        return other != self and other.start_s <= self.start_s and self.end_s <= other.end_s

    def band(self, t_s: Floats, weighed_ul: Floats) -> tuple[Floats, Floats]:
        """Return instants and the volume that the band is drawn about.

        The live figure is corrected for nothing. What the corrections made of the whole span is spread evenly over it.

        Args:
            t_s: instants of the samples.
            weighed_ul: the live figure at each.
        """
        inside = np.flatnonzero((t_s > self.start_s) & (t_s < self.end_s))
        places = inside[np.linspace(0, len(inside) - 1, min(len(inside), MOST_POINTS)).round().astype(int)]
        instants_s = np.concatenate(([self.start_s], t_s[places], [self.end_s]))
        live_ul = np.interp(instants_s, t_s, weighed_ul)
        correction_ul = self.volume_ul - (live_ul[-1] - live_ul[0])
        share = (instants_s - self.start_s) / (self.end_s - self.start_s)
        return instants_s, live_ul + correction_ul * share


def outermost(spans: Sequence[WeighedSpan]) -> tuple[WeighedSpan, ...]:
    """Return the spans that are no part of a longer one: bands upon bands cannot be read."""
    different = tuple(dict.fromkeys(spans))
    return tuple(span for span in different if not any(span.lies_in(other) for other in different))
