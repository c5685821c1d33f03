# SPDX-License-Identifier: Apache-2.0
"""The figures of a campaign, kept as one JSON file each; `python -m tests.soak.report` makes a page of them.

`PUMPBENCH_RELIABILITY` names the folder; without it a campaign only passes or fails.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

FOLDER = "PUMPBENCH_RELIABILITY"
ROOT = Path(__file__).parents[2]
Cell = str | int | float | None


@dataclass(frozen=True)
class Figures:
    """One table: what was done, and what came of it.

    Attributes:
        title, columns, rows: of the table.
        commit: what it was done to; known once it is kept.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    commit: str = ""

    def keep(self, name: str) -> None:
        """Write `name`.json, if a folder is named."""
        if folder := os.environ.get(FOLDER):
            Path(folder).mkdir(parents=True, exist_ok=True)
            content = asdict(replace(self, commit=self.commit or _commit()))
            (Path(folder) / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `keep` wrote."""
        content = json.loads(path.read_text(encoding="utf-8"))
        figures = cls(content["title"], content["columns"], content["rows"], content.get("commit", ""))
        assert all(len(row) == len(figures.columns) for row in figures.rows), path
        return figures


def _commit() -> str:
    """Return the commit of this folder and its day; empty where git cannot tell."""
    words = ["git", "log", "-1", "--format=%h of %cd", "--date=short", "--abbrev=8"]
    try:
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
