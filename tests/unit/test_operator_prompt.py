# SPDX-License-Identifier: Apache-2.0
"""A person is asked at the terminal and in the run folder; who answered, how and when stands in the journal."""

from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bench.attendance import FileAttendant, OperatorPrompt, TerminalAttendant, answer_prompt, prompt_in
from bench.attendance.file_attendant import ANSWER_FILE, PROMPT_FILE
from cli.main import app_of
from groundfloor.errors import PlanError

ASKED = "put the check weight on the pan"
NO_TERMINAL = TerminalAttendant("/nowhere/tty")


class Asked:
    """A prompt in a folder, and what was noted of it."""

    def __init__(self, folder: Path) -> None:
        self.noted: list[tuple[str, dict[str, str]]] = []
        note = lambda what, fields: self.noted.append((what, fields))  # noqa: E731
        self.prompt = OperatorPrompt("Ada", NO_TERMINAL, FileAttendant(folder), note)
        assert self.prompt.ask(ASKED)

    @property
    def kinds(self) -> list[str]:
        return [what for what, _ in self.noted]


def test_an_answer_from_another_terminal_counts_with_its_name_and_time(tmp_path: Path) -> None:
    asked = Asked(tmp_path)
    assert not asked.prompt.answered()
    assert answer_prompt(tmp_path, " Grace Hopper ") == ASKED
    assert asked.prompt.answered()
    assert asked.kinds == ["operator-asked", "operator-answered"]
    told = asked.noted[-1][1]
    assert (told["by"], told["way"]) == ("Grace Hopper", "pumpbench answer")
    assert datetime.fromisoformat(told["answered_utc"]).tzinfo is not None
    assert list(tmp_path.iterdir()) == [], "nothing is left to be answered"


def test_what_a_chapter_of_a_run_asks_is_answered_through_the_folder_of_the_run(tmp_path: Path) -> None:
    idle, asks = (tmp_path / "chapters" / name for name in ("run.001-bolus", "run.002-kink"))
    for folder in (idle, asks):
        folder.mkdir(parents=True)
    asked = Asked(asks)
    shown = prompt_in(tmp_path)
    assert shown is not None
    assert shown.request == answer_prompt(tmp_path, "Grace") == ASKED
    assert asked.prompt.answered()
    with pytest.raises(PlanError, match="it asks for nothing now"):
        answer_prompt(tmp_path, "Grace")


def test_no_link_leads_an_answer_out_of_the_run(tmp_path: Path) -> None:
    elsewhere, run = tmp_path / "elsewhere" / "run.001-kink", tmp_path / "run"
    elsewhere.mkdir(parents=True)
    run.mkdir()
    asked = Asked(elsewhere)
    (run / "chapters").symlink_to(elsewhere.parent)
    assert prompt_in(run) is None
    (run / "chapters").unlink()
    (run / "chapters").mkdir()
    (run / "chapters" / "run.001-kink").symlink_to(elsewhere)
    with pytest.raises(PlanError, match="it asks for nothing now"):
        answer_prompt(run, "Grace")
    assert not asked.prompt.answered()


def test_an_answer_counts_once_and_for_its_own_prompt_alone(tmp_path: Path) -> None:
    asked = Asked(tmp_path)
    answer_prompt(tmp_path, "Grace")
    late = (tmp_path / ANSWER_FILE).read_bytes()
    assert asked.prompt.answered()
    assert asked.prompt.ask("take it off")
    (tmp_path / ANSWER_FILE).write_bytes(late)
    assert not asked.prompt.answered()


def test_a_prompt_that_was_given_up_cannot_be_answered_and_is_noted(tmp_path: Path) -> None:
    asked = Asked(tmp_path)
    asked.prompt.give_up()
    with pytest.raises(PlanError, match="it asks for nothing now"):
        answer_prompt(tmp_path, "Grace")
    assert asked.kinds == ["operator-asked", "operator-silent"]


def test_what_was_answered_is_never_noted_as_silence_and_silence_only_once(tmp_path: Path) -> None:
    """Whoever closes the bench gives up whatever it asked for last."""
    asked = Asked(tmp_path)
    answer_prompt(tmp_path, "Grace")
    assert asked.prompt.answered()
    asked.prompt.give_up()
    assert asked.kinds == ["operator-asked", "operator-answered"]
    asked.prompt.ask("another thing")
    asked.prompt.give_up()
    asked.prompt.give_up()
    assert asked.kinds[2:] == ["operator-asked", "operator-silent"]


@pytest.mark.parametrize(
    "junk", [b"", b"{", b"\xff" * 99, b'{"number": 1, "by": "", "at_utc": "2026-01-01T00:00:00Z"}']
)
def test_junk_in_place_of_an_answer_is_none(tmp_path: Path, junk: bytes) -> None:
    asked = Asked(tmp_path)
    (tmp_path / ANSWER_FILE).write_bytes(junk)
    assert not asked.prompt.answered()
    answer_prompt(tmp_path, "Grace")
    assert asked.prompt.answered()


@pytest.mark.parametrize("by", ["", "   ", "two\nlines", "x" * 201])
def test_what_is_no_name_is_refused(tmp_path: Path, by: str) -> None:
    Asked(tmp_path)
    with pytest.raises(PlanError, match="is no name of a person"):
        answer_prompt(tmp_path, by)


def test_a_prompt_that_is_junk_is_told(tmp_path: Path) -> None:
    (tmp_path / PROMPT_FILE).write_bytes(b"\x00")
    with pytest.raises(PlanError, match="its prompt cannot be read"):
        answer_prompt(tmp_path, "Grace")


def test_the_command_answers_and_says_what_was_asked(tmp_path: Path) -> None:
    asked = Asked(tmp_path)
    told = CliRunner().invoke(app_of(["answer"]), ["answer", str(tmp_path), "--by", "Grace"])
    assert told.exit_code == 0, told.output
    assert ASKED in told.output
    assert asked.prompt.answered()
