# SPDX-License-Identifier: Apache-2.0
"""The figures of a campaign, kept as one JSON file each; `python -m tests.soak.report` makes a page of them.

`PUMPBENCH_RELIABILITY` names the folder; without it a campaign only passes or fails.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

FOLDER = "PUMPBENCH_RELIABILITY"
Cell = str | int | float | None


@dataclass(frozen=True)
class Figures:
    """One table: what was done, and what came of it."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]

    def keep(self, name: str) -> None:
        """Write `name`.json, if a folder is named."""
        if folder := os.environ.get(FOLDER):
            Path(folder).mkdir(parents=True, exist_ok=True)
            (Path(folder) / f"{name}.json").write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `keep` wrote."""
        content = json.loads(path.read_text(encoding="utf-8"))
        figures = cls(content["title"], content["columns"], content["rows"])
        assert all(len(row) == len(figures.columns) for row in figures.rows), path
        return figures
