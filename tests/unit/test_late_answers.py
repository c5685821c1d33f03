# SPDX-License-Identifier: Apache-2.0
"""Answers that are one behind show in the first reading of a mark while something flows, and nothing else does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bench.journal import Journal, read_lines
from bench.sampling.late_answers import LateAnswers
from tests.unit.test_balance_watch import events, watch
from tests.unit.test_mass_steps import sample

NOISE_MG, STROKE_UL = 0.02, 0.5
BEFORE_S = 30.0
Course = Callable[[float], float]


def pumped(rate_ul_per_h: float) -> Course:
    """What whole strokes have brought, in mg."""
    return lambda at_s: STROKE_UL * np.floor((1000.0 + rate_ul_per_h / 3600 * at_s) / STROKE_UL)


def stopped_at(instant_s: float, course: Course) -> Course:
    return lambda at_s: course(min(at_s, instant_s))


def answers(course: Course, behind: int, seed: int, sampled_s: float | None = None) -> str:
    """Ask once, and then eleven times a second apart; with one more question in between where a sample falls in."""
    draw = np.random.default_rng(seed)
    asked = [0.0, *(BEFORE_S + second for second in range(11))]
    if sampled_s is not None:
        asked = sorted([*asked, sampled_s])
    shown = [(course(at) + NOISE_MG * draw.standard_normal()) / 1000 for at in [-30.0, *asked]]
    late = LateAnswers(NOISE_MG, STROKE_UL)
    for place, at_s in enumerate(asked):
        late.see(at_s, shown[place + 1 - behind])
    return late.found_since(BEFORE_S)


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("sampled_s", [None, BEFORE_S + 4.5])
def test_a_balance_that_answers_late_is_found_at_a_high_rate(seed: int, sampled_s: float | None) -> None:
    assert "if each is the answer to the question before" in answers(pumped(1000.0), 1, seed, sampled_s)


@pytest.mark.parametrize("rate_ul_per_h", [0.0, 2.0, 41.7, 400.0, 1000.0, 2000.0])
def test_a_good_balance_never_is(rate_ul_per_h: float) -> None:
    assert not [seed for seed in range(300) if answers(pumped(rate_ul_per_h), 0, seed)]


@pytest.mark.parametrize("instant_s", [10.0, 29.9, 30.2, 31.0, 35.0])
def test_a_flow_that_stops_or_starts_beside_the_mark_is_no_late_answer(instant_s: float) -> None:
    stops = stopped_at(instant_s, pumped(1000.0))
    starts: Course = lambda at_s: pumped(1000.0)(max(at_s, instant_s))  # noqa: E731  # beside its brother
    assert not [seed for seed in range(100) if answers(stops, 0, seed) or answers(starts, 0, seed)]


@pytest.mark.parametrize("instant_s", [30.5, 33.5, 39.5])
def test_a_drop_in_the_mark_is_no_late_answer(instant_s: float) -> None:
    drops: Course = lambda at_s: 12.0 * (at_s >= instant_s)  # noqa: E731
    assert not [seed for seed in range(100) if answers(drops, 0, seed)]


def test_at_a_low_rate_it_hides_and_is_worth_less_than_a_stroke() -> None:
    assert answers(pumped(41.7), 1, 1) == ""
    assert 41.7 / 3600 * BEFORE_S < STROKE_UL


def test_it_is_told_once_and_is_a_doubt_about_everything_that_a_resumed_run_knows(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    looking, course = watch(journal), pumped(1000.0)
    shown = [course(at) / 1000 for at in (-30.0, 0.0, *(BEFORE_S + second for second in range(11)))]
    looking.on_sample(sample(0.0, 1000 * shown[0], 0.0, 0.0))
    for second in range(11):
        looking.weighed(BEFORE_S + second, shown[second + 1])
    looking.mark_taken(BEFORE_S)
    looking.mark_taken(BEFORE_S)
    (told,) = events(journal)
    assert told["what"] == "answers-late"
    assert looking.qualifiers == (told["qualifier"],)
    resumed = watch(journal)
    for line in read_lines(journal.path):
        resumed.recall(line)
    assert resumed.qualifiers == looking.qualifiers
