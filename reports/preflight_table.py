# SPDX-License-Identifier: Apache-2.0
"""What the bench was like before and after, as a table for the terminal."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from rich.console import Group
from rich.table import Table

from bench.journal import read_lines
from bench.preflight import CheckState
from groundfloor.errors import BenchFault
from reports.terminal_text import terminal_text

COLOURS = {"OK": "green", "WARN": "yellow", "BLOCK": "bold magenta", "SKIPPED": "dim", "OFF": "yellow"}
TITLES = {"preflight": "Pre-flight", "postflight": "Post-flight"}

KEYS = frozenset({"state", "check", "seen", "lower", "upper", "unit"})
"""What a finding has."""

Row = Mapping[str, object]
"""A finding as the journal keeps it."""


def preflight_table(rows: Iterable[Row], title: str) -> Table:
    """Return one row per check: state, what was seen, and the limits."""
    table = Table("state", "check", "seen", "limits", title=title)
    for row in rows:
        state = str(row["state"])
        cells = (str(row["check"]), str(row["seen"]), _limits(row))
        table.add_row(f"[{COLOURS.get(state, 'dim')}]{terminal_text(state)}[/]", *map(terminal_text, cells))
    return table


def preflight_in_short(journal: Path) -> Group:
    """Return for each of the two rounds one line, and a table of what was not OK."""
    rounds: dict[str, list[Row]] = {what: [] for what in TITLES}
    for line in read_lines(journal):
        what = line.data.get("what")
        if line.kind == "event" and what in rounds:
            if missing := KEYS - line.data.keys():
                told = f"line {line.seq}: {', '.join(sorted(missing))} is missing"
                raise BenchFault(f"journal {journal}", f"read {what}", told, "read it with the version that wrote it")
            rounds[str(what)].append(line.data)
    parts: list[Table | str] = []
    for what, rows in rounds.items():
        if not rows:
            continue
        states = [str(row["state"]) for row in rows]
        counted = ", ".join(f"{states.count(state)} {state}" for state in CheckState if state in states)
        parts.append(f"{TITLES[what]}: {counted}")
        if unusual := [row for row in rows if row["state"] != CheckState.OK]:
            parts.append(preflight_table(unusual, ""))
    return Group(*parts)


def _limits(row: Row) -> str:
    lower, upper, unit = row["lower"], row["upper"], row["unit"]
    if isinstance(lower, float | int) and isinstance(upper, float | int):
        return f"{lower:.4g} … {upper:.4g} {unit}"
    if isinstance(lower, float | int):
        return f"≥ {lower:.4g} {unit}"
    return f"≤ {upper:.4g} {unit}" if isinstance(upper, float | int) else ""
