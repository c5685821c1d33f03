# SPDX-License-Identifier: Apache-2.0
"""While a pump runs the thread that gives the heartbeats is never away for long, and what takes long waits.

The times are processor time of the thread: a busy machine does not stretch them.
"""

import pytest

from bench.acceptance import Standing
from tests.sim.bench_run import BenchRun, bench_run

MOSTLY_MS = 20.0
CLOSING = {Standing.EXCESS, Standing.SHORTFALL, Standing.START_UP, Standing.RUN_DOWN, Standing.PHASES}


@pytest.fixture(scope="module")
def chapter(tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    return bench_run("simulated", tmp_path_factory.mktemp("absence"), "--chapter", "delivery", afresh=True)


def test_in_a_whole_chapter_with_its_pre_flight_the_thread_is_away_for_less_than_twenty_milliseconds(
    chapter: BenchRun,
) -> None:
    absence = chapter.summary.absence
    assert absence is not None
    assert absence.turns > len(chapter.of_kind("sample"))
    assert absence.mostly_ms <= MOSTLY_MS
    assert 0 < absence.mostly_ms <= absence.longest_ms


def test_the_closing_account_is_judged_when_the_pump_has_stopped_and_no_sample_follows(chapter: BenchRun) -> None:
    names = {one.words for one in CLOSING}
    running, judged = False, 0
    for line in chapter.journal:
        if line.kind == "infusion-started":
            running = True
        elif line.kind == "infusion-ended":
            running = False
        elif line.kind == "sample":
            assert running
        elif line.kind == "judgement" and line.data["declared"] in names:
            judged += 1
            assert not running, line.data["name"]
    assert judged >= 3 * len(CLOSING)


def test_pictures_of_all_infusions_are_there_when_the_run_is_over(chapter: BenchRun) -> None:
    infusions = {line.data["infusion"] for line in chapter.of_kind("infusion-started")}
    assert {path.name for path in (chapter.folder / "pictures").glob("*-delivery.svg")} == {
        f"{one}-delivery.svg" for one in infusions
    }
    assert not list((chapter.folder / "pictures").glob("*.png"))
