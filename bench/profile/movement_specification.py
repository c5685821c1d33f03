# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises while its patient moves: which pressures and heights of the outlet leave its delivery."""

from typing import Self

from pydantic import model_validator

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel

KPA_PER_MMHG = 0.133322
"""ISO 80000-4: the conventional millimetre of mercury."""
KPA_PER_M = 9.79
"""Of water at 20 °C: 998.2 kg/m³ times 9.80665 m/s² (Tanaka 2001; CGPM 1901)."""


class MovementSpecification(TomlModel):
    """The range in which delivery stays within the accuracy.

    Attributes:
        outlet_lowered_mmhg: how far the pressure at the catheter's outlet may lie under its rest.
        outlet_raised_mmhg: how far over it.
        height_m: how far the outlet may rise over the pump, or sink under it, at a step.
    """

    outlet_lowered_mmhg: Sourced
    outlet_raised_mmhg: Sourced
    height_m: Sourced

    @model_validator(mode="after")
    def _has_two_sides(self) -> Self:
        if not min(self.outlet_lowered_mmhg.value, self.outlet_raised_mmhg.value, self.height_m.value) > 0:
            raise ValueError("outlet_lowered_mmhg, outlet_raised_mmhg and height_m are over zero")
        return self

    def kpa(self, move: str) -> float:
        """Return by how much a move raises the pressure at the outlet.

        Args:
            move: `lowest` or `highest` pressure, `sunk` or `raised` by the height.
        """
        by_height = self.height_m.value * KPA_PER_M
        return {
            "lowest": -self.outlet_lowered_mmhg.value * KPA_PER_MMHG,
            "highest": self.outlet_raised_mmhg.value * KPA_PER_MMHG,
            "sunk": -by_height,
            "raised": by_height,
        }[move]
