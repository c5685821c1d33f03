# SPDX-License-Identifier: Apache-2.0
"""What a plan imports from beside it decides as the plan does, and is bound as the plan is."""

from pathlib import Path

import pytest

from bench.journal import FORMAT, Journal
from bench.journal.lines import JournalOpened
from bench.run import code_of_plans, input_hashes, kept_plan, own_code_sha256, refuse_other_plans
from bench.run.plan_file import SHIPPED
from groundfloor.errors import BenchFault

PLAN = """
import json
from limits import tolerance
from . import steps
import lab.far as far
pytest_plugins = ["lab.plug_in"]
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "plans/test_a.py": PLAN, "plans/limits.py": "import deeper\nLIMIT = 14.5\n", "plans/deeper.py": "",
        "plans/steps.py": "", "lab/__init__.py": "", "lab/far.py": "", "lab/plug_in.py": "", "lab/not_used.py": "",
        "conftest.py": "", "plans/conftest.py": "", "other/conftest.py": "",
    }  # fmt: skip
    for name, text in files.items():
        path = tmp_path / "root" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "root"


def test_what_a_plan_imports_and_the_conftests_above_it_are_found_without_running_anything(root: Path) -> None:
    assert sorted(code_of_plans(root, [root / "plans/test_a.py"])) == [
        "conftest.py", "lab/__init__.py", "lab/far.py", "lab/plug_in.py", "plans/conftest.py", "plans/deeper.py",
        "plans/limits.py", "plans/steps.py",
    ]  # fmt: skip


def test_a_plan_that_came_with_pumpbench_brings_the_criteria_along(root: Path) -> None:
    assert "test_plans/criteria.py" in code_of_plans(SHIPPED.parent, [SHIPPED / "test_delivery.py"])
    assert "pumpbench-plans/criteria.py" in code_of_plans(root, [SHIPPED / "test_delivery.py"])


def test_nothing_of_other_distributions_is_brought_along(tmp_path: Path) -> None:
    place = tmp_path / "site-packages"
    place.mkdir()
    (place / "numpy.py").write_text("", encoding="utf-8")
    plan = place / "test_a.py"
    plan.write_text("import numpy, bench.run\n", encoding="utf-8")
    assert code_of_plans(place, [plan]) == {}


def begun(root: Path, folder: Path) -> list[str]:
    """A run that was begun with the plan; its node ids."""
    plan = root / "plans/test_a.py"
    for name, path in {**code_of_plans(root, [plan]), "plans/test_a.py": plan}.items():
        kept = folder / kept_plan(name)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(path.read_bytes())
    with Journal(folder / "journal.jsonl") as journal:
        opened = JournalOpened(format=str(FORMAT), inputs=input_hashes(folder), code_sha256=own_code_sha256())
        journal.put(opened)
    return ["plans/test_a.py::test_it"]


def widen(root: Path) -> None:
    (root / "plans/limits.py").write_text("import deeper\nLIMIT = 60\n", encoding="utf-8")


def put_before(root: Path) -> None:
    (root / "plans/json.py").write_text("LIMIT = 60\n", encoding="utf-8")


def add_a_conftest(root: Path) -> None:
    (root / "plans/__init__.py").unlink(missing_ok=True)
    (root.parent / "conftest.py").write_text("", encoding="utf-8")


def take_away(root: Path) -> None:
    (root / "plans/deeper.py").unlink()


@pytest.mark.parametrize(
    ("change", "named"), [(widen, "plans/limits.py"), (put_before, "plans/json.py"), (take_away, "plans/deeper.py")]
)
def test_a_module_of_a_plan_that_was_changed_put_there_or_taken_away_is_named(
    root: Path, tmp_path: Path, change: object, named: str
) -> None:
    tests = begun(root, tmp_path / "run")
    refuse_other_plans(tmp_path / "run", root, tests)
    assert callable(change)
    change(root)
    with pytest.raises(BenchFault, match=f"plans/{named}, which its plans bring along, is not what the run began with"):
        refuse_other_plans(tmp_path / "run", root, tests)


def test_a_conftest_above_the_root_is_none_that_pytest_loads(root: Path, tmp_path: Path) -> None:
    tests = begun(root, tmp_path / "run")
    add_a_conftest(root)
    refuse_other_plans(tmp_path / "run", root, tests)


def test_a_plan_from_elsewhere_is_told_by_its_whole_path(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "test_b.py"
    elsewhere.parent.mkdir()
    elsewhere.write_text("import limits_of_b\n", encoding="utf-8")
    beside = elsewhere.with_name("limits_of_b.py")
    beside.write_text("", encoding="utf-8")
    assert code_of_plans(root, [elsewhere])[beside.as_posix()] == beside
