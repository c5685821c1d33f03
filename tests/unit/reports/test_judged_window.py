# SPDX-License-Identifier: Apache-2.0
"""Only what was judged has limits and figures in a picture."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from metrology.verdict import Verdict
from reports.entry import MeasuredValue
from reports.judged_window import JudgedWindows, unjudged
from reports.window_course import window_course


@dataclass
class _Volume:
    """What a window is made of; the other fields of the journal's line are about how the volume came about."""

    id: str
    name: str
    start: Any
    end: Any
    quantity: Any


def volume(name: str, start_s: float, end_s: float, value: float | None = 40.0) -> _Volume:
    quantity = SimpleNamespace(value=value, expanded_uncertainty=0.5)
    times = (SimpleNamespace(time_s=one) for one in (start_s, end_s))
    return _Volume(f"W-{start_s}-{end_s}", name, *times, quantity)


def judged(name: str, value: float, lower: float | None = 36.0, upper: float | None = 44.0) -> MeasuredValue:
    return MeasuredValue(
        name=name,
        value=value,
        unit="µL",
        expanded_uncertainty=0.5,
        lower=lower,
        upper=upper,
        verdict=Verdict.PASS,
        reason="",
    )


def windows_of(*lines: _Volume | MeasuredValue) -> JudgedWindows:
    """Return the windows of these lines; each judgement belongs to the volume before it."""
    found, newest = JudgedWindows(), ""
    for line in lines:
        if isinstance(line, MeasuredValue):
            found.take_judgement(line.model_copy(update={"window": newest}))
        else:
            newest = line.id
            found.take_volume(line)  # type: ignore[arg-type]
    return found


def test_a_window_that_nobody_judged_is_none() -> None:
    found = windows_of(volume("settling", 0, 10), volume("after", 10, 20), judged("after: balance", 40.0)).judged
    assert [window.name for window in found] == ["after"]


def test_a_volume_that_is_no_number_is_no_window() -> None:
    assert windows_of(volume("after", 0, 10, None), judged("after: balance", 40.0)).judged == ()


def test_limits_are_those_of_the_weighed_volume_and_not_of_another_figure_of_the_window() -> None:
    (window,) = windows_of(
        volume("after", 0, 10),
        judged("after: pump's counter against balance", 0.4, -6.0, 6.0),
        judged("after: delivered volume", 40.0),
    ).judged
    assert window.weighed is not None
    assert (window.weighed.lower, window.weighed.upper) == (36.0, 44.0)
    assert len(window.values) == 2


def test_a_window_of_which_only_another_figure_was_judged_has_no_deviation() -> None:
    (window,) = windows_of(volume("off", 0, 10, 0.1), judged("off: volume missing", 39.9, 5.8, None)).judged
    assert window.weighed is None
    assert window.deviation is None
    assert len(window_course(window, np.array([0.0, 10.0]), np.array([0.0, 0.1]), np.array([0.0, 40.0]))[0]) == 0


def test_a_judgement_belongs_to_the_window_that_it_names_by_its_id_whatever_it_is_called() -> None:
    first, second = windows_of(
        volume("bolus", 0, 10), judged("bolus", 40.0), volume("bolus", 20, 30, 41.0), judged("bolus", 41.0)
    ).judged
    assert [first.values[0].value, second.values[0].value] == [40.0, 41.0]
    assert windows_of(judged("bolus", 40.0), volume("bolus", 0, 10)).judged == ()


def test_what_lies_in_no_window_is_not_judged() -> None:
    found = windows_of(
        volume("whole", 10, 50), judged("whole", 40.0), volume("part", 10, 20), judged("part", 40.0),
        volume("late", 70, 80), judged("late", 40.0),
    ).judged  # fmt: skip
    assert unjudged(found, 0.0, 100.0) == ((0.0, 10.0), (50.0, 70.0), (80.0, 100.0))
    assert unjudged((), 0.0, 100.0) == ((0.0, 100.0),)
    assert unjudged(found, 10.0, 50.0) == ()


def test_the_course_begins_at_0_and_ends_at_the_judged_deviation() -> None:
    (window,) = windows_of(volume("after", 100, 200, 42.0), judged("after", 42.0)).judged
    t_s = np.arange(0.0, 301.0, 10.0)
    weighed_ul, expected_ul = 1000.0 + 0.41 * t_s, 0.4 * t_s  # the corrections add 1 µL to what the balance shows
    instants_s, percent = window_course(window, t_s, weighed_ul, expected_ul)
    assert (instants_s[0], instants_s[-1]) == (100.0, 200.0)
    assert percent[0] == pytest.approx(0.0)
    assert window.deviation is not None
    assert percent[-1] == pytest.approx(window.deviation.percent) == pytest.approx(50.0)


def test_the_middle_between_limits_grows_as_the_therapy_does() -> None:
    (window,) = windows_of(volume("after", 0, 100), judged("after", 40.0)).judged
    t_s = np.array([0.0, 50.0, 100.0])
    expected_ul = np.array([0.0, 30.0, 40.0])
    _, percent = window_course(window, t_s, expected_ul, expected_ul)
    assert percent == pytest.approx([0.0, 0.0, 0.0])
