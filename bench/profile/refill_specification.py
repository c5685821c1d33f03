# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about its reservoir: where its alarm may be set, and what is left when it sounds."""

from typing import Self

from pydantic import model_validator

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class RefillSpecification(TomlModel):
    """The reservoir between two fillings.

    The low-reservoir alarm is computed by the pump. One that gives more than it counts has less left than it tells.

    Attributes:
        low_alarm_least_ul: the least volume that its low-reservoir alarm can be set to.
        low_alarm_greatest_percent: the greatest, of a full reservoir.
        left_at_low_alarm_least_ul: what is left by weight when that alarm sounds, at least, where it is set to
            `low_reservoir_alarm_ul` and the reservoir was full.
        residual_max_ul: what is left when it is empty, at most.
        needle_leaves_max_ul: what a needle leaves in it, at most.
        date_within_s: how far the refill date that it tells may be from the one that follows from program and
            reservoir, all allotted boluses counted in; None for a pump that tells none.
        holds_most_percent: of the reservoir, what goes in at most where somebody tries to put in more; None where
            nothing is promised of that.
        full_rate_down_to_ul: the volume in the reservoir down to which the accuracy holds.
    """

    low_alarm_least_ul: Sourced
    low_alarm_greatest_percent: Sourced
    left_at_low_alarm_least_ul: Sourced
    residual_max_ul: Sourced
    needle_leaves_max_ul: Sourced
    full_rate_down_to_ul: Sourced
    date_within_s: Sourced | None = None
    holds_most_percent: Sourced | None = None

    def low_alarms_ul(self, reservoir_ul: float) -> dict[str, float]:
        """Return the `least` and the `greatest` volume that the low-reservoir alarm can be set to."""
        greatest_ul = reservoir_ul * self.low_alarm_greatest_percent.value / 100
        return {"least": self.low_alarm_least_ul.value, "greatest": greatest_ul}

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not (self.low_alarm_least_ul.value > 0 and 0 < self.low_alarm_greatest_percent.value < 100):
            raise ValueError("the ends of the alarm's range are not over zero and under a full reservoir")
        if self.holds_most_percent is not None and self.holds_most_percent.value < 100:
            raise ValueError("holds_most_percent is under a full reservoir")
        return self
