# SPDX-License-Identifier: Apache-2.0
"""The dose that a pump of whole strokes can give beside the one that is programmed.

A pump moves whole strokes. Over any time it owes less than one; a pump that rounded the dose of each day would owe a
part of a stroke more each day.
"""

import math
from dataclasses import dataclass

from bench.dose.concentration import Concentration


@dataclass(frozen=True)
class WholeStrokes:
    """What can be given of a programmed volume.

    Attributes:
        programmed_ul: what the program asks for.
        stroke_ul: volume of a stroke.
        concentration: of the drug.
    """

    programmed_ul: float
    stroke_ul: float
    concentration: Concentration

    @property
    def programmed_ug(self) -> float:
        """Return the programmed dose."""
        return self.concentration.dose_ug(self.programmed_ul)

    @property
    def achievable_ug(self) -> tuple[float, float]:
        """Return the dose of the whole strokes just under and just over the programmed one."""
        strokes = math.floor(self.programmed_ul / self.stroke_ul)
        least, most = (self.concentration.dose_ug(self.stroke_ul * one) for one in (strokes, strokes + 1))
        return least, most

    def holds(self, counted_ul: float, off_ul: float) -> bool:
        """Tell whether a counted volume is one of the two, within what a stroke may be off in that many strokes."""
        return abs(counted_ul - self.programmed_ul) <= self.stroke_ul + off_ul

    def told(self, counted_ul: float) -> str:
        """Return what people read: programmed, achievable and counted dose."""
        least, most = self.achievable_ug
        counted_ug = self.concentration.dose_ug(counted_ul)
        return f"programmed {self.programmed_ug:.4g} µg, achievable {least:.4g} or {most:.4g}, counted {counted_ug:.4g}"
