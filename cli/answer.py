# SPDX-License-Identifier: Apache-2.0
"""`pumpbench answer`: tell a run that what it asked a person to do is done."""

from pathlib import Path
from typing import Annotated

import typer

from bench.attendance import answer_prompt
from reports.terminal_text import terminal_text


def answer(
    run_folder: Annotated[Path, typer.Argument(help="The folder of a run that goes on.")],
    by: Annotated[str, typer.Option("--by", metavar="NAME", help="Your name; it stands in the record.")],
) -> None:
    """Answer what a run asks its operator to do, when it is done: a weight is on the pan, a clamp is moved.

    Exit code 2 where it asks for nothing.
    """
    typer.echo(f"Answered for {terminal_text(by)}: {terminal_text(answer_prompt(run_folder, by))}")
