# SPDX-License-Identifier: Apache-2.0
"""A walk over spans and instants finds what looking through all of them finds."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bench.therapy import Continuous, RunningSchedule
from bench.therapy.spans_at import Span, spans_at

INSTANTS = st.lists(st.integers(0, 40).map(float), max_size=12).map(sorted)
SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)), max_size=8).map(
    lambda drawn: [(float(from_s), float(from_s + lasts_s)) for from_s, lasts_s in drawn]
)


def first_of_all(spans_s: list[Span], at_s: float) -> Span | None:
    return next((span for span in spans_s if span[0] <= at_s < span[1]), None)


@given(SPANS, INSTANTS)
def test_each_instant_gets_the_first_span_that_holds_it_in_whatever_order_they_stand(
    spans_s: list[Span], instants_s: list[float]
) -> None:
    assert list(spans_at(spans_s, instants_s)) == [first_of_all(spans_s, at_s) for at_s in instants_s]


@given(SPANS.map(sorted), INSTANTS)
def test_spans_that_begin_one_after_the_other_are_found_as_well(spans_s: list[Span], instants_s: list[float]) -> None:
    assert list(spans_at(spans_s, instants_s)) == [first_of_all(spans_s, at_s) for at_s in instants_s]


def test_a_span_that_has_no_end_holds_all_that_comes() -> None:
    assert list(spans_at([(1.0, 2.0), (3.0, math.inf)], [0.0, 1.0, 2.0, 3.0, 1e9])) == [
        None,
        (1.0, 2.0),
        None,
        (3.0, math.inf),
        (3.0, math.inf),
    ]


def test_a_pump_that_was_stopped_two_hundred_times_has_its_rate_in_each_run_and_none_between() -> None:
    schedule = RunningSchedule(Continuous(60.0))
    for number in range(200):
        schedule.start(100.0 * number)
        schedule.stop(100.0 * number + 40.0)
    steps = schedule.rate_steps(0.0, 20_000.0)
    assert steps == tuple((50.0 * n - 10.0 * (n % 2), 60.0 * (1 - n % 2)) for n in range(400))
