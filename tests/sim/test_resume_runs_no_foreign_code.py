# SPDX-License-Identifier: Apache-2.0
"""A run folder that somebody sent is ours as soon as we unpack it; what it names runs only if we began that run."""

import json
from pathlib import Path

import pytest

from bench.journal import FORMAT, Journal
from bench.run import input_hashes, note_begun
from cli.chapters import CHAPTERS_FOLDER
from tests.sim.forked_command import Ended, forked_command
from tests.sim.test_junk_in_every_file import made_run

MARK = "ran.txt"
CONFTEST = f"from pathlib import Path\nPath(__file__).with_name({MARK!r}).touch()\n"


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def bind(run: Path, collected: dict[str, object], **inputs: str) -> None:
    """Write the list of tests, and a journal that binds all that stands there."""
    (run / "collected.json").write_text(json.dumps(collected), encoding="utf-8")
    old = (run / "journal.jsonl").read_bytes().splitlines()[1]
    (run / "journal.jsonl").unlink()
    with Journal(run / "journal.jsonl") as journal:
        bound = {name: hash_ for name, hash_ in input_hashes(run).items() if name not in inputs.get("but", "").split()}
        journal.write("journal-opened", format=str(FORMAT), inputs=bound, code_sha256="")
        journal.write("run-started", **json.loads(old)["data"])


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """What came in an archive: a run, and a plan beside it with a conftest.py."""
    run = made_run(tmp_path / "mail" / "run", ended=False)
    plans = tmp_path / "mail" / "plans"
    plans.mkdir()
    (plans / "test_evil.py").write_text("def test_a(infusion):\n    pass\n", encoding="utf-8")
    (plans / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    return run


def resumed(run: Path, *more: str) -> Ended:
    return forked_command(["resume", str(run), "--no-html", *more], run.parent)


WAYS = {
    "absolute": lambda mail: {"tests": [f"{mail}/plans/test_evil.py::test_a"]},
    "by the present folder": lambda _mail: {"tests": ["/proc/self/cwd/plans/test_evil.py::test_a"]},
    "a root of its own": lambda mail: {"root": str(mail / "plans"), "tests": ["test_evil.py::test_a"]},
    "a relative root": lambda _mail: {"root": "plans", "tests": ["test_evil.py::test_a"]},
    "a root with a plan of the bench": lambda mail: {
        "root": str(mail / "plans"),
        "tests": [f"{CHAPTERS_FOLDER}/test_delivery.py::test_a"],
    },
    "up and away": lambda mail: {"tests": [f"test_plans/../{'../' * 30}{str(mail)[1:]}/plans/test_evil.py::test_a"]},
}


@pytest.mark.parametrize("way", WAYS)
def test_plans_that_only_the_folder_names_are_not_run(unpacked: Path, way: str) -> None:
    bind(unpacked, WAYS[way](unpacked.parent))
    before = (unpacked / "journal.jsonl").read_bytes()
    told = resumed(unpacked)
    assert told.exit_code == 3, told.printed
    assert "nothing says that you began it on this computer" in told.printed
    assert "resume it with --trust" in told.printed
    assert not (unpacked.parent / "plans" / MARK).exists()
    assert (unpacked / "journal.jsonl").read_bytes() == before


@pytest.mark.parametrize("vouched", [True, False], ids=["vouched for", "begun here"])
def test_plans_of_our_own_run_when_we_began_it_here_or_vouch_for_them(unpacked: Path, vouched: bool) -> None:
    bind(unpacked, WAYS["absolute"](unpacked.parent))
    if not vouched:
        note_begun(unpacked)
    told = resumed(unpacked, *(["--trust"] if vouched else []))
    assert (unpacked.parent / "plans" / MARK).exists(), told.printed
    assert told.exit_code == 3  # nobody answers at its bench


@pytest.mark.parametrize("name", ["a\0b.py", "\ud800.py", "x" * 5000 + ".py", "", ".", "..", "-p", "--co"])
@pytest.mark.parametrize("more", [[], ["--trust"]])
def test_a_name_that_no_plan_can_have_is_told(unpacked: Path, name: str, more: list[str]) -> None:
    bind(unpacked, {"tests": [f"{name}::test_a"]})
    told = resumed(unpacked, *more)
    assert told.exit_code in (2, 3)
    assert "Next: " in told.printed
    assert "Traceback" not in told.printed


def test_a_link_among_the_benchs_own_plans_leads_to_no_foreign_one(unpacked: Path) -> None:
    (unpacked.parent / "test_plans").symlink_to(unpacked.parent / "plans")
    bind(unpacked, {"root": str(unpacked.parent), "tests": ["test_plans/test_evil.py::test_a"]})
    assert "--trust" in resumed(unpacked).printed
    assert not (unpacked.parent / "plans" / MARK).exists()


def test_plans_of_the_bench_need_nobody_who_vouches(unpacked: Path) -> None:
    told = resumed(made_run(unpacked.parent / "other", ended=False))
    assert "--trust" not in told.printed
    assert "nothing of the run was changed" in told.printed


@pytest.mark.parametrize("name", ["profile.toml", "bench.toml", "requirements.toml", "collected.json"])
def test_a_run_whose_journal_does_not_bind_an_input_is_not_resumed(unpacked: Path, name: str) -> None:
    bind(unpacked, {"tests": ["test_plans/test_delivery.py::test_a"]}, but=name)
    told = resumed(unpacked)
    assert told.exit_code == 3
    assert f"its journal does not bind {name}" in told.printed
