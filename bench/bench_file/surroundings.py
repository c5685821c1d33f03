# SPDX-License-Identifier: Apache-2.0
"""What a bench file says of the fluid, of evaporation and of the air around the balance."""

from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from instruments.toml_file import TomlModel


def _rises(window: tuple[float, float]) -> tuple[float, float]:
    if not window[0] < window[1]:
        raise ValueError("the first of the two is the lower limit, the second the upper")
    return window


Window = Annotated[tuple[float, float], Field(strict=False), AfterValidator(_rises)]


class Density(TomlModel):
    """One line of a table of densities."""

    temperature_c: float
    density_kg_per_m3: float = Field(gt=0)


class Fluid(TomlModel):
    """What the pump delivers; the density of water is known, that of anything else is given by temperature."""

    name: str = Field(default="water", min_length=1)
    density: tuple[Density, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _has_a_density(self) -> Self:
        if self.name != "water" and len(self.density) < 2:
            raise ValueError(f"{self.name!r} needs a density table of two temperatures or more")
        if any(cooler.temperature_c >= warmer.temperature_c for cooler, warmer in pairwise(self.density)):
            raise ValueError("the temperatures of the density table do not rise")
        return self


class EvaporationBlank(TomlModel):
    """How long the vessel is weighed with the pump stopped before the first infusion."""

    blank_s: float = Field(default=3600.0, ge=60)


class AmbientWindow(TomlModel):
    """Where a measurement counts; an excursion makes it INCONCLUSIVE.

    The defaults of temperature take in the 20 ± 2 °C of IEC 60601-2-24 with two degrees more for a warm room; those of
    humidity and pressure are where the short formula for the density of air holds (NIST SOP 2).
    """

    temperature_c: Window = (18.0, 24.0)
    humidity_percent: Window = (20.0, 80.0)
    air_pressure_hpa: Window = (600.0, 1100.0)
