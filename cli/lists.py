# SPDX-License-Identifier: Apache-2.0
"""`pumpbench run --list`: chapters, tests, profiles, defects."""

from enum import StrEnum

import pytest
import typer
from rich.table import Table

from bench.profile import Profile
from cli.chapters import purpose_of
from cli.plan import Plan
from cli.pytest_run import LOADED, SETTINGS
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from instruments.simulated.specimen.defect import Defect
from instruments.simulated.specimen.defects import DEFECTS
from reports.terminal_text import terminal_text


class Listed(StrEnum):
    """What can be shown."""

    CHAPTERS = "chapters"
    TESTS = "tests"
    PROFILES = "profiles"
    DEFECTS = "defects"


def print_list(listed: Listed | None) -> None:
    """Show what there is, and end; nothing where nothing was asked for."""
    if listed is None:
        return
    if listed is Listed.TESTS:
        plan = Plan.here()
        settings = ["-c", str(SETTINGS), f"--rootdir={plan.root}", *LOADED]
        ended = pytest.main([*settings, "--collect-only", "-q", *map(str, plan.places)])
        raise typer.Exit(ExitCode.PASSED if ended == pytest.ExitCode.OK else ExitCode.NOT_TESTED)
    table = Table(*_HEADINGS[listed], box=None, pad_edge=False)
    for row in _rows(listed):
        table.add_row(*map(terminal_text, row))
    wide_console().print(table)
    raise typer.Exit(ExitCode.PASSED)


_HEADINGS = {
    Listed.CHAPTERS: ("chapter", "what it verifies"),
    Listed.PROFILES: ("profile", "pump"),
    Listed.DEFECTS: ("defect", "of", "usual", "what is wrong", "ends", "reddens", "shows in"),
}


def _rows(listed: Listed) -> list[tuple[str, ...]]:
    match listed:
        case Listed.CHAPTERS:
            return [(name, purpose_of(path)) for name, path in Plan.here().chapters.items()]
        case Listed.PROFILES:
            return [(path.stem, Profile.load(path).title) for path in Plan.here().profile_files()]
        case _:
            return [_row_of(name) for name in DEFECTS]


def _row_of(name: str) -> tuple[str, ...]:
    """Return the row of a defect; that of a plug-in which cannot be used tells why, and hides no other."""
    try:
        return _defect_row(DEFECTS[name])
    except PlanError as unfit:
        return name, "", "", str(unfit), "", "", ""


def _defect_row(defect: Defect) -> tuple[str, ...]:
    usual = "" if defect.default is None else f"{defect.default:g}"
    shows = defect.shows
    return defect.name, defect.asset, usual, defect.description, shows.ends, " ".join(shows.reddens), shows.chapter
