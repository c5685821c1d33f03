# SPDX-License-Identifier: Apache-2.0
"""A press of the patient's button: what the pump answered, what it logged, and what came out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bench.profile import Profile
from bench.weighing.delivery_window import DeliveryWindow
from instruments.pump import BolusEntry, CommandResult
from metrology.uncertainty import quantity_from
from metrology.verdict import Limits, Measurement


@dataclass(frozen=True)
class BolusRequest:
    """One request for a patient bolus.

    Attributes:
        name: what a person calls it.
        device_clock_s: the pump's clock just before the request.
        outcome: what the pump answered.
        logged: what it wrote into its bolus log for it; exactly one line is right.
    """

    name: str
    device_clock_s: float
    outcome: CommandResult
    logged: tuple[BolusEntry, ...]

    @classmethod
    def from_dict(cls, name: str, told: Mapping[str, Any]) -> Self:
        """Return the request whose outcome the journal tells."""
        logged = tuple(BolusEntry(**{**one, "outcome": CommandResult(one["outcome"])}) for one in told["logged"])
        return cls(name, told["device_clock_s"], CommandResult(told["outcome"]), logged)

    @property
    def logged_as_answered(self) -> bool:
        """Tell whether the log holds this request once, with the same outcome."""
        return len(self.logged) == 1 and self.logged[0].outcome is self.outcome

    def volume(self, window: DeliveryWindow, basal: DeliveryWindow) -> Measurement:
        """Return what came out on top of the basal rate.

        Args:
            window: weighed around the request, until the bolus was over and the flow steady again.
            basal: weighed before, at the basal rate alone.
        """
        profile: Profile = window.profile
        bolus = profile.patient_bolus
        tolerance_ul = bolus.volume_ul.value * bolus.accuracy_percent.value / 100
        programmed_ul = bolus.volume_ul.value if self.outcome is CommandResult.ACCEPTED else 0.0
        total, influences = window.weighed.reopened()
        basal_rate, own = basal.correlated_mean_rate("basal rate, from the window before", influences)
        return Measurement(
            f"{self.name}: volume on top of the basal rate",
            quantity_from(total - basal_rate * window.duration_h, "µL", (*influences, own)),
            Limits(
                programmed_ul - tolerance_ul,
                programmed_ul + tolerance_ul,
                "µL",
                f"profile {profile.name}: patient_bolus.accuracy_percent",
            ),
            window.qualifiers,
            window.id,
            "volume on top of the basal rate",
        )
