# SPDX-License-Identifier: Apache-2.0
"""Every view of a run that is over, made from its journal at once: page, pictures, tables, and Allure's links to them.

The journal is read once and each picture drawn once, for the page and for its file alike.
"""

from pathlib import Path

from bench.recorded import RecordedRun
from bench.run_folder import JOURNAL
from groundfloor.errors import BenchFault
from groundfloor.file_in_folder import write_in_folder
from reports.allure_infusions import show_infusions
from reports.infusion_files import InfusionFiles
from reports.infusions_at_once import InfusionsAtOnce
from reports.page import PAGE, page_html
from reports.page.page_view import PageView
from reports.page.run_page import run_page
from reports.report_section import SECTIONS, write_sections
from reports.summary import Summary


def write_views(run_folder: Path, summary: Summary, view: PageView | None = None) -> Path:
    """Write page, pictures and tables of a run, and have its Allure results show what there is.

    What cannot be made hinders nothing else: all that can be made is there before it is told.

    Args:
        run_folder: the run.
        summary: as `reports.summary.summarise` made it of the same journal.
        view: the page's, for whoever has read it already.

    Returns:
        Where the page is.

    Raises:
        BenchFault: the journal cannot be read; or what is missing, and why.
        OSError: the disk does not take the page.
    """
    view = view or run_page(run_folder, summary)
    charts = [(test.node, chart) for test in view.tests for chart in test.charts]
    infusions = InfusionsAtOnce(
        run_folder, [chart for _, chart in charts], view.kept_profile, simulated=bool(view.simulated)
    )
    made = infusions.write()
    drawings = {chart.anchor: one.delivery for (_, chart), one in zip(charts, made, strict=True) if one.delivery}
    further = {chart.anchor: one.further for (_, chart), one in zip(charts, made, strict=True) if one.delivery}
    page = write_in_folder(run_folder, PAGE, page_html(view, drawings, further).encode("utf-8", "replace"))
    by_node: dict[str, list[InfusionFiles]] = {}
    for (node, _), one in zip(charts, made, strict=True):
        by_node.setdefault(node, []).append(one)
    show_infusions(run_folder, summary, by_node)
    unwritten = write_sections(run_folder, RecordedRun.read(run_folder / JOURNAL)) if SECTIONS else []
    if missing := [*(f"{one.name}: {one.missing}" for one in made if one.missing), *unwritten]:
        next_step = f"mend that, then: pumpbench report {run_folder}"
        raise BenchFault(f"run folder {run_folder}", "make pictures and tables", "; ".join(missing), next_step)
    return page
