# SPDX-License-Identifier: Apache-2.0
"""One room alone asks which system it runs on; what a system lacks the types tell (`tox -e types`)."""

import ast
from pathlib import Path

from tests.imitated_windows import GONE_MODULES, ROOT
from tests.unit.test_floors import FILES, imported

ROOM = ROOT / "groundfloor" / "system"
CLOCK = ROOT / "groundfloor" / "wall_clock.py"
"""Every read of a clock stands there."""
ASKS = {("sys", "platform"), ("os", "name"), ("platform", "system")}


def questions(path: Path) -> set[tuple[str, str]]:
    """Return the ways in which a file asks for the system."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    names = {
        (one.value.id, one.attr) for one in nodes if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name)
    }
    return names & ASKS


def test_no_file_outside_of_the_room_asks_for_the_system_or_needs_one() -> None:
    others = [path for path in FILES if path != CLOCK and ROOM not in path.parents]
    assert len(others) > 1000
    assert not [path for path in others if questions(path) or imported(path) & set(GONE_MODULES)]


def test_the_room_asks() -> None:
    assert questions(ROOM / "file_lock.py") == {("sys", "platform")}
    assert "fcntl" in imported(ROOM / "file_lock.py")
