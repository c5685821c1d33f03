# SPDX-License-Identifier: Apache-2.0
"""The words of the record as data for its template: every figure written as the page writes it."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile

from pydantic import BaseModel, ConfigDict

from reports.audit import Anomaly
from reports.frozen import ProtocolDeviation
from reports.page.brief_group import risk_of
from reports.page.figures import allowed, duration, measured, number
from reports.page.infusion_chart import InfusionChart
from reports.page.matrix_view import RequirementRow
from reports.page.page_view import PageView
from reports.page.recorded_judgement import RecordedBudget, RecordedJudgement
from reports.page.recorded_test import RecordedTest
from reports.page.subject import Instrument

Pair = tuple[str, str]
ROOM = (
    ("temperature_c", "Temperature, °C"),
    ("humidity_percent", "Humidity, %"),
    ("air_pressure_hpa", "Air pressure, hPa"),
    ("outlet_kpa", "Pressure at the outlet, kPa"),
)
MOST_IDS = 12
LEAST_ALIKE, LEAST_COMMON = 2, 20
"""How many names, and characters, are worth a line of their own that says them once."""
NONE = "–"


UNKNOWN_DATE = (1970, 1, 1)
"""A PDF for archives has to have a date."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True)


class Signing(_Data):
    """A row to sign in, filled where somebody has signed the bundle already."""

    role: str
    name: str = ""
    meaning: str = ""
    at: str = ""


class Device(_Data):
    """An instrument."""

    title: str
    rows: tuple[Pair, ...]


class InputRow(_Data):
    """A file that the run began with."""

    name: str
    role: str
    sha256: str


class OpenRow(_Data):
    """A judgement or a test that did not pass."""

    verdict: str
    id: str
    test: str
    judged: str
    value: str
    allowed: str


class DeviationRow(_Data):
    """A difference from the frozen protocol."""

    kind: str
    what: str
    planned: str
    touches: str


class AnomalyRow(_Data):
    """An anomaly, and what was decided about it."""

    id: str
    state: str
    about: str
    decided: str


class RequirementData(_Data):
    """A requirement with its evidence."""

    id: str
    state: str
    text: str
    risk: str
    evidence: str


class RiskData(_Data):
    """A risk control."""

    id: str
    state: str
    hazard: str
    requirements: str


class LeftOutGroup(_Data):
    """Tests that were not chosen, or do not apply, for one reason."""

    reason: str
    nodes: tuple[str, ...]


class CheckRow(_Data):
    """A check of the bench."""

    at: str
    name: str
    state: str
    observed: str
    allowed: str


class ChartData(_Data):
    """A picture of an infusion: its file, what a screen reader says of it, and its caption."""

    file: str
    alt: str
    caption: str


class JudgementRow(_Data):
    """A judgement."""

    id: str
    verdict: str
    judged: str
    value: str
    k: str
    dof: str
    allowed: str
    risk: str
    requirements: str


class BriefRow(_Data):
    """A figure that passed and that every infusion judges."""

    id: str
    judged: str
    value: str
    k: str
    dof: str
    allowed: str


class BriefTable(_Data):
    """Such figures of one kind: what they have in common is said once, above them."""

    title: str
    common: str
    rows: tuple[BriefRow, ...]


class SaidRow(_Data):
    """A yes that every infusion judges."""

    id: str
    judged: str
    requirements: str


class BudgetData(_Data):
    """An uncertainty budget: the influences that count, and in a sentence those that do not."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    rest: str


class TestData(_Data):
    """A test."""

    title: str
    verdict: str
    reason: str
    facts: tuple[Pair, ...]
    charts: tuple[ChartData, ...]
    judgements: tuple[JudgementRow, ...]
    measured: tuple[BriefTable, ...]
    said: tuple[SaidRow, ...]
    budgets: tuple[BudgetData, ...]


class PassedRow(_Data):
    """A test that passed, where there are too many to tell of each in full: what came nearest to its limits."""

    ids: str
    test: str
    judged: str
    value: str
    allowed: str
    used: str


class RecordData(_Data):
    """All that the template shows."""

    title: str
    subtitle: str
    author: str
    description: str
    date: tuple[int, int, int]
    running: str
    footer: str
    stamps: tuple[str, ...]
    verdict: str
    counts: str
    nothing_open: str
    open: tuple[OpenRow, ...]
    identity: tuple[Pair, ...]
    signatures: tuple[Signing, ...]
    devices: tuple[Device, ...]
    conditions: tuple[Pair, ...]
    code: tuple[Pair, ...]
    inputs: tuple[InputRow, ...]
    baseline: str
    requirements: tuple[RequirementData, ...]
    risks: tuple[RiskData, ...]
    completeness: tuple[Pair, ...]
    left_out: tuple[LeftOutGroup, ...]
    protocol: str
    deviations: tuple[DeviationRow, ...]
    anomalies: tuple[AnomalyRow, ...]
    audit: str
    checks: tuple[CheckRow, ...]
    tests: tuple[TestData, ...]
    passed_note: str
    passed: tuple[PassedRow, ...]

    @classmethod
    def of(cls, view: PageView, files: Sequence[str], signatures: Sequence[Signing]) -> "RecordData":
        """Return what is shown of a run.

        Args:
            view: the run.
            files: of its pictures, in the order of the charts of the tests that are told of in full.
            signatures: rows to sign in.
        """
        names = iter(files)
        pump = view.pump
        return cls(
            title="Verification record",
            subtitle=f"{view.title or view.profile}: {pump.model} {pump.serial_number}" if pump else view.title,
            author=f"pumpbench {view.code.version}",
            description=f"Verification record of run {view.run_id}: {view.verdict}",
            date=_date(view.started_utc),
            running=f"Verification record · {view.run_id}",
            footer=f"pumpbench {view.code.version}, {(view.code.commit or 'commit not known')[:12]}",
            stamps=tuple(_stamps(view)),
            verdict=view.verdict,
            counts=", ".join(f"{count} {name}" for name, count in view.counts.items() if count),
            nothing_open=_nothing_open(view),
            open=tuple(_open(view)),
            identity=tuple(_identity(view)),
            signatures=tuple(signatures),
            devices=tuple(_device(one) for one in ([pump] if pump else []) + list(view.instruments)),
            conditions=tuple(_conditions(view)),
            code=tuple(_code(view)),
            inputs=tuple(InputRow(name=one.name, role=one.role, sha256=one.sha256) for one in view.inputs),
            baseline=f"Baseline {view.matrix.baseline}." if view.matrix.baseline else "No baseline could be read.",
            requirements=tuple(_requirement(row) for row in view.matrix.requirements),
            risks=tuple(
                RiskData(id=row.id, state=row.state, hazard=row.hazard, requirements=", ".join(row.requirements))
                for row in view.matrix.risk_controls
            ),
            completeness=tuple(_completeness(view)),
            left_out=tuple(_left_out(view)),
            protocol=_with_and_without(view),
            deviations=tuple(map(_deviation, view.protocol.deviations if view.protocol is not None else ())),
            anomalies=tuple(map(_anomaly, view.anomalies)),
            audit=_audit(view),
            checks=tuple(_checks(view)),
            tests=tuple(_test(test, [next(names) for _ in test.charts]) for test in view.tests_in_full),
            passed_note=_passed_note(view),
            passed=tuple(map(_passed, view.tests_in_brief)),
        )


def _date(started_utc: str) -> tuple[int, int, int]:
    match = re.match(r"(\d{4})-(\d{2})-(\d{2})", started_utc)
    return (int(match[1]), int(match[2]), int(match[3])) if match else UNKNOWN_DATE


def _stamps(view: PageView) -> Iterator[str]:
    if view.simulated:
        yield "SIMULATED"
    if view.code.dirty:
        yield "MADE BY MODIFIED SOFTWARE"
    if view.aborted:
        yield "CUT SHORT"
    if view.invalid:
        yield f"INVALID: {len(view.invalid)} RESULTS MISSING OR NOT COLLECTED"


def _nothing_open(view: PageView) -> str:
    if view.nearest is None or view.nearest.deviation is None:
        return "Nothing failed." if view.judgements else "Nothing was judged."
    one, used = view.nearest, number(view.nearest.deviation.used_percent, 3)
    value = f"{measured(one.value, one.expanded_uncertainty)} {one.unit}, allowed {allowed(one.lower, one.upper)}"
    return f"Nothing failed. Nearest to its limit: {one.id} {one.name}, {value}; with U it uses {used} % of that."


def _open(view: PageView) -> Iterator[OpenRow]:
    for test in view.open_tests:
        for one in test.open_judgements:
            yield OpenRow(
                verdict=one.verdict,
                id=one.id,
                test=test.title,
                judged=(one.name if one.value is not None else _once(f"{one.name}: {one.reason}"))
                + _beside(view, one.id),
                value=_value(one),
                allowed="; ".join(part for part in (allowed(one.lower, one.upper), _beyond(one)) if part) or NONE,
            )
        if not test.open_judgements:
            yield OpenRow(verdict=test.verdict, id=NONE, test=test.title, judged=test.reason, value=NONE, allowed=NONE)


def _beyond(one: RecordedJudgement) -> str:
    return f"beyond by {number(abs(one.excess), 3)} {one.unit}".strip() if one.excess else ""


def _beside(view: PageView, own: str) -> str:
    """Return the anomaly of a judgement in short, for the row of its result."""
    anomaly = view.anomaly_of.get(own)
    return f" [{anomaly.id}: {_decided(anomaly)}]" if anomaly is not None else ""


def _decided(anomaly: Anomaly) -> str:
    said = (f"{one.disposition} – {one.why} ({one.by}, {one.role}, {one.at})" for one in anomaly.dispositions)
    return "; ".join(said) or "no disposition"


def _anomaly(one: Anomaly) -> AnomalyRow:
    where = f"{one.test}: " if one.test else ""
    return AnomalyRow(id=one.id, state=one.state, about=f"{where}{_once(one.about)}", decided=_decided(one))


def _once(words: str) -> str:
    """Return a sentence whose beginning, up to a colon, comes twice with it once."""
    for match in re.finditer(": ", words):
        if words[match.end() :].startswith(words[: match.end()]):
            return words[match.end() :]
    return words


def _audit(view: PageView) -> str:
    if view.audit is None:
        return "No disposition was made: there is no audit trail."
    reviews = "; ".join(f"{one.by}, {one.role}, {one.at}: {one.disposition} – {one.why}" for one in view.audit.reviews)
    head = f"Audit trail: {view.audit.entries} entries, the last with SHA-256 {view.audit.head_sha256}."
    return f"{head} {'Reviewed: ' + reviews if reviews else 'Nobody has reviewed it.'}"


def _identity(view: PageView) -> Iterator[Pair]:
    yield "Record", view.run_id
    yield "Purpose", f"verification of {view.title or view.profile} against {view.matrix.baseline or 'no baseline'}"
    yield "Protocol", _protocol(view)
    yield "Operator", view.operator or "nobody was named when the run began (run --operator NAME)"
    yield "Profile of the pump", view.profile or NONE
    yield "Began, ended (UTC)", _times(view)
    yield "Bench time, clock", f"{duration(view.duration_s)}, {view.clock}"
    yield "Why it ended", view.reason or ("it was cut short" if view.aborted else NONE)
    yield "Decision rule", view.decision_rule or NONE
    if view.simulated:
        yield "Twin", f"seed {view.seed}; defects: {', '.join(view.defects) or 'none'}"


def _times(view: PageView) -> str:
    if view.started_utc:
        return f"{view.started_utc}, {view.ended_utc}"
    own_clocks = "each chapter by the clock of a twin of its own, see section 9; when it was signed stands in section 3"
    return own_clocks if view.simulated else "not known"


def _protocol(view: PageView) -> str:
    frozen = view.protocol
    if frozen is None:
        return (
            "none was frozen before the run; the tests and their docstrings under plans/; "
            f"{len(view.tests)} {'test' if len(view.tests) == 1 else 'tests'} ran"
        )
    return (
        f"frozen by {frozen.signed_by}, {frozen.role}, {frozen.signed_at}, SHA-256 {frozen.sha256}; "
        f"{len(frozen.deviations)} deviations, {len(frozen.unplanned)} not planned"
    )


def _passed_note(view: PageView) -> str:
    brief, every, full = len(view.tests_in_brief), len(view.tests), len(view.in_full)
    return (
        f"{brief} of {every} tests passed and stand here in a line each, with the judgement that came nearest to its "
        f"limits and the share of them that it uses up with U. The other {full} follow in full: each that did not "
        "pass, and of those that passed the ones that came nearest to their limits. Every judgement of all tests "
        "stands in judgements.json, which is attached to this file; pictures and budgets stand beside it in the "
        "record, and any id leads to them: pumpbench why RUN J-0001."
    )


def _passed(test: RecordedTest) -> PassedRow:
    one, ids = test.nearest, [judged.id for judged in test.judgements]
    return PassedRow(
        ids=f"{ids[0]} to {ids[-1]}" if len(ids) > 1 else "".join(ids) or NONE,
        test=test.title,
        judged=f"{one.id} {one.name}" if one is not None else f"{len(ids)} times yes",
        value=_value(one) if one is not None else NONE,
        allowed=f"{allowed(one.lower, one.upper)} {one.unit}".strip() if one is not None else NONE,
        used=f"{number(test.used_percent, 3)} %" if one is not None else NONE,
    )


def _deviation(one: ProtocolDeviation) -> DeviationRow:
    planned = f"{one.by}, {one.at}: {one.why}" if one.planned else "not planned"
    return DeviationRow(kind=one.kind, what=one.what, planned=planned, touches=str(len(one.touches)))


def _with_and_without(view: PageView) -> str:
    frozen = view.protocol
    if frozen is None:
        return "No protocol was frozen before this run."
    without = f"without the {frozen.touched} that a deviation touches {frozen.verdict_untouched.name}"
    return f"All {len(view.tests)} tests together: {frozen.verdict.name}; {without}."


def _device(one: Instrument) -> Device:
    title = f"{one.role.capitalize()}{', the device under test' if one.role == 'pump' else ''}"
    own = (("Model", one.model), ("Serial number", one.serial_number), ("Firmware", one.firmware_version))
    certificate = () if one.has_certificate or one.role == "pump" else (("Calibration certificate", "none named"),)
    return Device(title=title, rows=(*own, *((fact.name, fact.value) for fact in one.facts), *certificate))


def _conditions(view: PageView) -> Iterator[Pair]:
    frames = [chart.columns.frame() for test in view.tests for chart in test.charts]
    for name, words in ROOM:
        known = [frame[name].dropna() for frame in frames if name in frame]
        least = min((float(one.min()) for one in known if len(one)), default=None)
        greatest = max((float(one.max()) for one in known if len(one)), default=None)
        told = "not recorded" if least is None else f"{number(least, 4)} to {number(greatest, 4)}"
        yield words, f"{told}, over all samples" if least is not None else told
    yield "Liquid", view.liquid or NONE


def _code(view: PageView) -> Iterator[Pair]:
    yield "pumpbench", view.code.version
    yield "Commit", f"{view.code.commit or 'not known'}{', with local changes' if view.code.dirty else ''}"
    yield "SHA-256 of the code", view.code.sha256 or NONE


def _requirement(row: RequirementRow) -> RequirementData:
    ids = [own for one in row.evidence for own in one.ids]
    told = f"{', '.join(ids[:MOST_IDS])}{f' and {len(ids) - MOST_IDS} more' if len(ids) > MOST_IDS else ''}"
    reasons = sorted({one.reason for one in row.evidence if one.reason and (one.ids or not ids)})
    silent = len({one.test for one in row.evidence if not one.ids} - {one.test for one in row.evidence if one.ids})
    if ids and silent:
        reasons.append(f"{silent} further {'test' if silent == 1 else 'tests'} without a verdict, see section 6")
    return RequirementData(
        id=row.id if row.revision is None else f"{row.id}@{row.revision}",
        state=row.state,
        text=row.text or "The baseline does not have it.",
        risk=", ".join(row.risk_controls) or NONE,
        evidence="; ".join([*([told] if told else []), *reasons]) or "none in this run",
    )


def _completeness(view: PageView) -> Iterator[Pair]:
    not_run = f"{len(view.not_run)} never began: {', '.join(view.not_run)}" if view.not_run else "all began"
    yield "Collected tests", not_run
    yield "INVALID", "; ".join(view.invalid) or "no: every collected test has a result, and every result a test"
    if view.left_out is None:
        yield "Tests not chosen", "this record does not say"
    else:
        yield "Tests not chosen, or not applicable", f"{len(view.left_out)}{', listed below' if view.left_out else ''}"
    yield "Deviations", "; ".join(view.deviations) or "none"
    yield "Troubles of the run", "; ".join(view.troubles) or "none"
    yield "Remarks", "; ".join(view.remarks) or "none"
    states = ", ".join(f"{count} {state}" for state, count in view.matrix.counts.items())
    yield "Requirements", states or "no baseline"


def _left_out(view: PageView) -> Iterator[LeftOutGroup]:
    """Yield what was left out by its reason, the reason of most tests first."""
    nodes: dict[str, list[str]] = {}
    for one in view.left_out or ():
        nodes.setdefault(one.reason, []).append(one.node)
    for reason in sorted(nodes, key=lambda reason: -len(nodes[reason])):
        yield LeftOutGroup(reason=reason, nodes=tuple(nodes[reason]))


def _checks(view: PageView) -> Iterator[CheckRow]:
    for at, checks in (("before", view.preflight), ("after", view.postflight)):
        for one in checks:
            limits = allowed(one.lower, one.upper)
            told = f"{limits} {one.unit}".strip() if limits else NONE
            yield CheckRow(at=at, name=one.name, state=one.state, observed=one.observed, allowed=told)


def _test(test: RecordedTest, files: Sequence[str]) -> TestData:
    facts = [
        ("Test", test.node),
        ("Requirements", ", ".join(test.requirements) or "none"),
        ("Risk controls", ", ".join(test.risk_controls) or "none"),
        ("Took", duration(test.duration_s) if test.duration_s is not None else "the run ended before this test did"),
        *((one.heading or "Note", one.text) for one in test.protocol),
    ]
    return TestData(
        title=test.title,
        verdict=test.verdict,
        reason=test.reason,
        facts=tuple(facts),
        charts=tuple(_chart(chart, file) for chart, file in zip(test.charts, files, strict=True)),
        judgements=tuple(_judgement(one) for one in test.in_full),
        measured=tuple(_measured(test)),
        said=tuple(_said(test)),
        budgets=tuple(_budget(one) for one in test.full_budgets),
    )


def _chart(chart: InfusionChart, file: str) -> ChartData:
    windows = "; ".join(f"{chart.letter(one)} {one.name}" for one in chart.windows)
    alt = f"Infusion {chart.name}: volumes, deviation in each judged window, pressure, and what happened"
    return ChartData(file=file, alt=alt, caption=f"{chart.name}. Judged windows: {windows or 'none'}")


def _judgement(one: RecordedJudgement) -> JudgementRow:
    spoilt = f" Evidence spoilt by: {', '.join(one.qualifiers)}" if one.qualifiers else ""
    requirements = ", ".join(one.requirements)
    explained = f": {one.reason}" if one.value is None or one.verdict != "PASS" else ""
    return JudgementRow(
        id=one.id,
        verdict=one.verdict,
        judged=f"{_once(f'{one.name}{explained}')}{spoilt}",
        value=_value(one),
        k=NONE if one.coverage_factor is None else number(one.coverage_factor, 3),
        dof=NONE if one.dof is None else number(one.dof, 3),
        allowed=f"{allowed(one.lower, one.upper)} {one.unit}".strip() or NONE,
        risk="; ".join(part for part in (requirements, one.limits_source, one.risk) if part),
        requirements=requirements,
    )


def _measured(test: RecordedTest) -> Iterator[BriefTable]:
    for group in test.in_brief:
        figures = [one for one in group.judgements if one.value is not None]
        if not figures:
            continue
        common = _common([one.name for one in figures])
        evidence = ", ".join(group.requirements)
        ((risk, _),) = Counter(map(risk_of, figures)).most_common(1)
        of_each = risk.replace("for this value", "for each value, where its line says no other")
        told = (evidence and f"for {evidence}", group.limits_source and f"limits from {group.limits_source}", of_each)
        rows = (
            BriefRow(
                id=one.id,
                judged=one.name[len(common) :] + ("" if risk_of(one) == risk else f"; {risk_of(one)}"),
                value=_value(one),
                k=NONE if one.coverage_factor is None else number(one.coverage_factor, 3),
                dof=NONE if one.dof is None else number(one.dof, 3),
                allowed=f"{allowed(one.lower, one.upper)} {one.unit}".strip() or NONE,
            )
            for one in figures
        )
        title = "; ".join(part for part in (group.kind, *told) if part)
        yield BriefTable(title=title, common=common.strip(" ,:"), rows=tuple(rows))


def _said(test: RecordedTest) -> Iterator[SaidRow]:
    for group in test.in_brief:
        for one in group.judgements:
            if one.value is None:
                judged = _once(f"{one.name}: {one.reason}")
                yield SaidRow(id=one.id, judged=judged, requirements=", ".join(one.requirements))


def _common(names: Sequence[str]) -> str:
    """Return the words that all of several names begin with, up to a comma or a colon; empty where they are few."""
    if len(names) < LEAST_ALIKE:
        return ""
    first, last = min(names), max(names)
    alike = "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    end = max(alike.rfind(", "), alike.rfind(": ")) + 2
    return alike[:end] if end >= LEAST_COMMON else ""


def _value(one: RecordedJudgement) -> str:
    return "yes or no" if one.value is None else f"{measured(one.value, one.expanded_uncertainty)} {one.unit}".strip()


def _budget(budget: RecordedBudget) -> BudgetData:
    figures = f"U = {number(budget.expanded, 3)} {budget.unit}, k = {number(budget.coverage_factor, 3)}"
    return BudgetData(
        title=f"Budget of {', '.join(budget.judgement_ids)}: {figures}",
        rows=tuple(
            (
                row.name,
                f"{number(row.value, 4)} {row.unit}",
                f"{number(row.standard_uncertainty, 3)} {row.unit}",
                row.kind,
                row.distribution,
                number(row.dof, 3),
                number(row.sensitivity, 3),
                number(row.contribution, 3),
                f"{number(row.share_percent, 3)} %",
            )
            for row in budget.telling
        ),
        rest="; ".join(f"{row.name} {number(row.contribution, 3)}" for row in budget.negligible),
    )
