# SPDX-License-Identifier: Apache-2.0
"""One judged figure of many runs: found by its name, told as a comparison tells it."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from bench.run_folder import SUMMARY
from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import read_regular
from reports.library.control_chart import ChartPoint, ControlChart
from reports.library.run_brief import RunBrief

MOST_BYTES = 1 << 28
SHOWN = 12
Key = tuple[str, str, int]
"""Title of a test, what is judged in it, and how often that came before."""


class _Value(msgspec.Struct, frozen=True):
    name: str
    id: str = ""
    measurand: str = ""
    value: float | None = None
    unit: str = ""
    lower: float | None = None
    upper: float | None = None


class _Test(msgspec.Struct, frozen=True):
    title: str
    values: tuple[_Value, ...] = ()


class _Summary(msgspec.Struct, frozen=True):
    tests: tuple[_Test, ...]


_DECODER = msgspec.json.Decoder(_Summary)


def charted(
    folder: Path, runs: Iterable[RunBrief], test: str, measurand: str, number: int = 1, baseline: int | None = None
) -> ControlChart:
    """Return the control chart of a figure over runs.

    What has two limits is told as its deviation from their middle in percent of it, as `compare` does.

    Args:
        folder: in which the runs stand.
        runs: the oldest first.
        test: part of a test's title.
        measurand: part of what is judged.
        number: which of the judgements of that name in the test, from 1.
        baseline: so many of the first runs give the limits; None for all.

    Raises:
        PlanError: no such figure, or several tests or measurands are meant.
        BenchFault: a summary cannot be read.
    """
    points, met, unit = list[ChartPoint](), Counter[tuple[str, str]](), ""
    for run in runs:
        for (title, what, place), value in _figures(folder / run.folder / SUMMARY, test, measurand):
            met[title, what] += 1
            if place == number:
                told, unit = _told(value)
                points.append(ChartPoint(run.folder, run.firmware, told, value.id))
    if len(met) != 1:
        names = "; ".join(f"{title}: {what}" for title, what in list(met)[:SHOWN])
        seen = f"{len(met)} figures are meant: {names or 'none'}"
        raise PlanError("control chart", "choose a figure", seen, "write more of --test and --measurand")
    ((title, what),) = met
    return ControlChart.of(f"{title}: {what}" + (f" {number}" if number > 1 else ""), unit, points, baseline)


def _figures(summary: Path, test: str, measurand: str) -> Iterator[tuple[Key, _Value]]:
    try:
        tests = _DECODER.decode(read_regular(summary, MOST_BYTES)).tests
    except (OSError, ValueError) as odd:
        next_step = f"make it again: pumpbench report --rebuild {summary.parent}"
        raise BenchFault(f"summary {summary}", "read", str(odd), next_step) from odd
    for one in tests:
        count = Counter[str]()
        for value in one.values:
            if value.value is not None and test in one.title and measurand in value.measurand:
                count[value.measurand] += 1
                yield (one.title, value.measurand, count[value.measurand]), value


def _told(value: _Value) -> tuple[float, str]:
    assert value.value is not None
    if value.lower is None or value.upper is None or not value.lower < value.upper:
        return value.value, value.unit
    middle = (value.lower + value.upper) / 2
    if middle <= (value.upper - value.lower) / 4:  # none to measure by
        return value.value, value.unit
    return 100 * (value.value / middle - 1), "%"
