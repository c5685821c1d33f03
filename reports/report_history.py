# SPDX-License-Identifier: Apache-2.0
"""What the Allure reports of earlier runs said: a line of JSON each, the oldest first, in one file of a lab.

The generator adds a line each time it runs. A report that is made twice must not count twice, so it works on a copy, in
which nothing stands of the run that it is about, and only that run's line is taken over.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from groundfloor.errors import PlanError
from groundfloor.regular_file import read_regular

MOST_BYTES = 1 << 28


@dataclass(frozen=True)
class ReportHistory:
    """The history of a lab, for the report of one run.

    Attributes:
        file: where it is kept; it is made by the first report.
        name: of the report, which names its run.
    """

    file: Path
    name: str

    def before_this_run(self, folder: Path) -> Path:
        """Write what came before this run into a file of `folder`, and return that.

        Raises:
            PlanError: the history cannot be read, or is none.
        """
        copy = folder / "history.jsonl"
        copy.write_text("".join(self._others()), encoding="utf-8")
        return copy

    def take(self, copy: Path) -> None:
        """Keep what the generator added to the copy in place of what was said of this run before.

        Raises:
            PlanError: the history cannot be written.
        """
        others = self._others()
        added = copy.read_text(encoding="utf-8").splitlines(keepends=True)[len(others) :]
        growing = self.file.with_name(f"{self.file.name}.new")
        try:
            growing.write_text("".join([*others, *added]), encoding="utf-8")
            growing.replace(self.file)
        except OSError as refused:
            raise PlanError(f"history {self.file}", "write", str(refused), "name another with --history") from refused

    def _others(self) -> list[str]:
        if not self.file.exists():
            return []
        try:
            lines = read_regular(self.file, MOST_BYTES).decode("utf-8").splitlines()
            return [f"{line}\n" for line in lines if line and json.loads(line)["name"] != self.name]
        except (OSError, ValueError, KeyError, TypeError) as odd:
            next_step = "name a file that `pumpbench report --history` made, or a new one"
            raise PlanError(f"history {self.file}", "read", f"{type(odd).__name__}: {odd}", next_step) from odd
