# SPDX-License-Identifier: Apache-2.0
"""The HTML view of a run, made by Allure 3 from `allure-results`: one file that opens without a server.

Pictures and samples stand beside it in the run folder, and are shown from there.

It is a view, never the evidence: where it cannot be made (no Node, no npm registry) the run is complete without it, and
it can be made later from the same folder.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from groundfloor.errors import BenchFault
from groundfloor.file_in_folder import write_in_folder
from reports.allure_config import allure_config, report_name
from reports.allure_home import allure_script
from reports.analytics import AnalyticsRemain, cut_analytics
from reports.node import HtmlMissing, run_node
from reports.program_as_text import program_as_text
from reports.report_history import ReportHistory
from reports.run_info import RunInfo, find_run

GENERATE_LIMIT_S = 120.0


@dataclass(frozen=True)
class HtmlOutcome:
    """What became of the HTML view.

    Attributes:
        path: the report; None when it is missing.
        told: where it is; or, in a sentence, that it is missing, why, and how to get it later.
    """

    path: Path | None
    told: str

    def __str__(self) -> str:
        return self.told


def generate(run_folder: Path, allure_home: Path | None = None, history: Path | None = None) -> HtmlOutcome:
    """Make `report/index.html` in a run folder from its `allure-results`.

    Never raises for what keeps a report from being made; the outcome says it.

    Args:
        run_folder: the run.
        allure_home: where the generator is kept, see `reports.allure_home.allure_script`.
        history: the file that the reports of earlier runs and releases left their results in; the report shows how each
            test went in them, and its own are added, once a run.
    """
    target = run_folder / "report" / "index.html"
    try:
        html = _report_html(run_folder, allure_home, history)
        write_in_folder(run_folder, "report/index.html", html.encode("utf-8"))
    except (HtmlMissing, AnalyticsRemain, BenchFault, OSError) as reason:
        later = f"once that is mended, `pumpbench report {run_folder}` makes it"
        return HtmlOutcome(None, f"the HTML view is missing: {reason}; {later}")
    return HtmlOutcome(target, str(target))


def _report_html(run_folder: Path, allure_home: Path | None, history: Path | None) -> str:
    if not any((run_folder / "allure-results").glob("*-result.json")):
        raise HtmlMissing(f"{run_folder / 'allure-results'} holds no results")
    script = allure_script(allure_home)
    with tempfile.TemporaryDirectory(prefix="report-", dir=run_folder) as folder:
        output, config = Path(folder).resolve() / "out", Path(folder).resolve() / "allurerc.json"
        run = _run(run_folder)
        earlier = ReportHistory(history, report_name(run)) if history is not None else None
        kept = earlier.before_this_run(Path(folder)) if earlier is not None else None
        config.write_text(allure_config(run, output, kept), encoding="utf-8", errors="replace")
        run_node([str(script), "generate", "--config", str(config), "allure-results"], run_folder, GENERATE_LIMIT_S)
        made = output / "index.html"
        if not made.is_file():
            raise HtmlMissing(f"Allure ended well but wrote no {made.name}")
        if earlier is not None and kept is not None:
            earlier.take(kept)
        return program_as_text(cut_analytics(made.read_text(encoding="utf-8")))


def _run(run_folder: Path) -> RunInfo:
    run = find_run(run_folder / "journal.jsonl")
    if run is None:
        raise HtmlMissing("no bench was opened: the journal has no run-started line")
    return run
