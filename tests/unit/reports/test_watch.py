# SPDX-License-Identifier: Apache-2.0
"""Somebody looks on while a run goes on: what is shown is what the journals hold, and the run does not notice."""

import fcntl
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from bench.bench_file import BenchFile
from bench.journal import JournalFollower
from bench.profile import Profile
from bench.run_process import RunProcess
from cli.chapters import PROFILES_FOLDER
from fixtures.own_twin import OwnTwin
from groundfloor.errors import BenchFault
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from reports.watch import (
    LiveVolume,
    RunState,
    TimeLeft,
    WatchedRun,
    WatchedTest,
    beat_line,
    earlier_times,
    watch_screen,
)
from reports.watch.live_volume import foretold_by
from reports.watch.watch_lines import duration_text

NOON = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)


def shown(run: WatchedRun) -> str:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(watch_screen(run, NOON))
    return console.export_text()


# --- the journal while it grows ---------------------------------------------------------------------------------------


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cuts=st.lists(st.floats(0, 1), max_size=6))
def test_wherever_the_file_ends_at_the_moment_each_line_is_read_once_and_whole(
    kept_journal: bytes, tmp_path_factory: pytest.TempPathFactory, cuts: list[float]
) -> None:
    path = tmp_path_factory.mktemp("followed") / "journal.jsonl"
    follower, read = JournalFollower(path), []
    assert list(follower.new_lines()) == []  # not there yet
    for end in [*sorted(round(cut * len(kept_journal)) for cut in cuts), len(kept_journal)]:
        path.write_bytes(kept_journal[:end])
        read += [line.seq for line in follower.new_lines()]
        assert len(read) == kept_journal[:end].count(b"\n")
        assert follower.torn_tail == kept_journal[:end].rpartition(b"\n")[2].decode()
    assert read == list(range(kept_journal.count(b"\n")))


@pytest.fixture(scope="module")
def kept_journal() -> bytes:
    kept = Path(__file__).parents[2] / "kept_journals" / "newer_kind" / "journal.jsonl"
    return b"".join(kept.read_bytes().splitlines(keepends=True)[:40])


def test_a_journal_that_became_shorter_is_told_and_not_read_on(tmp_path: Path, kept_journal: bytes) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(kept_journal)
    follower = JournalFollower(path)
    list(follower.new_lines())
    path.write_bytes(kept_journal[: len(kept_journal) // 2])
    with pytest.raises(BenchFault, match="fewer bytes than it had"):
        list(follower.new_lines())


# --- a run ------------------------------------------------------------------------------------------------------------


def test_tests_are_done_under_way_and_to_come(run_of: Callable[..., Any]) -> None:
    run = run_of("a", "b", "c")
    watched = WatchedRun(run.folder)
    with RunProcess(run.folder):
        watched.look()
        assert watched.state is RunState.BEGINS
        run.start()
        run.clock_s = 100.0
        run.whole_test("a", "fail")
        run.start_test("b")
        run.clock_s = 200.0
        run.sample(infusion="I")
        run.journal.write("step", title="Settle", infusion="I")
        told = watched.look()
        assert watched.state is RunState.GOES_ON
    assert [test.node for test in watched.ended] == ["a"]
    assert dict(watched.counts) == {Verdict.FAIL: 1}
    assert watched.to_come == ("c",)
    assert [one.test.node for one in watched.running if one.test is not None] == ["b"]
    assert told == (
        "delivery: begins: Title of a",
        "FAIL: Title of a: end of fail",
        "delivery: begins: Title of b",
        "delivery: Settle",
    )
    screen = shown(watched)
    assert "1 of 3 tests (1 FAIL), 1 to come" in screen
    assert "cumulative volume: 1000 ± 2 µL [855 … 1145]" in screen
    assert "SIMULATED" in screen


def test_alarms_gaps_and_what_a_person_is_asked_are_shown_until_they_answer(run_of: Callable[..., Any]) -> None:
    run = run_of("a")
    run.start()
    run.start_test("a")
    alarm = {
        "alarm": "occlusion",
        "number": 1,
        "device_onset_s": 1.0,
        "onset_s": 1.0,
        "seen_after_s": 0,
        "seen_by_s": 2,
    }
    run.journal.write("event", what="alarm", title="occlusion alarm", **alarm)
    run.journal.write("event", what="gap", title="Gap: nothing since 3 s", from_s=3.0, missed=2)
    run.journal.write("event", what="operator-asked", title="Anna: put the weight on the pan")
    watched = WatchedRun(run.folder)
    with RunProcess(run.folder):
        watched.look()
        assert (watched.alarms, watched.gaps) == (("occlusion alarm",), ("Gap: nothing since 3 s",))
        assert f"pumpbench answer {run.folder} --by YOUR_NAME" in shown(watched).replace("\n", "")
        assert "1 alarms; 1 gaps; waits for a person: Anna: put the weight on the pan" in beat_line(watched, NOON)
        answer = {"by": "Anna", "way": "terminal", "answered_utc": "2027-01-01T12:00:00+00:00"}
        run.journal.write("event", what="operator-answered", title="Anna: done", **answer)
        watched.look()
        assert watched.prompt == ""


def test_a_chapter_that_is_joined_counts_once(tmp_path: Path, run_of: Callable[..., Any]) -> None:
    """While its worker goes on it is read from its own journal, and from that of the run when it was joined."""
    run = run_of("x.py::a", "y.py::b")
    chapter = tmp_path / "run" / "chapters" / "run.000-x"
    chapter.mkdir(parents=True)
    own = type(run)(chapter, None)
    for part in (own, run):
        part.start(occasion="x")
        part.start_test("x.py::a")
        part.journal.write("event", what="gap", title="Gap", from_s=3.0, missed=2)
        part.end_test("x.py::a", "pass")
        if part is own:
            watched = WatchedRun(run.folder)
            with RunProcess(run.folder):
                assert [one for one in watched.look() if "PASS" in one] == ["x: PASS: Title of x.py::a"]
            assert [test.node for test in watched.ended] == ["x.py::a"]
    with RunProcess(run.folder):
        assert watched.look() == ()  # the journal of the run tells again what was told
        assert (len(watched.ended), len(watched.gaps), watched.to_come) == (1, 1, ("y.py::b",))
    own.journal.close()


@pytest.mark.parametrize("ended", [True, False], ids=["ended", "killed"])
def test_the_end_of_a_run_and_its_death_are_two_things(run_of: Callable[..., Any], ended: bool) -> None:
    run = run_of("a")
    run.start()
    run.start_test("a")
    if ended:
        run.end_test("a", "pass")
        run.end()
    else:
        with run.journal.path.open("ab") as torn:
            torn.write(b'{"seq":99,"t":')
    watched = WatchedRun(run.folder)
    for _ in range(3):
        watched.look()
    assert watched.over
    assert watched.state is (RunState.ENDED if ended else RunState.CUT_SHORT)
    assert watched.torn_tail == ("" if ended else '{"seq":99,"t":')
    assert watched.running == ()


def test_a_folder_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    watched = WatchedRun(tmp_path / "later")
    for _ in range(3):
        assert watched.look() == ()
    assert watched.state is RunState.NOT_THERE
    assert "0 of ? tests; not there yet" in beat_line(watched, NOON)


def test_looking_on_locks_nothing_and_writes_nothing(
    run_of: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that a watcher held for a moment would be the refusal of a run that begins in that moment."""
    run = run_of("a")
    run.start()
    run.start_test("a")
    with RunProcess(run.folder):
        before = {path: path.stat().st_mtime_ns for path in run.folder.rglob("*")}
        taken: list[object] = []
        monkeypatch.setattr(fcntl, "flock", lambda *what: taken.append(what))
        monkeypatch.setattr(fcntl, "lockf", lambda *what: taken.append(what))
        watched = WatchedRun(run.folder)
        watched.look()
        shown(watched)
        monkeypatch.undo()
        assert watched.state is RunState.GOES_ON
        assert taken == []
        assert {path: path.stat().st_mtime_ns for path in run.folder.rglob("*")} == before


# --- figures ----------------------------------------------------------------------------------------------------------


def test_tolerance_and_u_are_those_of_a_window_of_that_length(run_of: Callable[..., Any]) -> None:
    """Four hours at 40 µL/h: 160 µL, of which the profile allows a share."""
    run = run_of("a")
    file: BenchFile = OwnTwin(TwinOptions()).bench_to_come()
    profile = Profile.named("implantable-20ml", PROFILES_FOLDER)
    run.start()
    run.start_test("a")
    run.sample(infusion="I")
    run.clock_s = 4 * 3600.0
    run.sample(infusion="I", weighed_ul=158.5)
    watched = WatchedRun(run.folder)
    with RunProcess(run.folder):
        watched.look()
        volume = LiveVolume.of(watched.running[0], foretold_by(file, profile))
    assert volume is not None
    assert (volume.delivered_ul, volume.expected_ul) == (158.5, 160.0)
    accuracy = profile.accuracy_percent.value / 100
    assert volume.tolerance_ul == pytest.approx(accuracy * 160)
    assert volume.expanded_uncertainty_ul is not None
    assert 0.1 < volume.expanded_uncertainty_ul < 5
    assert str(volume).startswith("delivered 158.5 of 160.0 ± ")


def test_what_is_left_is_what_is_known_before_and_the_mean_for_the_rest() -> None:
    running = WatchedTest("b", "", "", 0.0)
    left = TimeLeft.of(["c", "d"], [(running, 40.0)], [80.0, 120.0], {"b": 100.0, "c": 300.0}, speed=2.0, checks_s=10.0)
    usual_s = (80 + 120 + 100 + 300) / 4
    assert left.bench_s == 10 + (300 + usual_s) + (100 - 40)
    assert left.wall_s == left.bench_s / 2
    assert left.guessed == 1
    late = TimeLeft.of([], [(running, 500.0)], [], {"b": 100.0}, speed=None)
    assert (late.bench_s, late.wall_s) == (0.0, None)


def test_earlier_runs_of_the_same_profile_tell_how_long_a_test_takes(tmp_path: Path) -> None:
    def summary(name: str, profile: str, seconds: float) -> None:
        test = {"node": "a", "verdict": "PASS", "started_s": 10.0, "ended_s": 10.0 + seconds}
        (tmp_path / name).mkdir()
        told = {"run": {"profile": profile}, "tests": [test, {**test, "node": "b", "verdict": "BLOCKED"}]}
        (tmp_path / name / "summary.json").write_text(json.dumps(told))

    summary("1", "p", 100.0)
    summary("2", "p", 50.0)
    summary("3", "q", 7.0)
    summary("5", "p", 9.0)
    (tmp_path / "4").mkdir()
    (tmp_path / "4" / "summary.json").write_text("[")
    assert earlier_times(tmp_path / "5", "p") == {"a": 50.0}


LOOKS_TWICE = """
import os, resource, sys
from pathlib import Path
import cli.watch
from reports.watch import WatchedRun
cli.watch.LOOK_S = 0.0
looks = cli.watch._Looks(WatchedRun(Path(sys.argv[1])))
looked = iter(looks)
next(looked), next(looked)
print(dict(looks.run.planned_s), looks.run.to_come, [one for one in ("pytest", "test_plans") if one in sys.modules])
"""


def test_who_looks_on_takes_the_list_of_tests_from_the_run_and_collects_no_plan(
    tmp_path: Path, run_of: Callable[..., Any]
) -> None:
    run = run_of("a", "b")
    run.start()
    shutil.copy(Profile.find("implantable-20ml", PROFILES_FOLDER), run.folder / "profile.toml")
    bench = OwnTwin(TwinOptions()).bench_to_come()
    bench.write(run.folder / "bench.toml")
    (run.folder.parent / "earlier").mkdir()
    test = {"node": "a", "verdict": "PASS", "started_s": 10.0, "ended_s": 60.0}
    earlier = {"run": {"profile": "implantable-20ml"}, "tests": [test]}
    (run.folder.parent / "earlier" / "summary.json").write_text(json.dumps(earlier), encoding="utf-8")
    with RunProcess(run.folder):
        words = [sys.executable, "-c", LOOKS_TWICE, str(run.folder)]
        told = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60.0)
    assert told.stdout == "{'a': 50.0} ('a', 'b') []\n"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(5.4, "5 s"), (65, "1 min 05 s"), (3600, "1 h 00 min"), (49 * 3600.0, "2 d 01 h"), (-3, "0 s")],
)
def test_durations_are_read_at_once(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text
