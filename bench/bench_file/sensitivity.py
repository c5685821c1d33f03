# SPDX-License-Identifier: Apache-2.0
"""`[balance.sensitivity]` and `[balance.check_weight]`: how a balance proves that it shows a gram as a gram."""

import datetime
from typing import Literal

from pydantic import Field

from groundfloor.toml_file import TomlModel


class CheckWeight(TomlModel):
    """The weight that a person puts onto the pan when asked.

    Attributes:
        mass_g: its conventional mass.
        expanded_uncertainty_mg: of that, with coverage factor 2.
        certificate: number of its certificate.
        due: the last day on which that counts.
    """

    mass_g: float = Field(gt=0)
    expanded_uncertainty_mg: float = Field(gt=0)
    certificate: str = Field(min_length=1)
    due: datetime.date

    @property
    def relative_uncertainty(self) -> float:
        """Return the standard uncertainty as a share of the mass."""
        return self.expanded_uncertainty_mg / 2 / 1000 / self.mass_g


class Sensitivity(TomlModel):
    """How the sensitivity is checked before the first infusion and after the last.

    Attributes:
        check: `internal` is the balance's own test; `check_weight` asks a person; `certificate` checks nothing, and
            the record says so.
        tolerance_percent: how far the balance may be off. Volumes are judged to some tenths of a per cent at best, and
            a balance that is in order is a hundred times better (assumed).
        internal_weight_g: mass of the built-in weight; what the balance tells if it is left out.
        pan: whether the vessel may stay on it during the internal test. For `empty` a person is asked to take it off.
        limit_s: longest internal test.
        attendance_s: how long somebody who was asked is waited for.
    """

    check: Literal["internal", "check_weight", "certificate"] = "internal"
    tolerance_percent: float = Field(default=0.1, gt=0, le=5)
    internal_weight_g: float | None = Field(default=None, gt=0)
    pan: Literal["loaded", "empty"] = "loaded"
    limit_s: float = Field(default=180.0, gt=0, le=3600)
    attendance_s: float = Field(default=600.0, gt=0, le=86400)

    def refuse_unfit(self, weight: CheckWeight | None) -> None:
        """Refuse a check that cannot be made.

        Raises:
            ValueError: there is no check weight though it is to be used, or it is too uncertain for the tolerance.
        """
        if self.check != "check_weight":
            return
        if weight is None:
            raise ValueError("sensitivity.check is 'check_weight', and there is no table [balance.check_weight]")
        most = self.tolerance_percent / 100 / 4
        if weight.relative_uncertainty > most:
            raise ValueError(
                f"the check weight is known to {100 * weight.relative_uncertainty:.2g} % (u), "
                f"a tolerance of {self.tolerance_percent:g} % needs a quarter of it or less"
            )
