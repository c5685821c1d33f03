# SPDX-License-Identifier: Apache-2.0
"""What stands on the pan besides the delivery, and what dips into it from outside.

Air that grows denser lifts the vessel more than it lifts the weights that the balance was adjusted with, so the display
falls although nothing left: 50 g of glass with 10 g of water lose 0.1 mg while the barometer rises by 3 hPa. And a tube
that dips in from above is pushed up by the liquid that rises around it, so the liquid presses down by as much: each
microlitre that arrives seems to be 1/(1 - A_tube/A_vessel) of one (domain: micro-flow gravimetry).
"""

import math
from dataclasses import asdict, dataclass
from typing import Self

from GTC import type_b

from metrology.gravimetry.air_density import air_density_kg_m3
from metrology.gravimetry.buoyancy import CONVENTIONAL_WEIGHT_DENSITY_KG_M3
from metrology.gravimetry.conditions import Conditions
from metrology.uncertainty import Influence

UNSTATED_HALF_WIDTH_ML = 80.0
"""Of a load that nobody stated: up to 100 g of glass with 50 g of water in it (assumed)."""
AIR_CHANGE_HALF_WIDTH_KG_M3 = 0.0005
"""How well sensors tell a change of the air's density, whatever their offsets: 0.1 °C, 0.1 hPa, 1 % (assumed).

A change is the difference of two readings, each of which may be off by half of that: triangular, as `warming_c` takes
it, and not as likely at its ends as in its middle.
"""
TUBE_SHARE_HALF_WIDTH = 0.1
"""Of the ratio of the areas, as a share of it: diameters known to 5 % (assumed)."""
UNSTATED_GROSS_G = 150.0
"""The same load, weighed (assumed)."""
MENISCUS_MG_PER_MM = 1000 * math.pi * 0.0728 / 9.80665
"""Pull of a water surface of 0.0728 N/m (20 °C) on the tube, per millimetre of its diameter and cosine of the angle."""


@dataclass(frozen=True)
class Load:
    """One thing that stands on the pan, with how far its mass may be off or may change meanwhile."""

    mass_g: float
    density_kg_m3: float
    half_width_g: float = 0.0

    @property
    def excess_ml_per_g(self) -> float:
        """Return how much more air a gram of it displaces than a gram of weights."""
        return 1000 / self.density_kg_m3 - 1000 / CONVENTIONAL_WEIGHT_DENSITY_KG_M3


@dataclass(frozen=True)
class Vessel:
    """The vessel on the pan.

    Attributes:
        excess_volume_ml: volume of the standing load less that of weights of the same mass; 0 where it is not known.
        excess_volume_half_width_ml: how far it may be off.
        tube_share: area of the tube that dips in, as a share of the liquid's surface with it; 0 where none does.
        gross_g: most that stands on the pan: vessel and liquid.
        tube_mm: diameter of the tube that dips in; 0 where none does, or nobody asked yet.
        contact_cosine_half_width: how far the cosine of the water's angle at that tube may lie from its mean.
        drop_mg: the largest drop that can hang at the outlet; 0 where none hangs.
        static_mg: how far charges may move the display, ±, once the air was drier than `static_below_percent`.
    """

    excess_volume_ml: float = 0.0
    excess_volume_half_width_ml: float = UNSTATED_HALF_WIDTH_ML
    tube_share: float = 0.0
    gross_g: float = UNSTATED_GROSS_G
    tube_mm: float = 0.0
    contact_cosine_half_width: float = 0.0
    drop_mg: float = 0.0
    static_mg: float = 0.0
    static_below_percent: float = 0.0

    @classmethod
    def of(cls, empty: Load, filling: Load, tube_share: float = 0.0) -> Self:
        """Return the vessel of a stated mass with so much liquid in it, which changes while it fills."""
        excess_ml = empty.mass_g * empty.excess_ml_per_g + filling.mass_g * filling.excess_ml_per_g
        half_widths_ml = (load.half_width_g * abs(load.excess_ml_per_g) for load in (empty, filling))
        gross_g = sum(load.mass_g + load.half_width_g for load in (empty, filling))
        return cls(excess_ml, sum(half_widths_ml), tube_share, gross_g)

    @property
    def meniscus_mg(self) -> float:
        """Return how far the surface's pull on the tube may lie from its mean, ±."""
        return MENISCUS_MG_PER_MM * self.tube_mm * self.contact_cosine_half_width

    def lost_to_air_mg(self, conditions: Conditions) -> float:
        """Return what the display lost while the air became denser, from begin to end of `conditions`."""
        return self.excess_volume_ml * air_change_kg_m3(conditions)

    def lost_to_air(self, conditions: Conditions) -> Influence:
        """Return `lost_to_air_mg` as an input of the measurement model."""
        change_kg_m3 = air_change_kg_m3(conditions)
        # Neither factor is known well, and either may be about zero: a product to first order would miss their share.
        by_load_mg = self.excess_volume_half_width_ml * (abs(change_kg_m3) + AIR_CHANGE_HALF_WIDTH_KG_M3)
        by_air_mg = self.excess_volume_ml * AIR_CHANGE_HALF_WIDTH_KG_M3
        uncertainty_mg = math.hypot(by_load_mg / math.sqrt(3), type_b.triangular(by_air_mg))
        return Influence.type_b("buoyancy of the load", self.excess_volume_ml * change_kg_m3, "mg", uncertainty_mg)

    def lost_to_air_in_blank(self, conditions: Conditions) -> Influence:
        """Return `lost_to_air` of a blank, but for how much stood on the pan: each window asks that of its own filling.

        See `WeighingSetup.load_in_blank`.
        """
        excess_ml = math.hypot(self.excess_volume_ml, self.excess_volume_half_width_ml)
        uncertainty_mg = type_b.triangular(excess_ml * AIR_CHANGE_HALF_WIDTH_KG_M3)
        return Influence.type_b("buoyancy of the load", self.lost_to_air_mg(conditions), "mg", uncertainty_mg)

    def tube(self) -> Influence:
        """Return the share of the tube as an input of the model."""
        return Influence.rectangular("submerged tube", self.tube_share, "", TUBE_SHARE_HALF_WIDTH * self.tube_share)

    def as_dict(self) -> dict[str, object]:
        """Return the vessel for JSON."""
        return asdict(self)


UNSTATED = Vessel()
"""What counts while a bench file says nothing."""


def air_change_kg_m3(conditions: Conditions) -> float:
    """Return by how much the air grew denser from begin to end of `conditions`."""
    before, after = (
        air_density_kg_m3(
            conditions.temperature_c + side * conditions.temperature_rise_c,
            conditions.air_pressure_hpa + side * conditions.air_pressure_rise_hpa,
            conditions.humidity_percent + side * conditions.humidity_rise_percent,
        )
        for side in (-0.5, 0.5)
    )
    return float(after - before)
