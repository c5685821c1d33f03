# SPDX-License-Identifier: Apache-2.0
"""What may come in a span of parts, and the spans that use most of it: of all of them."""

import itertools
import random

import pytest

from metrology.phases import Part, Slack, Tolerance, worst_spans

TOLERANCE = Tolerance(accuracy=0.1, excess_s=360.0, interruption_s=720.0, strokes_ul=1.0)


def test_the_limits_of_one_part_are_accuracy_promise_strokes_and_slack() -> None:
    part = Part(100.0, 50.0, 100.0, Slack(1.0, 2.0), at_start=Slack(4.0, 8.0), at_end=Slack(16.0, 32.0))
    assert TOLERANCE.limits_ul([part]) == pytest.approx((100 - 10 - 1 - 9 - 42, 100 + 10 + 1 + 5 + 21))


def test_a_span_has_promise_and_strokes_once_and_of_its_ends_only_the_outer_ones() -> None:
    first = Part(100.0, 50.0, 100.0, Slack(1.0, 2.0), at_start=Slack(4.0, 0.0), at_end=Slack(100.0, 100.0))
    last = Part(50.0, 25.0, 60.0, Slack(0.0, 0.5), at_start=Slack(100.0, 100.0), at_end=Slack(8.0, 0.0))
    assert TOLERANCE.limits_ul([first, last]) == pytest.approx((150 - 16 - 1 - 9 - 2.5, 150 + 16 + 1 + 5 + 13))


def test_an_excess_that_is_told_as_a_volume_goes_before_seconds_of_the_rate() -> None:
    told = Tolerance(0.1, 360.0, 720.0, 1.0, excess_ul=0.25)
    assert told.limits_ul([Part(100.0, 50.0, 100.0)])[1] == pytest.approx(111.25)


@pytest.mark.parametrize("seed", range(5))
def test_the_worst_spans_are_the_worst_of_all_that_are_tried_one_by_one(seed: int) -> None:
    draw = random.Random(seed)
    slack = [Slack(draw.random(), draw.random()) for _ in range(30)]
    parts = [Part(p := 10 * draw.random(), 20 * draw.random(), p, *slack[3 * n : 3 * n + 3]) for n in range(9)]
    came_ul = [part.programmed_ul * draw.uniform(0.7, 1.3) for part in parts]

    def band(first: int, last: int) -> float:
        return 0.1 * (1 + last - first)

    def used(first: int, last: int) -> tuple[float, float]:
        low_ul, high_ul = TOLERANCE.limits_ul(parts[first : last + 1])
        programmed_ul = sum(part.programmed_ul for part in parts[first : last + 1])
        beside_ul = sum(came_ul[first : last + 1]) - programmed_ul
        open_ul = band(first, last)
        return (beside_ul + open_ul) / (high_ul - programmed_ul), (open_ul - beside_ul) / (programmed_ul - low_ul)

    most, least = worst_spans(parts, came_ul, TOLERANCE, band)
    spans = {one: used(*one) for one in itertools.combinations(range(9), 2)}
    assert (most.first, most.last) == max(spans, key=lambda one: spans[one][0])
    assert (least.first, least.last) == max(spans, key=lambda one: spans[one][1])
    assert most.used == pytest.approx(max(one[0] for one in spans.values()))


def test_what_each_part_is_allowed_alone_many_are_not_allowed_together() -> None:
    parts = [Part(100.0, 50.0, 100.0) for _ in range(10)]
    most, _ = worst_spans(parts, [113.0] * 10, TOLERANCE, lambda _first, _last: 0.1)
    assert TOLERANCE.limits_ul(parts[:1])[1] > 113.0 + 0.1
    assert (most.first, most.last, most.used > 1) == (0, 9, True)
