# SPDX-License-Identifier: Apache-2.0
"""Whatever stands in a journal: it is read, checked and summed up, or a BenchFault says why not."""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from bench.journal import CONTINUED, Journal, check_journal, read_lines, samples_frame
from bench.journal.journal_chain import Chain
from bench.run import UnfinishedRun, recover_runs
from cli.main import app_of
from groundfloor.errors import BenchFault, PlanError
from reports import samples_parquet
from reports.allure_results import write_context
from reports.preflight_table import preflight_in_short
from reports.summary import summarise
from reports.verdict_table import verdict_table
from tests.unit.fuzzing import ODD_VALUES, bounded, spoiled, spoiled_bytes
from tests.unit.reports.conftest import HandMadeRun


def good_run(folder: Path) -> Path:
    run = HandMadeRun(folder, ["a", "b"])
    run.start()
    noise = {"check": "noise", "state": "OK", "seen": "", "lower": None, "upper": 1.0, "unit": "mg"}
    run.journal.write("event", what="preflight", title="noise: OK", **noise)
    run.start_test("a")
    run.sample()
    run.judge("pass")
    run.end_test("a", "pass")
    run.journal.write("resumed", torn="")
    run.whole_test("b", "fail")
    run.end()
    run.journal.close()
    return run.journal.path


@pytest.fixture(scope="module")
def good() -> Iterator[bytes]:
    with TemporaryDirectory() as folder:
        yield good_run(Path(folder)).read_bytes()


def use_everything(folder: Path) -> None:
    """All that reads a journal; only the documented errors are let through."""
    path = folder / "journal.jsonl"
    readers: tuple[Callable[[], object], ...] = (
        lambda: list(read_lines(path)),
        lambda: samples_frame(path, "I-0001"),
        lambda: check_journal(path),
        lambda: shown(folder),
        lambda: samples_parquet.write(folder),
        lambda: write_context(folder),
        lambda: UnfinishedRun.read(path),
        lambda: Console(file=io.StringIO()).print(preflight_in_short(path)),
        lambda: recover_runs(folder.parent),
        lambda: Journal.reopen(path, lambda: 1.0).close(),
        lambda: check_journal(path),
    )
    for read in readers:
        with suppress(BenchFault, PlanError):
            read()


def shown(folder: Path) -> None:
    console = Console(file=io.StringIO(), width=120, highlight=False, emoji=False)
    console.print(verdict_table(summarise(folder), 120))


@bounded()
@given(data=st.data())
def test_fuzz_a_journal_with_odd_bytes(good: bytes, data: st.DataObject) -> None:
    with TemporaryDirectory() as runs:
        folder = Path(runs) / "run"
        folder.mkdir()
        (folder / "journal.jsonl").write_bytes(data.draw(spoiled_bytes(good)))
        use_everything(folder)


def chained(entries: list[Any]) -> bytes:
    """A journal whose chain is right whatever its lines say."""
    chain, lines = Chain(), []
    for entry in entries:
        if isinstance(entry, dict):
            entry = {**entry, "prev": chain.previous_sha256}
        line = json.dumps(entry, separators=(",", ":")).encode("ascii") + b"\n"
        chain.follow(line)
        lines.append(line)
    return b"".join(lines)


@bounded()
@given(data=st.data())
def test_fuzz_a_journal_whose_chain_is_right_and_whose_lines_are_odd(good: bytes, data: st.DataObject) -> None:
    entries = {str(number): json.loads(line) for number, line in enumerate(good.splitlines())}
    odd = data.draw(spoiled(entries))
    with TemporaryDirectory() as runs:
        folder = Path(runs) / "run"
        folder.mkdir()
        with suppress(TypeError):  # no JSON can say that
            (folder / "journal.jsonl").write_bytes(chained(list(odd.values())))
            use_everything(folder)


@bounded(0.5)
@given(data=st.data())
def test_fuzz_a_continuation(good: bytes, data: st.DataObject) -> None:
    begin = good.index(b"\n", 400) + 1
    first = {"continues": "x", "at_byte": begin, "seq": 1, "prev": "0" * 64}
    with TemporaryDirectory() as runs:
        folder = Path(runs) / "run"
        folder.mkdir()
        (folder / "journal.jsonl").write_bytes(good[:begin])
        with suppress(TypeError):
            header = json.dumps(data.draw(st.one_of(spoiled(first), ODD_VALUES))).encode() + b"\n"
            (folder / CONTINUED).write_bytes(header + data.draw(spoiled_bytes(good[begin:])))
            use_everything(folder)


@bounded(0.3)
@given(content=st.one_of(ODD_VALUES, st.fixed_dictionaries({"tests": ODD_VALUES})))
def test_fuzz_a_list_of_what_was_to_run(good: bytes, content: Any) -> None:
    with TemporaryDirectory() as folder, suppress(TypeError):
        (Path(folder) / "journal.jsonl").write_bytes(good)
        (Path(folder) / "collected.json").write_text(json.dumps(content), encoding="utf-8")
        with suppress(BenchFault, PlanError):
            shown(Path(folder))


@bounded(0.3)
@given(data=st.data())
def test_fuzz_the_commands_end_with_a_code_and_no_traceback(good: bytes, data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "journal.jsonl").write_bytes(data.draw(spoiled_bytes(good)))
        for words in (["journal", "check"], ["journal", "show"]):
            told = CliRunner().invoke(app_of(), [*words, folder])
            assert told.exception is None or isinstance(told.exception, SystemExit | BenchFault | PlanError)
            assert "\x1b" not in told.output


def test_the_good_journal_is_read_by_everything(tmp_path: Path) -> None:
    good_run(tmp_path)
    assert check_journal(tmp_path / "journal.jsonl").ended
    assert summarise(tmp_path).exit_code == 1
    shutil.rmtree(tmp_path)
