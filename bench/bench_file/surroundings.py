# SPDX-License-Identifier: Apache-2.0
"""What a bench file says of the fluid, the vessel that takes it, evaporation, and the air around the balance."""

from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from groundfloor.toml_file import TomlModel


def _rises(window: tuple[float, float]) -> tuple[float, float]:
    if not window[0] < window[1]:
        raise ValueError("the first of the two is the lower limit, the second the upper")
    return window


Window = Annotated[tuple[float, float], Field(strict=False), AfterValidator(_rises)]


class Density(TomlModel):
    """One line of a table of densities; the expanded uncertainty has coverage factor 2."""

    temperature_c: float
    density_kg_per_m3: float = Field(gt=0)
    expanded_uncertainty_kg_per_m3: float = Field(ge=0)


class Fluid(TomlModel):
    """What the pump delivers; the density of water is known, that of anything else is given by temperature.

    Attributes:
        name: as the record shows it.
        volume_at_c: the temperature at which volumes are stated, 37 for what an implant gives into a body; if it is
            left out, that at which they were weighed.
        density: the table of a liquid other than water.
    """

    name: str = Field(default="water", min_length=1)
    volume_at_c: float | None = Field(default=None, ge=0, le=40)
    density: tuple[Density, ...] = Field(default=(), strict=False)

    @model_validator(mode="after")
    def _has_a_density(self) -> Self:
        if self.name != "water" and len(self.density) < 2:
            raise ValueError(f"there is no density table for {self.name!r}: give two temperatures or more")
        if self.name == "water" and self.density:
            raise ValueError("the density of water is computed; give a liquid with a table of its own another name")
        if any(cooler.temperature_c >= warmer.temperature_c for cooler, warmer in pairwise(self.density)):
            raise ValueError("the temperatures of the density table do not rise")
        return self

    @property
    def title(self) -> str:
        """Return its name as the record shows it, with the temperature at which volumes of it are stated."""
        return self.name if self.volume_at_c is None else f"{self.name}, volumes at {self.volume_at_c:g} °C"

    def refuse_a_room_outside_the_table(self, temperature_c: Window) -> None:
        """Refuse a window of temperature that the table does not cover, and volumes stated outside of it.

        Raises:
            ValueError: it does not.
        """
        if not self.density:
            return
        least, most = self.density[0].temperature_c, self.density[-1].temperature_c
        if self.volume_at_c is not None and not least <= self.volume_at_c <= most:
            stated = f"fluid.volume_at_c is {self.volume_at_c:g} °C"
            raise ValueError(f"the density table of {self.name!r} goes from {least:g} to {most:g} °C, {stated}")
        if not least <= temperature_c[0] < temperature_c[1] <= most:
            allowed = f"ambient.temperature_c allows {temperature_c[0]:g} to {temperature_c[1]:g} °C"
            raise ValueError(f"the density table of {self.name!r} goes from {least:g} to {most:g} °C, {allowed}")


class VesselOnPan(TomlModel):
    """The vessel, and the tube that dips into it; what is not stated is not corrected for, and widens the uncertainty.

    Attributes:
        mass_g: of the empty vessel.
        density_kg_per_m3: of what it is made of; borosilicate glass if nothing is said.
        liquid_g: in the vessel while volumes are weighed, and
        liquid_half_width_g: how far from that it is when it is fullest or emptiest.
        inner_diameter_mm: at the liquid's surface.
        tube_outer_diameter_mm: of the outlet where it passes the surface; 0 if it does not dip in.
        contact_cosine_half_width: how far the cosine of the angle at which water meets a tube that dips in may lie from
            its mean, ± (assumed: 4° about 60°).
        outlet: "submerged", "on the wall" (or a wick, so that no drop hangs), or "free"; if it is left out, submerged
            where the tube has a diameter, else free.
        drop_mg: the largest drop that hangs at a free outlet (domain §3.4: 4 to 20 mg from 0.3 to 1.3 mm).
        static_mg: how far charges on it may move the display in dry air, ±; 0 with an ioniser or a vessel that conducts
            (assumed: glass that was wiped shows far more).
    """

    mass_g: float | None = Field(default=None, gt=0)
    density_kg_per_m3: float = Field(default=2230.0, gt=0)
    liquid_g: float = Field(default=0.0, ge=0)
    liquid_half_width_g: float = Field(default=20.0, ge=0)
    inner_diameter_mm: float | None = Field(default=None, gt=0)
    tube_outer_diameter_mm: float = Field(default=0.0, ge=0)
    contact_cosine_half_width: float = Field(default=0.05, ge=0, le=1)
    outlet: Literal["submerged", "on the wall", "free"] | None = None
    drop_mg: float = Field(default=20.0, ge=0)
    static_mg: float = Field(default=1.0, ge=0)

    @model_validator(mode="after")
    def _takes_the_tube(self) -> Self:
        if self.outlet is not None and (self.outlet == "submerged") is not (self.tube_outer_diameter_mm > 0):
            raise ValueError(f"outlet {self.outlet!r}, but tube_outer_diameter_mm is {self.tube_outer_diameter_mm:g}")
        if self.tube_outer_diameter_mm == 0:
            return self
        if self.inner_diameter_mm is None or self.tube_outer_diameter_mm >= self.inner_diameter_mm:
            raise ValueError("a tube that dips in needs inner_diameter_mm of the vessel, wider than the tube")
        return self

    @property
    def tube_share(self) -> float:
        """Return the area of the tube as a share of the vessel's."""
        return 0.0 if self.inner_diameter_mm is None else (self.tube_outer_diameter_mm / self.inner_diameter_mm) ** 2

    @property
    def hanging_drop_mg(self) -> float:
        """Return the largest drop that can hang at the outlet; 0 where none can."""
        raised = self.outlet is None and self.tube_outer_diameter_mm == 0
        return self.drop_mg if raised or self.outlet == "free" else 0.0


class EvaporationBlank(TomlModel):
    """How long the vessel is weighed with the pump stopped before the first infusion."""

    blank_s: float = Field(default=3600.0, ge=60)


class AmbientWindow(TomlModel):
    """Where a measurement counts; an excursion makes it INCONCLUSIVE.

    The defaults of temperature take in the 20 ± 2 °C of IEC 60601-2-24 with two degrees more for a warm room; those of
    humidity and pressure are where the short formula for the density of air holds (NIST SOP 2). In air drier than
    `static_below_percent` charges stay on a vessel (assumed: 40 %; a maker of balances warns from 50 % downwards).
    """

    temperature_c: Window = (18.0, 24.0)
    humidity_percent: Window = (20.0, 80.0)
    air_pressure_hpa: Window = (600.0, 1100.0)
    static_below_percent: float = Field(default=40.0, ge=0, le=100)
