# SPDX-License-Identifier: Apache-2.0
"""The house has floors, and imports only point down."""

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = (
    ("cli",),
    ("test_plans",),
    ("fixtures",),
    ("reports",),
    ("bench",),
    ("metrology", "instruments"),
    ("groundfloor",),
)
"""From the top down; packages on one floor know nothing of each other."""
PACKAGES = [package for floor in FLOORS for package in floor]
KNOWS_NO_PYTEST = ("bench", "metrology", "instruments", "groundfloor")
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


@cache
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
    return next((number for number, floor in enumerate(FLOORS) if top in floor), None)


def not_below(path: Path) -> set[str]:
    """Return what a file imports from another package that does not lie below its own."""
    package = path.relative_to(ROOT).parts[0]
    own = floor_of(package)
    assert own is not None
    others = {name for name in imported(path) if name.split(".")[0] != package}
    return {name for name in others if (floor := floor_of(name)) is not None and floor <= own}


def test_every_file_imports_only_from_its_own_floor_and_below() -> None:
    assert len(FILES) > 1000
    assert not {str(path.relative_to(ROOT)): names for path in FILES if (names := not_below(path))}


def test_the_bench_and_its_instruments_know_neither_pytest_nor_allure() -> None:
    files = [path for path in FILES if path.relative_to(ROOT).parts[0] in KNOWS_NO_PYTEST]
    foreign = {"pytest", "allure", "allure_commons"}
    assert files
    assert not [path for path in files for name in imported(path) if name.split(".")[0] in foreign]


def test_the_mathematics_know_no_clock_and_no_journal() -> None:
    """What is handed in decides the result, so that a notebook and a run compute the same."""
    mathematics = sorted((ROOT / "metrology").rglob("*.py"))
    assert mathematics
    odd = {"groundfloor.wall_clock", "time", "pytest"}
    assert not [path for path in mathematics for name in imported(path) if name in odd]


def needs_of_rooms(house: Path, prefix: str) -> dict[str, set[str]]:
    """Return which rooms of a house each of its rooms imports; a file that stands in the hall is a room of its own."""
    needs: dict[str, set[str]] = {}
    depth = prefix.count(".")
    for path in sorted(house.rglob("*.py")):
        own = path.relative_to(house).parts[0].removesuffix(".py")
        rooms = {name.split(".")[depth] for name in imported(path) if name.startswith(prefix)}
        needs.setdefault(own, set()).update(rooms - {own})
    return needs


@pytest.mark.parametrize("house", ["bench", "metrology", "instruments", "instruments/simulated"])
def test_no_room_needs_a_room_that_needs_it(house: str) -> None:
    needs = needs_of_rooms(ROOT / house, house.replace("/", ".") + ".")
    TopologicalSorter(needs).prepare()  # raises a CycleError that names the rooms
    assert len(needs) > 5


def test_the_twin_shares_nothing_with_the_bench() -> None:
    twin = sorted((ROOT / "instruments" / "simulated").rglob("*.py"))
    assert twin
    assert not [path for path in twin for name in imported(path) if name.split(".")[0] in {"bench", "metrology"}]
