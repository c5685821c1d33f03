# SPDX-License-Identifier: Apache-2.0
"""A step's title is short and tells verdict, figure, U and limits; the rest stands inside."""

import math
from typing import Any

import msgspec
import pytest

from bench.journal.lines import Judgement
from metrology.uncertainty import BudgetLine
from reports.allure_judgement import facts_of, in_full, sentence_of, title_of


def judged(**changed: Any) -> Judgement:
    told = {
        "id": "J-0017",
        "name": "kinked again: delivered volume",
        "verdict": "FAIL",
        "reason": "kinked again: delivered volume: 50.86 ± 0.44 µL (k = 1.96) is outside 35.9102 to 48.0903 µL",
        "value": 50.8612,
        "unit": "µL",
        "expanded_uncertainty": 0.4433,
        "coverage_factor": 1.96,
        "lower": 35.9102,
        "upper": 48.0903,
        "rule": "guard band w = U",
        "limits_source": "profile: accuracy_percent",
        "requirements": [{"id": "CAT-004", "revision": 1}, {"id": "DEL-004", "revision": 2}],
    }
    return msgspec.convert({**told, **changed}, Judgement)


@pytest.mark.parametrize(
    ("changed", "title"),
    [
        ({}, "FAIL  delivered volume 50.86 ± 0.44 µL, allowed 35.91 … 48.09"),
        ({"verdict": "INCONCLUSIVE"}, "INCONCLUSIVE  delivered volume 50.86 ± 0.44 µL, allowed 35.91 … 48.09"),
        ({"lower": None}, "FAIL  delivered volume 50.86 ± 0.44 µL, allowed at most 48.09"),
        ({"upper": None}, "FAIL  delivered volume 50.86 ± 0.44 µL, allowed at least 35.91"),
        (
            {"value": 1046.71, "expanded_uncertainty": 0.28, "lower": None, "upper": 1740.0, "unit": "s"},
            "FAIL  delivered volume 1046.71 ± 0.28 s, allowed at most 1740",
        ),
        (
            {"value": 51234.0, "expanded_uncertainty": 440.0, "upper": 48000.0},
            "FAIL  delivered volume 51234 ± 440 µL, allowed 36 … 48000",
        ),
        ({"expanded_uncertainty": None}, "FAIL  delivered volume 50.8612 µL, allowed 35.9102 … 48.0903"),
        (
            {"value": None, "reason": "none came", "name": "kinked again: no alarm"},
            "FAIL  no alarm: none came",
        ),
        ({"value": None, "reason": "x" * 200, "name": "no alarm"}, "FAIL  no alarm"),
    ],
)
def test_the_title_tells_verdict_figure_and_limits(changed: dict[str, Any], title: str) -> None:
    assert title_of(judged(**changed), "kinked again") == title


def test_requirements_and_id_are_the_facts_of_a_step() -> None:
    assert facts_of(judged()) == {"judgement": "J-0017", "requirement": "CAT-004@1, DEL-004@2"}
    assert facts_of(judged(requirements=[])) == {"judgement": "J-0017"}


def test_the_sentence_names_what_was_judged_once() -> None:
    assert sentence_of(judged()).startswith("FAIL: kinked again: delivered volume: 50.86 ± 0.44 µL (k = 1.96)")
    assert sentence_of(judged(value=None, reason="none came", name="no alarm")) == "FAIL: no alarm: none came"


def line(name: str, contribution: float, dof: float = math.inf) -> dict[str, object]:
    return BudgetLine(name, 0.0, "mg", contribution, "B", dof, 1.0, contribution).as_dict()


def test_the_budget_is_a_table_of_text_with_the_greatest_first_and_the_small_ones_counted() -> None:
    budget = [line("drift", 0.1), line("line|arity", 0.4, 9.0), line("nothing", 0.0), line("noise", 0.001)]
    told = in_full(judged(budget=budget)).splitlines()
    rows = [one.split(" | ") for one in told if one.startswith("| ")]
    assert [row[0] for row in rows] == ["| influence", "| line\\|arity", "| drift"]
    assert [row[-1] for row in rows[1:]] == ["94.1 % |", "5.9 % |"]
    assert [row[3] for row in rows[1:]] == ["9", "∞"]
    (head,) = [one for one in told if one.startswith("Uncertainty budget")]
    assert head == "Uncertainty budget: u = 0.412 µL, U = 0.443 µL (k = 1.96); 2 more add less than 0.5 % of u² each"


def test_a_finding_without_a_budget_has_no_table() -> None:
    assert "|" not in in_full(judged(budget=[]))


def test_no_text_of_a_plan_becomes_markup() -> None:
    told = in_full(judged(name="<img src=x>", reason="[a](javascript:b)", qualifiers=["*"]))
    assert "<img" not in told.replace("\\<", "")
    assert "\\[a\\](javascript:b)" in told
