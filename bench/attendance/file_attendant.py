# SPDX-License-Identifier: Apache-2.0
"""Somebody at another terminal, who is asked by a file in the run folder and answers with `pumpbench answer RUN`.

The prompt carries a number, and only an answer with that number counts: one that was given to an earlier prompt, or
came after it was given up, answers nothing.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bench.run_folder import CHAPTERS
from groundfloor.errors import PlanError
from groundfloor.file_in_folder import remove_from_folder, write_in_folder
from groundfloor.regular_file import read_regular
from groundfloor.wall_clock import utc_now

COMMAND: Final = "pumpbench answer"
PAGE: Final = "page"
"""Ways to answer."""
PROMPT_FILE, ANSWER_FILE = "operator.prompt", "operator.answer"
MOST_BYTES = 4096
NAME = r"^[^\x00-\x1f\x7f-\x9f]*$"
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NAME)]


class Prompt(BaseModel):
    """What is asked for now."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    request: str = Field(max_length=2000)


class Answer(BaseModel):
    """That it is done: by whom, by which way, and when by the clock of the computer that it was said on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int = Field(ge=1)
    by: Text
    way: Literal["pumpbench answer", "page"] = COMMAND
    at_utc: datetime


class FileAttendant:
    """An `Attendant` in a run folder.

    Args:
        folder: of the run.

    Attributes:
        answer: the last that counted; None before.
    """

    def __init__(self, folder: Path) -> None:
        self.answer: Answer | None = None
        self._folder = folder
        self._number = 0

    def ask(self, request: str) -> bool:
        """Leave the prompt in the folder; somebody may read it until it is answered or given up."""
        self.give_up()
        self._number += 1
        try:
            write_in_folder(
                self._folder, PROMPT_FILE, Prompt(number=self._number, request=request).model_dump_json().encode()
            )
        except OSError:
            return False
        return True

    def answered(self) -> bool:
        """Tell whether `pumpbench answer` said that the prompt is done."""
        answer = _answer_in(self._folder)
        if answer is None or answer.number != self._number:
            return False
        self.answer = answer
        self.give_up()
        return True

    def give_up(self) -> None:
        """Ask no more; an answer that comes now counts for nothing."""
        for name in (PROMPT_FILE, ANSWER_FILE):
            with suppress(OSError):  # it may not be there, or the disk may be gone, which others tell
                remove_from_folder(self._folder, name)


def prompt_in(folder: Path) -> Prompt | None:
    """Return what the run in `folder` asks for now; None for nothing, or what cannot be read."""
    try:
        return Prompt.model_validate_json(read_regular(_asking(folder) / PROMPT_FILE, MOST_BYTES))
    except (OSError, ValidationError):
        return None


def answer_prompt(
    folder: Path, by: str, number: int | None = None, way: Literal["pumpbench answer", "page"] = COMMAND
) -> str:
    """Answer what the run in `folder` asks for now, and return what that is.

    Args:
        folder: of the run.
        by: name of a person.
        number: of the prompt that this person has read; None for the present one.
        way: how it was answered.

    Raises:
        PlanError: it asks for nothing, or for something else by now; the name is none, or the folder cannot be written.
    """
    who, folder = f"run {folder}", _asking(folder)
    try:
        prompt = Prompt.model_validate_json(read_regular(folder / PROMPT_FILE, MOST_BYTES))
    except FileNotFoundError:
        raise PlanError(who, "answer", "it asks for nothing now", "wait until it does, or see its terminal") from None
    except (OSError, ValidationError) as strange:
        raise PlanError(who, "answer", f"its prompt cannot be read: {strange}", "see its terminal") from strange
    if number not in (None, prompt.number):
        raise PlanError(who, "answer", "it asks for something else by now", f"read it: {prompt.request}")
    try:
        answer = Answer(number=prompt.number, by=by, way=way, at_utc=utc_now())
        write_in_folder(folder, ANSWER_FILE, answer.model_dump_json().encode())
    except ValidationError as strange:
        raise PlanError(who, "answer", f"{by!r} is no name of a person", "give yours with --by") from strange
    except OSError as refused:
        raise PlanError(who, "answer", str(refused), "ask whoever started it") from refused
    return prompt.request


def _asking(run_folder: Path) -> Path:
    """Return the folder of who asks: of the run itself, or of the first of its chapters that asks for something."""
    chapters = run_folder / CHAPTERS
    if (run_folder / PROMPT_FILE).exists() or chapters.is_symlink():
        return run_folder
    asking = (one for one in sorted(chapters.glob("*")) if (one / PROMPT_FILE).exists() and not one.is_symlink())
    return next(asking, run_folder)


def _answer_in(folder: Path) -> Answer | None:
    try:
        return Answer.model_validate_json(read_regular(folder / ANSWER_FILE, MOST_BYTES))
    except (OSError, ValidationError):
        return None  # not there yet, or nothing that anybody said
