# SPDX-License-Identifier: Apache-2.0
"""The hash of what a method's code says, whatever its comments, its docstrings and its layout are."""

import ast
import hashlib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from groundfloor.errors import PlanError

_NO_MEANING = frozenset({"type_comment", "type_params", "kind", "ctx"})
"""Fields of a tree that say nothing, or that only some versions of Python have."""
_WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def code_sha256(modules: tuple[str, ...]) -> str:
    """Return the SHA-256 over the code of modules, of a package over all in it; the same with every Python."""
    digest = hashlib.sha256()
    for path in sorted({path for name in modules for path in _files(name)}):
        digest.update(f"{path.name}\0{said_by(path.read_text(encoding='utf-8'))}\n".encode())
    return digest.hexdigest()


def said_by(source: str) -> str:
    """Return what code says, without comments, docstrings and layout."""
    return "".join(_said(ast.parse(source)))


def _files(name: str) -> Iterator[Path]:
    package, _, last = name.rpartition(".")
    place = Path(str(resources.files(package.partition(".")[0] or name)))
    for part in name.split(".")[1:]:
        place = place / part
    if place.is_dir():
        yield from place.rglob("*.py")
        return
    file = place.with_name(f"{last}.py")
    if not file.is_file():
        raise PlanError(
            f"method {name}", "read its code", "no module of the bench has this name", "mend bench/methods/table.py"
        )
    yield file


def _said(node: object) -> Iterator[str]:
    """Yield what a tree says: names of its nodes and what is in their fields, but docstrings and what stands empty."""
    if isinstance(node, ast.AST):
        yield f"({type(node).__name__}"
        for name, value in ast.iter_fields(node):
            if name in _NO_MEANING or value is None or value == []:
                continue
            yield f" {name}="
            yield from _said(_but_the_docstring(node, value) if name == "body" else value)
        yield ")"
    elif isinstance(node, list):
        yield "["
        for one in node:
            yield from _said(one)
        yield "]"
    else:
        yield repr(node)


def _but_the_docstring(node: ast.AST, body: object) -> object:
    if (
        isinstance(node, _WITH_DOCSTRING)
        and isinstance(body, list)
        and ast.get_docstring(node, clean=False) is not None
    ):
        return body[1:]
    return body
