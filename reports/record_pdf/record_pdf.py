# SPDX-License-Identifier: Apache-2.0
"""Sets the record of a run: PDF/A-3b for archives and PDF/UA-1 for readers who listen, the same bytes each time."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from groundfloor.errors import BenchFault
from groundfloor.printable import printable
from reports.page.chart_drawing import draw_chart
from reports.page.page_view import PageView
from reports.page.run_page import run_page
from reports.record_pdf.judgement_list import judgement_list
from reports.record_pdf.record_data import RecordData, Signing
from reports.summary import Summary
from reports.svg_file import svg_file

TEMPLATE = Path(__file__).with_name("record.typ")
ROLES = (Signing(role="tester"), Signing(role="reviewer"), Signing(role="approver"))
JUDGEMENTS = "judgements.json"
"""Attached to the PDF: every judgement, for a machine."""
EPOCH_S = 0
"""A PDF carries when it was made; that of a record is told by what is in it and by its signatures."""


def record_pdf(
    run_folder: Path, summary: Summary, signatures: Sequence[Signing] = ROLES, view: PageView | None = None
) -> bytes:
    """Return the record of a run as a PDF.

    Args:
        run_folder: of the run.
        summary: as `reports.summary.summary_of` made it of its journal.
        signatures: rows to sign in.
        view: the page's, for whoever has read it already.

    Raises:
        BenchFault: the journal cannot be read, or the record cannot be set.
    """
    import matplotlib as mpl  # both take long to import, and only a record needs them
    import typst

    view = view or run_page(run_folder, summary)
    charts = [chart for test in view.tests_in_full for chart in test.charts]
    names = [f"{place}.svg" for place in range(len(charts))]
    data = RecordData.of(view, names, signatures)
    with TemporaryDirectory(prefix="pumpbench-record-") as place:
        folder = Path(place)
        for name, chart in zip(names, charts, strict=True):
            (folder / name).write_bytes(svg_file(draw_chart(chart, simulated=bool(view.simulated))))
        (folder / "record.json").write_text(json.dumps(_plain(data.model_dump(mode="json"))), encoding="utf-8")
        (folder / JUDGEMENTS).write_text(json.dumps(_plain(judgement_list(view))), encoding="utf-8")
        (folder / "record.typ").write_bytes(TEMPLATE.read_bytes())
        fonts = [str(Path(mpl.get_data_path()) / "fonts" / "ttf")]
        try:
            made: bytes = typst.compile(
                str(folder / "record.typ"),
                root=place,
                font_paths=fonts,
                ignore_system_fonts=True,
                pdf_standards=["a-3b", "ua-1"],
                timestamp=EPOCH_S,
            )
        except RuntimeError as odd:
            next_step = "the page says the same: report.html; tell the makers of pumpbench"
            raise BenchFault(f"run folder {run_folder}", "set the record", str(odd), next_step) from odd
    return made


def _plain(content: Any) -> Any:
    """Return data in which a character that would steer or reorder what is read is shown by its code."""
    if isinstance(content, str):
        return printable(content)
    if isinstance(content, Mapping):
        return {name: _plain(value) for name, value in content.items()}
    return [_plain(value) for value in content] if isinstance(content, list) else content
