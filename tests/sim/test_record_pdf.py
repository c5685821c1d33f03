# SPDX-License-Identifier: Apache-2.0
"""The record as a PDF: verdict and failures on the first page, SIMULATED on each, and nothing in it is obeyed."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from docx import Document
from pypdf import PdfReader
from typer.testing import CliRunner

from bench.journal import read_lines
from bench.journal.lines import InfusionStarted, RunStarted, Sample
from bench.recorded import RecordedRun
from cli.main import app_of
from groundfloor.printable import printable
from reports.page import page_html
from reports.page.page_view import PageView
from reports.page.recorded_judgement import RecordedJudgement
from reports.page.run_page import run_page
from reports.record_docx.record_docx import record_docx
from reports.record_pdf.record_pdf import record_pdf
from reports.sealed.signing_key import make_key
from reports.summary import Summary
from tests.sim.forked_run import forked_run
from tests.sim.sealed_runs import TESTER, sealed

OPERATOR = "Anna Watcher"


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("failed")
    plan = out / "test_hostile.py"
    plan.write_text(
        "from groundfloor.errors import BenchFault\n\n\ndef test_hostile(bench):\n"
        "    '#panic(\"obeyed\") $x$ *bold* @nowhere \\u202e'\n"
        "    raise BenchFault('rig', 'try', '#panic(\"obeyed\") #read(\"/etc/passwd\") \\u202e $ @x', 'mend it')\n"
    )
    (out / "runs").mkdir()
    run = forked_run(
        out / "runs",
        "--defect=rate_bias=0.16",
        "--chapter=leak",
        f"--operator={OPERATOR}",
        select="(leak and 30) or hostile",
        more=[str(plan)],
    )
    assert run.exit_code == 1
    return run.folder


@pytest.fixture(scope="module")
def pdf(failed: Path) -> bytes:
    return record_pdf(failed, Summary.load(failed / "summary.json"))


@pytest.fixture(scope="module")
def many(failed: Path) -> Iterator[PageView]:
    """The failed run with a hundred and fifty tests more, all of which passed, where a hundred are told in full."""
    view = run_page(failed, Summary.load(failed / "summary.json"))
    (leak,) = (test for test in view.tests if test.charts)
    passed = replace(leak, verdict="PASS", reason="", judgements=tuple(map(_passed, leak.judgements)))
    nearest = replace(passed, anchor="near", title="the nearest", judgements=tuple(map(_at_limit, passed.judgements)))
    others = tuple(replace(passed, anchor=f"t-{place}", title=f"number {place} passed") for place in range(150))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("reports.page.page_view.MOST_IN_FULL", 100)
        yield replace(view, tests=(*view.tests, *others, nearest))


def _passed(one: RecordedJudgement) -> RecordedJudgement:
    value = one.value if one.lower is None or one.upper is None else (one.lower + one.upper) / 2
    return replace(one, verdict="PASS", value=value)


def _at_limit(one: RecordedJudgement) -> RecordedJudgement:
    return one if one.upper is None or one.value is None else replace(one, value=one.upper)


def test_of_many_tests_the_pdf_tells_in_full_what_did_not_pass_and_what_came_nearest_and_names_all(
    failed: Path, many: PageView
) -> None:
    content = record_pdf(failed, Summary.load(failed / "summary.json"), view=many)
    read = PdfReader(BytesIO(content))
    text = " ".join(" ".join(page.extract_text() for page in read.pages).split())
    assert "53 of 153 tests passed and stand here in a line each" in text
    headings = {" ".join(str(one["/Title"]).split()) for one in read.outline if not isinstance(one, list)}
    open_titles = {" ".join(printable(test.title).split()) for test in many.open_tests}
    assert len(open_titles) == 2
    assert {title for title in (*open_titles, "the nearest") if not any(title in one for one in headings)} == set()
    assert [f"number {place} passed" for place in range(150) if f"number {place} passed" not in text] == []
    attached = json.loads(read.attachments["judgements.json"][0])
    told = [one["id"] for test in attached["tests"] for one in test["judgements"]]
    assert told == [one.id for one in many.judgements]
    assert (attached["simulated"], attached["verdict"]) == (True, "FAIL")
    judged = next(one for one in many.judgements if one.verdict == "FAIL" and one.expanded_uncertainty)
    as_data = next(one for test in attached["tests"] for one in test["judgements"] if one["id"] == judged.id)
    assert (as_data["value"], as_data["expanded_uncertainty"]) == (judged.value, judged.expanded_uncertainty)
    assert re.search(r"<pdfaid:part>3<.*<pdfaid:conformance>B<.*<pdfuaid:part>1<", _metadata(read), re.S)


def test_of_many_tests_the_page_shows_the_pictures_of_those_that_the_pdf_tells_in_full_and_links_the_others(
    many: PageView,
) -> None:
    page = page_html(many)
    linked = {test.anchor for test in many.tests_in_brief}
    assert len(linked) == 53
    for test in many.tests:
        article = page.partition(f'<article id="{test.anchor}"')[2].partition("</article>")[0]
        assert article
        pictured = "<figure" in article
        assert pictured is (bool(test.charts) and test.anchor not in linked), test.title
        assert ("delivery.svg" in article) is (test.anchor in linked)


def _metadata(read: PdfReader) -> str:
    return str(read.trailer["/Root"]["/Metadata"].get_data().decode())


@pytest.fixture(scope="module")
def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


def test_a_reviewer_finds_every_failure_on_the_first_page(failed: Path, pages: list[str]) -> None:
    summary = Summary.load(failed / "summary.json")
    open_ids = {one.id for test in summary.tests for one in test.values if one.verdict.name == "FAIL"}
    assert open_ids
    assert "FAIL" in pages[0].splitlines()
    assert {one for one in open_ids if one not in "".join(pages[:2])} == set()
    assert "1 What failed" in pages[0]
    beyond = [float(one) for one in re.findall(r"beyond by ([\d.]+)", " ".join(pages[0].split()))]
    excess = [
        max(one.value - one.upper, one.lower - one.value)
        for test in summary.tests for one in test.values
        if one.verdict.name == "FAIL" and one.value is not None and None not in (one.lower, one.upper)
    ]  # fmt: skip
    assert sorted(beyond)[-len(excess) :] == pytest.approx(sorted(excess), rel=5e-3)


def test_every_page_says_that_it_is_simulated_and_which_of_how_many_it_is(pages: list[str]) -> None:
    assert len(pages) > 5
    for number, text in enumerate(pages, 1):
        assert "SIMULATED" in text
        assert f"page {number} of {len(pages)}" in text


def test_who_watched_over_the_run_stands_in_it_whichever_worker_ran_a_chapter(failed: Path, pages: list[str]) -> None:
    begun = [line.body for line in read_lines(failed / "journal.jsonl") if isinstance(line.body, RunStarted)]
    assert [one.operator for one in begun] == [OPERATOR] * len(begun) != []
    assert f"Operator {OPERATOR}" in " ".join(pages[1].split()) + " ".join(pages[0].split())
    page = page_html(run_page(failed, Summary.load(failed / "summary.json")))
    assert f"<dt>Operator</dt><dd>{OPERATOR}</dd>" in page
    assert f"watched over by <strong>{OPERATOR}</strong>" in page


def test_requirements_budgets_checks_people_and_conditions_are_all_in_it(pages: list[str]) -> None:
    text = " ".join(" ".join(pages).split())
    expected = [
        "Calibration certificate", "U of the calibration", "Temperature, °C", "Humidity, %", "SHA-256 of the code",
        "environment.lock", "tester", "reviewer", "approver", "guard band w = U", "Risk controls", "LEK-001@1",
        "evaporation rate", "sensitivity", "Deviations none", "before", "after", "Purpose", "Method",
        "Acceptance", "dof",
    ]  # fmt: skip
    assert [one for one in expected if one not in text] == []


def test_every_judgement_and_every_influence_of_a_figure_that_decides_stands_in_it(
    failed: Path, pages: list[str]
) -> None:
    text = " ".join(" ".join(pages).split())
    recorded = RecordedRun.read(failed / "journal.jsonl")
    judged = recorded.judgements
    assert [one.id for one in judged if one.id not in text] == []
    asked = [one for one in judged if one.verdict.name == "FAIL" and one.budget]
    assert asked
    squeezed = text.replace(" ", "")
    missing = {line.name for one in asked for line in one.budget if line.name.replace(" ", "") not in squeezed}
    assert missing == set()


def test_hashes_stand_whole_between_the_margins_and_no_sentence_twice(failed: Path, pages: list[str]) -> None:
    text = "\n".join(pages)
    lines = [one.strip() for one in text.splitlines()]
    bound = RecordedRun.read(failed / "journal.jsonl").opened
    assert bound is not None
    for sha256 in bound.inputs.values():
        assert any(one.endswith(sha256[:32]) for one in lines)  # in one line it ran out of the page
        assert sha256[32:] in lines
    assert "Left out: " in text
    assert re.search(r"(tight again: [^:]+: )\1", " ".join(text.split())) is None


def test_it_is_tagged_for_archives_and_for_readers_who_listen_and_the_same_bytes_each_time(
    failed: Path, pdf: bytes
) -> None:
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert re.search(r"<pdfaid:part>3<.*<pdfaid:conformance>B<", metadata, re.S)
    assert "<pdfuaid:part>1<" in metadata
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("en", True)
    assert record_pdf(failed, Summary.load(failed / "summary.json")) == pdf


def test_words_of_a_record_are_shown_and_never_obeyed(pages: list[str]) -> None:
    text = " ".join(" ".join(pages).split())
    assert '#panic("obeyed") #read("/etc/passwd") \\u202e $ @x' in text
    assert "root:" not in text


def test_report_makes_it_and_a_sealed_record_holds_it_with_the_name_of_who_signed(failed: Path, tmp_path: Path) -> None:
    ended = CliRunner().invoke(app_of(["report"]), ["report", str(failed), "--pdf"])
    assert (ended.exit_code, "record.pdf" in ended.output) == (0, True), ended.output
    for name in ("tester.key", "reviewer.key"):
        make_key(tmp_path / name, b"")
    bundle = sealed(failed, tmp_path / "bundle", tmp_path)
    first = PdfReader(bundle / "data" / "record.pdf").pages[0].extract_text()
    assert TESTER in first
    assert "I carried out this verification" in " ".join(first.split())


def test_a_second_reader_finds_it_whole_tagged_and_with_all_its_fonts(pdf: bytes) -> None:
    """What PDF/A-3b and PDF/UA-1 ask and qpdf can tell; no validator of these standards has read it."""
    with pikepdf.open(BytesIO(pdf)) as read:
        assert read.check_pdf_syntax() == []
        root = read.Root
        assert bool(root.MarkInfo.Marked)
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert [str(one.S) for one in root.OutputIntents] == ["/GTS_PDFA1"]
        assert "/Encrypt" not in read.trailer
        tags = list(_tags(root.StructTreeRoot))
        kinds = {str(one.S) for one in tags if "/S" in one}
        assert kinds >= {"/Document", "/H1", "/H2", "/Table", "/TR", "/TH", "/TD", "/Figure", "/Caption"}
        figures = [one for one in tags if str(one.get("/S", "")) == "/Figure"]
        assert figures
        assert all(len(str(one.get("/Alt", ""))) > 20 for one in figures)
        fonts = [font for page in read.pages for font in page.Resources.get("/Font", {}).values()]
        assert fonts
        assert [str(font.BaseFont) for font in fonts if not _is_embedded(font)] == []
        assert all("/ToUnicode" in font for font in fonts)
        assert [page.index for page in read.pages if str(page.obj.get("/Tabs", "")) != "/S"] == []
        assert not any("/JavaScript" in str(one.get("/S", "")) or "/AA" in one for one in (root, *read.pages))


def _tags(element: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    """Yield all elements of a structure tree; what marks content alone is a number."""
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from _tags(one)
    elif isinstance(element, pikepdf.Dictionary):
        yield element
        if "/K" in element:
            yield from _tags(element.K)


def _infusions(folder: Path) -> list[InfusionStarted]:
    """Return the infusions of a run of which there are samples."""
    lines = [line.body for line in read_lines(folder / "journal.jsonl")]
    sampled = {one.infusion for one in lines if isinstance(one, Sample)}
    return [one for one in lines if isinstance(one, InfusionStarted) and one.infusion in sampled]


def _is_embedded(font: pikepdf.Object) -> bool:
    described = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    return any(name in described.FontDescriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))


def test_the_docx_says_the_same_of_every_judgement_and_simulated_on_each_page(failed: Path) -> None:
    summary = Summary.load(failed / "summary.json")
    document = Document(BytesIO(record_docx(failed, summary)))
    assert [section.header.paragraphs[0].text.partition(" ")[0] for section in document.sections] == ["SIMULATED"]
    assert not document.sections[0].different_first_page_header_footer
    written = {}
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][:2] == ["id", "verdict"]:
            written |= {row[0]: (row[1], row[3]) for row in rows[1:]}
    shapes = [one._inline for one in document.inline_shapes]
    assert len(shapes) == len({one.infusion for one in _infusions(failed)}) > 0
    assert all(len(one.docPr.get("descr")) > 20 for one in shapes)
    images = [part.image for part in document.part.package.image_parts]
    assert {(one.content_type, one.px_width > 1000) for one in images} == {("image/png", True)}
    values = [one for test in summary.tests for one in test.values]
    assert {own: verdict for own, (verdict, _) in written.items()} == {one.id: one.verdict.name for one in values}
    assert {"FAIL", "PASS"} <= {one.verdict.name for one in values}
    text = "\n".join(one.text for one in document.paragraphs) + "\n".join(
        cell.text for table in document.tables for cell in table._cells
    )
    expected = ["tester", "reviewer", "approver", "Calibration certificate", "SIM20-0001", "LEK-001@1", "No deviation."]
    assert [one for one in expected if one not in text] == []
    assert document.core_properties.title == "Verification record"
    assert '#panic("obeyed")' in text
