# SPDX-License-Identifier: Apache-2.0
"""The requirements baseline: ids are unique, known and traced to risk controls."""

from pathlib import Path

import pytest

from bench.trace import Requirements
from cli.coverage_page import coverage
from groundfloor.errors import PlanError

BASELINE = Path(__file__).parents[2] / "test_plans" / "requirements.toml"
SMALL = """
[baseline]
id = "X"
revision = 1
[[requirement]]
id = "DEL-001"
revision = 2
feature = "Delivery"
text = "The pump shall pump."
risk_controls = ["RC-001"]
[[risk_control]]
id = "RC-001"
hazard = "It does not."
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "requirements.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_baseline_holds_what_the_chapters_verify() -> None:
    """Each is judged by a test of a chapter, or in every infusion; and no test judges another."""
    baseline = Requirements.load(BASELINE)
    judged = {name for names in (*coverage().judged.values(), *baseline.standing.values()) for name in names}
    assert {one.id for one in baseline.requirement} == judged


def test_every_risk_control_is_part_of_a_requirement() -> None:
    baseline = Requirements.load(BASELINE)
    assert [control.id for control in baseline.risk_control if not baseline.controlling(control.id)] == []


def test_no_requirement_holds_a_number_that_belongs_to_the_profile() -> None:
    texts = [one.text for one in Requirements.load(BASELINE).requirement]
    assert [text for text in texts if any(sign.isdigit() for sign in text)] == []
    assert all("shall" in text or text.startswith("Where") for text in texts)


def test_a_requirement_is_cited_with_its_revision(tmp_path: Path) -> None:
    baseline = Requirements.load(write(tmp_path, SMALL))
    assert baseline.get("DEL-001").label == "DEL-001@2"
    assert baseline.of_feature("Delivery") == baseline.requirement


def test_unknown_ids_are_named_all_at_once() -> None:
    with pytest.raises(PlanError, match=r"'DEL-099' \(did you mean '[A-Z]+-0\d\d'\?\), 'nothing'"):
        Requirements.load(BASELINE).select(["DEL-001", "DEL-099", "nothing"])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SMALL + '[[risk_control]]\nid = "RC-001"\nhazard = "again"\n', "RC-001 is there 2 times"),
        (SMALL + '[[risk_control]]\nid = "DEL-001"\nhazard = "again"\n', "DEL-001 is there 2 times"),
        (SMALL.replace('["RC-001"]', '["RC-002"]'), "DEL-001 names RC-002"),
        (SMALL.replace("revision = 2", "revision = 0"), "requirement.0.revision"),
        (SMALL.replace('"DEL-001"', '"DEL@1"'), "requirement.0.id"),
        (SMALL.replace('"DEL-001"', '"DEL,1"'), "requirement.0.id"),
        (SMALL.replace("text =", "txt ="), "did you mean 'text'"),
    ],
)
def test_a_baseline_that_cannot_be_traced_is_refused(text: str, named: str, tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=named):
        Requirements.load(write(tmp_path, text))


@pytest.mark.parametrize("own", ["SRS_4711", "PUMP/REQ 4.2.1", "12", "Anforderung-Ä1", "delivery 1"])
def test_a_lab_keeps_the_numbers_of_its_own_tool(own: str, tmp_path: Path) -> None:
    loaded = Requirements.load(write(tmp_path, SMALL.replace('"DEL-001"', f'"{own}"')))
    assert loaded.get(own).label == f"{own}@2"


def test_own_requirements_are_joined_to_the_shipped_ones_and_keep_their_baseline(tmp_path: Path) -> None:
    own = Requirements.load(write(tmp_path, SMALL.replace('"DEL-001"', '"SRS_1"').replace('"RC-001"', '"R1"')))
    shipped = Requirements.load(BASELINE)
    joined = own.joined_with(shipped)
    assert joined.baseline == own.baseline
    assert joined.requirement == (*own.requirement, *shipped.requirement)
    assert joined.standing == shipped.standing
    path = tmp_path / "joined.toml"
    path.write_text(joined.to_toml(), encoding="utf-8")
    assert Requirements.load(path) == joined


def test_a_number_that_a_shipped_requirement_has_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match=r"the shipped requirements have DEL-001, RC-001 as well"):
        Requirements.load(write(tmp_path, SMALL)).joined_with(Requirements.load(BASELINE))
