# SPDX-License-Identifier: Apache-2.0
"""Makes `docs/coverage.md`: `python -m cli.coverage_page > docs/coverage.md`."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module

import pytest

from bench.trace import Requirements
from bench.trace.coverage_map import CoverageMap
from cli.chapters import CHAPTERS_FOLDER, known_chapters
from instruments.simulated.specimen.defects import DEFECTS
from reports.coverage import Coverage, coverage_text


def coverage() -> Coverage:
    """Return what the chapters that come with the bench cover.

    Raises:
        PlanError: the map or the baseline is wrong.
    """
    return Coverage(
        plan=CoverageMap.load(CHAPTERS_FOLDER / "coverage.toml"),
        requirements=Requirements.load(CHAPTERS_FOLDER / "requirements.toml"),
        judged={name: frozenset(_judged(f"test_plans.{path.stem}")) for name, path in known_chapters().items()},
        defects=DEFECTS,
    )


def _judged(module: str) -> Iterator[str]:
    """Return the ids that the tests of a chapter judge, by their markers."""
    for name, test in vars(import_module(module)).items():
        for mark in getattr(test, "pytestmark", ()) if name.startswith("test_") else ():
            yield from _of_mark(mark)


def _of_mark(mark: pytest.Mark) -> Iterator[str]:
    if mark.name == "judges":
        yield from _ids(mark.args[0])
    elif mark.name == "parametrize":
        for one in mark.args[1]:
            for inner in getattr(one, "marks", ()):
                yield from _of_mark(getattr(inner, "mark", inner))


def _ids(requirement: str | Sequence[str] | Mapping[str, object]) -> Iterator[str]:
    if isinstance(requirement, str):
        yield requirement
    elif isinstance(requirement, Mapping):
        for one in requirement.values():
            yield from _ids(one)  # type: ignore[arg-type]
    else:
        yield from requirement


if __name__ == "__main__":
    sys.stdout.write(coverage_text(coverage()))
