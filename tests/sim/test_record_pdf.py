# SPDX-License-Identifier: Apache-2.0
"""The record as a PDF: verdict and failures on the first page, SIMULATED on each, and nothing in it is obeyed."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from cli.main import app_of
from reports.record_pdf.record_pdf import record_pdf
from reports.sealed.signing_key import make_key
from reports.summary import Summary
from tests.sim.forked_run import forked_run
from tests.sim.sealed_runs import TESTER, sealed


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
    run = forked_run(out / "runs", "--defect=rate_bias=0.16", select="(leak and 30) or hostile", more=[str(plan)])
    assert run.exit_code == 1
    return run.folder


@pytest.fixture(scope="module")
def pdf(failed: Path) -> bytes:
    return record_pdf(failed, Summary.load(failed / "summary.json"))


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


def test_every_page_says_that_it_is_simulated_and_which_of_how_many_it_is(pages: list[str]) -> None:
    assert len(pages) > 5
    for number, text in enumerate(pages, 1):
        assert "SIMULATED" in text
        assert f"page {number} of {len(pages)}" in text


def test_requirements_budgets_checks_people_and_conditions_are_all_in_it(pages: list[str]) -> None:
    text = " ".join(" ".join(pages).split())
    expected = [
        "Calibration certificate", "U of the calibration", "Temperature, °C", "Humidity, %", "SHA-256 of the code",
        "environment.lock", "tester", "reviewer", "approver", "guard band w = U", "Risk controls", "LEK-001@1",
        "evaporation rate", "sensitivity", "Deviations none", "before", "after", "Purpose", "Method",
        "Acceptance", "dof",
    ]  # fmt: skip
    assert [one for one in expected if one not in text] == []


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
