# SPDX-License-Identifier: Apache-2.0
"""How well a slope is known through readings that are not independent of each other.

A balance wanders: a draught, a thermal, the building push a row of readings the same way. Ordinary least squares takes
each reading as a new opinion; with a wander of ten minutes under a blank of an hour its uncertainty is a fifth of what
it ought to be. How much of the noise wanders, and for how long, is asked of the residuals themselves.

    covariance of two readings = σ² · [(1 − s)·δ_ij + s·exp(−|t_i − t_j|/τ)]

Share s and time τ are nuisances: for each pair of a grid the restricted likelihood (REML; Patterson & Thompson 1971,
Biometrika 58, 545) says how well it goes with the residuals, and the slope is distributed as the mixture of Student's
t of all pairs, weighted so. An hour cannot tell a wander of twenty minutes from a slope; what lasts longer than a third
of the readings is drift, and has its own line in a budget.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import special

from metrology.gravimetry.straight_line import StraightLine
from metrology.root import root_of

_Array = npt.NDArray[np.float64]
SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)
"""Of the variance that may wander, each as likely as the others beforehand."""
TIMES = (1 / 100, 1 / 50, 1 / 30, 1 / 20, 1 / 12, 1 / 8, 1 / 5, 1 / 3)
"""For how long, as parts of the time from first to last reading; the same."""
_PAIRS = np.array([(share, lasts) for share in SHARES for lasts in (TIMES if share > 0 else TIMES[:1])])
_PRIOR = np.log([1.0 if share > 0 else len(TIMES) for share, _ in _PAIRS])
"""No share at all has no time, and counts as often as the others have times."""
_NEGLIGIBLE = 1e-5
_LEAST_READINGS = 20
"""Fewer tell nothing of their correlation, and count as independent."""
_LEAST_DOF = 3.0
_NO_SCATTER_MG = 1e-6
"""Below this, what is left of readings is the rounding of numbers."""
_ONE_SIGMA, _TWO_SIGMA = 0.6827, 0.95


@dataclass(frozen=True)
class WanderingNoise:
    """The noise of readings about a straight line.

    Attributes:
        slope_uncertainty_mg_per_h: standard uncertainty of the slope of ordinary least squares.
        slope_dof: its degrees of freedom: with Student's t they give the 68 % and the 95 % of the mixture.
        scatter_mg: standard deviation of one reading, hours apart from the others.
        scatter_dof: its degrees of freedom.
    """

    slope_uncertainty_mg_per_h: float
    slope_dof: float
    scatter_mg: float
    scatter_dof: float

    @classmethod
    def about(cls, line: StraightLine, times_s: Sequence[float], masses_g: Sequence[float]) -> Self:
        """Return the noise of readings about the line through them."""
        return cls(*_about(line, tuple(times_s), tuple(masses_g)))


@lru_cache(maxsize=8)  # a blank is asked for its slope and for its scatter
def _about(
    line: StraightLine, times_s: Sequence[float], masses_g: Sequence[float]
) -> tuple[float, float, float, float]:
    if len(times_s) < _LEAST_READINGS or line.scatter_mg < _NO_SCATTER_MG:
        return line.slope_uncertainty_mg_per_h, line.dof, line.scatter_mg, line.dof
    positions = (np.asarray(times_s) - times_s[0]) / line.span_s
    weights, variances, slopes = _likely(positions, 1000 * (np.asarray(masses_g) - line.mass_g))
    kept = weights > _NEGLIGIBLE
    weights, variances, slopes = weights[kept] / weights[kept].sum(), variances[kept], slopes[kept]
    scales = np.sqrt(variances * slopes) * 3600 / line.span_s
    slope, slope_dof = _as_student(weights, scales, line.dof)
    mean = float(weights @ variances)
    spread = float(weights @ variances**2) * (1 + 2 / line.dof) / mean**2 - 1
    scatter_dof = min(float(line.dof), max(_LEAST_DOF, 2 / spread))
    return slope, slope_dof, math.sqrt(mean), scatter_dof


def _likely(positions: _Array, masses_mg: _Array) -> tuple[_Array, _Array, _Array]:
    """Return of each pair how likely it is, the variance of one reading, and that of the slope per variance of one."""
    known = _filter(tuple(np.round(positions, 12).tolist()))
    surprises = known.surprises(masses_mg)
    cross = np.einsum("npc,np->pc", known.line_surprises, surprises / known.spreads)
    fitted = np.linalg.solve(known.lines, cross[:, :, None])[:, :, 0]
    squares = (surprises**2 / known.spreads).sum(axis=0) - (fitted * cross).sum(axis=1)
    dof = len(positions) - 2
    likelihood = known.constant - dof / 2 * np.log(squares)
    weights = np.exp(likelihood - likelihood.max())
    return weights / weights.sum(), squares / dof, known.slopes


class _Filter:
    """What all pairs make of readings at given instants, whatever the readings are.

    The wander is a first-order process, so a Kalman filter takes all readings to independent ones, one after the other
    and for all pairs at once (Harvey 1989, Forecasting, 3.4): time and memory grow with the readings, not with their
    square.

    Attributes:
        spreads: variance of each reading given those before it; shape (readings, pairs).
        line_surprises: what a constant and a slope show beyond what those before told; shape (readings, pairs, 2).
        lines: their products, shape (pairs, 2, 2).
        slopes: variance of the slope of ordinary least squares per variance of one reading.
        constant: what of the likelihood does not depend on the readings.
    """

    def __init__(self, positions: _Array) -> None:
        share, lasts = _PAIRS.T
        self._kept = np.exp(-np.diff(positions, prepend=positions[0])[:, None] / lasts)
        gains, spreads, variance = [], [], share.copy()
        for kept in self._kept:
            variance = kept**2 * variance + (1 - kept**2) * share
            spreads.append(variance + 1 - share)
            gains.append(variance / spreads[-1])
            variance = variance * (1 - gains[-1])
        self._gains, self.spreads = np.array(gains), np.array(spreads)
        x = positions - positions.mean()
        self.line_surprises = np.stack([self.surprises(one) for one in (np.ones_like(x), x)], axis=2)
        self.lines = np.einsum("npc,npd,np->pcd", self.line_surprises, self.line_surprises, 1 / self.spreads)
        determinants = np.log(self.spreads).sum(axis=0) + np.linalg.slogdet(self.lines)[1]
        self.constant: _Array = _PRIOR - determinants / 2
        self.slopes = self._variance_of(x / (x @ x))

    def surprises(self, readings: _Array) -> _Array:
        """Return what each reading shows beyond what those before it told, for each pair."""
        wander, found = np.zeros(len(_PAIRS)), []
        for reading, kept, gain in zip(readings, self._kept, self._gains, strict=True):
            wander = kept * wander
            surprise = reading - wander
            wander = wander + gain * surprise
            found.append(surprise)
        return np.array(found)

    def _variance_of(self, weights: _Array) -> _Array:
        """Return the variance of a weighted sum of readings."""
        carried, crossed = np.zeros(len(_PAIRS)), np.zeros(len(_PAIRS))
        for weight, kept in zip(weights, self._kept, strict=True):
            carried = kept * carried
            crossed = crossed + weight * carried
            carried = carried + weight
        return np.asarray(weights @ weights + 2 * _PAIRS[:, 0] * crossed)


@lru_cache(maxsize=8)
def _filter(positions: tuple[float, ...]) -> _Filter:
    return _Filter(np.array(positions))


def _as_student(weights: _Array, scales: _Array, dof: int) -> tuple[float, float]:
    """Return scale and degrees of freedom of the Student's t that is as wide as the mixture at 68 % and at 95 %."""

    def within(reach: float) -> float:
        return float(weights @ (2 * special.stdtr(dof, reach / scales) - 1))

    def reach_of(confidence: float) -> float:
        return _root(lambda reach: within(reach) - confidence, 0.0, 100 * float(scales.max()))

    one, two = reach_of(_ONE_SIGMA), reach_of(_TWO_SIGMA)

    def wider(degrees: float) -> float:
        return _reach(degrees, _TWO_SIGMA) / _reach(degrees, _ONE_SIGMA) - two / one

    if wider(float(dof)) >= 0:
        found = float(dof)
    elif wider(_LEAST_DOF) <= 0:
        found = _LEAST_DOF
    else:
        found = _root(wider, _LEAST_DOF, float(dof))
    return two / _reach(found, _TWO_SIGMA), found


def _reach(dof: float, confidence: float) -> float:
    return float(special.stdtrit(dof, (1 + confidence) / 2))


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    return root_of(function, low, high, absolute=2e-12, relative=1e-6)
