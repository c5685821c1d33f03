# SPDX-License-Identifier: Apache-2.0
"""The longest time in which no stroke arrived."""

from dataclasses import dataclass

from metrology.any_window.arrivals import Arrivals
from metrology.any_window.span import Span


@dataclass(frozen=True)
class QuietTime:
    """A time without an arrival.

    Attributes:
        span: in which nothing arrived for sure.
        at_most_s: from the last arrival before it to the first after it at the most.
    """

    span: Span
    at_most_s: float


def quiet_time(arrivals: Arrivals, within: Span) -> QuietTime | None:
    """Return the longest quiet time among the readings within a span.

    Returns:
        None where something arrived about every reading.
    """
    times_s, runs = arrivals.times_s, arrivals.quiet_runs(within)
    if not runs:
        return None
    begin, end = max(runs, key=lambda run: float(times_s[run[1]] - times_s[run[0]]))
    # The reading before the first quiet one may have seen a stroke between the two readings before it.
    before, after = max(begin - 2, 0), min(end + 2, len(times_s) - 1)
    return QuietTime(Span(float(times_s[begin]), float(times_s[end])), float(times_s[after] - times_s[before]))
