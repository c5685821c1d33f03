# SPDX-License-Identifier: Apache-2.0
"""Where the Markdown summary of a run goes: the file that `--summary` names, and the page of a GitHub job."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from groundfloor.errors import PlanError
from reports.summary import Summary
from reports.summary_markdown import MOST_BYTES, summary_markdown

STEP_SUMMARY = "GITHUB_STEP_SUMMARY"
"""GitHub names the file by it that it shows on the page of a job; it takes what several steps and runs append."""
MOST_OF_A_STEP_BYTES = 1000 * 1024
LEAST_BYTES = 4096


@dataclass(frozen=True)
class SummaryFile:
    """Where the summaries of one command go, each behind the one before.

    Attributes:
        path: the file that was named; None for none.
    """

    path: Path | None = None

    def begin(self) -> None:
        """Begin the named file anew; found out before a run, so that nothing is missing after it.

        Raises:
            PlanError: it cannot be written.
        """
        if self.path is None or self._is_of_the_job(self.path):
            return
        try:
            self.path.write_text("", encoding="utf-8")
        except OSError as refused:
            seen, next_step = refused.strerror or str(refused), "name a file that you may write"
            raise PlanError(f"summary {self.path}", "write", seen, next_step) from refused

    def append(self, summary: Summary, run_folder: Path) -> Iterator[str]:
        """Append the summary of a run; yield what is to be told of it.

        That the page of a job does not take it changes no verdict.
        """
        job = os.environ.get(STEP_SUMMARY, "")
        for path in dict.fromkeys(filter(None, (self.path, Path(job) if job else None))):
            most_bytes = MOST_BYTES
            try:
                if self._is_of_the_job(path) and path.exists():
                    most_bytes = min(MOST_BYTES, MOST_OF_A_STEP_BYTES - path.stat().st_size)
                if most_bytes < LEAST_BYTES:
                    yield f"the Markdown summary is missing: {path} is full"
                    continue
                with path.open("a", encoding="utf-8") as file:
                    file.write(summary_markdown(summary, run_folder, most_bytes) + "\n")
            except OSError as refused:
                yield f"the Markdown summary is missing: {path}: {refused.strerror or refused}"
                continue
            yield f"markdown {path}"

    @staticmethod
    def _is_of_the_job(path: Path) -> bool:
        return str(path) == os.environ.get(STEP_SUMMARY, "")
