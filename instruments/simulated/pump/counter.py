# SPDX-License-Identifier: Apache-2.0
"""What the pump believes: its own counter of delivered volume, and the reservoir volume it computes from it."""

import math

from instruments.simulated.physics.hydraulics import Hydraulics


class Counter:
    """Counts strokes at their nominal volume; it knows nothing of what a stroke truly delivers."""

    def __init__(self, hydraulics: Hydraulics, stroke_ul: float, reservoir_ul: float, gain: float) -> None:
        self._hydraulics = hydraulics
        self._counted_ul = stroke_ul * gain
        self._filled_ul = reservoir_ul
        self._strokes_at_fill = 0

    def delivered_ul(self) -> float:
        """Return the volume that the pump believes it has delivered since it was made."""
        return self._hydraulics.strokes() * self._counted_ul

    def reservoir_ul(self) -> float:
        """Return the volume that the pump believes is left; never below zero."""
        return max(0.0, self._filled_ul - (self._hydraulics.strokes() - self._strokes_at_fill) * self._counted_ul)

    def refilled(self, volume_ul: float) -> None:
        """Start anew from a reservoir that holds `volume_ul`."""
        self._filled_ul = volume_ul
        self._strokes_at_fill = self._hydraulics.strokes()

    def when_down_to_s(self, volume_ul: float) -> float:
        """Return when the computed volume will be at or under `volume_ul`, infinite under present conditions never."""
        strokes = math.ceil((self._filled_ul - volume_ul) / self._counted_ul - 1e-9)
        return self._hydraulics.when_strokes_s(self._strokes_at_fill + max(0, strokes))
