# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises of the climate around it: within these ends its accuracy holds."""

from typing import Self

from pydantic import model_validator

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class EnvironmentSpecification(TomlModel):
    """Temperatures in °C and air pressures in hPa.

    Attributes:
        coldest_c, body_c, warmest_c: temperatures at which the accuracy holds.
        least_air_pressure_hpa: the thinnest air, which is that of the greatest altitude.
        greatest_air_pressure_hpa: the densest, which is that under water or in a pressure chamber.
    """

    coldest_c: Sourced
    body_c: Sourced
    warmest_c: Sourced
    least_air_pressure_hpa: Sourced
    greatest_air_pressure_hpa: Sourced

    @model_validator(mode="after")
    def _rises(self) -> Self:
        if not 0 < self.coldest_c.value < self.body_c.value < self.warmest_c.value:
            raise ValueError("the temperatures do not rise from over zero: coldest_c, body_c, warmest_c")
        if not 0 < self.least_air_pressure_hpa.value < self.greatest_air_pressure_hpa.value:
            raise ValueError("the air pressures do not rise: least_air_pressure_hpa, greatest_air_pressure_hpa")
        return self

    def temperature_c(self, end: str) -> float:
        """Return the `coldest`, `body` or `warmest` temperature."""
        return {"coldest": self.coldest_c, "body": self.body_c, "warmest": self.warmest_c}[end].value

    def air_pressure_hpa(self, end: str) -> float:
        """Return the `least` or the `greatest` air pressure."""
        return {"least": self.least_air_pressure_hpa, "greatest": self.greatest_air_pressure_hpa}[end].value
