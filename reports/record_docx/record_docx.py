# SPDX-License-Identifier: Apache-2.0
"""Writes the record of a run as DOCX: the words and figures of the PDF, to be filled into a laboratory's own form.

The pictures are those of the PDF, in pixels. A document that anybody can edit is no evidence: each page says so,
and the sealed record does not hold it.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from groundfloor.errors import PlanError
from groundfloor.printable import printable
from reports.page.chart_drawing import draw_chart
from reports.page.run_page import run_page
from reports.png_files import png_files
from reports.record_pdf.record_data import (
    BriefTable,
    BudgetData,
    ChartData,
    JudgementRow,
    RecordData,
    Signing,
    TestData,
)
from reports.record_pdf.record_pdf import ROLES
from reports.summary import Summary
from reports.svg_file import svg_file

if TYPE_CHECKING:
    from docx.document import Document

INSTALL = "install it: pip install 'pumpbench[docx]'"
NO_EVIDENCE = "A copy that can be edited; the record is the sealed PDF"
JUDGEMENTS = ("id", "verdict", "judged", "value ± U", "k", "dof", "allowed", "evidence for; limits from; risk")
PASSED = "PASS"
"""How all of those ended that are told in brief."""
BUDGET = ("influence", "value", "u", "type", "distribution", "dof", "sensitivity", "contribution", "share")

Rows = Iterable[Sequence[str]]


def record_docx(run_folder: Path, summary: Summary, signatures: Sequence[Signing] = ROLES) -> bytes:
    """Return the record of a run as DOCX.

    Args:
        run_folder: of the run.
        summary: as `reports.summary.summary_of` made it of its journal.
        signatures: rows to sign in.

    Raises:
        BenchFault: the journal cannot be read.
        PlanError: what writes it is not installed.
    """
    try:
        import docx
    except ImportError as missing:
        raise PlanError(f"run folder {run_folder}", "write DOCX", "python-docx is not installed", INSTALL) from missing
    view = run_page(run_folder, summary)
    charts = [chart for test in view.tests_in_full for chart in test.charts]
    names = [str(place) for place in range(len(charts))]
    record = RecordData.of(view, names, signatures)
    document = docx.Document()
    drawn = png_files([svg_file(draw_chart(chart, simulated=bool(view.simulated))) for chart in charts])
    _Written(document, dict(zip(names, drawn, strict=True))).all_of(record)
    made = BytesIO()
    document.save(made)
    return made.getvalue()


class _Written:
    """A document while it is written; every text in it is data, and steers nothing."""

    def __init__(self, document: "Document", pictures: Mapping[str, bytes]) -> None:
        self._document = document
        self._pictures = pictures

    def all_of(self, record: RecordData) -> None:
        self._head(record)
        self._table("What failed", ("verdict", "id", "test", "judged", "value ± U", "allowed"),
                    [(one.verdict, one.id, one.test, one.judged, one.value, one.allowed) for one in record.open],
                    record.nothing_open)  # fmt: skip
        self._table("Identity", ("what", "recorded"), record.identity)
        self._table("Signatures", ("role", "name", "meaning", "date and time, with zone", "signature"),
                    [(one.role, one.name, one.meaning, one.at, "") for one in record.signatures])  # fmt: skip
        self._heading("What was tested, and with what", 1)
        for device in record.devices:
            self._table(device.title, ("what", "recorded"), device.rows, level=2)
        self._table("Conditions", ("what", "recorded"), record.conditions, level=2)
        self._table("Code", ("what", "recorded"), record.code, level=2)
        self._table("Files", ("file", "what it is", "SHA-256"),
                    [(one.name, one.role, one.sha256) for one in record.inputs], level=2)  # fmt: skip
        self._requirements(record)
        self._bench_and_people(record)
        if record.passed:
            heads = ("judgements", "test", "nearest to its limits", "value ± U", "allowed", "uses")
            rows = [(one.ids, one.test, one.judged, one.value, one.allowed, one.used) for one in record.passed]
            self._table("Tests that passed, a line each", heads, rows)
            self._paragraph(record.passed_note)
        for test in record.tests:
            self._test(test)

    def _head(self, record: RecordData) -> None:
        core, stamp = self._document.core_properties, " · ".join(record.stamps)
        core.title, core.subject, core.author = (
            printable(one) for one in (record.title, record.subtitle, record.author)
        )
        core.created = core.modified = datetime(*record.date, tzinfo=UTC)
        section = self._document.sections[0]
        section.header.paragraphs[0].text = printable(
            " · ".join(one for one in (stamp, record.running, NO_EVIDENCE) if one)
        )
        section.footer.paragraphs[0].text = printable(record.footer)
        self._heading(record.title, 0)
        for text in (record.subtitle, f"Verdict: {record.verdict}", record.counts, stamp):
            if text:
                self._paragraph(text)

    def _requirements(self, record: RecordData) -> None:
        self._heading("Requirements", 1)
        self._paragraph(record.baseline)
        self._table("Matrix", ("requirement", "state", "text", "risk controls", "evidence"),
                    [(one.id, one.state, one.text, one.risk, one.evidence) for one in record.requirements],
                    level=2)  # fmt: skip
        self._table("Risk controls", ("risk control", "state", "hazard", "requirements"),
                    [(one.id, one.state, one.hazard, one.requirements) for one in record.risks], level=2)  # fmt: skip
        self._table("Completeness, deviations and troubles", ("what", "recorded"), record.completeness)
        left_out = [(node, one.reason) for one in record.left_out for node in one.nodes]
        self._table("Tests left out", ("test", "reason"), left_out, level=2)

    def _bench_and_people(self, record: RecordData) -> None:
        self._heading("Deviations from the frozen protocol", 1)
        self._paragraph(record.protocol)
        self._table("Deviations", ("kind", "what", "planned by whom, when, why", "tests"),
                    [(one.kind, one.what, one.planned, one.touches) for one in record.deviations],
                    "No deviation.", level=2)  # fmt: skip
        self._table("Anomalies and dispositions", ("id", "state", "what", "decided by whom, when, why"),
                    [(one.id, one.state, one.about, one.decided) for one in record.anomalies],
                    "No anomaly.")  # fmt: skip
        self._paragraph(record.audit)
        self._table("The bench before and after", ("when", "check", "state", "observed", "allowed"),
                    [(one.at, one.name, one.state, one.observed, one.allowed) for one in record.checks])  # fmt: skip

    def _test(self, test: TestData) -> None:
        self._heading(test.title, 1)
        self._paragraph(f"{test.verdict}{f' – {test.reason}' if test.reason else ''}")
        self._table("Test", ("what", "recorded"), test.facts, level=2)
        for chart in test.charts:
            self._picture(chart)
        self._table("Judgements", JUDGEMENTS, map(_cells, test.judgements), "Nothing judged.", level=2)
        for group in test.measured:
            self._brief(group)
        if test.said:
            rows = [(one.id, PASSED, one.judged, "yes", one.requirements) for one in test.said]
            self._table("Answered yes or no: yes", ("id", "verdict", "judged", "value", "for"), rows, level=2)
        for budget in test.budgets:
            self._budget(budget)

    def _picture(self, chart: ChartData) -> None:
        shape = self._document.add_picture(BytesIO(self._pictures[chart.file]), width=self._text_width)
        shape._inline.docPr.set("descr", printable(chart.alt))  # what a screen reader says of it
        self._paragraph(f"Figure: {chart.caption}")

    @property
    def _text_width(self) -> int:
        section = self._document.sections[0]
        page, left, right = section.page_width, section.left_margin, section.right_margin
        return (page or 0) - (left or 0) - (right or 0)

    def _brief(self, group: BriefTable) -> None:
        title = f"{group.title}. All begin: {group.common}" if group.common else group.title
        rows = [(one.id, PASSED, one.judged, one.value, one.k, one.dof, one.allowed) for one in group.rows]
        self._table(title, ("id", "verdict", "judged", "value ± U", "k", "dof", "allowed"), rows, level=3)

    def _budget(self, budget: BudgetData) -> None:
        self._table(budget.title, BUDGET, budget.rows, level=3)
        if budget.rest:
            self._paragraph(f"Under 0.05 % of u² each, what they contribute: {budget.rest}")

    def _heading(self, text: str, level: int) -> None:
        self._document.add_heading(printable(text), level)

    def _paragraph(self, text: str) -> None:
        self._document.add_paragraph(printable(text))

    def _table(self, title: str, heads: Sequence[str], rows: Rows, nothing: str = "None.", level: int = 1) -> None:
        self._heading(title, level)
        content = [[printable(cell) for cell in row] for row in (heads, *rows)]
        if len(content) == 1:
            self._paragraph(nothing)
            return
        table = self._document.add_table(rows=len(content), cols=len(heads), style="Table Grid")
        cells = table._cells  # its own way to a cell reads the whole table each time
        for place, text in enumerate(cell for row in content for cell in row):
            cells[place].text = text


def _cells(one: JudgementRow) -> Sequence[str]:
    return (one.id, one.verdict, one.judged, one.value, one.k, one.dof, one.allowed, one.risk)
