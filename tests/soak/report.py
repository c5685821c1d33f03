# SPDX-License-Identifier: Apache-2.0
"""Makes `docs/reliability.md` of the figures that the campaigns left.

`python -m tests.soak.report docs/reliability > docs/reliability.md`; a test holds the page current.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.soak.claims import CLAIMS
from tests.soak.figures import Cell, Figures

HEAD = """\
# Reliability

What the long campaigns found the last time they were run. `tox -e soak` runs them, keeps their figures in
`docs/reliability/` and makes this page of them. Do not edit. Everything here was done to a twin: it tells what the
bench does, and nothing about any pump.

What never happened in n trials may still happen: with 95 % confidence in less than 1 − 0.05^(1/n) of all trials, which
stands under each table. It holds for trials like these, drawn as these were.
"""


def page(folder: Path) -> str:
    """Return the page, one table for each file of figures, by name."""
    return "\n".join(
        [HEAD, *("\n".join(_table(path.stem, Figures.load(path))) + "\n" for path in sorted(folder.glob("*.json")))]
    )


def _table(name: str, figures: Figures) -> Iterator[str]:
    yield f"## {figures.title}\n"
    if figures.commit:
        yield f"Made on commit {figures.commit}.\n"
    yield _row(figures.columns)
    yield "|" + "---|" * len(figures.columns)
    yield from map(_row, figures.rows)
    bounds = list(CLAIMS[name](figures)) if name in CLAIMS else []
    if bounds:
        yield ""
        yield from (f"- {one}" for one in bounds)


def _row(cells: object) -> str:
    assert isinstance(cells, list | tuple)
    return "| " + " | ".join(map(_cell, cells)) + " |"


def _cell(value: Cell) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page(Path(sys.argv[1])))
