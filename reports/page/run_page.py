# SPDX-License-Identifier: Apache-2.0
"""Makes the page's view of a stored run. This is the only file of the page that knows how a journal is written."""

import hashlib
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from bench.bench_file import BenchFile
from bench.journal import JournalLine, SampleColumns, read_lines
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
from reports.page.page_view import PageView
from reports.page.recorded_judgement import BudgetRow, RecordedBudget, RecordedJudgement
from reports.page.recorded_test import Happening, Paragraph, RecordedTest
from reports.page.subject import Code, Fact, Input, Instrument
from reports.risk_text import risk_text
from reports.run_info import BalanceInfo, DeviceInfo, RunInfo
from reports.summary import Summary

INPUTS = {
    BENCH_FILE: "the bench: instruments, addresses, calibration",
    PROFILE: "what the pump promises",
    REQUIREMENTS: "the requirements baseline",
    COLLECTED: "which tests were to run",
    LOCK: "every installed package and its version",
    JOURNAL: "the record that this page is made of",
}
DIRTY = "-modified"
BLOCK_BYTES = 1 << 20
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


class _BudgetLine(BaseModel):
    model_config = ConfigDict(frozen=True)

    name: str
    value: float | None
    unit: str
    standard_uncertainty: float
    kind: str
    dof: float | None
    sensitivity: float
    contribution: float
    distribution: str


class _Cited(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: str
    revision: int


class _Judged(BaseModel):
    """What a judgement line holds beside its measured value."""

    model_config = ConfigDict(frozen=True)

    id: str = ""
    budget: tuple[_BudgetLine, ...] = ()
    qualifiers: tuple[str, ...] = ()
    requirements: tuple[_Cited, ...] = ()
    declared: bool | None = None


class _Check(BaseModel):
    model_config = ConfigDict(frozen=True)

    check: str
    state: str
    seen: str
    lower: float | None
    upper: float | None
    unit: str
    next_step: str = ""


@dataclass
class _Infusion:
    columns: SampleColumns = field(default_factory=SampleColumns)
    events: list[dict[str, Any]] = field(default_factory=list)
    windows: JudgedWindows = field(default_factory=JudgedWindows)


@dataclass
class _Test:
    started_s: float
    purpose: str
    judged: list[tuple[str, _Judged]] = field(default_factory=list)
    course: list[Happening] = field(default_factory=list)
    infusions: dict[str, _Infusion] = field(default_factory=dict)

    def infusion(self, name: str) -> _Infusion:
        return self.infusions.setdefault(name, _Infusion())

    @property
    def latest(self) -> _Infusion | None:
        return list(self.infusions.values())[-1] if self.infusions else None


@dataclass
class _Journal:
    """What the page takes of a journal, line by line."""

    tests: list[_Test] = field(default_factory=list)
    checks: dict[str, list[BenchCheck]] = field(default_factory=lambda: {"preflight": [], "postflight": []})
    repeatability: str = ""
    sensors: str = ""
    judged_again: list[str] = field(default_factory=list)
    judgements: int = 0
    last_s: float = 0.0

    def take(self, line: JournalLine) -> None:
        self.last_s = line.t_s
        test = self.tests[-1] if self.tests else None
        match line.kind:
            case "test-started":
                self.tests.append(_Test(line.t_s, str(line.data.get("purpose", ""))))
            case "event":
                self._take_event(line, test)
            case "judgement":
                self._take_judgement(line.data, test)
            case "volume":
                self._take_volume(line.data, test)
            case "infusion-started" if test is not None:
                test.infusion(str(line.data["infusion"]))
            case "sample" if test is not None:
                test.infusion(str(line.data["infusion"])).columns.append(line.t_s, line.data)
            case "step" if test is not None:
                test.course.append(Happening(line.t_s - test.started_s, "step", str(line.data["title"])))

    def _take_event(self, line: JournalLine, test: _Test | None) -> None:
        what, title = str(line.data.get("what")), str(line.data.get("title", ""))
        if what in self.checks:
            one = _Check.model_validate(line.data)
            self.checks[what].append(
                BenchCheck(one.check, one.state, one.seen, one.lower, one.upper, one.unit, one.next_step)
            )
        elif what == "repeatability":
            self.repeatability = title
        elif what == "judged-again":
            self.judged_again.append(title)
        if test is None:
            return
        if what not in OUTSIDE_THE_COURSE:
            test.course.append(Happening(line.t_s - test.started_s, what, title))
        if test.latest is not None:
            test.latest.events.append({**line.data, "t_s": line.t_s, "what": what})

    def _take_judgement(self, data: Mapping[str, object], test: _Test | None) -> None:
        self.judgements += 1
        judged = _Judged.model_validate(data)
        if test is None:
            return
        own = judged.id if JUDGEMENT_ID.fullmatch(judged.id) else f"J-{self.judgements:04}"
        test.judged.append((own, judged))
        if test.latest is not None:
            test.latest.windows.take_judgement(MeasuredValue.model_validate(data))

    def _take_volume(self, data: Mapping[str, Any], test: _Test | None) -> None:
        conditions = data.get("conditions")
        if not self.sensors and isinstance(conditions, dict):
            self.sensors = (
                f"temperature ± {conditions['temperature_half_width_c']:.3g} °C, "
                f"air pressure ± {conditions['air_pressure_half_width_hpa']:.3g} hPa, "
                f"humidity ± {conditions['humidity_half_width_percent']:.3g} %"
            )
        if test is not None:
            test.infusion(str(data["infusion"])).windows.take_volume(data)


def run_page(run_folder: Path, summary: Summary) -> PageView:
    """Read a run folder into the page's view.

    Args:
        run_folder: the run.
        summary: as `reports.summary.summarise` made it of the same journal.

    Raises:
        BenchFault: the journal cannot be read, was changed, or another version wrote it.
    """
    journal = _read(run_folder / JOURNAL)
    remarks = [NO_HASHES, NO_SELECTION]
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
        defects=_defects(run),
        decision_rule=run.decision_rule if run is not None else "",
        pump=_device("pump", run.pump) if run is not None else None,
        instruments=_instruments(run, file, journal),
        code=_code(run),
        inputs=_inputs(run_folder),
        matrix=_matrix(run_folder / REQUIREMENTS, summary, tests, remarks),
        tests=tests,
        preflight=tuple(journal.checks["preflight"]),
        postflight=tuple(journal.checks["postflight"]),
        not_run=summary.not_run,
        left_out=None,
        deviations=summary.deviations,
        troubles=summary.troubles,
        remarks=(*remarks, *journal.judged_again),
    )


def _read(path: Path) -> _Journal:
    journal = _Journal()
    for line in read_lines(path):
        try:
            journal.take(line)
        except (ValidationError, KeyError, TypeError) as misfit:
            observed = f"line {line.seq}, {line.kind}: {misfit}"
            raise BenchFault(f"journal {path}", "read", observed, "read it with the version that wrote it") from misfit
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


def _code(run: RunInfo | None) -> Code:
    if run is None:
        return Code("unknown", None, dirty=False)
    commit = run.software.commit
    return Code(run.software.version, commit and commit.removesuffix(DIRTY), dirty=bool(commit and DIRTY in commit))


def _defects(run: RunInfo | None) -> tuple[str, ...]:
    found = (run.model_extra or {}).get("defects", ()) if run is not None else ()
    return tuple(map(str, found)) if isinstance(found, list | tuple) else ()


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


def _inputs(run_folder: Path) -> tuple[Input, ...]:
    return tuple(Input(name, role, _sha256(run_folder / name)) for name, role in INPUTS.items())


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
            InfusionChart.of(f"{anchor}-chart-{place}", name, frame, one.events, one.windows.judged)
            for place, (name, one) in enumerate(recorded.infusions.items(), start=1)
            if len(frame := one.columns.frame())
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


def _judgement(one_id: str, value: MeasuredValue, rest: _Judged, budget_anchor: str) -> RecordedJudgement:
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
        requirements=tuple(f"{one.id}@{one.revision}" for one in rest.requirements),
        budget_anchor=budget_anchor,
        declared=rest.declared,
    )


def _budgets(
    anchor: str, values: Sequence[MeasuredValue], judged: Sequence[tuple[str, _Judged]]
) -> tuple[RecordedBudget, ...]:
    """Return the budgets of a test's judgements; those that differ in nothing but their judgement are one."""
    shared: dict[tuple[object, ...], list[tuple[str, MeasuredValue, _Judged]]] = {}
    for value, (one_id, rest) in zip(values, judged, strict=False):
        if value.expanded_uncertainty and rest.budget:
            # What is calculated on with a budget differs from it in the last digits.
            lines = ((line.name, f"{line.value or 0.0:.6g}", f"{line.contribution:.6g}") for line in rest.budget)
            key = (value.unit, f"{value.expanded_uncertainty:.6g}", *lines)
            shared.setdefault(key, []).append((one_id, value, rest))
    return tuple(_budget(f"{anchor}-budget-{place}", same) for place, same in enumerate(shared.values(), start=1))


def _budget(anchor: str, same: Sequence[tuple[str, MeasuredValue, _Judged]]) -> RecordedBudget:
    _, value, rest = same[0]
    variance = sum(line.contribution**2 for line in rest.budget)
    rows = (
        BudgetRow(
            name=line.name,
            value=math.nan if line.value is None else line.value,
            unit=line.unit,
            standard_uncertainty=line.standard_uncertainty,
            kind=line.kind,
            distribution=line.distribution,
            dof=math.inf if line.dof is None else line.dof,
            sensitivity=line.sensitivity,
            contribution=abs(line.contribution),
            share_percent=100 * line.contribution**2 / variance if variance else 0.0,
        )
        for line in rest.budget
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


def _matrix(path: Path, summary: Summary, tests: Sequence[RecordedTest], remarks: list[str]) -> MatrixView:
    try:
        requirements = Requirements.load(path)
    except PlanError as refused:
        remarks.append(f"There is no matrix: {refused}")
        return MatrixView("", (), (), bound=False)
    bound = any(one.requirements for test in tests for one in test.judgements)
    if not bound:
        remarks.append(NOT_BOUND)
    matrix = Matrix.of(requirements, [_evidence(summary, tests, requirements, bound=bound)])
    anchors = {test.node: test.anchor for test in tests}
    return MatrixView(matrix.baseline, _requirement_rows(matrix, anchors), _risk_controls(matrix), bound)


def _requirement_rows(matrix: Matrix, anchors: Mapping[str, str]) -> tuple[RequirementRow, ...]:
    def traced(cells: Iterable[Any]) -> tuple[TracedJudgement, ...]:
        return tuple(
            TracedJudgement(
                ", ".join(cell.judgement_ids),
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


def _evidence(
    summary: Summary, tests: Sequence[RecordedTest], requirements: Requirements, *, bound: bool
) -> RunEvidence:
    run = summary.run
    ran = (
        TestEvidence(
            test.node, Execution.RAN, test.reason, Verdict(test.verdict), _planned(test, requirements, bound=bound)
        )
        for test in tests
    )
    waiting = (
        TestEvidence(node, Execution.NOT_RUN, "the run ended first", Verdict.UNSET, ()) for node in summary.not_run
    )
    return RunEvidence(
        run_id=run.run_id if run is not None else "",
        order="",
        profile=run.profile if run is not None else "",
        firmware=run.pump.firmware_version if run is not None and run.pump is not None else "",
        simulated=bool(summary.simulated),
        tests=(*ran, *waiting),
    )


def _planned(test: RecordedTest, requirements: Requirements, *, bound: bool) -> tuple[PlannedJudgement, ...]:
    """Return what a test judged; where its end is worse than that, the test as a whole stands for what is missing."""
    of_test = _cited(test.requirements, requirements)
    planned = [
        PlannedJudgement(
            one.name, _cited(one.requirements, requirements) if bound else of_test, Verdict(one.verdict), (one.id,)
        )
        for one in test.judgements
    ]
    judged = worst(one.verdict for one in planned)
    if judged is not Verdict(test.verdict):
        planned.append(PlannedJudgement(WHOLE_TEST, of_test, Verdict(test.verdict)))
    return tuple(planned)


def _cited(labels: Iterable[str], requirements: Requirements) -> tuple[CitedRequirement, ...]:
    """Return requirements as they were cited; the record keeps no hash of their text, so it counts as unchanged."""
    present = {one.id: one.text_sha256 for one in requirements.requirement}
    parts = [label.partition("@") for label in labels]
    return tuple(
        CitedRequirement(name, int(revision) if revision.isdecimal() else 0, present.get(name, ""))
        for name, _, revision in parts
    )
