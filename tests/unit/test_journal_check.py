# SPDX-License-Identifier: Apache-2.0
"""`pumpbench journal check` names the first line that is not what the bench wrote."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from bench.journal import check_journal
from bench.journal.journal_check import BrokenLine
from bench.journal.journal_reader import Damage
from cli.main import app_of
from tests.unit.any_lines import any_journal

LINES = 8


@pytest.fixture
def path(tmp_path: Path) -> Path:
    journal = any_journal(tmp_path / "journal.jsonl", now_s=lambda: 3725.5)
    journal.write("run-started", run_id="r")
    for number in range(5):
        journal.sample(mass_g=number / 10)
    journal.write("judgement", name="volume", verdict="FAIL", reason="too little")
    journal.write("run-ended", reason="ok")
    journal.close()
    return journal.path


def pumpbench(*arguments: object) -> Result:
    return CliRunner().invoke(app_of(), [str(one) for one in arguments])


def edit(path: Path, number: int, old: bytes, new: bytes) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    assert old in lines[number - 1]
    lines[number - 1] = lines[number - 1].replace(old, new, 1)
    path.write_bytes(b"".join(lines))


def rearrange(path: Path, change: Callable[[list[bytes]], object]) -> list[bytes]:
    lines = path.read_bytes().splitlines(keepends=True)
    change(lines)
    path.write_bytes(b"".join(lines))
    return lines


def broken(path: Path) -> BrokenLine:
    found = check_journal(path)
    assert not found.whole
    assert found.broken is not None
    return found.broken


def test_a_whole_journal_is_counted(path: Path) -> None:
    found = check_journal(path)
    assert found.whole
    assert (found.lines, found.samples, found.started, found.ended) == (LINES, 5, True, True)
    shown = pumpbench("journal", "check", path.parent)
    assert shown.exit_code == 0
    assert "lines    8, of which 5 are samples" in shown.output
    assert "run      ended" in shown.output
    assert "chain    whole" in shown.output


@pytest.mark.parametrize("number", [1, 2, 5, 6])
def test_an_edited_line_is_the_one_that_is_named(path: Path, number: int) -> None:
    edit(path, number, b'"t":3725.5', b'"t":3725.6')
    found = broken(path)
    lines = path.read_bytes().splitlines(keepends=True)
    assert (found.number, found.damage) == (number, Damage.HASH)
    assert found.offset == sum(map(len, lines[: number - 1]))


@pytest.mark.parametrize("number", [1, 2, 5, 7])
def test_an_edited_hash_is_found_in_its_own_line(path: Path, number: int) -> None:
    prev = json.loads(path.read_bytes().splitlines()[number - 1])["prev"]
    edit(path, number, prev.encode(), hashlib.sha256(b"other").hexdigest().encode())
    assert (broken(path).number, broken(path).damage) == (number, Damage.HASH)


def test_an_edit_next_to_the_end_is_told_with_the_doubt_that_it_may_be_in_the_last_line(path: Path) -> None:
    edit(path, 7, b'"FAIL"', b'"PASS"')
    assert broken(path).number == 7
    assert "or the line after it was" in broken(path).seen


def test_missing_repeated_and_swapped_lines_are_told_as_such(path: Path) -> None:
    whole = path.read_bytes()
    rearrange(path, lambda lines: lines.pop(3))
    assert (broken(path).number, broken(path).damage) == (4, Damage.SEQUENCE)
    assert "lines are missing before it" in broken(path).seen
    path.write_bytes(whole)
    rearrange(path, lambda lines: lines.insert(3, lines[3]))
    assert (broken(path).number, broken(path).damage) == (5, Damage.SEQUENCE)
    assert "wrong place" in broken(path).seen
    path.write_bytes(whole)
    rearrange(path, lambda lines: lines.insert(2, lines.pop(4)))
    assert (broken(path).number, broken(path).damage) == (3, Damage.SEQUENCE)


def test_a_first_line_that_is_missing_shows(path: Path) -> None:
    rearrange(path, lambda lines: lines.pop(0))
    assert (broken(path).number, broken(path).offset, broken(path).damage) == (1, 0, Damage.SEQUENCE)


@pytest.mark.parametrize(
    "line",
    [
        b"garbage\n",
        b"\n",
        b"[]\n",
        b"1\n",
        b'{"seq":3}\n',
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b'{"seq":3,"t":NaN,"kind":"event","data":{},"prev":""}\n',
        b'{"seq":3,"t":1,"kind":"event","data":[],"prev":""}\n',
        b'{"seq":true,"t":1,"kind":"event","data":{},"prev":""}\n',
    ],
)
def test_what_is_no_line_of_a_journal_is_told_as_such(path: Path, line: bytes) -> None:
    lines = rearrange(path, lambda lines: lines.insert(3, line))
    found = broken(path)
    assert (found.number, found.damage, found.offset) == (4, Damage.NO_LINE, sum(map(len, lines[:3])))


def test_a_torn_last_line_is_told_and_breaks_nothing(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])
    shown = pumpbench("journal", "check", path)
    assert shown.exit_code == 0
    assert "half a last line" in shown.output
    assert "did not end: it was cut short or is still running" in shown.output
    assert check_journal(path).lines == LINES - 1


def test_lines_cut_off_the_end_show_by_a_run_that_does_not_end(path: Path) -> None:
    rearrange(path, lambda lines: lines.pop())
    found = check_journal(path)
    assert found.whole
    assert not found.ended


def test_the_command_tells_line_byte_and_damage_and_is_no_fail(path: Path) -> None:
    edit(path, 3, b"0.1", b"0.7")
    shown = pumpbench("journal", "check", path.parent)
    assert shown.exit_code == 3
    offset = sum(map(len, path.read_bytes().splitlines(keepends=True)[:2]))
    assert f"BROKEN in line 3, at byte {offset}: hash:" in shown.output


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_one_flipped_bit_anywhere_but_in_the_last_line_is_found(path: Path, data: st.DataObject) -> None:
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, -1)
    place = data.draw(st.integers(0, last))
    changed = bytearray(whole)
    changed[place] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(changed)
    try:
        found = check_journal(path)
    finally:
        path.write_bytes(whole)
    number = whole[:place].count(b"\n") + 1
    assert found.broken is not None
    assert abs(found.broken.number - number) <= 1  # a changed hash or line feed may be seen from either side


def test_a_folder_without_a_journal_is_wrong_use(tmp_path: Path) -> None:
    shown = pumpbench("journal", "check", tmp_path)
    assert type(shown.exception).__name__ == "PlanError"


def test_show_tells_events_and_verdicts_and_leaves_samples_out(path: Path) -> None:
    shown = pumpbench("journal", "show", path.parent)
    assert "FAIL – volume: too little" in shown.output
    assert "1:02:06" in shown.output
    assert "mass_g" not in shown.output
    assert "mass_g 0.4" in pumpbench("journal", "show", path.parent, "--samples").output
    assert "run-started" not in pumpbench("journal", "show", path.parent, "--last", 1).output


def test_what_a_device_wrote_into_the_journal_steers_no_terminal(tmp_path: Path) -> None:
    journal = any_journal(tmp_path / "journal.jsonl")
    journal.write("event", title="\x1b[2J\x1b]0;owned\x07 [bold red]PASS[/] \u202eSSAP :bomb:", what="\r\nforged")
    journal.write("\x1b[31mkind")
    journal.close()
    output = pumpbench("journal", "show", tmp_path).output
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(output)
    assert "[bold red]PASS[/]" in output
    assert ":bomb:" in output
