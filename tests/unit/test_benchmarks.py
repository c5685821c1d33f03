# SPDX-License-Identifier: Apache-2.0
"""The arithmetic and the table of the benchmarks."""

import math
import time

import pytest

from benchmarks.figure import Figure, left_out
from benchmarks.interleaved import CALLS_PER_TURN, UNCOUNTED_CALLS, in_turn, interleaved, ratios, undisturbed_s
from benchmarks.speed_page import speed_page
from benchmarks.stopwatch import Stopwatch
from benchmarks.table import markdown_table, rows


def test_a_ratio_is_taken_repeat_by_repeat() -> None:
    assert ratios([2.0, 9.0], [1.0, 3.0]) == (2.0, 3.0)


def test_unequal_numbers_of_repeats_are_refused() -> None:
    with pytest.raises(ValueError, match="argument 2 is longer"):
        ratios([2.0], [1.0, 3.0])


def test_a_figure_tells_median_least_and_greatest() -> None:
    figure = Figure("a", "×", (3.0, 1.0, 1.2))
    assert (figure.middle, figure.least, figure.greatest) == (1.2, 1.0, 3.0)


@pytest.mark.parametrize(("at_most", "met"), [(1.3, True), (1.2, True), (1.19, False), (None, None)])
def test_the_median_decides_whether_the_target_is_kept(at_most: float | None, met: bool | None) -> None:
    assert Figure("a", "×", (3.0, 1.0, 1.2), at_most).met is met


def test_what_was_not_measured_keeps_and_misses_nothing() -> None:
    figure = left_out("peer", "not installed")
    assert figure.met is None
    assert math.isnan(figure.middle)
    assert rows([figure]) == [("peer", "–", "", "", "", "", "left out: not installed")]


def test_the_table_tells_spread_and_target_and_shouts_about_a_miss() -> None:
    kept = Figure("a", "×", (1.31, 1.0, 1.2), 1.3, "note")
    missed = Figure("b", "s", (123.4,), 120.0, aim=60.0)
    fast = Figure("c", "h/s", (7.9,), at_least=8.0, aim=25.0)
    assert rows([kept, missed, fast]) == [
        ("a", "1.20 ×", "1.00 to 1.31", "≤ 1.30 ×", "yes", "", "note"),
        ("b", "123 s", "", "≤ 120 s", "NO", "≤ 60.0 s", ""),
        ("c", "7.90 h/s", "", "≥ 8.00 h/s", "NO", "≥ 25.0 h/s", ""),
    ]


@pytest.mark.parametrize(
    ("figure", "passes"),
    [
        (Figure("a", "×", (1.25,), 1.0), True),
        (Figure("a", "×", (1.26,), 1.0), False),
        (Figure("a", "h/s", (6.4,), at_least=8.0), True),
        (Figure("a", "h/s", (6.3,), at_least=8.0), False),
        (Figure("a", "s", (99.0,)), True),
        (left_out("a", "it is not here"), True),
    ],
)
def test_the_gate_lets_a_miss_by_a_quarter_pass_and_no_more(figure: Figure, passes: bool) -> None:
    assert figure.passes_the_gate is passes


def test_a_bar_in_a_note_does_not_break_the_table() -> None:
    assert (
        markdown_table([Figure("a", "×", (1.0,), note="x|y")]).splitlines()[2] == "| a | 1.00 × |  |  |  |  | x\\|y |"
    )


def test_the_page_holds_the_machine_and_every_figure() -> None:
    page = speed_page([Figure("a sample", "µs", (500.0,))], "a machine")
    assert "Measured on a machine." in page
    assert "| a sample | 500 µs |" in page


def test_contenders_have_their_turns_in_both_orders_and_each_call_is_made() -> None:
    order: list[str] = []
    contenders = {name: lambda name=name: order.append(name) for name in ("loop", "bare")}
    costs = interleaved(contenders, lambda: float(len(order)), turns=2)
    calls = UNCOUNTED_CALLS + CALLS_PER_TURN
    assert order == ["loop"] * calls + ["bare"] * calls + ["bare"] * calls + ["loop"] * calls
    assert costs["loop"].cpu_s == 1.0
    assert costs["loop"].wall_s > 0
    assert list(in_turn(["a", "b"], 1)) == ["b", "a"]


def test_calls_that_another_process_interrupted_do_not_count() -> None:
    assert undisturbed_s([1.0] * 60 + [50.0] * 40) == 1.0


def test_the_stopwatch_hands_on_what_it_times() -> None:
    class Device:
        def read(self, count: int) -> int:
            time.sleep(0.1)  # much longer than what the stopwatch takes off for itself, on a busy machine too
            return 2 * count

    device, watch = Device(), Stopwatch()
    watch.watch("read", device, "read")
    assert [device.read(count) for count in (1, 2)] == [2, 4]
    assert watch.calls_s()["read"] > 0.05
