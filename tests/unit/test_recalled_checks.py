# SPDX-License-Identifier: Apache-2.0
"""What the pre-flight found before an interruption stands beside what the post-flight of the resumed run finds."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.bench import Bench
from bench.bench_file import CheckName
from bench.journal import Journal
from bench.preflight import CheckFinding, CheckState, Postflight, Preflight
from bench.run import UnfinishedRun
from metrology.verdict import Limits

LIMITS = Limits(-0.1, 0.1, "%", "bench file")


def found(value: float | None, state: CheckState = CheckState.OK) -> CheckFinding:
    return CheckFinding(CheckName.SENSITIVITY, "balance", "test itself", state, "seen", LIMITS, value)


def noted(recalled: dict[str, float], now: CheckFinding) -> dict[str, Any]:
    """Make a post-flight of one check, and return the line that it writes."""
    lines: list[tuple[str, Any]] = []
    settings = SimpleNamespace(off=())
    bench = SimpleNamespace(
        scheduler=SimpleNamespace(pass_for=lambda _s: None), file=SimpleNamespace(preflight=settings)
    )
    before = Preflight(cast(Bench, bench), lambda what, told: lines.append((what, told)))
    before.recalled = recalled
    postflight = Postflight(cast(Bench, bench), before, 0.0)
    check = SimpleNamespace(name=CheckName.SENSITIVITY, limits=LIMITS, run=lambda: now)
    postflight._checks = lambda: (check,)  # type: ignore[method-assign, assignment, return-value]
    postflight.run()
    return dict(next(told for what, told in lines if what == "postflight"))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journal.jsonl")


def test_the_figures_of_the_checks_are_read_from_the_journal_of_the_run_that_goes_on(journal: Journal) -> None:
    journal.write("event", what="preflight", **found(-0.02).as_dict())
    journal.write("event", what="postflight", **found(7.0).as_dict())
    journal.close()
    assert UnfinishedRun.read(journal.path).checked == {"sensitivity": -0.02}


def test_a_check_without_a_figure_recalls_none(journal: Journal) -> None:
    journal.write("event", what="preflight", **found(None, CheckState.WARN).as_dict())
    journal.close()
    assert UnfinishedRun.read(journal.path).checked == {}


def test_the_post_flight_of_a_resumed_run_tells_the_difference_from_what_was_found_before() -> None:
    line = noted({"sensitivity": -0.02}, found(0.03))
    assert (line["before"], line["difference"]) == (-0.02, pytest.approx(0.05))


def test_without_anything_found_before_there_is_no_difference() -> None:
    assert "before" not in noted({}, found(0.03))
