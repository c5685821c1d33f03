# SPDX-License-Identifier: Apache-2.0
"""The result table, for a terminal and for the page in `docs/`."""

from collections.abc import Iterable, Sequence

from rich.table import Table

from benchmarks.figure import Figure

HEADINGS = ("what", "median", "least to greatest", "target", "kept", "aim", "note")
NUMBERS = ("median", "least to greatest", "target", "aim")
WIDE_ENOUGH_FOR_NOTES = 160
_KEPT = {True: "yes", False: "NO", None: ""}


def rows(figures: Iterable[Figure]) -> list[tuple[str, ...]]:
    """Return the cells of the table, one tuple per figure."""
    return [
        (
            figure.name,
            _told(figure.middle, figure.unit) if figure.values else "–",
            f"{_number(figure.least)} to {_number(figure.greatest)}" if len(figure.values) > 1 else "",
            _bound(figure, figure.at_most if figure.at_least is None else figure.at_least),
            _KEPT[figure.met],
            _bound(figure, figure.aim),
            figure.note,
        )
        for figure in figures
    ]


def rich_table(figures: Iterable[Figure], width: int) -> Table:
    """Return the table for a terminal of `width` characters; a narrow one shows no notes."""
    shown = len(HEADINGS) if width >= WIDE_ENOUGH_FOR_NOTES else HEADINGS.index("note")
    table = Table(title="Speed, as ratios in one run")
    for heading in HEADINGS[:shown]:
        table.add_column(heading, justify="right" if heading in NUMBERS else "left")
    for row in rows(figures):
        table.add_row(*row[:shown])
    return table


def markdown_table(figures: Iterable[Figure]) -> str:
    """Return the table as Markdown."""
    lines = [_line(HEADINGS), _line(("---", "---:", "---:", "---:", "---", "---:", "---"))]
    return "\n".join([*lines, *(_line(row) for row in rows(figures))]) + "\n"


def _bound(figure: Figure, bound: float | None) -> str:
    if bound is None:
        return ""
    return f"{'≤' if figure.at_least is None else '≥'} {_told(bound, figure.unit)}"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _told(value: float, unit: str) -> str:
    return f"{_number(value)} {unit}".rstrip()


def _number(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
