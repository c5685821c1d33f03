# SPDX-License-Identifier: Apache-2.0
"""The drug that a pump is filled with, where a profile names one: concentration, and what may be prescribed of it."""

from typing import Annotated, Self

from pydantic import StringConstraints, model_validator

from bench.dose import BridgedPrescription, Concentration, DoseLimits, MassUnit, Prescription
from bench.dose.dose import Dose
from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel

HOURS_PER_DAY = 24.0


class DrugSpecification(TomlModel):
    """One drug.

    Attributes:
        name: what it is called.
        concentration_ug_per_ml: of the drug in the reservoir.
        least_ug_per_day, greatest_ug_per_day: a day with less, or with more, is refused before anything is sent.
        greatest_ug_per_bolus: a bolus with more is refused.
    """

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    concentration_ug_per_ml: Sourced
    least_ug_per_day: Sourced
    greatest_ug_per_day: Sourced
    greatest_ug_per_bolus: Sourced

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not 0 < self.least_ug_per_day.value < self.greatest_ug_per_day.value:
            raise ValueError("the dose limits of a day do not rise from over zero")
        if self.concentration_ug_per_ml.value <= 0 or self.greatest_ug_per_bolus.value <= 0:
            raise ValueError("concentration and greatest bolus are over zero")
        return self

    @property
    def concentration(self) -> Concentration:
        """Return the concentration."""
        return Concentration(self.concentration_ug_per_ml.value, MassUnit.MICROGRAM)

    @property
    def limits(self) -> DoseLimits:
        """Return what may be prescribed."""
        return DoseLimits(
            self.least_ug_per_day.value,
            self.greatest_ug_per_day.value,
            self.greatest_ug_per_bolus.value,
            f"profile: drug {self.name}",
        )

    def at_rate(self, rate_ul_per_h: float) -> Prescription:
        """Return the prescription whose dose of a day comes at a rate."""
        daily = Dose(self.concentration.dose_ug(rate_ul_per_h * HOURS_PER_DAY), MassUnit.MICROGRAM)
        return Prescription(self.name, self.concentration, daily)

    def bridged(
        self, old_ug_per_ml: float, new_ug_per_ml: float, path_ul: float, old_rate_ul_per_h: float
    ) -> BridgedPrescription:
        """Return the change from one concentration to another, whose dose of a day stays the same.

        Args:
            old_ug_per_ml: of what fills the path.
            new_ug_per_ml: of what is in the reservoir.
            path_ul: volume of tubing and catheter, as the programmer takes it.
            old_rate_ul_per_h: at which the old drug came.
        """
        old, new = (Concentration(one, MassUnit.MICROGRAM) for one in (old_ug_per_ml, new_ug_per_ml))
        daily = Dose(old.dose_ug(old_rate_ul_per_h * HOURS_PER_DAY), MassUnit.MICROGRAM)
        return BridgedPrescription(Prescription(self.name, old, daily), Prescription(self.name, new, daily), path_ul)
