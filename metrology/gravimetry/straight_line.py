# SPDX-License-Identifier: Apache-2.0
"""A straight line through readings of a balance: what a mark and a blank have in common."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from GTC import type_a

from groundfloor.inconclusive import Inconclusive

_LEAST_READINGS = 3


@dataclass(frozen=True)
class StraightLine:
    """Ordinary least squares of mass against time, told at the mean instant, where level and slope are uncorrelated.

    `scatter_mg` is the standard deviation of one reading about the line, with `dof` = n − 2.
    """

    time_s: float
    mass_g: float
    level_uncertainty_mg: float
    slope_mg_per_h: float
    slope_uncertainty_mg_per_h: float
    scatter_mg: float
    dof: int
    span_s: float

    @classmethod
    def fit(cls, times_s: Sequence[float], masses_g: Sequence[float]) -> Self:
        """Fit a line.

        Raises:
            Inconclusive: there are fewer than three readings, they all are of one instant, or one is no number.
        """
        _refuse_what_makes_no_line(times_s, masses_g)
        time_s, first_g = math.fsum(times_s) / len(times_s), masses_g[0]
        # Relative to the first reading: a vessel of 100 g would cost the fit its last digits.
        line = type_a.line_fit([t - time_s for t in times_s], [1000 * (m - first_g) for m in masses_g])
        dof = len(times_s) - 2
        return cls(
            time_s=time_s,
            mass_g=first_g + line.intercept.x / 1000,
            level_uncertainty_mg=float(line.intercept.u),
            slope_mg_per_h=3600 * line.slope.x,
            slope_uncertainty_mg_per_h=3600 * line.slope.u,
            scatter_mg=math.sqrt(line.ssr / dof),
            dof=dof,
            span_s=max(times_s) - min(times_s),
        )


def _refuse_what_makes_no_line(times_s: Sequence[float], masses_g: Sequence[float]) -> None:
    if len(times_s) != len(masses_g):
        raise ValueError(f"{len(times_s)} instants, but {len(masses_g)} masses")
    seen = ""
    if len(times_s) < _LEAST_READINGS:
        seen = f"{len(times_s)} readings where at least {_LEAST_READINGS} are needed"
    elif not all(math.isfinite(figure) for figure in (*times_s, *masses_g)):
        seen = "a reading that is no number"
    elif min(times_s) == max(times_s):
        seen = f"{len(times_s)} readings, all of one instant"
    if seen:
        raise Inconclusive("balance", "fit a line through readings", seen, "read the balance again, several times")
