# SPDX-License-Identifier: Apache-2.0
"""What the pump believes: its own counter of delivered volume, and the reservoir volume it computes from it."""

import math

from instruments.simulated.physics.hydraulics import Hydraulics

_ROUNDING = 1e-9


class Counter:
    """Counts strokes at their nominal volume; it knows nothing of what a stroke truly delivers.

    A bad motor makes strokes that it takes no notice of; `count` tells from when on.

    Attributes:
        filled_ul: the volume that the reservoir was last filled to.
    """

    def __init__(self, hydraulics: Hydraulics, stroke_ul: float, reservoir_ul: float, gain: float) -> None:
        self._hydraulics = hydraulics
        self._counted_ul = stroke_ul * gain
        self.filled_ul = reservoir_ul
        self._counted_at_fill = 0
        self._share = 1.0
        self._counted = 0.0
        self._until = 0
        self._zero_ul = 0.0

    def count(self, share: float) -> None:
        """Count this share of the strokes from now on."""
        self._counted, self._until = self._counted_now(), self._hydraulics.strokes()
        self._share = share

    def delivered_ul(self) -> float:
        """Return the volume that the pump believes it has delivered since it was made."""
        return self._strokes() * self._counted_ul - self._zero_ul

    def zero(self) -> None:
        """Begin at zero again, as a bad pump does; what is left in the reservoir stays known."""
        self._zero_ul = self._strokes() * self._counted_ul

    def reservoir_ul(self) -> float:
        """Return the volume that the pump believes is left; never below zero."""
        return max(0.0, self.filled_ul - (self._strokes() - self._counted_at_fill) * self._counted_ul)

    def refilled(self, volume_ul: float, *, adds: bool = False) -> None:
        """Start anew from a reservoir that holds `volume_ul`, in a bad pump from so much more than before."""
        self.filled_ul = volume_ul + (self.reservoir_ul() if adds else 0.0)
        self._counted_at_fill = self._strokes()

    def when_down_to_s(self, volume_ul: float) -> float:
        """Return when the computed volume will be at or under `volume_ul`, infinite under present conditions never."""
        strokes = math.ceil((self.filled_ul - volume_ul) / self._counted_ul - _ROUNDING)
        to_come = self._counted_at_fill + max(0, strokes) - self._counted
        if to_come > 0 and not self._share:
            return math.inf
        return self._hydraulics.when_strokes_s(self._until + math.ceil(to_come / (self._share or 1.0) - _ROUNDING))

    def _strokes(self) -> int:
        return math.floor(self._counted_now() + _ROUNDING)

    def _counted_now(self) -> float:
        return self._counted + (self._hydraulics.strokes() - self._until) * self._share
