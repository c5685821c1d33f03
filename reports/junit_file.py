# SPDX-License-Identifier: Apache-2.0
"""Puts verdicts and judged figures into the JUnit file that pytest has written.

JUnit knows failures, errors and skips. FAIL is a failure; INCONCLUSIVE, BLOCKED and INVALID are errors, with the word
before the reason; nothing is skipped. A property is a name and a text, so that each figure of a judgement is a property
of its own, named by the judgement's id: `J-0017.value`.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from bench.journal.lines import BalanceDistrusted, Judgement, TestEnded, TestStarted
from bench.recorded import RecordedTest
from groundfloor.printable import printable
from metrology.verdict import Verdict
from reports.run_verdict import Invalid
from reports.summary import InvalidResult

NODE = "node"
"""The property that ties a test case to its test."""
_TOLD = ("failure", "error", "skipped")
_FIGURES = ("value", "expanded_uncertainty", "lower", "upper")


@dataclass
class JudgedTest:
    """One test as the journal has it.

    Attributes:
        started, ended: its first and its last line.
        judgements: in between.
    """

    started: TestStarted
    judgements: list[Judgement] = field(default_factory=list)
    ended: TestEnded | None = None


def tell_verdicts(path: Path, tests: Iterable[JudgedTest], *, simulated: bool) -> None:
    """Rewrite a JUnit file so that it tells what the journal tells.

    Args:
        path: the file; each test case has the property `node`.
        tests: of the journal.
        simulated: whether any evidence comes from a twin.

    Raises:
        OSError: it cannot be read or written.
        ElementTree.ParseError: it is no XML.
    """
    tests = list(tests)
    places = {test.started.node: place for place, test in enumerate(tests)}
    tree = ET.parse(path)  # noqa: S314  # pytest wrote it a moment ago
    for suite in tree.getroot().iter("testsuite"):
        for nameless in [case for case in suite.findall("testcase") if not case.get("name")]:
            suite.remove(nameless)  # what pytest writes of a test that was broken off
        cases = _by_node(suite)
        for test in tests:
            if test.ended is not None:
                _tell(suite, cases.get(test.started.node, []), test, test.ended, simulated)
        _count(suite)
        suite[:] = sorted(suite, key=lambda part: places.get(_node(part), -1))  # as the journal has them
    tree.write(path, encoding="utf-8", xml_declaration=True)


def tell_invalid(path: Path, invalid: Iterable[InvalidResult]) -> None:
    """Add to a JUnit file an error for each result that does not reconcile: what lacks would look as if it passed.

    Args:
        path: the file.
        invalid: as the summary has them.

    Raises:
        OSError: it cannot be read or written.
        ElementTree.ParseError: it is no XML.
    """
    gaps = list(invalid)
    tree = ET.parse(path)  # noqa: S314  # pytest wrote it a moment ago
    suite = next(tree.getroot().iter("testsuite"), None)
    if not gaps or suite is None:
        return
    cases = _by_node(suite)
    for one in gaps:
        file, _, name = one.node.partition("::")
        known = cases.get(one.node)
        case = known[-1] if known else ET.SubElement(suite, "testcase", {"classname": file, "name": name or file})
        told = {"message": printable(f"{Invalid.INVALID}: {one.why}"), "type": Invalid.INVALID.value}
        if case.find("failure") is None:
            for other in case.findall("error"):
                case.remove(other)
            ET.SubElement(case, "error", told).text = printable(one.why)
    _count(suite)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def at_the_end(tests: Iterable[JudgedTest], distrusted: Sequence[BalanceDistrusted]) -> list[JudgedTest]:
    """Return the tests with what became of their judgements when the balance turned out not to be trusted."""
    second = {one.id: Verdict(one.second) for line in distrusted for one in line.moved}
    why = "; ".join(line.reason for line in distrusted)
    return [_at_the_end(test, second, why) for test in tests] if second else list(tests)


def _at_the_end(test: JudgedTest, second: Mapping[str, Verdict], why: str) -> JudgedTest:
    own = {one.id: second[one.id] for one in test.judgements if one.id in second}
    ended = test.ended
    if not own or ended is None:
        return test
    recorded = RecordedTest(test.started, 0.0, (), tuple(test.judgements), ended, None, own, why)
    judgements = [replace(one, verdict=own.get(one.id, one.verdict)) for one in test.judgements]
    verdict = recorded.verdict
    if verdict is not ended.verdict:
        ended = replace(ended, verdict=verdict, reason=f"{why}; at first it was {ended.verdict}: {ended.reason}")
    return JudgedTest(test.started, judgements, ended)


def _by_node(suite: ET.Element) -> Mapping[str, list[ET.Element]]:
    cases: dict[str, list[ET.Element]] = {}
    for case in suite.findall("testcase"):
        cases.setdefault(_node(case), []).append(case)
    return cases


def _node(case: ET.Element) -> str:
    """Return the node id of a test case; empty where it has none."""
    return next((one.get("value", "") for one in case.iter("property") if one.get("name") == NODE), "")


def _tell(suite: ET.Element, cases: list[ET.Element], test: JudgedTest, ended: TestEnded, simulated: bool) -> None:
    """Make one test case of what pytest wrote of a test: two, where its end failed as well, or none, where it broke."""
    file, _, name = test.started.node.partition("::")
    case = cases[-1] if cases else ET.SubElement(suite, "testcase", {"classname": file, "name": name, "time": "0.000"})
    for other in cases[:-1]:
        suite.remove(other)
    said = [one.text or "" for each in cases for tag in _TOLD for one in each.findall(tag)]
    replaced = ("properties",) if ended.verdict is Verdict.PASS else ("properties", *_TOLD)  # red never turns green
    for child in [one for one in case if one.tag in replaced]:
        case.remove(child)
    properties = ET.Element("properties")
    for key, value in _properties(test, ended, simulated):
        ET.SubElement(properties, "property", {"name": key, "value": printable(value, keep="")})
    case.insert(0, properties)
    if ended.verdict is not Verdict.PASS:
        tag = "failure" if ended.verdict is Verdict.FAIL else "error"
        told = ET.Element(tag, {"message": printable(f"{ended.verdict}: {ended.reason}"), "type": str(ended.verdict)})
        told.text = printable("\n".join(filter(None, said)) or ended.reason, keep="\n\t")
        case.insert(1, told)


def _properties(test: JudgedTest, ended: TestEnded, simulated: bool) -> Iterable[tuple[str, str]]:
    yield NODE, test.started.node
    yield "verdict", str(ended.verdict)
    yield "evidence", "SIMULATED" if simulated else "measured"
    for requirement in test.started.requirements:
        yield "requirement", requirement.label
    for one in test.judgements:
        yield "judgement", one.id
        yield f"{one.id}.name", one.name
        yield f"{one.id}.verdict", str(one.verdict)
        yield f"{one.id}.requirements", " ".join(each.label for each in one.requirements)
        for figure in _FIGURES:
            if (value := getattr(one, figure)) is not None:
                yield f"{one.id}.{figure}", repr(value)
        if one.value is not None:
            yield f"{one.id}.unit", one.unit
            yield f"{one.id}.rule", one.rule


def _count(suite: ET.Element) -> None:
    cases = suite.findall("testcase")
    for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(sum(case.find(tag) is not None for case in cases)))
    suite.set("tests", str(len(cases)))
