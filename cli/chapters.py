# SPDX-License-Identifier: Apache-2.0
"""The chapters of the test plans: one file each, named after what it verifies."""

import ast
from pathlib import Path

import test_plans

CHAPTERS_FOLDER = Path(test_plans.__file__).parent
PROFILES_FOLDER = CHAPTERS_FOLDER / "profiles"
ROOT = CHAPTERS_FOLDER.parent


def known_chapters() -> dict[str, Path]:
    """Return the file of each chapter by its name."""
    return {path.stem.removeprefix("test_"): path for path in sorted(CHAPTERS_FOLDER.glob("test_*.py"))}


def purpose_of(chapter: Path) -> str:
    """Return the first line of a chapter's docstring, without running it."""
    return (ast.get_docstring(ast.parse(chapter.read_text(encoding="utf-8"))) or "").partition("\n")[0]
