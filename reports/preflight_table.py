# SPDX-License-Identifier: Apache-2.0
"""What the bench was like before and after, as a table for the terminal."""

from collections.abc import Iterable
from pathlib import Path

from rich.console import Group
from rich.table import Table

from bench.journal import read_lines
from bench.journal.lines import CheckMade
from bench.preflight import CheckState
from reports.terminal_text import terminal_text

COLOURS = {"OK": "green", "WARN": "yellow", "BLOCK": "bold magenta", "SKIPPED": "dim", "OFF": "yellow"}
TITLES = {"preflight": "Pre-flight", "postflight": "Post-flight"}


def preflight_table(rows: Iterable[CheckMade], title: str) -> Table:
    """Return one row per check: state, what was seen, and the limits."""
    table = Table("state", "check", "seen", "limits", title=title)
    for row in rows:
        cells = (row.check, row.seen, _limits(row))
        table.add_row(f"[{COLOURS.get(row.state, 'dim')}]{terminal_text(row.state)}[/]", *map(terminal_text, cells))
    return table


def preflight_in_short(journal: Path) -> Group:
    """Return for each of the two rounds one line, and a table of what was not OK."""
    rounds: dict[str, list[CheckMade]] = {what: [] for what in TITLES}
    for line in read_lines(journal):
        if line.what in rounds and isinstance(finding := line.body, CheckMade):
            rounds[line.what].append(finding)
    parts: list[Table | str] = []
    for what, rows in rounds.items():
        if not rows:
            continue
        states = [row.state for row in rows]
        counted = ", ".join(f"{states.count(state)} {state}" for state in CheckState if state in states)
        parts.append(f"{TITLES[what]}: {counted}")
        if unusual := [row for row in rows if row.state != CheckState.OK]:
            parts.append(preflight_table(unusual, ""))
    return Group(*parts)


def _limits(row: CheckMade) -> str:
    if row.lower is not None and row.upper is not None:
        return f"{row.lower:.4g} … {row.upper:.4g} {row.unit}"
    if row.lower is not None:
        return f"≥ {row.lower:.4g} {row.unit}"
    return f"≤ {row.upper:.4g} {row.unit}" if row.upper is not None else ""
