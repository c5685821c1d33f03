# SPDX-License-Identifier: Apache-2.0
"""A prescription whose concentration changed at a refill: the bridge that keeps the dose while the old drug comes.

With the old concentration c₁ and its dose of a day D₁ the rate is D₁/c₁ until the volume V of tubing and catheter has
left, which takes V·c₁/D₁; from then on it is D₂/c₂. Without it the new rate would give the old drug, c₁/c₂ times the
dose that was meant (protocol §2).
"""

from dataclasses import dataclass

from bench.dose.prescription import HOURS_PER_DAY, Prescription
from bench.dose.two_concentrations import DosesOfBoth, TwoConcentrations
from bench.therapy import Bridge
from bench.therapy.interval import SECONDS_PER_HOUR


@dataclass(frozen=True)
class BridgedPrescription:
    """What a physician writes at such a refill.

    Attributes:
        old: what was prescribed until now; its dose of a day is to come evenly while the old drug does.
        new: what is prescribed from now on; no bolus may come on top while the bridge runs.
        path_ul: volume of tubing and catheter, as the programmer takes it.
    """

    old: Prescription
    new: Prescription
    path_ul: float

    def therapy(self) -> Bridge:
        """Return the bridge and what it leads to.

        Raises:
            PlanError: the volume is not over zero, or the new prescription makes no therapy, or one with boluses.
        """
        rate_ul_per_h = self.old.concentration.volume_ul_of_ug(self.old.basal_ug_per_day) / HOURS_PER_DAY
        return Bridge(self.new.therapy(), self.path_ul, self.path_ul / rate_ul_per_h * SECONDS_PER_HOUR)

    def without_bridge_times(self) -> float:
        """Return how many times the dose of a day the new rate gives while the old drug still comes."""
        return self.old.concentration.ug_per_ul / self.new.concentration.ug_per_ul

    def doses(self, from_s: float, to_s: float, started_s: float) -> DosesOfBoth:
        """Return the dose of each concentration scheduled between two instants, for a pump that ran all the time.

        Args:
            from_s: instant of the device clock, not before the start.
            to_s: a later one.
            started_s: when the bridge began.

        Raises:
            ValueError: `from_s` lies after `to_s`.
        """
        therapy = self.therapy()
        before_ul = therapy.volume_ul(started_s, max(from_s, started_s), started_s)
        by_ul = before_ul + therapy.volume_ul(from_s, to_s, started_s)
        return TwoConcentrations(self.old.concentration, self.new.concentration, self.path_ul).doses(before_ul, by_ul)
