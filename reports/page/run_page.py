# SPDX-License-Identifier: Apache-2.0
"""Makes the page's view of a stored run. This is the only file of the page that knows how a journal is written."""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.acceptance import Standing
from bench.bench_file import BenchFile
from bench.collected_tests import CollectedTests, JudgementToCome
from bench.journal import Entry as JournalEntry
from bench.journal import SampleColumns, read_lines
from bench.journal.lines import (
    BalanceDistrusted,
    CheckMade,
    CheckRepeated,
    Event,
    InfusionStarted,
    JournalOpened,
    JudgedAgain,
    Judgement,
    JudgementDeclared,
    Line,
    LineOfTest,
    RepeatabilityFound,
    RequirementReference,
    RunStarted,
    Sample,
    Step,
    TestStarted,
    Volume,
)
from bench.run import input_hashes
from bench.run.run_evidence import read_run_evidence
from bench.run_folder import BENCH_FILE, COLLECTED, JOURNAL, LOCK, PROFILE, REQUIREMENTS
from bench.trace import (
    CitedRequirement,
    Execution,
    Matrix,
    PlannedJudgement,
    Requirements,
    RunEvidence,
    TestEvidence,
)
from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import open_regular
from metrology.verdict import Verdict, worst
from reports.entry import Entry, MeasuredValue
from reports.judged_window import JudgedWindows
from reports.page.bench_check import BenchCheck
from reports.page.infusion_chart import InfusionChart
from reports.page.matrix_view import MatrixView, RequirementRow, RiskControlRow, TracedJudgement
from reports.page.page_view import LeftOut, PageView
from reports.page.recorded_judgement import BudgetRow, RecordedBudget, RecordedJudgement
from reports.page.recorded_test import Happening, Paragraph, RecordedTest
from reports.page.subject import Code, Fact, Input, Instrument
from reports.risk_text import risk_text
from reports.run_info import BalanceInfo, DeviceInfo, RunInfo
from reports.summary import Summary

INPUTS = {
    BENCH_FILE: "the bench: instruments, addresses, calibration; of a twin's file the addresses are not hashed",
    PROFILE: "what the pump promises",
    REQUIREMENTS: "the requirements baseline",
    COLLECTED: "which tests were to run",
    LOCK: "every installed package and its version",
    JOURNAL: "the record that this page is made of",
}
DIRTY = "-modified"
BLOCK_BYTES = 1 << 20
STANDING = frozenset(one.words for one in Standing)
"""Declared names of what every infusion judges."""
JUDGEMENT_ID = re.compile(r"J-\d{1,9}")
WHOLE_TEST = "the test as a whole"
NOT_BOUND = (
    "This record ties judgements to tests, not to requirements: in the matrix every judgement of a test counts for "
    "every requirement that the test names."
)
NO_SELECTION = (
    "This record does not say which tests of the plan were not chosen; requirements that no test of the run names are "
    "UNCOVERED here."
)
NO_HASHES = "This record keeps no hashes of its inputs from the time of the run: those below are of the files as kept."
OUTSIDE_THE_COURSE = frozenset({"mark", "preflight", "postflight"})
"""Events that other parts of the page tell of."""


@dataclass
class _Infusion:
    name: str
    columns: SampleColumns = field(default_factory=SampleColumns)
    events: list[JournalEntry] = field(default_factory=list)
    windows: JudgedWindows = field(default_factory=JudgedWindows)


@dataclass
class _Test:
    started_s: float
    purpose: str
    requirements: tuple[RequirementReference, ...] = ()
    declared: list[JudgementDeclared] = field(default_factory=list)
    judged: list[tuple[str, Judgement]] = field(default_factory=list)
    course: list[Happening] = field(default_factory=list)
    infusions: dict[str, _Infusion] = field(default_factory=dict)


@dataclass
class _Journal:
    """What the page takes of a journal, line by line."""

    opened: JournalOpened | None = None
    tests: list[_Test] = field(default_factory=list)
    preflight: list[tuple[str, BenchCheck]] = field(default_factory=list)
    postflight: list[tuple[str, BenchCheck]] = field(default_factory=list)
    occasions: list[str] = field(default_factory=list)
    defects: tuple[str, ...] = ()
    repeatability: str = ""
    sensors: str = ""
    judged_again: list[str] = field(default_factory=list)
    judgements: int = 0
    last_s: float = 0.0
    distrusted: Mapping[str, Verdict] = field(default_factory=dict)

    def take(self, t_s: float, body: Line) -> None:
        self.last_s = t_s
        match body:
            case JournalOpened():
                self.opened = body
            case RunStarted(defects=defects, occasion=occasion):
                self.defects = defects
                self.occasions.append(occasion)
            case TestStarted():
                self.tests.append(_Test(t_s, body.purpose, body.requirements))
            case Sample() if self.tests:
                self._take_sample(t_s, body, self.tests[-1])
            case LineOfTest(test=test) if test and self.tests:
                self._take_of_test(t_s, body, self.tests[-1])
        if isinstance(body, Event):
            self._take_event(body)

    def _take_sample(self, t_s: float, sample: Sample, test: _Test) -> None:
        if sample.infusion in test.infusions:
            test.infusions[sample.infusion].columns.append(t_s, sample)

    def _take_event(self, event: Event) -> None:
        match event:
            case CheckRepeated():
                self.postflight.append((self._occasion, _check(event)))
            case CheckMade():
                self.preflight.append((self._occasion, _check(event)))
            case RepeatabilityFound(title=title):
                self.repeatability = title
            case JudgedAgain(title=title) | BalanceDistrusted(title=title):
                self.judged_again.append(title)

    @property
    def _occasion(self) -> str:
        return self.occasions[-1] if self.occasions else ""

    def named(self, checks: list[tuple[str, BenchCheck]]) -> tuple[BenchCheck, ...]:
        """Return checks, named after their chapter where each chapter had a bench of its own."""
        if len(self.occasions) < 2:
            return tuple(one for _, one in checks)
        return tuple(replace(one, name=f"{occasion}: {one.name}") for occasion, one in checks)

    def _take_of_test(self, t_s: float, body: LineOfTest, test: _Test) -> None:
        match body:
            case InfusionStarted():
                test.infusions[body.infusion] = _Infusion(body.name)
            case Step():
                test.course.append(Happening(t_s - test.started_s, "step", body.title))
            case Event():
                if body.what not in OUTSIDE_THE_COURSE:
                    test.course.append(Happening(t_s - test.started_s, body.what, body.title))
                if body.infusion in test.infusions:
                    test.infusions[body.infusion].events.append(JournalEntry(t_s, body))
            case JudgementDeclared():
                test.declared.append(body)
            case Judgement():
                self._take_judgement(body, test)
            case Volume():
                self._take_volume(body, test)

    def _take_judgement(self, judgement: Judgement, test: _Test) -> None:
        self.judgements += 1
        own = judgement.id if JUDGEMENT_ID.fullmatch(judgement.id) else f"J-{self.judgements:04}"
        test.judged.append((own, judgement))
        if judgement.infusion in test.infusions:
            at_the_end = self.distrusted.get(judgement.id)
            test.infusions[judgement.infusion].windows.take_judgement(MeasuredValue.of(judgement, at_the_end))

    def _take_volume(self, volume: Volume, test: _Test) -> None:
        conditions = volume.conditions
        self.sensors = self.sensors or (
            f"temperature ± {conditions.temperature_half_width_c:.3g} °C, "
            f"air pressure ± {conditions.air_pressure_half_width_hpa:.3g} hPa, "
            f"humidity ± {conditions.humidity_half_width_percent:.3g} %"
        )
        if volume.infusion in test.infusions:
            test.infusions[volume.infusion].windows.take_volume(volume)


def _check(event: CheckMade) -> BenchCheck:
    return BenchCheck(event.check, event.state, event.seen, event.lower, event.upper, event.unit, event.next_step)


def run_page(run_folder: Path, summary: Summary) -> PageView:
    """Read a run folder into the page's view.

    Args:
        run_folder: the run.
        summary: as `reports.summary.summarise` made it of the same journal.

    Raises:
        BenchFault: the journal cannot be read, was changed, or another version wrote it.
    """
    journal = _read(run_folder / JOURNAL, summary)
    opened = journal.opened
    collected = _collected(run_folder / COLLECTED)
    left_out = _left_out(collected)
    inputs = opened.inputs if opened is not None else {}
    remarks = [*([] if inputs else [NO_HASHES]), *([NO_SELECTION] if left_out is None else [])]
    file = _bench_file(run_folder / BENCH_FILE, remarks)
    tests = tuple(
        _test(number, entry, recorded)
        for number, (entry, recorded) in enumerate(zip(summary.tests, journal.tests, strict=False), start=1)
    )
    run = summary.run
    started_utc, ended_utc = _times(run, journal.last_s)
    return PageView(
        run_id=run.run_id if run is not None else run_folder.name,
        title=run.profile_title if run is not None else "a run without a bench",
        verdict=summary.verdict.name,
        counts=summary.counts,
        simulated=summary.simulated,
        aborted=summary.aborted,
        reason=summary.reason,
        started_utc=started_utc,
        ended_utc=ended_utc,
        duration_s=journal.last_s,
        clock=_clock(run),
        profile=run.profile if run is not None else "",
        liquid=run.liquid if run is not None else "",
        seed=run.seed if run is not None else None,
        defects=journal.defects,
        decision_rule=run.decision_rule if run is not None else "",
        pump=_device("pump", run.pump) if run is not None else None,
        instruments=_instruments(run, file, journal),
        code=_code(run, opened.code_sha256 if opened is not None else ""),
        inputs=_inputs(run_folder, inputs, remarks),
        matrix=_matrix(run_folder / REQUIREMENTS, summary, journal, collected, remarks),
        tests=tests,
        preflight=journal.named(journal.preflight),
        postflight=journal.named(journal.postflight),
        not_run=summary.not_run,
        left_out=left_out,
        deviations=summary.deviations,
        troubles=summary.troubles,
        remarks=(*remarks, *journal.judged_again),
    )


def _read(path: Path, summary: Summary) -> _Journal:
    values = [one for test in summary.tests for one in test.values]
    journal = _Journal(distrusted={one.id: one.verdict for one in values if one.first_verdict is not None})
    for line in read_lines(path):
        journal.take(line.t_s, line.body)
    return journal


# --- what was tested, and with what -----------------------------------------------------------------------------------


def _bench_file(path: Path, remarks: list[str]) -> BenchFile | None:
    try:
        return BenchFile.load(path)
    except PlanError as refused:
        remarks.append(f"The kept bench file tells nothing of the instruments: {refused}")
        return None


def _device(role: str, device: DeviceInfo | None, facts: Sequence[Fact] = (), *, certified: bool = False) -> Instrument:
    if device is None:
        return Instrument(role, "not identified", "–", "–", tuple(facts), certified)
    return Instrument(
        role, device.model, device.serial_number, device.firmware_version, tuple(facts), has_certificate=certified
    )


def _instruments(run: RunInfo | None, file: BenchFile | None, journal: _Journal) -> tuple[Instrument, ...]:
    if run is None:
        return ()
    sensors = [Fact("Room sensors, half widths in the budgets", journal.sensors)] if journal.sensors else []
    balance = _device("balance", run.balance, _balance_facts(run.balance, file, journal), certified=True)
    return balance, _device("rig", run.rig, sensors)


def _balance_facts(balance: BalanceInfo | None, file: BenchFile | None, journal: _Journal) -> list[Fact]:
    facts = []
    if balance is not None:
        facts += [
            Fact("Calibration certificate", balance.certificate),
            Fact("Calibration due", balance.calibration_due),
            Fact("Capacity", f"{balance.capacity_g:g} g"),
        ]
    if file is not None:
        device = file.balance
        facts += [
            Fact("Calibrated on", str(device.calibration.date)),
            Fact("U of the calibration (k = 2)", f"{device.calibration.expanded_uncertainty_mg:g} mg"),
            Fact("Readability", f"{device.readability_mg:g} mg"),
            Fact("Repeatability, stated", f"{device.repeatability_mg:g} mg"),
            Fact("Linearity, greatest deviation", f"{device.linearity_mg:g} mg"),
            Fact("Drift, at most", f"{device.drift_mg_per_day:g} mg/day"),
        ]
    return [*facts, Fact("Measured in this run", journal.repeatability)] if journal.repeatability else facts


def _code(run: RunInfo | None, sha256: str) -> Code:
    if run is None:
        return Code("unknown", None, dirty=False, sha256=sha256)
    commit = run.software.commit
    dirty = commit is not None and commit.endswith(DIRTY)
    return Code(run.software.version, commit and commit.removesuffix(DIRTY), dirty=dirty, sha256=sha256)


def _clock(run: RunInfo | None) -> str:
    if run is None:
        return "unknown"
    return f"{run.clock.mode}, {run.clock.speed:g} times" if run.clock.mode == "scaled" else run.clock.mode


def _times(run: RunInfo | None, last_s: float) -> tuple[str, str]:
    try:
        epoch = datetime.fromisoformat(run.epoch_utc) if run is not None and run.epoch_utc else None
        if epoch is None:
            return "", ""
        return f"{epoch:%Y-%m-%d %H:%M:%S}", f"{epoch + timedelta(seconds=last_s):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError):
        return "", ""


def _inputs(run_folder: Path, recorded: Mapping[str, str], remarks: list[str]) -> tuple[Input, ...]:
    """Return the files with their hashes; those that the first line binds are hashed as it does."""
    try:
        bound = input_hashes(run_folder) if recorded else {}
    except BenchFault as refused:
        remarks.append(f"The inputs could not be checked: {refused}")
        bound = {}
    names = dict.fromkeys((*INPUTS, *sorted(recorded)))
    return tuple(
        Input(
            name,
            INPUTS.get(name, "used by the run"),
            bound[name] if name in recorded and name in bound else _sha256(run_folder / name),
            recorded.get(name, ""),
        )
        for name in names
    )


def _sha256(path: Path) -> str:
    try:
        with open_regular(path) as file:
            digest = hashlib.sha256()
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
            return digest.hexdigest()
    except OSError as refused:
        return f"cannot be read: {refused.strerror or refused}"


# --- tests ------------------------------------------------------------------------------------------------------------


def _test(number: int, entry: Entry, recorded: _Test) -> RecordedTest:
    anchor = f"test-{number}"
    budgets = _budgets(anchor, entry.values, recorded.judged)
    place = {one: budget.anchor for budget in budgets for one in budget.judgement_ids}
    return RecordedTest(
        anchor=anchor,
        node=entry.node,
        title=entry.title,
        chapter=entry.chapter,
        verdict=entry.verdict.name,
        reason="" if entry.verdict is Verdict.PASS else entry.reason,
        protocol=protocol(recorded.purpose),
        requirements=entry.requirements,
        risk_controls=entry.risk_controls,
        started_s=entry.started_s,
        duration_s=None if entry.ended_s is None else entry.ended_s - entry.started_s,
        judgements=tuple(
            _judgement(one_id, value, rest, place.get(one_id, ""))
            for value, (one_id, rest) in zip(entry.values, recorded.judged, strict=False)
        ),
        budgets=budgets,
        course=tuple(recorded.course),
        charts=tuple(
            InfusionChart.of(f"{anchor}-chart-{place}", one.name, own, one.columns, one.events, one.windows.judged)
            for place, (own, one) in enumerate(recorded.infusions.items(), start=1)
            if len(one.columns)
        ),
    )


def protocol(docstring: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a test's docstring behind its title, those that begin with `Purpose:` and such by name.

    Args:
        docstring: as `inspect.getdoc` returns it.
    """
    paragraphs = [" ".join(one.split()) for one in docstring.split("\n\n")][1:]
    return tuple(_paragraph(one) for one in paragraphs if one)


def _paragraph(text: str) -> Paragraph:
    heading, colon, rest = text.partition(": ")
    named = bool(colon) and heading.isalpha() and heading.istitle()
    return Paragraph(heading, rest) if named else Paragraph("", text)


def _judgement(one_id: str, value: MeasuredValue, rest: Judgement, budget_anchor: str) -> RecordedJudgement:
    return RecordedJudgement(
        id=one_id,
        name=value.name,
        verdict=value.verdict.name,
        reason=value.reason,
        value=value.value,
        unit=value.unit,
        expanded_uncertainty=value.expanded_uncertainty,
        coverage_factor=value.coverage_factor,
        lower=value.lower,
        upper=value.upper,
        limits_source=value.limits_source,
        risk=risk_text(value),
        qualifiers=rest.qualifiers,
        requirements=tuple(one.label for one in rest.requirements),
        budget_anchor=budget_anchor,
        standing=rest.declared if rest.declared in STANDING else "",
    )


def _budgets(
    anchor: str, values: Sequence[MeasuredValue], judged: Sequence[tuple[str, Judgement]]
) -> tuple[RecordedBudget, ...]:
    """Return the budgets of a test's judgements; those that differ in nothing but their judgement are one."""
    shared: dict[tuple[object, ...], list[tuple[str, MeasuredValue, Judgement]]] = {}
    for value, (one_id, rest) in zip(values, judged, strict=False):
        if value.expanded_uncertainty and rest.budget:
            # What is calculated on with a budget differs from it in the last digits.
            budget = [line.budget_line() for line in rest.budget]
            lines = ((line.name, f"{line.value:.6g}", f"{line.contribution:.6g}") for line in budget)
            key = (value.unit, f"{value.expanded_uncertainty:.6g}", *lines)
            shared.setdefault(key, []).append((one_id, value, rest))
    return tuple(_budget(f"{anchor}-budget-{place}", same) for place, same in enumerate(shared.values(), start=1))


def _budget(anchor: str, same: Sequence[tuple[str, MeasuredValue, Judgement]]) -> RecordedBudget:
    _, value, rest = same[0]
    lines = [line.budget_line() for line in rest.budget]
    variance = sum(line.contribution**2 for line in lines)
    rows = (
        BudgetRow(
            name=line.name,
            value=line.value,
            unit=line.unit,
            standard_uncertainty=line.standard_uncertainty,
            kind=line.kind,
            distribution=line.distribution,
            dof=line.dof,
            sensitivity=line.sensitivity,
            contribution=abs(line.contribution),
            share_percent=100 * line.contribution**2 / variance if variance else 0.0,
        )
        for line in lines
    )
    return RecordedBudget(
        anchor=anchor,
        unit=value.unit,
        standard=variance**0.5,
        expanded=value.expanded_uncertainty or 0.0,
        coverage_factor=value.coverage_factor or math.nan,
        rows=tuple(sorted(rows, key=lambda row: -row.contribution)),
        judgement_ids=tuple(one_id for one_id, _, _ in same),
    )


# --- matrix -----------------------------------------------------------------------------------------------------------


def _collected(path: Path) -> CollectedTests | None:
    try:
        return CollectedTests.read(path)
    except FileNotFoundError:
        return None


def _left_out(collected: CollectedTests | None) -> tuple[LeftOut, ...] | None:
    """Return what was not chosen or does not apply; None for records that do not tell it."""
    if collected is None or (collected.tests and not collected.judges and not collected.left_out):
        return None
    return tuple(LeftOut(one.node, one.reason) for one in collected.left_out)


def _matrix(
    path: Path, summary: Summary, journal: _Journal, collected: CollectedTests | None, remarks: list[str]
) -> MatrixView:
    try:
        requirements = Requirements.load(path)
    except PlanError as refused:
        remarks.append(f"There is no matrix: {refused}")
        return MatrixView("", (), (), bound=False)
    bound = any(test.declared or any(one.requirements for _, one in test.judged) for test in journal.tests)
    bound = bound or (collected is not None and bool(collected.judges))
    if bound:
        evidence = read_run_evidence(path.parent)
    else:
        remarks.append(NOT_BOUND)
        evidence = _OfWholeTests(requirements).of(summary, journal, collected)
    matrix = Matrix.of(requirements, [evidence])
    anchors = {entry.node: f"test-{number}" for number, entry in enumerate(summary.tests, start=1)}
    return MatrixView(matrix.baseline, _requirement_rows(matrix, anchors), _risk_controls(matrix), bound)


def _requirement_rows(matrix: Matrix, anchors: Mapping[str, str]) -> tuple[RequirementRow, ...]:
    def traced(cells: Iterable[Any]) -> tuple[TracedJudgement, ...]:
        return tuple(
            TracedJudgement(
                cell.judgement_ids,
                cell.judgement,
                cell.state,
                cell.reason,
                cell.test,
                anchors.get(cell.test, ""),
            )
            for cell in cells
        )

    known = tuple(
        RequirementRow(
            row.requirement.id,
            row.requirement.revision,
            row.requirement.text,
            row.requirement.risk_controls,
            row.state,
            traced(row.cells),
        )
        for row in matrix.rows
    )
    ids = dict.fromkeys(cell.requirement.id for cell in matrix.orphans)
    orphans = (
        RequirementRow(one, None, "", (), "ORPHAN", traced(c for c in matrix.orphans if c.requirement.id == one))
        for one in ids
    )
    return (*known, *orphans)


def _risk_controls(matrix: Matrix) -> tuple[RiskControlRow, ...]:
    return tuple(RiskControlRow(one.id, one.hazard, one.state, one.requirements) for one in matrix.risk_controls)


class _OfWholeTests:
    """Makes evidence of a record in which no judgement names requirements: those of its test stand for it.

    A text of which it keeps no hash counts as unchanged.
    """

    def __init__(self, requirements: Requirements) -> None:
        self._present = {one.id: one for one in requirements.requirement}

    def of(self, summary: Summary, journal: _Journal, collected: CollectedTests | None) -> RunEvidence:
        run = summary.run
        ran = [
            TestEvidence(entry.node, Execution.RAN, entry.reason, entry.verdict, self._judged(entry.verdict, recorded))
            for entry, recorded in zip(summary.tests, journal.tests, strict=False)
        ]
        judges = collected.judges if collected is not None else {}
        waiting = [
            TestEvidence(node, Execution.NOT_RUN, "the run ended first", Verdict.UNSET, self._to_come(judges.get(node)))
            for node in summary.not_run
        ]
        left_out = [
            TestEvidence(
                one.node,
                Execution.LEFT_OUT if one.applicable else Execution.NOT_APPLICABLE,
                one.reason,
                Verdict.UNSET,
                self._to_come(one.judges),
            )
            for one in (collected.left_out if collected is not None else ())
        ]
        return RunEvidence(
            run_id=run.run_id if run is not None else "",
            order="",
            profile=run.profile if run is not None else "",
            firmware=run.pump.firmware_version if run is not None and run.pump is not None else "",
            simulated=bool(summary.simulated),
            tests=(*ran, *waiting, *left_out),
        )

    def _judged(self, verdict: Verdict, test: _Test) -> tuple[PlannedJudgement, ...]:
        """Return what a test judged; where its end is worse, the test as a whole stands for what is missing."""
        cited = self._cited(test.requirements)
        planned = [PlannedJudgement(one.name, cited, one.verdict, (own,)) for own, one in test.judged]
        if worst(one.verdict for one in planned) is not verdict:
            planned.append(PlannedJudgement(WHOLE_TEST, cited, verdict))
        return tuple(planned)

    def _cited(self, references: Iterable[RequirementReference]) -> tuple[CitedRequirement, ...]:
        return tuple(
            CitedRequirement(one.id, one.revision or 0, one.text_sha256 or self._text_sha256(one.id))
            for one in references
        )

    def _to_come(self, judges: Iterable[JudgementToCome] | None) -> tuple[PlannedJudgement, ...]:
        return tuple(
            PlannedJudgement(one.name, tuple(map(self._as_it_is, one.requirements)), Verdict.UNSET)
            for one in judges or ()
        )

    def _as_it_is(self, requirement_id: str) -> CitedRequirement:
        present = self._present.get(requirement_id)
        return CitedRequirement(
            requirement_id, present.revision if present is not None else 0, self._text_sha256(requirement_id)
        )

    def _text_sha256(self, requirement_id: str) -> str:
        present = self._present.get(requirement_id)
        return present.text_sha256 if present is not None else ""
