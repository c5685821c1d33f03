# SPDX-License-Identifier: Apache-2.0
"""The drug in tubing and catheter: a plug that moves with the flow, and mixes with nothing.

What leaves at the outlet entered one dead volume before. So only the volumes are kept at which the liquid that enters
changed; the concentration at any instant follows from how much has left by then.
"""

from instruments.simulated.physics.hydraulics import Hydraulics


class DrugPath:
    """Which concentration stands where between reservoir and outlet.

    Args:
        hydraulics: tells how much has left.
        dead_ul: volume of tubing and catheter.
        drug_ug_per_ml: in the reservoir, and in the path, when the twin is assembled.
    """

    def __init__(self, hydraulics: Hydraulics, dead_ul: float, drug_ug_per_ml: float) -> None:
        self._hydraulics = hydraulics
        self._dead_ul = dead_ul
        self._reservoir_ug_per_ml = drug_ug_per_ml
        self._entered: list[tuple[float, float]] = [(-dead_ul, drug_ug_per_ml)]

    def concentration_ug_per_ml(self) -> float:
        """Return the concentration at the outlet."""
        at_outlet_ul = self._left_ul() - self._dead_ul
        while len(self._entered) > 1 and self._entered[1][0] <= at_outlet_ul:
            del self._entered[0]
        return self._entered[0][1]

    def fill_path(self, drug_ug_per_ml: float) -> None:
        """Fill tubing and catheter; the reservoir stays as it is."""
        left_ul = self._left_ul()
        self._entered = [(left_ul - self._dead_ul, drug_ug_per_ml), (left_ul, self._reservoir_ug_per_ml)]

    def fill_reservoir(self, drug_ug_per_ml: float) -> None:
        """Put another concentration into the reservoir, at the same volume; what is in the path stays there."""
        self._reservoir_ug_per_ml = drug_ug_per_ml
        self._entered.append((self._left_ul(), drug_ug_per_ml))

    def _left_ul(self) -> float:
        volumes = self._hydraulics.volumes()
        return volumes.vessel_ul + volumes.leak_ul + volumes.ambient_ul
