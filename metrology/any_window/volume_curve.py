# SPDX-License-Identifier: Apache-2.0
"""A cumulative volume whose rate changes in steps: exact at any instant."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from metrology.any_window.span import Span
from metrology.delivery import FloatArray

_SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class VolumeCurve:
    """Volume against time from rates that hold from edge to edge, and lumps that come at once.

    Attributes:
        edges_s: instants at which the rate changes, strictly increasing, shape (n,).
        rates_ul_per_h: from each edge to the next, shape (n,); before the first edge nothing flows.
        lumps: instants and volumes in µL of what may come at once.
    """

    edges_s: FloatArray
    rates_ul_per_h: FloatArray
    lumps: tuple[tuple[float, float], ...] = ()

    def at(self, times_s: FloatArray) -> FloatArray:
        """Return the volume in µL up to each instant, which may come in any order; shape as `times_s`."""
        if not len(self.edges_s):
            return self._lumps_at(times_s)
        gained_ul = self.rates_ul_per_h[:-1] * np.diff(self.edges_s) / _SECONDS_PER_HOUR
        at_edges_ul = np.concatenate(([0.0], np.cumsum(gained_ul)))
        piece = np.searchsorted(self.edges_s, times_s, side="right") - 1
        known = np.maximum(piece, 0)
        since_s = np.where(piece >= 0, times_s - self.edges_s[known], 0.0)
        volume_ul: FloatArray = at_edges_ul[known] + self.rates_ul_per_h[known] * since_s / _SECONDS_PER_HOUR
        return volume_ul + self._lumps_at(times_s)

    def plus(self, other: Self) -> Self:
        """Return the sum of two curves."""
        edges_s = np.union1d(self.edges_s, other.edges_s)
        rates = self._rates_at(edges_s) + other._rates_at(edges_s)
        return type(self)(edges_s, rates, self.lumps + other.lumps)

    def times(self, factor: float) -> Self:
        """Return the multiple by a factor; lumps are multiplied as well."""
        lumps = tuple((at_s, factor * volume_ul) for at_s, volume_ul in self.lumps)
        return type(self)(self.edges_s, factor * self.rates_ul_per_h, lumps)

    def with_lumps(self, lumps: Iterable[tuple[float, float]]) -> Self:
        """Return the curve with more that comes at once."""
        return type(self)(self.edges_s, self.rates_ul_per_h, (*self.lumps, *lumps))

    def silent_in(self, spans: Iterable[Span]) -> Self:
        """Return the curve with no flow in some spans of time."""
        all_spans = tuple(spans)
        bounds = [edge for span in all_spans for edge in (span.from_s, span.to_s) if np.isfinite(edge)]
        edges_s = np.union1d(self.edges_s, np.array(bounds, dtype=np.float64))
        rates = self._rates_at(edges_s)
        for span in all_spans:
            rates[(edges_s >= span.from_s) & (edges_s < span.to_s)] = 0.0
        return type(self)(edges_s, rates, self.lumps)

    def _rates_at(self, times_s: FloatArray) -> FloatArray:
        if not len(self.edges_s):
            return np.zeros(len(times_s))
        piece = np.searchsorted(self.edges_s, times_s, side="right") - 1
        return np.where(piece >= 0, self.rates_ul_per_h[np.maximum(piece, 0)], 0.0)

    def _lumps_at(self, times_s: FloatArray) -> FloatArray:
        volume_ul = np.zeros(len(times_s))
        for at_s, lump_ul in self.lumps:
            volume_ul += np.where(times_s >= at_s, lump_ul, 0.0)
        return volume_ul
