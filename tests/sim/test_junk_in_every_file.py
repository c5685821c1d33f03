# SPDX-License-Identifier: Apache-2.0
"""Whatever stands in the place of a file that a command reads: it ends at once, with 2 or 3 and a sentence, or goes on.

Every file of a run folder, of a folder of leases, and every file that a command is given, against every command that
comes by it, with every kind of junk. The suite tries a share of them, which the code draws; `PUMPBENCH_JUNK=all` tries
them all, `PUMPBENCH_JUNK=500` so many of each sort.
"""

import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bench.bench_file import BenchFile
from bench.journal import FORMAT, Journal
from bench.lease import lease_key
from bench.lease.lease_store import STATE_FOLDER
from bench.run import code_of_plans, input_hashes, own_code_sha256
from bench.simulated_bench import simulated_bench
from cli.chapters import CHAPTERS_FOLDER, PROFILES_FOLDER
from instruments.simulated.wires.twin_addresses import TwinAddresses
from reports import samples_parquet
from reports.run_views import write_views
from reports.summary import summarise
from tests.sim.forked_command import Ended, forked_command
from tests.sim.junk import JUNK, put_junk
from tests.unit.reports.conftest import RUN_STARTED, sample_data

NODE = "test_plans/test_delivery.py::test_a[low]"
DEAD = "127.0.0.1:2"
"""Nobody listens there."""
BENCH = "bench.toml"
SHARE, LEAST = 60, 15
"""Of the combinations, one in so many is tried by the suite, and no fewer than that of each sort."""


def addresses() -> TwinAddresses:
    return TwinAddresses(
        pump=f"tcp://{DEAD}", rig=f"tcp://{DEAD}", balance="TCPIP::127.0.0.1::2::SOCKET", control=DEAD, clock="real",
        speed=1.0, seed=1, model="implantable-20ml", pump_serial="SIM20-0001", rig_serial="SIMRIG-0001",
        balance_serial="SIMBAL-0001", defects=(),
    )  # fmt: skip


def made_run(folder: Path, *, ended: bool) -> Path:
    """A run folder with one of each file, as a run leaves it: one that ended, or one that was killed in a test."""
    folder.mkdir(parents=True)
    file = simulated_bench(addresses())
    file.write(folder / BENCH)
    shutil.copy(PROFILES_FOLDER / "implantable-20ml.toml", folder / "profile.toml")
    shutil.copy(CHAPTERS_FOLDER / "requirements.toml", folder / "requirements.toml")
    (folder / "environment.lock").write_text("a==1\n", encoding="utf-8")
    (folder / "collected.json").write_text(f'{{"tests": ["{NODE}"]}}', encoding="utf-8")
    for name in ("maps/pump.toml", "maps/rig.toml"):
        (folder / "maps").mkdir(exist_ok=True)
        shutil.copy(Path(__file__).parents[2] / "instruments" / name, folder / name)
    plan, root = CHAPTERS_FOLDER / "test_delivery.py", CHAPTERS_FOLDER.parent
    for name, path in {**code_of_plans(root, [plan]), "test_plans/test_delivery.py": plan}.items():
        (folder / "plans" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, folder / "plans" / name)
    _write_journal(folder, ended=ended)
    if ended:
        _write_views(folder)
    return folder


def _write_journal(folder: Path, *, ended: bool) -> None:
    clock = [0.0]
    with Journal(folder / "journal.jsonl", lambda: clock[0]) as journal:
        inputs = {"inputs": input_hashes(folder), "code_sha256": own_code_sha256()}
        journal.write("journal-opened", format=str(FORMAT), **inputs)
        said = {"decision_rule": "guard band w = U, ILAC-G8:09/2019 (false accept below 2.5 %)"}
        journal.write("run-started", **{**RUN_STARTED, **said})
        journal.write("test-started", node=NODE, title="a", chapter="delivery", requirements=[], purpose="")
        journal.write("infusion-started", infusion="continuous")
        for number in range(20):
            clock[0] = 30.0 * number
            journal.sample(**sample_data(clock[0], "continuous", mass_g=0.02 * number))
        if ended:
            judged = {"name": "quiet", "verdict": "FAIL", "reason": "so it was", "rule": "yes or no"}
            journal.write("judgement", **judged)
            journal.write("test-ended", node=NODE, verdict="FAIL", reason="pump: judge: FAIL so it was")
            journal.write("run-ended", reason="tests_failed")


def _write_views(folder: Path) -> None:
    results = folder / "allure-results"
    results.mkdir()
    result = '{"uuid": "1", "name": "a", "fullName": "test_plans.test_delivery#test_a", "status": "failed", "labels": '
    (results / "1-result.json").write_text(result + '[{"name": "verdict", "value": "fail"}]}', encoding="utf-8")
    for name in ("environment.properties", "executor.json", "categories.json"):
        (results / name).write_text("{}", encoding="utf-8")
    (folder / "samples").mkdir()
    (folder / "pictures").mkdir()
    samples_parquet.write(folder)
    write_views(folder, summarise(folder))


Words = Callable[[Path], list[str]]
"""The words of a command, of a run folder."""

INPUTS = ["bench.toml", "profile.toml", "requirements.toml", "environment.lock", "collected.json", "maps/pump.toml",
          "plans/test_plans/test_delivery.py"]  # fmt: skip
PROCESS = ["run.pid", "run.request", "run.stopping"]
VIEWS = ["summary.json", "samples.parquet", "report.html", "allure-results/1-result.json", "samples/I-0001.csv",
         "allure-results", "samples", "pictures", "report", "maps", "plans", "conftest.py"]  # fmt: skip
JOURNAL = ["journal.jsonl", "journal-continued.jsonl"]
COMMANDS: dict[str, tuple[bool, Words]] = {
    "report": (True, lambda run: ["report", str(run)]),
    "rebuild": (True, lambda run: ["report", str(run), "--rebuild"]),
    "trace": (True, lambda run: ["trace", str(run)]),
    "check": (True, lambda run: ["journal", "check", str(run)]),
    "show": (True, lambda run: ["journal", "show", str(run)]),
    "analyse": (True, lambda run: ["analyse", str(run), "--rate", "0.04 mL/h"]),
    "resume": (False, lambda run: ["resume", str(run), "--no-html"]),
    "end": (False, lambda run: ["end", str(run), "--why", "junk"]),
    "pause": (False, lambda run: ["pause", str(run)]),
    "stop-run": (False, lambda run: ["stop-run", str(run)]),
}
RUN_CASES = [
    (command, name, kind) for command in COMMANDS for name in [*INPUTS, *PROCESS, *VIEWS, *JOURNAL] for kind in JUNK
]
GIVEN: dict[str, list[str]] = {
    "doctor {}": [BENCH],
    "who {}": [BENCH],
    "release {} --from nobody@nowhere": [BENCH],
    "run {}": [BENCH],
    "run bench.toml --profile {}": ["profile.toml"],
    "trace ended --requirements {}": ["requirements.toml"],
    "analyse {}": ["recording.csv"],
    "journal check {}": ["a.jsonl"],
    "journal show {}": ["a.jsonl"],
}
GIVEN_CASES = [(words, kind) for words in GIVEN for kind in JUNK]
LEASE_CASES = [(name, kind) for name in ("guard.lock", "{}.json", "{}.lock") for kind in JUNK]


def a_share_of(cases: list[Any], seed: int) -> list[Any]:
    wanted = os.environ.get("PUMPBENCH_JUNK")
    if wanted == "all":
        return cases
    count = int(wanted) if wanted else max(LEAST, len(cases) // SHARE)
    return sorted(random.Random(f"{own_code_sha256()}{seed}").sample(cases, min(count, len(cases))))


def is_told_well(ended: Ended) -> None:
    """Ends in time with a code that says so; who refuses says why, in a sentence and without a traceback."""
    assert ended.exit_code is not None, "it hung"
    assert ended.exit_code in {0, 2, 3}, ended.printed[-3000:]
    assert "Traceback" not in ended.printed, ended.printed[-3000:]
    assert "defect of pumpbench" not in ended.printed, ended.printed[-3000:]
    assert "INTERNALERROR" not in ended.printed, ended.printed[-3000:]
    assert "\x1b[2J" not in ended.printed
    assert len(ended.printed) < 100_000, f"{len(ended.printed)} characters: {ended.printed[:1000]}"
    if ended.exit_code:
        assert re.search(r"[a-z]{3,} [a-z]+", ended.printed), ended.printed


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    runs = tmp_path_factory.mktemp("runs")
    return {ended: made_run(runs / ("ended" if ended else "killed"), ended=ended) for ended in (True, False)}


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(STATE_FOLDER, str(tmp_path / "leases"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "leases"


@pytest.mark.parametrize("command", COMMANDS)
def test_with_every_file_in_its_place_a_command_does_its_work_or_says_why_not(
    originals: dict[bool, Path], tmp_path: Path, state: Path, command: str
) -> None:
    ended, words = COMMANDS[command]
    run = Path(shutil.copytree(originals[ended], tmp_path / "run"))
    told = forked_command(words(run), tmp_path)
    is_told_well(told)
    wanted = {"pause": 2, "stop-run": 2, "resume": 3}  # nobody runs it; its bench is dead
    assert told.exit_code == wanted.get(command, 0), told.printed


@pytest.mark.parametrize(("command", "name", "kind"), a_share_of(RUN_CASES, 1))
def test_junk_in_a_run_folder(
    originals: dict[bool, Path], tmp_path: Path, state: Path, command: str, name: str, kind: str
) -> None:
    ended, words = COMMANDS[command]
    run = Path(shutil.copytree(originals[ended], tmp_path / "run"))
    put_junk(run / name, kind)
    is_told_well(forked_command(words(run), tmp_path))


@pytest.mark.parametrize(("words", "kind"), a_share_of(GIVEN_CASES, 2))
def test_junk_in_a_file_that_is_given(
    originals: dict[bool, Path], tmp_path: Path, state: Path, words: str, kind: str
) -> None:
    run = Path(shutil.copytree(originals[True], tmp_path / "ended"))
    shutil.copy(run / BENCH, tmp_path / BENCH)
    (tmp_path / "recording.csv").write_text("time_s,mass_g\n" + "".join(f"{t},{t / 1e5}\n" for t in range(100)))
    shutil.copy(run / "journal.jsonl", tmp_path / "a.jsonl")
    (name,) = GIVEN[words]
    if not (tmp_path / name).exists():
        shutil.copy(run / name, tmp_path / name)
    put_junk(tmp_path / name, kind)
    ended = forked_command(words.format(name).split(), tmp_path)
    is_told_well(ended)
    torn = {"zeros", "lists in lists", "tables in tables"}  # of a journal half a last line, which breaks nothing
    let_pass = {"twice", "cut"} | ({"nothing", *torn} if words.startswith("journal show") else set())
    assert kind in let_pass or ended.exit_code in {2, 3}


@pytest.mark.parametrize(("name", "kind"), a_share_of(LEASE_CASES, 3))
def test_junk_among_the_leases(originals: dict[bool, Path], tmp_path: Path, state: Path, name: str, kind: str) -> None:
    state.mkdir(mode=0o700)
    file = BenchFile.load(originals[True] / BENCH)
    put_junk(state / name.format(lease_key(file)), kind)
    for words in (["who", str(originals[True] / BENCH)], ["doctor", str(originals[True] / BENCH)]):
        is_told_well(forked_command(words, tmp_path))
