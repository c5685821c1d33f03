# SPDX-License-Identifier: Apache-2.0
"""Whatever pytest has written of a test, JUnit tells the verdict of the journal, once."""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bench.journal.lines import TestEnded, TestStarted
from metrology.verdict import Verdict
from reports.junit_file import JudgedTest, tell_verdicts

PROPERTY = '<properties><property name="node" value="a.py::test_a"/></properties>'


def told(tmp_path: Path, cases: str, verdict: Verdict, reason: str = "because") -> ET.Element:
    path = tmp_path / "junit.xml"
    path.write_text(
        f'<testsuites><testsuite tests="9" failures="9" errors="9" skipped="9">{cases}</testsuite></testsuites>',
        encoding="utf-8",
    )
    started = TestStarted(node="a.py::test_a", title="A", chapter="a")
    test = JudgedTest(started, ended=TestEnded(node="a.py::test_a", verdict=verdict, reason=reason))
    tell_verdicts(path, [test, JudgedTest(started)], simulated=False)
    suite = ET.parse(path).getroot().find("testsuite")
    assert suite is not None
    return suite


def case(*children: str) -> str:
    return f'<testcase classname="a" name="test_a">{PROPERTY}{"".join(children)}</testcase>'


@pytest.mark.parametrize(
    ("cases", "verdict", "tag"),
    [
        (case(), Verdict.PASS, None),
        (case("<skipped/>"), Verdict.BLOCKED, "error"),
        (case("<skipped/>"), Verdict.FAIL, "failure"),
        (case("<failure>x</failure>"), Verdict.INCONCLUSIVE, "error"),
        (case("<failure>x</failure>"), Verdict.PASS, "failure"),
        (case("<failure>x</failure>") + case("<error>y</error>"), Verdict.FAIL, "failure"),
        ("", Verdict.BLOCKED, "error"),
        ('<testcase time="1"/>', Verdict.FAIL, "failure"),
    ],
    ids=[
        "passed",
        "skipped",
        "skipped after a FAIL",
        "straddling",
        "red stays red",
        "bad end",
        "cut short",
        "broken off",
    ],
)
def test_the_case_has_the_verdict_of_the_journal(tmp_path: Path, cases: str, verdict: Verdict, tag: str | None) -> None:
    suite = told(tmp_path, cases, verdict)
    (one,) = suite.findall("testcase")
    assert [child.tag for child in one if child.tag != "properties"] == ([tag] if tag else [])
    properties = {each.get("name"): each.get("value") for each in one.iter("property")}
    assert (properties["verdict"], properties["evidence"]) == (verdict.name, "measured")
    counts = {"failures": str(int(tag == "failure")), "errors": str(int(tag == "error")), "skipped": "0", "tests": "1"}
    assert {name: suite.get(name) for name in counts} == counts


def test_what_pytest_said_stands_below_the_word_and_the_reason(tmp_path: Path) -> None:
    suite = told(tmp_path, case("<failure>x</failure>") + case("<error>y</error>"), Verdict.FAIL, "too much")
    (failure,) = suite.iter("failure")
    assert (failure.get("message"), failure.text) == ("FAIL: too much", "x\ny")


def test_no_character_of_a_reason_breaks_the_file(tmp_path: Path) -> None:
    (error,) = told(tmp_path, case(), Verdict.BLOCKED, "no\x1b[0m & \x00 <b>").iter("error")
    assert error.get("message") == "BLOCKED: no\\x1b[0m & \\x00 <b>"


def test_captured_output_is_kept(tmp_path: Path) -> None:
    (out,) = told(tmp_path, case("<system-out>printed</system-out>"), Verdict.PASS).iter("system-out")
    assert out.text == "printed"


CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testsuite", "properties", "testcase", "system-out", "system-err"},
    "testcase": {"skipped", "error", "failure", "system-out", "system-err"},
    "properties": {"property"},
}
"""What the schema junit-10 of the Jenkins xUnit plug-in lets stand in what."""
REQUIRED = {
    "testsuite": {"name", "tests", "failures", "errors"},
    "testcase": {"name"},
    "property": {"name", "value"},
}
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": REQUIRED["testsuite"] | {"time", "skipped", "timestamp", "hostname", "id", "package", "file"},
    "testcase": {"name", "time", "classname", "group"},
    "property": {"name", "value"},
    "failure": {"type", "message"},
    "error": {"type", "message"},
}


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.BLOCKED])
def test_the_file_is_as_the_common_schema_has_it_but_for_the_properties_of_a_case(
    tmp_path: Path, verdict: Verdict, own_of_pytest: Path
) -> None:
    """That schema knows properties of a suite only; those of a case, as pytest writes them, are where tools look."""
    started = TestStarted(node="test_a.py::test_a", title="A", chapter="a")
    ended = TestEnded(node="test_a.py::test_a", verdict=verdict, reason="because of <this>")
    path = Path(shutil.copy(own_of_pytest, tmp_path))
    tell_verdicts(path, [JudgedTest(started, ended=ended)], simulated=True)
    root = ET.parse(path).getroot()
    (case,) = root.iter("testcase")
    properties = case.find("properties")
    assert properties is not None
    assert {one.get("name"): one.get("value") for one in properties}["evidence"] == "SIMULATED"
    case.remove(properties)
    for element in root.iter():
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
        assert REQUIRED.get(element.tag, set()) <= set(element.attrib) <= ATTRIBUTES.get(element.tag, set())
    wanted = {Verdict.PASS: [], Verdict.FAIL: ["failure"]}.get(verdict, ["error"])
    assert [child.tag for child in case] == wanted
    assert all((child.get("message") or "").startswith(f"{verdict}: because") for child in case)


@pytest.fixture(scope="module")
def own_of_pytest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file as pytest itself writes it."""
    folder = tmp_path_factory.mktemp("own")
    plan, path = folder / "test_a.py", folder / "junit.xml"
    plan.write_text(
        "import pytest\n\n@pytest.fixture\ndef tied(request):\n"
        "    request.node.user_properties.append(('node', request.node.nodeid))\n\n"
        "def test_a(tied):\n    pass\n"
    )
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={path}", str(plan)]
    subprocess.run(words, cwd=folder, check=True, capture_output=True, timeout=120)
    return path
