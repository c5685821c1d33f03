# SPDX-License-Identifier: Apache-2.0
"""The house has floors, and imports only point down."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("cli", "test_plans", "fixtures", "reports", "bench", "instruments")
KNOWS_NO_PYTEST = ("bench", "instruments")
FILES = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Return every module that a file imports, by its full name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the floor they come from"
            names.add(node.module or "")
    return names


def floor_of(name: str) -> int | None:
    top = name.split(".")[0]
    return FLOORS.index(top) if top in FLOORS else None


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_imports_only_from_its_own_floor_and_below(path: Path) -> None:
    own = FLOORS.index(path.relative_to(ROOT).parts[0])
    upward = {name for name in imported(path) if (floor := floor_of(name)) is not None and floor < own}
    assert not upward


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_bench_and_its_instruments_know_neither_pytest_nor_allure(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] not in KNOWS_NO_PYTEST:
        return
    assert not {name for name in imported(path) if name.split(".")[0] in {"pytest", "allure", "allure_commons"}}


def room_of(path: Path) -> str:
    """Return the folder of the bench that a file stands in, or the file itself where it stands in the hall."""
    return path.relative_to(ROOT / "bench").parts[0].removesuffix(".py")


def test_no_room_of_the_bench_needs_a_room_that_needs_it() -> None:
    needs: dict[str, set[str]] = {}
    for path in sorted((ROOT / "bench").rglob("*.py")):
        rooms = {name.split(".")[1] for name in imported(path) if name.startswith("bench.")}
        needs.setdefault(room_of(path), set()).update(rooms - {room_of(path)})
    order = tuple(TopologicalSorter(needs).static_order())  # raises a CycleError that names the rooms
    assert order.index("uncertainty") < order.index("verdict") < order.index("infusion")


def test_the_twin_shares_nothing_with_the_bench() -> None:
    twin = sorted((ROOT / "instruments" / "simulated").rglob("*.py"))
    assert twin
    assert not [path for path in twin for name in imported(path) if name.split(".")[0] == "bench"]
