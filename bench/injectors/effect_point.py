# SPDX-License-Identifier: Apache-2.0
"""What one sample says of an injector's effect, and how well a balance can tell it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class EffectPoint:
    """One instant.

    Attributes:
        at_s: bench time.
        mass_mg: what the balance showed.
        programmed_ul: scheduled volume since the infusion began.
        pressures_kpa: by the pump's sensor and by the rig's, in this order; NaN for one that is not there.
    """

    at_s: float
    mass_mg: float
    programmed_ul: float
    pressures_kpa: tuple[float, ...] = (math.nan, math.nan)

    @property
    def weighs(self) -> bool:
        """Tell whether the balance gave a number."""
        return math.isfinite(self.mass_mg)


@dataclass(frozen=True)
class EffectTolerance:
    """How far a difference of two masses may be from what flowed; half-widths, added up, so that they hold for sure.

    The decision is between a whole flow and a lost one, so that 1 µL of any liquid counts as 1 mg.

    Attributes:
        reading_mg: of one reading.
        stroke_ul: what the pump moves at once.
        stored_ul: what a piece of catheter behind the injector may still let go of.
        loss_mg_per_h: what the vessel loses by itself,
        loss_half_width_mg_per_h: and how far that may be wrong.
        compliance_ul_per_kpa: the greatest of the catheter.
    """

    reading_mg: float
    stroke_ul: float
    stored_ul: float
    loss_mg_per_h: float
    loss_half_width_mg_per_h: float
    compliance_ul_per_kpa: float

    @property
    def of_a_step_ul(self) -> float:
        """Return the part that does not grow with time."""
        return 2 * self.reading_mg + self.stroke_ul + self.stored_ul

    def after_ul(self, hours: float) -> float:
        """Return the whole of it for two masses that are `hours` apart."""
        return self.of_a_step_ul + self.loss_half_width_mg_per_h * hours
