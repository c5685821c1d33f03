# SPDX-License-Identifier: Apache-2.0
"""What the chapters cover: the page is current, and no row is open: one that nothing answers for fails."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.trace.coverage_map import PublicItem
from cli.coverage_page import coverage
from reports.coverage import coverage_text

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
FIELD_ROWS = (*range(1, 13), *range(14, 19), *range(20, 25), 26)
"""Those of the collection of facts: 13, 19 and 25 are not there."""
SYSTEM = (
    "pump sizes", "catheter", "kink", "disconnect", "leak", "tear", "move", "programmer", "schedule",
    "patient controller", "refill", "interval of refills", "heard alarm", "battery failure", "failure of a part",
    "overdose", "underdose", "screening trial",
)  # fmt: skip
FDA = "FDA, Infusion Pumps Total Product Life Cycle: hazards of tables 3 to 10"
GPCA = "GPCA requirements, University of Minnesota, chapters"
PCA = "Open PCA Pump Requirements 1.0.0, Kansas State University"


def test_the_page_in_the_documents_is_that_of_the_code() -> None:
    """Otherwise: `python -m cli.coverage_page > docs/coverage.md`."""
    assert PAGE.read_text(encoding="utf-8") == coverage_text(coverage())


def test_no_row_is_open() -> None:
    assert sorted(coverage().open) == []


def test_every_row_that_is_asked_for_is_there() -> None:
    plan = coverage().plan
    assert tuple(one.number for one in plan.field_defect) == FIELD_ROWS
    assert tuple(one.name for one in plan.system_part) == SYSTEM
    assert plan.out_of_scope


def test_the_map_names_no_defect_that_is_not_there() -> None:
    assert coverage().unknown_names == ()


def test_an_open_row_says_so_on_the_page_and_no_cell_is_empty() -> None:
    page = PAGE.read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert not [line for line in rows if any(not cell.strip() for cell in line.strip("|").split("|"))]
    opened = coverage_text(replace(coverage(), defects={}))
    assert "| heard alarm | **open** | **open** |" in opened
    assert "| heard alarm | **open** |" not in page


def test_a_part_opens_when_its_bad_pump_is_taken_away_and_when_no_chapter_judges_it() -> None:
    now = coverage()
    assert "part: kink" not in now.open
    no_pump = {name: one for name, one in now.defects.items() if not any("CAT" in red for red in one.shows.reddens)}
    assert "part: kink" in replace(now, defects=no_pump).open
    not_judged = {chapter: frozenset(one for one in ids if "CAT" not in one) for chapter, ids in now.judged.items()}
    assert "part: kink" in replace(now, judged=not_judged).open


def test_a_defect_met_in_the_field_is_found_by_the_source_of_a_row() -> None:
    now = coverage()
    without = {name: one for name, one in now.defects.items() if "§5.2, 26" not in one.source}
    assert replace(now, defects=without).open - now.open == {"field defect 26"}


def test_a_demand_is_covered_or_not_applicable_and_says_which() -> None:
    with pytest.raises(ValueError, match="say covered_by or not_applicable"):
        PublicItem(what="a demand")
    with pytest.raises(ValueError, match="say covered_by or not_applicable"):
        PublicItem(what="a demand", covered_by=("DEL-001",), not_applicable="because")
