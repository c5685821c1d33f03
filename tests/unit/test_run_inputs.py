# SPDX-License-Identifier: Apache-2.0
"""The inputs of a run are bound to its journal; one that was changed or taken away is named."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.journal import FORMAT, Journal
from bench.journal.lines import JournalOpened
from bench.run import input_hashes, kept_plan, own_code_sha256, refuse_changed_inputs, refuse_other_plans
from bench.simulated_bench import simulated_bench
from cli.main import app_of
from groundfloor.errors import BenchFault
from instruments.simulated.wires.twin_addresses import TwinAddresses

FILES = ("bench.toml", "profile.toml", "requirements.toml", "environment.lock", "collected.json", "maps/pump.toml",
         "maps/rig.toml", "plans/test_plans/test_day.py", "plugins/rig-of-the-bench-file/wire.py")  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "run" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"content = {name!r}\n", encoding="utf-8")
    run = tmp_path / "run"
    (run / "collected.json").write_text('{"tests": ["test_plans/test_day.py::test_a"]}', encoding="utf-8")
    journal = Journal(run / "journal.jsonl")
    journal.put(JournalOpened(format=str(FORMAT), inputs=input_hashes(run)))
    journal.close()
    return run


def test_every_input_that_is_kept_is_bound(folder: Path) -> None:
    assert sorted(input_hashes(folder)) == sorted(FILES)
    refuse_changed_inputs(folder)


@pytest.mark.parametrize("name", FILES)
def test_an_input_that_was_changed_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text("another = 1\n", encoding="utf-8")
    with pytest.raises(BenchFault, match=f"check {name}: it is not what the run began with"):
        refuse_changed_inputs(folder)


@pytest.mark.parametrize("name", FILES)
def test_an_input_that_was_taken_away_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BenchFault, match=f"check {name}: it is missing"):
        refuse_changed_inputs(folder)


@pytest.mark.parametrize("command", ["report", "resume"])
def test_a_command_that_reads_the_run_refuses_a_changed_input(folder: Path, command: str) -> None:
    (folder / "profile.toml").write_text("tolerance = 60\n", encoding="utf-8")
    told = CliRunner().invoke(app_of(), [command, str(folder)])
    assert isinstance(told.exception, BenchFault)
    assert "check profile.toml: it is not what the run began with" in str(told.exception)
    assert not (folder / "summary.json").exists()


def test_a_plan_that_was_changed_beside_the_run_is_named(folder: Path, tmp_path: Path) -> None:
    plan = tmp_path / "test_plans" / "test_day.py"
    plan.parent.mkdir()
    plan.write_bytes((folder / "plans/test_plans/test_day.py").read_bytes())
    tests = ["test_plans/test_day.py::test_a", "test_plans/test_day.py::test_b"]
    refuse_other_plans(folder, tmp_path, tests)
    plan.write_text("easier = True\n", encoding="utf-8")
    with pytest.raises(BenchFault, match=r"test_day\.py: resume: it is not the plan that the run began with"):
        refuse_other_plans(folder, tmp_path, tests)


@pytest.mark.parametrize("plan", ["/etc/plan.py", "../../plan.py", "a/../../../plan.py"])
def test_a_plan_is_kept_inside_the_run_folder_wherever_it_comes_from(plan: str) -> None:
    assert kept_plan(plan).startswith("plans/")
    assert ".." not in kept_plan(plan)


def test_where_a_twin_listens_does_not_count_and_all_else_does(tmp_path: Path) -> None:
    hashes = []
    for number, port in enumerate((5001, 6001)):
        folder = tmp_path / str(number)
        folder.mkdir()
        pump, balance, control = (
            f"tcp://127.0.0.1:{port}",
            f"TCPIP::127.0.0.1::{port + 1}::SOCKET",
            f"127.0.0.1:{port + 2}",
        )
        serials = ("SIM20-0001", "SIMRIG-0001", "SIMBAL-0001")
        addresses = TwinAddresses(pump, pump, balance, control, "stepped", 1.0, 1, "implantable-20ml", *serials, ())
        simulated_bench(addresses).write(folder / "bench.toml")
        hashes.append(input_hashes(folder))
    assert hashes[0] == hashes[1]
    path = tmp_path / "0" / "bench.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("readability_mg = 0.01", "readability_mg = 0.02"))
    assert input_hashes(tmp_path / "0") != hashes[1]


def test_the_address_of_a_real_instrument_counts(folder: Path) -> None:
    path = folder / "bench.toml"
    path.write_text('address = "tcp://lab:502"\n', encoding="utf-8")
    first = input_hashes(folder)
    path.write_text('address = "tcp://lab:503"\n', encoding="utf-8")
    assert input_hashes(folder) != first


def test_a_journal_without_hashes_says_nothing_of_inputs(tmp_path: Path) -> None:
    Journal(tmp_path / "journal.jsonl").close()
    refuse_changed_inputs(tmp_path)


def test_one_changed_letter_of_our_own_code_is_another_code(tmp_path: Path) -> None:
    file = tmp_path / "bench" / "room" / "part.py"
    file.parent.mkdir(parents=True)
    file.write_text("one = 1\n")
    own_code_sha256.cache_clear()
    first = own_code_sha256(tmp_path)
    file.write_text("one = 2\n")
    own_code_sha256.cache_clear()
    assert own_code_sha256(tmp_path) != first
    file.rename(file.with_name("other.py"))
    own_code_sha256.cache_clear()
    assert own_code_sha256(tmp_path) != first
    assert len(own_code_sha256()) == 64
