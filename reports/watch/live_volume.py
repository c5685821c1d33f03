# SPDX-License-Identifier: Apache-2.0
"""What an infusion has delivered up to now beside what was to come, with tolerance and U as the bench foretells them.

The balance's live figure is not corrected for drift, evaporation and buoyancy, and judges nothing. U and tolerance are
those of a window as long as the infusion has lasted, by the model that weighs the real windows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from bench.bench_file import BenchFile
from bench.capability import CapabilityGate
from bench.capability.planned_weighing import planned_weighing
from bench.profile import Profile
from groundfloor.errors import BenchFault, PlanError
from reports.watch.journal_progress import JournalProgress

INTERVAL_S = 30.0
SHORTEST_S = 1.0

Foretells = Callable[[float, float], tuple[float, float] | None]
"""Returns tolerance and U, in µL, of a window at so many µL/h for so many s; None where there is neither."""


@dataclass(frozen=True)
class LiveVolume:
    """Volumes since the infusion began, in µL.

    Attributes:
        delivered_ul: by the balance; None where it showed nothing.
        expected_ul: by the therapy.
        tolerance_ul: what the profile allows to either side.
        expanded_uncertainty_ul: U of a weighed window of this length.
    """

    delivered_ul: float | None
    expected_ul: float
    tolerance_ul: float | None = None
    expanded_uncertainty_ul: float | None = None

    @classmethod
    def of(cls, progress: JournalProgress, foretells: Foretells) -> Self | None:
        """Return it of the infusion that runs; None where none does, or it has no sample yet."""
        sample = progress.sample
        if sample is None or not progress.infusion:
            return None
        lasted_s = progress.t_s - progress.infusion_started_s
        if lasted_s < SHORTEST_S or sample.expected_ul <= 0:
            return cls(sample.weighed_ul, sample.expected_ul)
        rate_ul_per_h = sample.expected_ul / lasted_s * 3600
        found = foretells(rate_ul_per_h, lasted_s)
        return cls(sample.weighed_ul, sample.expected_ul, *(found or ()))

    def __str__(self) -> str:
        delivered = "?" if self.delivered_ul is None else f"{self.delivered_ul:.1f}"
        tolerance = f" ± {self.tolerance_ul:.1f}" if self.tolerance_ul is not None else ""
        uncertainty = self.expanded_uncertainty_ul
        told = f" (U {uncertainty:.2f} µL)" if uncertainty is not None else ""
        return f"delivered {delivered} of {self.expected_ul:.1f}{tolerance} µL{told}"


def foretold_by(file: BenchFile, profile: Profile) -> Foretells:
    """Return what foretells tolerance and U on a bench, by its file alone."""
    gate = CapabilityGate(planned_weighing(file), profile, INTERVAL_S)

    def foretell(rate_ul_per_h: float, duration_s: float) -> tuple[float, float] | None:
        try:
            found = gate.predict(rate_ul_per_h, duration_s)
        except (BenchFault, PlanError, ArithmeticError, ValueError):  # a view goes without it
            return None
        return found.tolerance_ul, found.expanded_uncertainty_ul

    return foretell
