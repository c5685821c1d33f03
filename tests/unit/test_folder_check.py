# SPDX-License-Identifier: Apache-2.0
"""`journal check` looks at what else is in the folder: what was changed, and what no run leaves there, by name."""

import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bench.journal import Journal
from cli.main import app_of
from reports.folder_check import beside_journal
from tests.sim.test_junk_in_every_file import made_run


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_run(tmp_path_factory.mktemp("runs") / "run", ended=True)


@pytest.fixture
def run(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "run"))


def check(run: Path) -> Result:
    return CliRunner().invoke(app_of(["journal"]), ["journal", "check", str(run)], env={"COLUMNS": "200"})


def test_a_folder_as_the_run_left_it_has_nothing_odd(run: Path) -> None:
    assert beside_journal(run, ended=True) == ()
    told = check(run)
    assert (told.exit_code, "\nfolder  " in told.stdout) == (0, False)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("profile.toml", b"accuracy", b"inaccuracy"),
        ("requirements.toml", b"[baseline]", b"[ baseline]"),
        ("bench.toml", b'name = "simulated"', b'name = "other"'),
        ("collected.json", b"test_a", b"test_b"),
        ("plans/test_plans/test_delivery.py", b"import", b"import  "),
    ],
)
def test_every_input_that_was_changed_is_named_and_the_check_ends_with_3(
    run: Path, name: str, old: bytes, new: bytes
) -> None:
    content = (run / name).read_bytes()
    assert old in content
    (run / name).write_bytes(content.replace(old, new))
    (run / "environment.lock").unlink()
    told = check(run)
    assert told.exit_code == 3
    assert f"CHANGED {name}: it was changed: SHA-256 " in told.stdout
    assert "CHANGED environment.lock: it is missing; the run began with it" in told.stdout
    assert "chain    whole" in told.stdout


def test_a_page_that_was_changed_is_named(run: Path) -> None:
    page = run / "report.html"
    page.write_text(page.read_text(encoding="utf-8").replace("FAIL", "PASS"), encoding="utf-8")
    assert "report.html: it is not the page that this version makes of the journal" in check(run).stdout


@pytest.mark.parametrize("name", ["summary.json", "allure-results/1-result.json", "samples.parquet"])
def test_what_was_made_from_the_journal_and_changed_since_is_named(run: Path, name: str) -> None:
    content = (run / name).read_bytes()
    (run / name).write_bytes(content.replace(b"FAIL", b"PASS").replace(b'"failed"', b'"passed"')[:-20] + content[-20:])
    if name.endswith("parquet"):
        (run / name).write_bytes(content[:-100])
    told = check(run)
    assert told.exit_code == 3
    assert f"CHANGED {name}: it " in told.stdout


def test_files_that_no_run_leaves_are_named_and_break_nothing(run: Path, tmp_path: Path) -> None:
    (run / "conftest.py").write_text("", encoding="utf-8")
    (run / "plans" / "extra.py").write_text("", encoding="utf-8")
    os.mkfifo(run / "pipe")
    (run / "home").symlink_to(tmp_path)
    (run / "pictures" / "out.png").symlink_to("/etc/passwd")
    os.link(run / "bench.toml", tmp_path / "second-name")
    (run / "profile.toml").chmod(0o666)
    told = check(run)
    assert told.exit_code == 0
    for line in (
        "conftest.py: no run writes this",
        "plans/extra.py: no run writes this",
        "pipe: neither a file nor a folder",
        f"home: a link to {tmp_path}",
        "pictures/out.png: a link to /etc/passwd",
        "bench.toml: it has 2 names",
        "profile.toml: others than its owner may write to it (mode 666)",
    ):
        assert f"folder   {line}" in told.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_is_named_with_its_owner(run: Path) -> None:
    os.chown(run / "profile.toml", 12345, -1)
    assert "profile.toml: it belongs to user 12345, and the run folder to root" in check(run).stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_a_group_of_several_may_not_write_and_one_of_the_owner_alone_may(run: Path) -> None:
    (run / "profile.toml").chmod(0o664)
    assert beside_journal(run, ended=False) == ()  # root's group is root's
    os.chown(run / "profile.toml", -1, 12345)
    (found,) = beside_journal(run, ended=False)
    assert str(found) == "profile.toml: others than its owner may write to it (mode 664)"


def test_an_input_that_leads_out_of_the_folder_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x", encoding="utf-8")
    folder = tmp_path / "run"
    folder.mkdir()
    with Journal(folder / "journal.jsonl") as journal:
        inputs = {"../secret": "0" * 64, str(tmp_path / "secret"): "0" * 64}
        journal.write("journal-opened", format="1.1", inputs=inputs, code_sha256="")
    found = [one for one in beside_journal(folder, ended=False) if one.grave]
    assert [one.seen for one in found] == ["it is no file of the folder"] * 2


def test_a_folder_with_very_many_files_is_told_in_short(run: Path) -> None:
    for number in range(60):
        (run / f"stranger-{number}").touch()
    told = check(run).stdout
    assert "and 10 more of this sort" in told
