# SPDX-License-Identifier: Apache-2.0
"""A press of the patient's button: what the pump answered, what it logged, and what came out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bench.profile import Profile
from bench.weighing.delivery_window import DeliveryWindow
from instruments.pump import BolusEntry, CommandResult
from metrology.uncertainty import Quantity
from metrology.verdict import Limits, Measurement

ADDED_VOLUME = "volume on top of the basal rate"
"""What of a bolus is weighed."""


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
    def from_dict(cls, name: str, payload: Mapping[str, Any]) -> Self:
        """Return the request whose outcome the journal holds."""
        logged = tuple(BolusEntry(**{**one, "outcome": CommandResult(one["outcome"])}) for one in payload["logged"])
        return cls(name, payload["device_clock_s"], CommandResult(payload["outcome"]), logged)

    @property
    def logged_as_answered(self) -> bool:
        """Tell whether the log holds this request once, with the same outcome."""
        return len(self.logged) == 1 and self.logged[0].outcome is self.outcome

    def volume(
        self, window: DeliveryWindow, basal: DeliveryWindow, wanted: CommandResult, bolus_ul: float
    ) -> Measurement:
        """Return what came out on top of the basal rate, to be judged by what should have.

        Args:
            window: weighed around the request, until the bolus was over and the flow steady again.
            basal: weighed before, at the basal rate alone.
            wanted: what the pump had to answer: a bolus that it had to refuse gives nothing, whatever it answered.
            bolus_ul: volume of the programmed bolus.
        """
        added = window.weighed - basal.weighed * (window.duration_h / basal.duration_h)
        return self.measured(added, window.profile, wanted, bolus_ul, window.qualifiers, window.id)

    def measured(
        self,
        added: Quantity,
        profile: Profile,
        wanted: CommandResult,
        bolus_ul: float,
        qualifiers: tuple[str, ...],
        window: str,
    ) -> Measurement:
        """Return what came out because of it, to be judged by what should have.

        Args:
            added: in µL.
            profile: what the pump promises.
            wanted: what the pump had to answer.
            bolus_ul: volume of the programmed bolus.
            qualifiers: what spoils the volume as evidence.
            window: id of the volume in the journal.
        """
        tolerance_ul = bolus_ul * profile.patient_bolus.accuracy_percent.value / 100
        programmed_ul = bolus_ul if wanted is CommandResult.ACCEPTED else 0.0
        source = f"profile {profile.name}: patient_bolus.accuracy_percent"
        limits = Limits(programmed_ul - tolerance_ul, programmed_ul + tolerance_ul, "µL", source)
        return Measurement(f"{self.name}: {ADDED_VOLUME}", added, limits, qualifiers, window, ADDED_VOLUME)
