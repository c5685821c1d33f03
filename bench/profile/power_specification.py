# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises of its power: by which voltage its battery is low, and what it does after a reset."""

from typing import Literal, Self

from pydantic import model_validator

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class PowerSpecification(TomlModel):
    """Battery and reset, by the voltage that the rig supplies in place of the battery.

    Attributes:
        full_mv: a good battery.
        low_mv: one that is low for sure, so that its alarm has to come.
        brown_out_mv: too little for the processor: the pump stands, and has reset when it comes back.
        end_of_service_mv: too little for its service and enough for its processor: it ends its service, and says so by
            the alarm of that name; None where nothing is promised of it.
        after_reset: what it does then; it stands until it is started again, and its memory alarm says so.
    """

    full_mv: Sourced
    low_mv: Sourced
    brown_out_mv: Sourced
    end_of_service_mv: Sourced | None = None
    after_reset: Literal["stops"]

    @model_validator(mode="after")
    def _falls(self) -> Self:
        if not 0 < self.brown_out_mv.value < self.low_mv.value < self.full_mv.value:
            raise ValueError("the voltages do not fall to over zero: full_mv, low_mv, brown_out_mv")
        end = self.end_of_service_mv
        if end is not None and not self.brown_out_mv.value < end.value < self.low_mv.value:
            raise ValueError("end_of_service_mv is not between brown_out_mv and low_mv")
        return self
