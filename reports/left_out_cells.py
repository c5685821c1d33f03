# SPDX-License-Identifier: Apache-2.0
"""The cells of tests that did not run, written in short: they repeat their test, its reason and its run many times.

A matrix has a cell for each judgement of each test and each requirement. Of a test that was left out they all say the
same, so that `summary.json` of one chapter held two megabytes of them. There they stand as groups: which judgements, of
which tests, by their place in the list of tests left out.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from bench.trace import RequirementState

Content = dict[str, Any]
SAME = ("requirement", "state", "profile", "firmware", "simulated")
OF_TEST = ("test", "reason", "run")


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


def folded(trace: Mapping[str, Any]) -> Content:
    """Return a trace record as data in which the cells of tests left out are groups; `unfolded` makes them again."""
    places = {_values(one, OF_TEST): place for place, one in enumerate(trace["left_out"])}
    return {**trace, "requirements": [_folded_row(row, places) for row in trace["requirements"]]}


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


def _folded_row(row: Mapping[str, Any], places: Mapping[tuple[Any, ...], int]) -> Content:
    kept: list[Mapping[str, Any]] = []
    names: dict[tuple[tuple[Any, ...], int], list[str]] = {}
    for cell in row["cells"]:
        place = places.get(_values(cell, OF_TEST))
        if place is None or cell["judgements"]:
            kept.append(cell)
        else:
            names.setdefault((_values(cell, SAME), place), []).append(cell["judgement"])
    tests: dict[tuple[tuple[Any, ...], tuple[str, ...]], list[int]] = {}
    for (same, place), judgements in names.items():
        tests.setdefault((same, tuple(judgements)), []).append(place)
    groups = [
        {**dict(zip(SAME, same, strict=True)), "judgements": list(judgements), "tests": own}
        for (same, judgements), own in tests.items()
    ]
    return {**row, "cells": kept, "left_out": groups}


def _cells(group: Mapping[str, Any], left_out: list[Mapping[str, Any]]) -> Iterator[Content]:
    for place in group["tests"]:
        if not 0 <= place < len(left_out):
            raise ValueError(f"a group of cells names the test {place} of {len(left_out)} that were left out")
        test = {name: left_out[place][name] for name in OF_TEST}
        same = {name: group[name] for name in SAME}
        for judgement in group["judgements"]:
            yield {**same, **test, "judgement": judgement, "judgements": []}


def _values(content: Mapping[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(content[name] for name in names)
