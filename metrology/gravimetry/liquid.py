# SPDX-License-Identifier: Apache-2.0
"""What is weighed: water, whose density is computed, or a liquid whose density somebody measured.

Between two lines of a table the density is interpolated; outside of it nobody knows it, and it is not guessed.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Self

from GTC.lib import UncertainReal

from groundfloor.inconclusive import Inconclusive
from metrology.gravimetry.water_density import water_density_kg_m3
from metrology.uncertainty import Influence

WATER_HALF_WIDTH_KG_M3 = 0.005
"""Of water class 3 (ISO 3696) about the air-free water of the formula: dissolved air, impurities (assumed)."""


@dataclass(frozen=True)
class DensityLine:
    """One line of a table of densities; the expanded uncertainty has k = 2."""

    temperature_c: float
    density_kg_per_m3: float
    expanded_uncertainty_kg_per_m3: float


@dataclass(frozen=True)
class Liquid:
    """A liquid.

    Attributes:
        name: as the record shows it.
        table: its densities by rising temperature, two lines or more; empty for water alone.
        volume_at_c: the temperature at which a volume of it is stated; None for that at which it was weighed.
    """

    name: str = "water"
    table: tuple[DensityLine, ...] = ()
    volume_at_c: float | None = None

    def density_kg_m3(self, temperature_c: float) -> float:
        """Return the density in kg/m³.

        Args:
            temperature_c: a float or a GTC uncertain number, which then comes back as well.

        Raises:
            Inconclusive: the table does not reach to this temperature.
            ValueError: the same of the formula for water.
        """
        if not self.table:
            return water_density_kg_m3(temperature_c)
        low, high = self._lines_about(temperature_c)
        slope = (high.density_kg_per_m3 - low.density_kg_per_m3) / (high.temperature_c - low.temperature_c)
        return low.density_kg_per_m3 + slope * (temperature_c - low.temperature_c)

    def influence(self, temperature_c: float) -> Influence:
        """Return how far the density may be from `density_kg_m3`, at this temperature, as an input of the model.

        Raises:
            Inconclusive: the table does not reach to this temperature.
        """
        name = f"density of {self.name}"
        if not self.table:
            return Influence.rectangular(name, 0.0, "kg/m³", WATER_HALF_WIDTH_KG_M3)
        worst = max(line.expanded_uncertainty_kg_per_m3 for line in self._lines_about(temperature_c))
        return Influence.type_b(name, 0.0, "kg/m³", worst / 2)

    def as_dict(self) -> dict[str, object]:
        """Return the liquid for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Self:
        """Return the liquid that `as_dict` wrote."""
        lines = (DensityLine(**line) for line in payload["table"])
        return cls(payload["name"], tuple(lines), payload.get("volume_at_c"))

    def _lines_about(self, temperature_c: float) -> tuple[DensityLine, DensityLine]:
        at_c = temperature_c.x if isinstance(temperature_c, UncertainReal) else temperature_c
        for low, high in pairwise(self.table):
            if low.temperature_c <= at_c <= high.temperature_c:
                return low, high
        seen = (
            f"{at_c:g} °C, the table goes from {self.table[0].temperature_c:g} to {self.table[-1].temperature_c:g} °C"
        )
        raise Inconclusive(f"liquid {self.name}", "take its density", seen, "measure its density there as well")


WATER = Liquid()
