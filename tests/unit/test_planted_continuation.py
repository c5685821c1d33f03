# SPDX-License-Identifier: Apache-2.0
"""What another user puts where a continuation would be is never read as one, and never written over our journal."""

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.journal import CONTINUED, JournalLost, read_lines
from bench.journal.journal_file import JournalFile
from bench.run.run_recovery import recover_runs
from groundfloor.errors import BenchFault
from tests.unit.any_lines import any_journal, any_journal_reopened

RUN = "run-1"


@pytest.fixture
def usual(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The usual second folder in the place for temporary files, which others may make before we do."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    return tmp_path / f"pumpbench-{os.getuid()}" / RUN


@pytest.fixture
def journal(tmp_path: Path, usual: Path) -> Path:
    """The journal of a run that was cut short."""
    folder = tmp_path / "runs" / RUN
    folder.mkdir(parents=True)
    one = any_journal(folder / "journal.jsonl")
    one.write("run-started")
    one.sample(number=1)
    one.close()
    return one.path


def lines_of_a_passed_run(tmp_path: Path) -> list[bytes]:
    forged = any_journal(tmp_path / "forged.jsonl")
    forged.write("run-started")
    forged.sample(number=1)
    forged.write("event", title="all is well")
    forged.close()
    return forged.path.read_bytes().splitlines(keepends=True)


def header(journal: Path, **more: object) -> bytes:
    first = {"continues": str(journal.absolute()), "at_byte": 0, "seq": 0, "prev": "0" * 64, **more}
    return json.dumps(first).encode() + b"\n"


def plant(folder: Path, content: bytes, mode: int = 0o700) -> Path:
    folder.mkdir(parents=True)
    folder.parent.chmod(mode)
    path = folder / CONTINUED
    path.write_bytes(content)
    return path


def titles(journal: Path) -> list[object]:
    return [line.data["title"] for line in read_lines(journal) if line.kind == "event"]


def of_other_owner(monkeypatch: pytest.MonkeyPatch, owned: Path) -> None:
    """Let `owned` and all in it look like another user's."""
    stat_of = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        found = stat_of(path)
        if owned not in (path, *path.parents):
            return found
        return os.stat_result([*found[:4], os.geteuid() + 1, *found[5:10]])

    monkeypatch.setattr(Path, "lstat", lstat)


def test_a_whole_run_that_goes_on_from_nothing_is_no_continuation_whoever_owns_it(
    journal: Path, usual: Path, tmp_path: Path
) -> None:
    plant(usual, header(journal) + b"".join(lines_of_a_passed_run(tmp_path)))
    before = journal.read_bytes()
    assert titles(journal) == []
    recover_runs(journal.parent.parent)
    assert journal.read_bytes().startswith(before)
    assert titles(journal) == []


def fitting_end(journal: Path, tmp_path: Path) -> bytes:
    """Return what really continues the journal behind its first line, and claims more than it holds."""
    forged = lines_of_a_passed_run(tmp_path)
    assert journal.read_bytes() == b"".join(forged[:-1])
    at_byte = len(forged[0]) + len(forged[1])
    before = json.loads(forged[2])
    return header(journal, at_byte=at_byte, seq=2, prev=before["prev"]) + b"".join(forged[2:])


def test_a_continuation_of_our_own_that_fits_is_read(journal: Path, usual: Path, tmp_path: Path) -> None:
    plant(usual, fitting_end(journal, tmp_path))
    assert titles(journal) == ["all is well"]


def not_ours(_path: Path, usual: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_other_owner(monkeypatch, usual.parent)


def file_not_ours(path: Path, _usual: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_other_owner(monkeypatch, path)


def folder_open_to_all(_path: Path, usual: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    usual.parent.chmod(0o777)


def run_folder_open_to_a_group(_path: Path, usual: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    usual.chmod(0o770)


def file_open_to_all(path: Path, _usual: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    path.chmod(0o666)


def folder_is_a_link(_path: Path, usual: Path, _monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = usual.parent.with_name("elsewhere")
    usual.parent.rename(elsewhere)
    usual.parent.symlink_to(elsewhere)


WAYS = [not_ours, file_not_ours, folder_open_to_all, run_folder_open_to_a_group, file_open_to_all, folder_is_a_link]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_somebody_else_could_have_put_there_is_not_read(
    journal: Path,
    usual: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[Path, Path, pytest.MonkeyPatch], None],
) -> None:
    way(plant(usual, fitting_end(journal, tmp_path)), usual, monkeypatch)
    assert titles(journal) == []


def test_a_journal_that_is_gone_is_not_replaced_by_somebody_elses(
    journal: Path, usual: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(usual, b"").with_name("journal.jsonl").write_bytes(b"".join(lines_of_a_passed_run(tmp_path)))
    journal.unlink()
    assert titles(journal) == ["all is well"]  # of our own it would have been the copy
    of_other_owner(monkeypatch, usual.parent)
    with pytest.raises(BenchFault):
        titles(journal)


def test_a_continuation_that_tells_another_end_than_the_journal_is_refused(
    journal: Path, usual: Path, tmp_path: Path
) -> None:
    started, sample, event = lines_of_a_passed_run(tmp_path)
    other = sample.replace(b'"number":1', b'"number":2')
    assert other != sample
    after_start = header(journal, at_byte=len(started), seq=1, prev=json.loads(sample)["prev"])
    path = plant(usual, after_start + other + event)
    assert titles(journal) == []
    (journal.parent / CONTINUED).symlink_to(path)
    with pytest.raises(BenchFault, match="not what the journal holds itself"):
        titles(journal)


def test_a_journal_that_took_not_even_its_first_line_has_no_continuation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: JournalFile, _lines: bytes) -> None:
        raise OSError("full")

    monkeypatch.setattr(JournalFile, "put", full)
    one = any_journal(tmp_path / "journal.jsonl", fallback=[tmp_path / "second"])
    with pytest.raises(JournalLost):
        one.write("run-started")
    with pytest.raises(JournalLost, match="found no place"):
        one.close()
    assert not (tmp_path / "second").exists()


@pytest.mark.parametrize("place", ["beside the journal", "the usual place"])
def test_nothing_goes_on_behind_the_end_of_a_run(journal: Path, usual: Path, tmp_path: Path, place: str) -> None:
    with any_journal_reopened(journal, lambda: 0.0) as one:
        one.write("run-ended", reason="tests_failed")
    whole = journal.read_bytes()
    last = json.loads(whole.splitlines()[-1])
    ended = hashlib.sha256(whole.splitlines()[-1]).hexdigest()
    more = json.dumps(
        {"seq": last["seq"] + 1, "t": 0.0, "kind": "event", "data": {"title": "all is well"}, "prev": ended}
    )
    content = header(journal, at_byte=len(whole), seq=last["seq"] + 1, prev=ended) + more.encode() + b"\n"
    if place == "the usual place":
        plant(usual, content)
        assert titles(journal) == []
    else:
        journal.with_name(CONTINUED).write_bytes(content)
        with pytest.raises(BenchFault, match="it goes on behind the end of the run"):
            titles(journal)
