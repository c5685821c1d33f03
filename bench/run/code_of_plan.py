# SPDX-License-Identifier: Apache-2.0
"""Which files a plan of a lab's own brings along: the modules that it imports from beside it, and its conftest.py.

A limit that a plan takes from a module of the lab decides as much as the plan itself. The files are found by what the
plan's text says and by where they stand, before anything of it runs: so a module that was put there later, in front of
one of the same name that is installed, is found as well. What the bench's own packages hold is bound by one hash.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.run.own_code import PACKAGES
from bench.run.plan_file import SHIPPED, shipped_plan_id
from groundfloor.regular_file import read_regular

CONFTEST = "conftest.py"
_PLUG_INS = "pytest_plugins"
MOST_BYTES = 1 << 24
_INSTALLED = frozenset({"site-packages", "dist-packages"})
_OWN = tuple(SHIPPED.parent / one for one in PACKAGES)


def code_of_plans(root: Path, plans: Iterable[Path]) -> dict[str, Path]:
    """Return the files that plans bring along, by their paths from `root`; whole paths of what stands elsewhere.

    Args:
        root: the folder that ids of tests are told from.
        plans: their files; those that came with pumpbench share what stands beside them.
    """
    plans = tuple(plans)
    found: dict[Path, None] = {}
    for plan in plans:
        if plan.is_relative_to(SHIPPED):
            found |= dict.fromkeys(path for path in SHIPPED.glob("*.py") if not path.name.startswith("test_"))
            continue
        to_read = [plan, *_conftests(root, plan)]
        while to_read:
            path = to_read.pop()
            if path not in found and not _is_installed(path):
                found[path] = None
                to_read += _imported(path, (plan.parent, root))
    return {_name(root, path): path for path in sorted(found) if path not in plans}


def _name(root: Path, path: Path) -> str:
    if path.is_relative_to(root):
        return path.relative_to(root).as_posix()
    return shipped_plan_id(path) if path.is_relative_to(SHIPPED) else path.as_posix()


def _is_installed(path: Path) -> bool:
    """Tell whether a file is of the bench's own packages, or of another distribution: `environment.lock` has those."""
    return any(path.is_relative_to(one) for one in _OWN) or not _INSTALLED.isdisjoint(path.parts)


def _conftests(root: Path, plan: Path) -> Iterator[Path]:
    """Yield those that pytest loads for a plan: of its folder and all above, but for those above the root."""
    for folder in plan.parents:
        if folder not in root.parents and (folder / CONFTEST).is_file():
            yield folder / CONFTEST


def _imported(path: Path, places: tuple[Path, ...]) -> Iterator[Path]:
    try:
        tree = ast.parse(read_regular(path, MOST_BYTES))
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):  # whoever runs it is told
        return
    for node in ast.walk(tree):
        for level, module in _modules(node):
            folders = places if level == 0 else (path.parents[level - 1],) if level <= len(path.parents) else ()
            for folder in folders:
                yield from _files(folder, module.split("."))


def _modules(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield what a statement imports: how many folders up, 0 for where all modules are looked for, and its name."""
    match node:
        case ast.Import(names=names):
            yield from ((0, one.name) for one in names)
        case ast.ImportFrom(module=module, names=names, level=level):
            yield from ((level, f"{module}.{one.name}" if module else one.name) for one in names)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == _PLUG_INS:
            texts = (one.value for one in ast.walk(value) if isinstance(one, ast.Constant))
            yield from ((0, text) for text in texts if isinstance(text, str))


def _files(folder: Path, parts: list[str]) -> Iterator[Path]:
    """Yield the files that stand for a dotted name: each package on the way, and the module."""
    for part in parts:
        folder = folder / part
        for path in (folder / "__init__.py", folder.with_name(f"{part}.py")):
            if path.is_file():
                yield path
