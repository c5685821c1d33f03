# SPDX-License-Identifier: Apache-2.0
"""What a pump promises that is made for screening trials: hours at low rates, and a large bolus within minutes."""

from itertools import pairwise
from typing import Self

from pydantic import model_validator

from bench.profile.sourced import Sourced, SourcedCount
from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel


class ScreeningTrial(TomlModel):
    """A trial before a pump is implanted.

    Attributes:
        least_ul_per_h, low_ul_per_h, middle_ul_per_h, greatest_ul_per_h: the rates that doses come to at the trial's
            concentration.
        hours: how long a rate is tested at least.
        bolus_ul, bolus_s: a bolus as a hand would give it, and in which time.
    """

    least_ul_per_h: Sourced
    low_ul_per_h: Sourced
    middle_ul_per_h: Sourced
    greatest_ul_per_h: Sourced
    hours: Sourced
    bolus_ul: Sourced
    bolus_s: SourcedCount

    @model_validator(mode="after")
    def _rise(self) -> Self:
        rates = list(self._rates.values())
        if not rates[0] > 0 or any(slower >= faster for slower, faster in pairwise(rates)):
            raise ValueError("the rates do not rise from over zero: least < low < middle < greatest")
        if not (self.hours.value > 0 and self.bolus_ul.value > 0):
            raise ValueError("hours and bolus_ul are over zero")
        return self

    @property
    def _rates(self) -> dict[str, float]:
        told = (self.least_ul_per_h, self.low_ul_per_h, self.middle_ul_per_h, self.greatest_ul_per_h)
        return dict(zip(("least", "low", "middle", "greatest"), (one.value for one in told), strict=True))

    def rate_ul_per_h(self, name: str) -> float:
        """Return the `least`, `low`, `middle` or `greatest` rate in µL/h.

        Raises:
            PlanError: there is no rate of that name.
        """
        if name not in self._rates:
            known = ", ".join(self._rates)
            raise PlanError("profile", f"find the trial's rate {name!r}", "there is none", f"name one of {known}")
        return self._rates[name]
