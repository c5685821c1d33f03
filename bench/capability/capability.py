# SPDX-License-Identifier: Apache-2.0
"""What a measurement that has not been made yet would be worth."""

from dataclasses import asdict, dataclass
from typing import Self

from groundfloor.errors import PlanError
from groundfloor.json_number import json_number
from metrology.verdict import Measurement, uncertainty_ratio


@dataclass(frozen=True)
class Capability:
    """How well a window would resolve the tolerance.

    Attributes:
        duration_s: of the window.
        tolerance_ul: how far the volume may lie from the expected one.
        expanded_uncertainty_ul: U that the volume would have.
        uncertainty_ratio: the TUR, tolerance_ul / U.
        demanded_ratio: the least TUR that counts as resolved.
        samples: how many samples come in the time.
        least_samples: how many must.
        mostly: the largest line of the budget.
    """

    duration_s: float
    tolerance_ul: float
    expanded_uncertainty_ul: float
    uncertainty_ratio: float
    demanded_ratio: float
    samples: float
    least_samples: int
    mostly: str

    @classmethod
    def of(
        cls, predicted: Measurement, duration_s: float, demanded_ratio: float, samples: float, least_samples: int
    ) -> Self:
        """Return what a predicted measurement between two limits is worth.

        Raises:
            PlanError: it has not two limits.
        """
        quantity, limits = predicted.quantity, predicted.limits
        ratio = uncertainty_ratio(quantity, limits)
        if limits.lower is None or limits.upper is None or ratio is None:
            raise PlanError(predicted.name, "predict its uncertainty", f"the limits are {limits}", "give it both")
        return cls(
            duration_s=duration_s,
            tolerance_ul=(limits.upper - limits.lower) / 2,
            expanded_uncertainty_ul=quantity.expanded_uncertainty(),
            uncertainty_ratio=ratio,
            demanded_ratio=demanded_ratio,
            samples=samples,
            least_samples=least_samples,
            mostly=max(quantity.budget, key=lambda line: line.contribution).name,
        )

    @property
    def resolves(self) -> bool:
        """Tell whether a good pump would pass, and not just by luck."""
        return self.uncertainty_ratio >= self.demanded_ratio and self.samples >= self.least_samples

    def __str__(self) -> str:
        sentence = f"U would be {self.expanded_uncertainty_ul:.3g} µL, the tolerance is ±{self.tolerance_ul:.3g} µL: "
        sentence += f"TUR {self.uncertainty_ratio:.2f}, {self.demanded_ratio:g} is demanded; most of U is {self.mostly}"
        if self.samples < self.least_samples:
            sentence += f"; {self.samples:.1f} samples would come, {self.least_samples} are demanded"
        return sentence

    def as_dict(self) -> dict[str, object]:
        """Return it for JSON."""
        return {key: json_number(v) if isinstance(v, float) else v for key, v in asdict(self).items()}
