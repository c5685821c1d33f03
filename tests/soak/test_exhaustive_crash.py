# SPDX-License-Identifier: Apache-2.0
"""A reference run stopped at every write, sync, command and reply, and resumed from each: `tox -e soak`.

Two infusions, a kink and a bolus, of a good pump and of a bad one. `PUMPBENCH_SOAK_CRASH_SHARE` makes a share of the
crashes only, `3/20` for the third of twenty, `1-8/20` for eight. The figures are kept after each of them, so that a
campaign that is ended early tells what it made.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.campaigns.crash.crash_case import Depth, Ending
from tests.campaigns.crash.crashes_of import crashes_of
from tests.campaigns.crash.tally import OPEN, Tally
from tests.soak.figures import Cell, Figures

pytestmark = pytest.mark.soak

SHARE = os.environ.get("PUMPBENCH_SOAK_CRASH_SHARE", "1/1")
SPECIMENS = {"a good pump": (), "rate_bias=0.2": ("rate_bias=0.2",)}
COLUMNS = (
    "pump",
    "verdicts without a crash",
    "writes, syncs and other file operations",
    "requests and replies",
    "crashes that differ",
    "made",
    "of these: resumed to the end",
    "had ended",
    "had not begun, started anew",
    "time alone had gone by: rig and journal looked at",
    "torn ends: journal read and gone on with",
    "verdicts as without a crash",
    "INCONCLUSIVE or BLOCKED",
    "verdicts turned",
    "crashes after which anything was wrong",
)


def test_a_run_that_is_stopped_anywhere_is_safe_whole_and_no_verdict_turns(tmp_path: Path) -> None:
    tallies: dict[str, Tally] = {}
    for share in _shares(SHARE):
        for name, tally in _made(tmp_path, share).items():
            tallies[name] = _together(tallies[name], tally) if name in tallies else tally
        _figures(tallies).keep("crash")
    assert [(name, point, outcome.wrong) for name, one in tallies.items() for point, outcome in one.wrong] == []
    assert {verdict for one in tallies.values() for verdict in one.unbroken.values()} == {"PASS", "FAIL"}
    whole = len(_shares(SHARE)) == int(SHARE.rpartition("/")[2])
    assert not whole or all(len(one.made) == sum(one.cases.values()) for one in tallies.values())


def _shares(text: str) -> list[str]:
    parts, of = text.split("/")
    first, _, last = parts.partition("-")
    return [f"{number}/{of}" for number in range(int(first), int(last or first) + 1)]


def _made(folder: Path, share: str) -> dict[str, Tally]:
    with ThreadPoolExecutor(len(SPECIMENS)) as pool:
        made = pool.map(lambda item: crashes_of(folder / item[0], item[1], share), SPECIMENS.items())
        return dict(zip(SPECIMENS, made, strict=True))


def _together(one: Tally, other: Tally) -> Tally:
    """Return the crashes of two shares; both are of the same reference run."""
    assert (one.unbroken, one.points, one.cases) == (other.unbroken, other.points, other.cases)
    return Tally(one.unbroken, one.points, one.cases, [*one.made, *other.made])


def _figures(tallies: dict[str, Tally]) -> Figures:
    rows = [_row(name, tally) for name, tally in tallies.items()]
    return Figures("A reference run stopped at every write, sync, command and reply, and resumed", COLUMNS, rows)


def _row(name: str, tally: Tally) -> Sequence[Cell]:
    of_files = sum(count for point, count in tally.points.items() if point.startswith("file "))
    open_ones = sum(tally.verdicts[verdict] for verdict in OPEN)
    return (
        name,
        ", ".join(sorted(set(tally.unbroken.values()))),
        of_files,
        sum(tally.points.values()) - of_files,
        sum(tally.cases.values()),
        len(tally.made),
        *(tally.endings(ending) for ending in (Ending.RESUMED, Ending.ENDED, Ending.NOT_BEGUN)),
        tally.count(Depth.LOOK),
        tally.count(Depth.READ),
        sum(tally.verdicts.values()) - open_ones - tally.turned,
        open_ones,
        tally.turned,
        len(tally.wrong),
    )
