# SPDX-License-Identifier: Apache-2.0
"""What can be different about the vessel on the pan and what is in it."""

import math
from dataclasses import dataclass

VESSEL_MM = 20.0
"""Inner diameter."""


@dataclass(frozen=True)
class VesselFaults:
    """The defaults are a covered vessel of water, with an outlet that wets its wall above the surface.

    Attributes:
        tube_mm: diameter of an outlet that dips into the liquid from above; 0 for none.
        density_ratio: density of the liquid over that of water.
        cover_off_at_s: from this instant on it loses ten times as much.
        drop_falls_at_s: at this instant a drop falls into it that is not of the pump's making.
        pendant_drop_ul: water hangs at the outlet until there is so much of it, and then falls.
        evaporation_changes_at_s: from this instant on it loses three times as much.
        drips_in_mg_per_h: what drips in after two and a half hours that is not of the pump's making.
        draught_gain: how many times as much it loses for an hour of every six.
    """

    tube_mm: float = 0.0
    density_ratio: float = 1.0
    cover_off_at_s: float = math.inf
    drop_falls_at_s: float = math.inf
    pendant_drop_ul: float = 0.0
    evaporation_changes_at_s: float = math.inf
    drips_in_mg_per_h: float = 0.0
    draught_gain: float = 1.0


USUAL = VesselFaults()
