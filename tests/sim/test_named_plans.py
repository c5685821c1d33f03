# SPDX-License-Identifier: Apache-2.0
"""A plan that somebody names behind `--` runs alone, or beside the chapters that are chosen by name."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from cli.named_plans import NamedPlans
from tests.sim.forked_run import forked_run

PLAN = '''
from test_plans.criteria import accuracy
from test_plans.markers import judges


@judges("DEL-001", "a volume", accuracy)
def test_mine():
    """Nothing is judged.

    Purpose: none.

    Method: none.

    Acceptance: none.
    """
'''


@pytest.fixture
def plan(tmp_path: Path) -> str:
    (tmp_path / "plans").mkdir()
    path = tmp_path / "plans" / "my_plan.py"
    path.write_text(PLAN, encoding="utf-8")
    return str(path)


def test_a_named_plan_runs_alone(tmp_path: Path, plan: str) -> None:
    (tmp_path / "runs").mkdir()
    found = forked_run(tmp_path / "runs", more=[plan])
    begun = [line.data["node"] for line in found.of_kind("test-started")]
    assert [node.partition("::")[0] for node in begun] == [plan], found.printed


@pytest.mark.parametrize(
    ("given", "beside", "kept"),
    [
        (["usual"], False, ["usual"]),
        (["usual", "mine.py"], False, ["mine.py"]),
        (["usual", "mine.py"], True, ["usual", "mine.py"]),
        (["usual", "mine.py", "more.py::test_a"], False, ["mine.py", "more.py::test_a"]),
    ],
)
def test_the_usual_plan_is_left_out_only_where_another_was_named(
    given: list[str], beside: bool, kept: list[str]
) -> None:
    config = SimpleNamespace(args=[*given])
    NamedPlans(["usual"], beside=beside).pytest_configure(config)  # type: ignore[arg-type]  # all that it looks at
    assert config.args == kept
