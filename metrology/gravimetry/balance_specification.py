# SPDX-License-Identifier: Apache-2.0
"""What is known of a balance: from its data sheet, its calibration certificate, and from looking at it on this day."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from groundfloor.errors import PlanError
from metrology.gravimetry.repeatability import Repeatability


@dataclass(frozen=True)
class BalanceSpecification:
    """The figures of a balance that a bench file states.

    Attributes:
        readability_mg: the last digit.
        repeatability_mg: standard deviation of repeated weighings of one load, as data sheet or own tests have it.
        linearity_mg: how far any reading may be off, ± over the range, after adjustment.
        drift_mg_per_day: how far the zero may wander in a day, ±.
        calibration_expanded_uncertainty_mg: U (k = 2) from the certificate, at the load of the vessel.
        sensitivity_per_c: how far its sensitivity may move with the temperature, ±, as a share of the load per °C; 0
            where the record comes from before this was asked.
        measured_repeatability: what the pre-flight of this day found; it counts instead of `repeatability_mg`, be it
            worse or better. The bench file's figure is what the pre-flight holds it against.

    Raises:
        PlanError: a figure is negative or no number, or the readability is zero.
    """

    readability_mg: float
    repeatability_mg: float
    linearity_mg: float
    drift_mg_per_day: float
    calibration_expanded_uncertainty_mg: float
    measured_repeatability: Repeatability | None = None
    sensitivity_per_c: float = 0.0

    def __post_init__(self) -> None:
        wrong = [f"{name} = {value}" for name, value in self._figures().items() if not (0 <= value < math.inf)]
        if wrong or self.readability_mg == 0:
            seen = ", ".join(wrong) or "readability_mg = 0"
            raise PlanError("balance specification", "check", seen, "write what data sheet and certificate say")

    def as_found(self, measured: Repeatability | None) -> Self:
        """Return the balance with what was measured on this day; None leaves what the bench file says."""
        return replace(self, measured_repeatability=measured)

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Self:
        """Return the balance of a journal's line."""
        measured = payload["measured_repeatability"]
        return cls(**{**payload, "measured_repeatability": None if measured is None else Repeatability(**measured)})

    def _figures(self) -> dict[str, float]:
        return {
            "readability_mg": self.readability_mg,
            "repeatability_mg": self.repeatability_mg,
            "linearity_mg": self.linearity_mg,
            "drift_mg_per_day": self.drift_mg_per_day,
            "calibration_expanded_uncertainty_mg": self.calibration_expanded_uncertainty_mg,
            "sensitivity_per_c": self.sensitivity_per_c,
        }
