# SPDX-License-Identifier: Apache-2.0
"""A report section: for each test, how many values were judged, and how many of them passed.

    [plugins.report]
    deciding = "plugins/deciding_values.py:Deciding"

Each run, and `pumpbench report RUN`, then writes `section-deciding.md` beside the page.
"""

from bench.recorded import RecordedRun
from metrology.verdict import Verdict
from reports.markdown_text import as_text

PUMPBENCH_INTERFACE = 1


class Deciding:
    """Writes a table."""

    def write(self, run: RecordedRun) -> str:
        """Return it as Markdown."""
        rows = [
            f"| {as_text(test.started.title)} | {test.verdict} | {len(test.judgements)} | "
            f"{sum(one.verdict is Verdict.PASS for one in test.judgements)} |"
            for test in run.tests
        ]
        return "\n".join(["# Values", "", "| test | verdict | judged | passed |", "|---|---|---|---|", *rows, ""])
