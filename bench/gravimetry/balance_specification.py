# SPDX-License-Identifier: Apache-2.0
"""What is known of a balance beforehand, from its data sheet and its calibration certificate."""

import math
from dataclasses import asdict, dataclass

from instruments.errors import PlanError


@dataclass(frozen=True)
class BalanceSpecification:
    """The figures of a balance that a bench file states.

    Attributes:
        readability_mg: the last digit.
        repeatability_mg: standard deviation of repeated weighings of one load.
        linearity_mg: how far any reading may be off, ± over the range, after adjustment.
        drift_mg_per_day: how far the zero may wander in a day, ±.
        calibration_expanded_uncertainty_mg: U (k = 2) from the certificate, at the load of the vessel.

    Raises:
        PlanError: a figure is negative or no number, or the readability is zero.
    """

    readability_mg: float
    repeatability_mg: float
    linearity_mg: float
    drift_mg_per_day: float
    calibration_expanded_uncertainty_mg: float

    def __post_init__(self) -> None:
        wrong = [f"{name} = {value}" for name, value in asdict(self).items() if not (0 <= value < math.inf)]
        if wrong or self.readability_mg == 0:
            seen = ", ".join(wrong) or "readability_mg = 0"
            raise PlanError("balance specification", "check", seen, "write what data sheet and certificate say")
