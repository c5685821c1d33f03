# SPDX-License-Identifier: Apache-2.0
"""Intervals of the device clock, half open: the instant at which one ends belongs to the next."""

SECONDS_PER_HOUR = 3600.0
SECONDS_PER_DAY = 86400.0


def overlap_s(from_s: float, to_s: float, begins_s: float, ends_s: float) -> float:
    """Return how many seconds [from_s, to_s) and [begins_s, ends_s) share."""
    return max(0.0, min(to_s, ends_s) - max(from_s, begins_s))


def between(from_s: float, to_s: float, *instants_s: float) -> tuple[float, ...]:
    """Return those of `instants_s` that lie strictly inside the interval, in order, each once."""
    return tuple(sorted({instant for instant in instants_s if from_s < instant < to_s}))
