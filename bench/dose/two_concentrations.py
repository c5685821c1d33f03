# SPDX-License-Identifier: Apache-2.0
"""Two concentrations behind each other: the old drug fills tubing and catheter, the new one the reservoir.

Both move as plugs and do not mix: what leaves at the outlet is the old drug until the volume of the path has left, and
the new one from then on. A mixing length is something to report, not to assume (protocol §2).
"""

from dataclasses import dataclass

from bench.dose.concentration import Concentration


@dataclass(frozen=True)
class DosesOfBoth:
    """What has come of each of two concentrations, in µg."""

    old_ug: float
    new_ug: float

    @property
    def ug(self) -> float:
        """Return both together."""
        return self.old_ug + self.new_ug


@dataclass(frozen=True)
class TwoConcentrations:
    """What a path of `path_ul` gives after a refill.

    Attributes:
        old: of what fills the path.
        new: of what is in the reservoir.
        path_ul: volume of tubing and catheter.
    """

    old: Concentration
    new: Concentration
    path_ul: float

    def doses(self, from_ul: float, to_ul: float) -> DosesOfBoth:
        """Return the dose of each between two volumes that have left since the refill."""
        old_ul = min(to_ul, self.path_ul) - min(from_ul, self.path_ul)
        return DosesOfBoth(self.old.dose_ug(old_ul), self.new.dose_ug(to_ul - from_ul - old_ul))
