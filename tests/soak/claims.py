# SPDX-License-Identifier: Apache-2.0
"""What each table of the campaigns claims never to happen: how often it did, and in how many trials."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from tests.soak.bound import Bound
from tests.soak.figures import Cell, Figures

Claims = Callable[[Figures], Iterator[Bound]]


def _count(cell: Cell) -> int:
    assert isinstance(cell, int | float), cell
    return int(cell)


def _rows(figures: Figures) -> Iterator[Mapping[str, Cell]]:
    return (dict(zip(figures.columns, row, strict=True)) for row in figures.rows)


def _crash(figures: Figures) -> Iterator[Bound]:
    for row in _rows(figures):
        made, tests = _count(row["made"]), (OF_A_CRASH, "verdicts as without a crash", "INCONCLUSIVE or BLOCKED")
        yield Bound(f"{row['pump']}: {tests[0]}", _count(row["crashes after which anything was wrong"]), made)
        turned = _count(row["verdicts turned"])
        yield Bound(f"{row['pump']}: verdicts turned", turned, turned + sum(_count(row[name]) for name in tests[1:]))


OF_A_CRASH = "crashes with an unsafe rig, an unreadable journal, a line lost or a resume refused"


def _kill(figures: Figures) -> Iterator[Bound]:
    for row in _rows(figures):
        name = f"{row['what makes it safe']}: kills after which the bench was not safe in time"
        yield Bound(name, _count(row["failures"]), _count(row["kills"]))
        at_risk = "the same, of kills while the pump ran or a fault stood"
        yield Bound(at_risk, _count(row["failures"]), _count(row["pump ran or fault stood"]))


def _resume(figures: Figures) -> Iterator[Bound]:
    for row in _rows(figures):
        yield Bound("runs with another verdict or another volume", _count(row["wrong"]), _count(row["runs"]))


def _journal(figures: Figures) -> Iterator[Bound]:
    for row in _rows(figures):
        lost, kills = _count(row["acknowledged lines lost"]), _count(row["kills"])
        yield Bound("acknowledged lines lost", lost, _count(row["lines acknowledged"]))
        yield Bound("kills that lost a line or broke the chain", min(kills, lost + _count(row["broken chains"])), kills)


def _samples(figures: Figures) -> Iterator[Bound]:
    counted = _last_column(figures)
    yield Bound("samples wrong", counted["samples wrong"], counted["samples planned"])
    yield Bound("faults that made a sample wrong", counted["samples wrong"], counted["faults made"])
    hangs = next(value for name, value in counted.items() if name.startswith("hangs"))
    yield Bound("hangs", hangs, counted["samples planned"])


def _verdicts(figures: Figures) -> Iterator[Bound]:
    counted = _last_column(figures)
    turned, ended = _turned(counted), sum(counted[f"verdict {name}"] for name in ("PASS", "FAIL"))
    yield Bound("runs with a verdict turned", turned, counted["runs"])
    yield Bound("verdicts turned, of those that were PASS or FAIL", turned, ended)
    yield Bound("faults that turned a verdict", turned, counted["faults made"])


def _tampered(figures: Figures) -> Iterator[Bound]:
    for row in _rows(figures):
        yield Bound("tamperings that were not found, or not named", _count(row["missed"]), _count(row["tamperings"]))


def _turned(counted: Mapping[str, int]) -> int:
    """Return how many turned; a run of one test, as older campaigns made them, has one verdict."""
    new = "runs with a verdict turned"
    return counted[new] if new in counted else counted["verdicts turned"]


def _last_column(figures: Figures) -> Mapping[str, int]:
    return {str(row[0]): _count(row[-1]) for row in figures.rows if _is_count(row)}


def _is_count(row: Sequence[Cell]) -> bool:
    return isinstance(row[-1], int)


CLAIMS: Mapping[str, Claims] = {
    "crash": _crash,
    "kill": _kill,
    "resume": _resume,
    "journal-kills": _journal,
    "wire-faults-samples": _samples,
    "wire-faults-verdicts-good": _verdicts,
    "wire-faults-verdicts-bad": _verdicts,
    "tampered_bundles": _tampered,
}
"""By the names of their files; a table that is not here claims nothing that fails or does not."""
