# SPDX-License-Identifier: Apache-2.0
"""The most and the least that a schedule can have asked for, where the instants of its changes are known to a slack.

Each stretch of one rate is moved out at both ends by the slack of its changes; over every instant the greatest and the
least of the rates that lie there hold. The two integrals differ by what the slack is worth, and by nothing elsewhere.
"""

import heapq
from collections.abc import Iterable

import numpy as np

from bench.account.sample_table import Column

SECONDS_PER_HOUR = 3600.0
Segment = tuple[float, float, float]
"""From, to, and the rate in µL/h."""


def most_ul(segments: Iterable[Segment], instants_s: Column) -> Column:
    """Return the integral of the greatest rate from before the first instant to each."""
    points_s, rates = _greatest(segments)
    volumes_ul = np.concatenate(([0.0], np.cumsum(rates * np.diff(points_s)) / SECONDS_PER_HOUR))
    integral: Column = np.interp(instants_s, points_s, volumes_ul)
    return integral


def least_ul(segments: Iterable[Segment], instants_s: Column) -> Column:
    """Return the integral of the least rate from before the first instant to each."""
    return -most_ul([(from_s, to_s, -rate) for from_s, to_s, rate in segments], instants_s)


def greatest_ul_per_h(segments: Iterable[Segment], instants_s: Column) -> Column:
    """Return the greatest rate at each instant; outside all segments it is zero."""
    points_s, rates = _greatest(segments)
    places = np.searchsorted(points_s, instants_s, side="right")
    greatest: Column = np.concatenate(([0.0], rates, [0.0]))[places]
    return greatest


def _greatest(segments: Iterable[Segment]) -> tuple[Column, Column]:
    """Return the points between which the greatest rate is constant, and the greatest rates."""
    ordered = sorted(segments)
    points_s = sorted({edge_s for from_s, to_s, _ in ordered for edge_s in (from_s, to_s)})
    over: list[tuple[float, float]] = []
    rates: list[float] = []
    come = 0
    for from_s in points_s[:-1]:
        while come < len(ordered) and ordered[come][0] <= from_s:
            _, until_s, rate = ordered[come]
            heapq.heappush(over, (-rate, until_s))
            come += 1
        while over and over[0][1] <= from_s:
            heapq.heappop(over)
        rates.append(-over[0][0] if over else 0.0)
    return np.array(points_s), np.array(rates)
