# SPDX-License-Identifier: Apache-2.0
"""Chapters in workers: one record, the same for any number of them, and nothing lost when one of them dies."""

import json
import os
import re
import signal
import subprocess
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.interruption import SAME_PRESS_S
from bench.journal import check_journal, read_lines
from bench.journal.lines import InfusionStarted, RunStarted, Sample, TestStarted
from metrology.verdict import Verdict
from reports.checked_run import CheckedRun
from reports.folder_check import beside_journal
from reports.run_verdict import Invalid
from tests.campaigns.forked_runs import PRINTED, ForkedRuns
from tests.sim.bench_run import LIMIT_S, PUMPBENCH, BenchRun, command, finished, started
from tests.sim.endless_run import wait_for
from tests.sim.forked_run import forked_run
from tests.sim.test_own_twin_and_signals import is_dead

QUICK = """
import pytest
from bench.therapy import Continuous
from test_plans.criteria import accuracy
from test_plans.markers import judges

@judges("DEL-003", "ten minutes", accuracy)
def test_quick_{name}(infusion, profile):
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("ten minutes", run.deliver(run.duration_that_resolves_s(600), "ten minutes").volume)
"""
OPENED = """
from groundfloor.errors import BenchFault

def test_quick_fault(bench):
    raise BenchFault("bench", "try", "it cannot")
"""
ENDLESS = """
from bench.therapy import Continuous

def test_endless_{name}(infusion, profile):
    with infusion(Continuous(profile.rates.tested("intermediate")), interval_s=10) as run:
        run.wait(1e8)

def test_endless_{name}_after(bench):
    assert bench
"""
HANGS_AT_THE_END = """
import pathlib
import threading

import pytest

@pytest.fixture(autouse=True)
def hangs_at_the_end():
    yield
    pathlib.Path("ASKED-{name}").touch()
    threading.Event().wait()
"""
AN_ID = re.compile(r"[TIMWJD]-\\d{4,}")
ID_FIELDS = ("id", "test", "infusion", "window", "start_mark", "end_mark", "moved")


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Three chapters: the second has a test that passes and one that is BLOCKED."""
    folder = tmp_path_factory.mktemp("plans")
    texts = {"a": QUICK.format(name="a"), "b": QUICK.format(name="b") + OPENED, "c": QUICK.format(name="c")}
    for name, text in texts.items():
        (folder / f"test_{name}.py").write_text(text)
    return [str(folder / f"test_{name}.py") for name in texts]


def run_of(out: Path, plans: list[str], *options: str, select: str = "quick") -> BenchRun:
    out.mkdir(exist_ok=True)
    return forked_run(out, *options, select=select, more=plans)


@pytest.fixture(scope="module", params=[2, 3])
def many(request: pytest.FixtureRequest, plans: list[str], tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    out = tmp_path_factory.mktemp("many")
    return run_of(out / "runs", [*plans, f"--junitxml={out / 'junit.xml'}"], f"--workers={request.param}")


@pytest.fixture(scope="module")
def one(plans: list[str], tmp_path_factory: pytest.TempPathFactory) -> BenchRun:
    out = tmp_path_factory.mktemp("one")
    return run_of(out / "runs", [*plans, f"--junitxml={out / 'junit.xml'}"])


def results(run: BenchRun) -> list[Any]:
    """The Allure results by name, without what no two runs share."""
    read = (json.loads(path.read_text()) for path in (run.folder / "allure-results").glob("*-result.json"))
    return sorted((plain(one) for one in read), key=lambda one: str(one["name"]))


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("name") in ("host", "thread"):
            return None
        return {name: plain(one) for name, one in value.items() if name not in ("uuid", "start", "stop", "source")}
    return [plain(one) for one in value] if isinstance(value, list) else value


def cases(run: BenchRun) -> list[tuple[str, list[tuple[str, str]], list[str]]]:
    tree = ET.parse(run.folder.parents[1] / "junit.xml")
    return [
        (
            case.get("name", ""),
            [(one.get("name", ""), one.get("value", "")) for one in case.iter("property")],
            [child.tag for child in case],
        )
        for case in tree.iter("testcase")
    ]


def test_any_number_of_workers_writes_the_journal_of_one(one: BenchRun, many: BenchRun) -> None:
    journal = (one.folder / "journal.jsonl").read_bytes()
    assert (many.folder / "journal.jsonl").read_bytes() == journal
    assert len(journal) > 100_000
    begun = [line.body for line in one.journal if isinstance(line.body, RunStarted)]
    assert [run.occasion for run in begun] == ["a", "b", "c"]
    assert {(run.seed, run.own_twin) for run in begun} == {(1, True)}
    assert not (many.folder / "chapters").exists()


def test_summary_junit_and_allure_tell_the_same_for_any_number_of_workers(one: BenchRun, many: BenchRun) -> None:
    told, expected = many.raw_summary, one.raw_summary
    assert expected["absence"]["turns"] > 0
    assert expected["absence"]["turns"] == told["absence"]["turns"]
    assert {**told, "absence": None} == {**expected, "absence": None}
    assert [test.verdict for test in one.summary.tests] == [Verdict.PASS, Verdict.PASS, Verdict.BLOCKED, Verdict.PASS]
    assert (one.exit_code, many.exit_code) == (3, 3)
    assert cases(many) == cases(one)
    assert [name for name, _, _ in cases(one)] == ["test_quick_a", "test_quick_b", "test_quick_fault", "test_quick_c"]
    assert results(many) == results(one)
    assert len(results(one)) == 4


def test_ids_count_on_from_chapter_to_chapter_and_stand_nowhere_else(many: BenchRun) -> None:
    ids: dict[str, list[str]] = {"T": [], "I": [], "J": [], "M": [], "W": [], "D": []}
    test = ""
    for line in many.journal:
        if isinstance(line.body, TestStarted):
            test = line.body.id
        if "id" in line.data and line.kind != "test-ended":
            ids[line.data["id"][0]].append(line.data["id"])
        if isinstance(line.body, InfusionStarted):
            ids["I"].append(line.body.infusion)
        if isinstance(line.body, Sample):
            assert line.body.infusion == ids["I"][-1]
        assert line.data.get("test") in (None, "", test)
        others = json.dumps({name: value for name, value in line.data.items() if name not in ID_FIELDS})
        assert not AN_ID.search(others), others
    for prefix, found in ids.items():
        assert found == [f"{prefix}-{number:04d}" for number in range(1, len(found) + 1)]
    assert (len(ids["T"]), len(ids["I"])) == (4, 3)
    told = json.dumps(results(many))
    assert all(one in told for one in ids["J"])


def test_a_joined_record_is_checked_and_traced_like_any_other(many: BenchRun) -> None:
    assert check_journal(many.folder / "journal.jsonl").whole
    run = CheckedRun.read(many.folder)
    assert run.summary.trace == many.summary.trace
    assert run.remarks == ("samples.parquet is missing: the run wrote it, and it was taken away since",)
    assert beside_journal(many.folder, ended=True) == ()
    assert run.summary.trace is not None
    judged = [cell for cell in run.summary.trace.cells if cell.requirement.startswith("DEL-003") and cell.judgements]
    assert [cell.test.rpartition("::")[2] for cell in judged] == ["test_quick_a", "test_quick_b", "test_quick_c"]


def test_a_chapter_alone_gives_the_values_that_it_gives_among_others(
    one: BenchRun, plans: list[str], tmp_path: Path
) -> None:
    alone = run_of(tmp_path, plans, "--workers=2", select="quick_c").test
    among = one.summary.tests[-1]
    assert [value.value for value in alone.values] == [value.value for value in among.values]
    assert len(alone.values) > 5
    first = one.summary.tests[0]
    assert [value.value for value in first.values] != [value.value for value in among.values]


# --- ends ------------------------------------------------------------------------------------------------------------


def workers_of(process: "subprocess.Popen[str]") -> list[int]:
    told = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return [int(pid) for pid in told.split()]


def twins_of(workers: list[int]) -> list[int]:
    found = []
    for worker in workers:
        for task in Path(f"/proc/{worker}/task").iterdir():
            found += [int(pid) for pid in (task / "children").read_text(encoding="ascii").split()]
    return found


def last_line(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4000))
        return file.read().rpartition(b"\n")[0].rpartition(b"\n")[2]


@contextmanager
def two_endless_chapters(
    folder: Path, endless: str = ENDLESS
) -> Iterator[tuple["subprocess.Popen[str]", Path, list[str]]]:
    """A run whose chapters `p` and `q` infuse for ever, as soon as both sample; of `p` a test is over by then."""
    quick = "" if "hangs" in endless else QUICK.format(name="p")
    (folder / "test_p.py").write_text(quick + endless.format(name="p"))
    (folder / "test_q.py").write_text(endless.format(name="q"))
    out = folder / "runs"
    more = [str(folder / "test_p.py"), str(folder / "test_q.py")]
    arguments = command("simulated", out, "--journal-only", "--workers=2", select="quick or endless", more=more)
    with started(arguments) as process:

        def both_sample() -> bool:
            assert process.poll() is None, process.communicate()
            ends = [last_line(path) for path in sorted(out.glob("*/chapters/*/journal.jsonl"))]
            endless = (b'"I-0002"' if quick else b'"I-0001"', b'"I-0001"')  # of p the first infusion is over
            infusing = [own in end and b'"state":"infusing"' in end for end, own in zip(ends, endless, strict=False)]
            return infusing == [True, True]

        wait_for(both_sample)
        yield process, out, more


def test_a_killed_worker_blocks_its_chapter_and_no_other(tmp_path: Path) -> None:
    with two_endless_chapters(tmp_path) as (process, out, _):
        (journal,) = out.glob("*/chapters/*-p/journal.jsonl")
        lines = journal.read_bytes().count(b"\n")
        workers = workers_of(process)
        twins = twins_of(workers)
        (victim,) = [pid for pid in workers if any(str(journal) in one for one in open_files(pid))]
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: is_dead(victim) and not journal.exists())
        (other,) = [pid for pid in workers_of(process) if pid != victim]
        os.kill(other, signal.SIGUSR2)  # its present test ends, and the next one passes
        run = finished(process, out)
    assert run.exit_code == 6
    assert [one.node.rpartition("::")[2] for one in run.summary.invalid] == ["test_endless_p", "test_endless_p_after"]
    tests = {test.node.rpartition("::")[2]: test for test in run.summary.tests}
    reason = "the worker of chapter p was ended by SIGKILL"
    assert tests["test_quick_p"].verdict is Verdict.PASS
    for name in ("test_endless_p", "test_endless_p_after"):
        assert (tests[name].verdict, tests[name].reason) == (Verdict.BLOCKED, reason)
    assert "stopped by SIGUSR2" in tests["test_endless_q"].reason
    assert list(tests) == ["test_quick_p", "test_endless_p", "test_endless_p_after", "test_endless_q", *list(tests)[4:]]
    assert run.summary.troubles[0].startswith(f"p: {reason}")
    assert run.summary.not_run == ()
    of_p = [line for line in run.journal if line.data.get("test") == id_of(run, "test_endless_p")]
    assert len([line for line in of_p if line.kind == "infusion-started"]) == 1
    joined = [line.seq for line in run.journal if isinstance(line.body, TestStarted)][3] - 1
    assert joined >= lines - 1 + 2  # all that it had written, and what its tests were still owed
    assert {one["name"] for one in results(run)} >= {"test_endless_p", "test_endless_p_after"}
    assert all(map(is_dead, twins))
    assert CheckedRun.read(run.folder).summary.verdict is Invalid.INVALID


def open_files(pid: int) -> list[str]:
    return [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]


def id_of(run: BenchRun, name: str) -> str:
    begun = (line.body for line in run.journal)
    (own,) = [one.id for one in begun if isinstance(one, TestStarted) and one.node.endswith(f"::{name}")]
    return own


def test_ctrl_c_ends_every_chapter_in_order_and_the_record_says_so(tmp_path: Path) -> None:
    with two_endless_chapters(tmp_path) as (process, out, _):
        workers = workers_of(process)
        twins = twins_of(workers)
        assert len(twins) == 2
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does; workers and twins have groups of their own
        run = finished(process, out)
    assert (run.exit_code, run.summary.reason) == (6, "interrupted")
    early = "post-flight: not made, because the run was ended early"
    assert run.summary.troubles == (f"p: {early}", f"q: {early}")
    verdicts = {test.node.rpartition("::")[2]: test.verdict for test in run.summary.tests}
    assert verdicts == {
        "test_quick_p": Verdict.PASS,
        "test_endless_p": Verdict.BLOCKED,
        "test_endless_q": Verdict.BLOCKED,
    }
    assert sorted(node.rpartition("::")[2] for node in run.summary.not_run) == [
        "test_endless_p_after",
        "test_endless_q_after",
    ]
    stopped = [line for line in run.journal if line.kind == "infusion-ended"]
    assert len(stopped) == 3  # each pump was stopped before its twin was let go
    assert all(map(is_dead, [*workers, *twins]))
    assert "by hand" not in run.printed + run.errors


def test_ctrl_c_twice_ends_every_worker_at_once(tmp_path: Path) -> None:
    plan, asked = ENDLESS + HANGS_AT_THE_END, tmp_path / "asked"
    with two_endless_chapters(tmp_path, plan.replace("ASKED", str(asked))) as (process, _, _):
        left = [*workers_of(process), *twins_of(workers_of(process))]
        os.kill(process.pid, signal.SIGINT)
        wait_for(lambda: len(list(tmp_path.glob("asked-*"))) == 2)
        again_s = time.monotonic() + 2 * SAME_PRESS_S
        wait_for(lambda: time.monotonic() > again_s)  # else it is the same press
        os.kill(process.pid, signal.SIGINT)
        printed, errors = process.communicate()
    assert process.returncode == 128 + signal.SIGINT, printed + errors
    wait_for(lambda: all(map(is_dead, left)))
    assert "2 chapters were broken off; what they wrote is in" in errors


def test_the_workers_of_a_killed_run_end_and_what_they_wrote_is_joined_when_it_is_given_up(tmp_path: Path) -> None:
    with two_endless_chapters(tmp_path) as (process, out, _):
        left = [*workers_of(process), *twins_of(workers_of(process))]
        process.kill()
        process.wait()
        wait_for(lambda: all(map(is_dead, left)))
        (folder,) = out.iterdir()
    resumed = subprocess.run([PUMPBENCH, "resume", folder], capture_output=True, text=True, check=False)
    assert resumed.returncode == 2
    assert "the twins that it started for itself ended with it" in resumed.stderr
    ended = subprocess.run([PUMPBENCH, "end", folder, "--why", "killed"], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    told = BenchRun(3, "", "", folder)
    tests = {test.node.rpartition("::")[2]: test.verdict for test in told.summary.tests}
    assert tests == {"test_quick_p": Verdict.PASS, "test_endless_p": Verdict.BLOCKED, "test_endless_q": Verdict.BLOCKED}
    assert told.summary.troubles[1:] == ("chapter p did not come to its end", "chapter q did not come to its end")
    assert not (folder / "chapters").exists()
    assert [
        line.body.occasion for line in read_lines(folder / "journal.jsonl") if isinstance(line.body, RunStarted)
    ] == ["p", "q"]


def test_a_bench_that_is_there_takes_no_workers(tmp_path: Path) -> None:
    bench = tmp_path / "lab.toml"
    bench.write_text("")
    ended = subprocess.run(
        [PUMPBENCH, "run", bench, "--workers", "2", "--out", tmp_path], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "is a bench that is there, and one bench runs one chapter at a time" in ended.stderr


def test_several_pumps_share_the_workers_and_each_has_its_record(plans: list[str], tmp_path: Path) -> None:
    pumps = ("--profile=implantable-20ml", "--profile=implantable-40ml")
    more = ["-k", "quick_a or quick_c", *plans]
    words = ["simulated", f"--out={tmp_path / 'runs'}", "--journal-only", "--workers=2", *pumps, "--", *more]
    assert ForkedRuns(LIMIT_S).run(words, tmp_path) == 0, (tmp_path / PRINTED).read_text()
    printed = (tmp_path / PRINTED).read_text()
    folders = sorted((tmp_path / "runs").iterdir())
    assert [folder.name.rpartition("-simulated-")[2] for folder in folders] == ["SIM20-0001", "SIM40-0001"]
    for folder in folders:
        assert BenchRun(0, "", "", folder).summary.counts["PASS"] == 2
    first, second = (printed.index(f"{size} mL:") for size in (20, 40))
    assert first < second
