# SPDX-License-Identifier: Apache-2.0
"""Readings of the balance that cannot be: a doubt in a sample, the end of a mark, and null in the journal."""

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import pytest

from bench.bench import Bench
from bench.journal import Journal, lines, read_lines
from bench.sampling import BalanceWatch, Sample
from groundfloor.inconclusive import Inconclusive
from tests.unit.test_mass_steps import sample
from tests.unit.test_preflight_checks import FILE


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


def watch(journal: Journal) -> BalanceWatch:
    balance = SimpleNamespace(identify=lambda: SimpleNamespace(capacity_g=220.0))
    return BalanceWatch(cast(Bench, SimpleNamespace(balance=balance, file=FILE)), journal, "basal", 0.02, 0.5)


def events(journal: Journal) -> list[Any]:
    return [line.data for line in read_lines(journal.path) if line.kind == "event"]


@pytest.mark.parametrize("mass_mg", [math.nan, math.inf, -math.inf, 9_999_999.99, -221_000.0])
def test_a_mass_that_cannot_be_is_told_once_and_is_a_doubt_about_everything(journal: Journal, mass_mg: float) -> None:
    looking = watch(journal)
    looking.on_sample(sample(0.0, 1000.0, 0.0, 0.0))
    assert looking.qualifiers == ()
    for at_s in (30.0, 60.0):
        looking.on_sample(sample(at_s, mass_mg, 0.0, 0.0))
    (doubt,) = looking.qualifiers
    assert doubt.endswith("g, its range ends at 220 g")
    (told,) = events(journal)
    assert (told["what"], told["title"]) == ("impossible-mass", f"Impossible mass: {doubt}")


@pytest.mark.parametrize("mass_g", [math.nan, 9999.99999])
def test_a_mark_takes_no_reading_that_cannot_be(journal: Journal, mass_g: float) -> None:
    with pytest.raises(Inconclusive, match=r"weigh a mark: it shows .* g, its range ends at 220 g"):
        watch(journal).weighed(0.0, mass_g)


def test_what_is_no_number_stands_in_the_journal_as_null_and_comes_back_as_nan() -> None:
    told = json.loads(json.dumps(sample(0.0, math.nan, 0.0, 0.0).as_dict(), allow_nan=False))
    assert (told["mass_g"], told["weighed_ul"]) == (None, None)
    assert math.isnan(Sample.of_line(0.0, msgspec.convert({**told, "infusion": "I-0001"}, lines.Sample)).mass.mass_g)


def test_a_display_that_is_held_ends_the_test_once_and_leaves_the_ending_alone(journal: Journal) -> None:
    looking = watch(journal)
    for number in range(18):
        looking.on_sample(sample(30.0 * number, 1000.0, 0.0, 0.0))
    with pytest.raises(Inconclusive, match=r"balance: watch its display: 1\.00000 g, the same .* in 19 readings"):
        looking.on_sample(sample(30.0 * 18, 1000.0, 0.0, 0.0))
    looking.on_sample(sample(1000.0, 1000.0, 0.0, 0.0))
    assert [told["what"] for told in events(journal)] == ["held-display"]


def test_a_resumed_run_knows_the_steps_and_doubts_of_its_past(journal: Journal) -> None:
    first = watch(journal)
    for number in range(9):
        step_mg = 12.0 if number > 4 else 0.0
        first.on_sample(sample(30.0 * number, 0.01 * number + step_mg, 0.0, 0.0))
    first.on_sample(sample(300.0, math.nan, 0.0, 0.0))
    resumed = watch(journal)
    for line in read_lines(journal.path):
        if line.kind == "event":
            resumed.recall(line)
    assert resumed.qualifiers == first.qualifiers
    assert resumed._steps.found[0].step_mg == pytest.approx(12.0, abs=0.1)
