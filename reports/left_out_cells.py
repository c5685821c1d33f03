# SPDX-License-Identifier: Apache-2.0
"""The cells of tests that did not run, written in short: they repeat their test, its reason and its run many times.

A matrix has a cell for each judgement of each test and each requirement. Of a test that was left out they all say the
same, so that `summary.json` of one chapter held two megabytes of them. There they stand as groups: which judgements, of
which tests, by their place in the list of tests left out.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from bench.trace import RequirementState

Content = dict[str, Any]
SAME = ("requirement", "state", "profile", "firmware", "simulated")
OF_TEST = ("test", "reason", "run")
_same, _of_test = attrgetter(*SAME), attrgetter(*OF_TEST)


class _Cell(Protocol):
    """A cell of the matrix, as far as it is written in short."""

    @property
    def judgement(self) -> str: ...
    @property
    def judgements(self) -> tuple[str, ...]: ...


Kind = TypeVar("Kind", bound=_Cell)


class LeftOutCells(BaseModel):
    """Cells without a judgement of tests that were left out: one for each judgement of each test.

    Attributes:
        requirement, state, profile, firmware, simulated: as in each of these cells.
        judgements: the declared names.
        tests: the places of the tests in `trace.left_out`, where their reasons stand; the first is 0.
    """

    model_config = ConfigDict(frozen=True)

    requirement: str
    state: RequirementState
    profile: str
    firmware: str
    simulated: bool
    judgements: tuple[str, ...]
    tests: tuple[int, ...]


def places_of(left_out: Iterable[object]) -> dict[tuple[Any, ...], int]:
    """Return the place of each test that was left out, by what its cells say of it."""
    return {_of_test(one): place for place, one in enumerate(left_out)}


def folded(
    cells: Iterable[Kind], places: Mapping[tuple[Any, ...], int]
) -> tuple[tuple[Kind, ...], tuple[tuple[LeftOutCells, tuple[Kind, ...]], ...]]:
    """Return the cells that stay as they are, and the groups of the others.

    Args:
        cells: of one requirement.
        places: of the tests that were left out, as `places_of` gives them.

    Returns:
        The first, and each group with its cells in the order in which `unfolded` makes them again.
    """
    kept: list[Kind] = []
    alike: dict[tuple[tuple[Any, ...], int], list[Kind]] = {}
    for cell in cells:
        place = None if cell.judgements else places.get(_of_test(cell))
        if place is None:
            kept.append(cell)
        else:
            alike.setdefault((_same(cell), place), []).append(cell)
    groups: dict[tuple[tuple[Any, ...], tuple[str, ...]], list[int]] = {}
    for (same, place), own in alike.items():
        groups.setdefault((same, tuple([cell.judgement for cell in own])), []).append(place)
    return tuple(kept), tuple(
        (
            LeftOutCells(**dict(zip(SAME, same, strict=True)), judgements=judgements, tests=tuple(tests)),
            tuple([cell for place in tests for cell in alike[same, place]]),
        )
        for (same, judgements), tests in groups.items()
    )


def unfolded(trace: Mapping[str, Any]) -> Content:
    """Return a trace record as data with all its cells, as `folded` found them but for their order.

    Raises:
        ValueError: a group names a test that is not there.
    """
    rows = []
    for row in trace["requirements"]:
        cells = [cell for group in row.get("left_out", ()) for cell in _cells(group, trace["left_out"])]
        rows.append({**row, "cells": [*row["cells"], *cells], "left_out": []})
    return {**trace, "requirements": rows}


def _cells(group: Mapping[str, Any], left_out: list[Mapping[str, Any]]) -> Iterator[Content]:
    for place in group["tests"]:
        if not 0 <= place < len(left_out):
            raise ValueError(f"a group of cells names the test {place} of {len(left_out)} that were left out")
        test = {name: left_out[place][name] for name in OF_TEST}
        same = {name: group[name] for name in SAME}
        for judgement in group["judgements"]:
            yield {**same, **test, "judgement": judgement, "judgements": []}
