# SPDX-License-Identifier: Apache-2.0
"""What a number of a record rests on: from its id to limits, budget, corrections, marks, samples and certificate.

Each figure is made again from what stands below it, and said to be the same, or not. That takes no clock, no network
and not the bench's mathematics: corrections and coverage factors are made again by `pumpbench report` and `verify`.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundfloor.errors import BenchFault, PlanError
from groundfloor.regular_file import read_regular
from groundfloor.toml_file import parsed_toml
from reports.sealed.bundle_verifier import (
    NO_RECORD,
    input_contradiction,
    judgement_contradictions,
    volume_contradictions,
)
from reports.why.journal_map import FoundLine, JournalMap

MOST_BYTES = 1 << 24
ID = re.compile(r"[JWMDTI]-\d{4,}")
KINDS = {
    "J": "judgement",
    "W": "volume",
    "M": "event",
    "D": "judgement-declared",
    "T": "test-started",
    "I": "infusion-started",
}
SAMPLE = b'"kind":"sample"'
BUDGET = ("name", "value", "standard_uncertainty", "unit", "distribution", "dof", "sensitivity", "contribution")


@dataclass(frozen=True)
class Section:
    """One thing that a number rests on.

    Attributes:
        title: what it is.
        rows: pairs of what is said and what it says.
        table: rows of a table, its heads first; empty where there is none.
    """

    title: str
    rows: tuple[tuple[str, str], ...] = ()
    table: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Answer:
    """Why a number is what it is.

    Attributes:
        id: of the number.
        sections: from it down to the files.
        contradictions: what does not follow from what is below it.
    """

    id: str
    sections: tuple[Section, ...]
    contradictions: tuple[str, ...]


def answer_for(folder: Path, own: str) -> Answer:
    """Return what the number `own` of a run rests on.

    Args:
        folder: of the run.
        own: an id, such as J-0417.

    Raises:
        PlanError: it is no id, or the run has none such.
        BenchFault: a line cannot be read, or what it rests on is of no record.
    """
    if ID.fullmatch(own) is None:
        next_step = "name an id as page, summary and journal show it, such as J-0001 or W-0001"
        raise PlanError(f"run {folder}", f"explain {own}", "it is no id", next_step)
    with JournalMap(folder / "journal.jsonl") as journal:
        asked = _Asked(folder, journal)
        found = asked.line_of(own)
        try:
            sections = tuple(asked.sections(found))
        except NO_RECORD as odd:
            seen = f"what it rests on has not the form of a record: {type(odd).__name__}: {odd}"
            next_step = f"see which line it is: pumpbench journal check {folder}"
            raise BenchFault(f"run {folder}", f"explain {own}", seen, next_step) from odd
        return Answer(own, sections, tuple(asked.contradictions))


class _Asked:
    """One question to one run."""

    def __init__(self, folder: Path, journal: JournalMap) -> None:
        self._folder = folder
        self._journal = journal
        self.contradictions: list[str] = []

    def line_of(self, own: str) -> FoundLine:
        name = b"infusion" if own.startswith("I") else b"id"
        for line in self._journal.lines_with(b'"%b":"%b"' % (name, own.encode())):
            if line.kind == KINDS[own[0]] and line.data.get(name.decode()) == own:
                return line
        prefix = f'"{name.decode()}":"{own[0]}-'.encode()
        last = self._journal.last_before(prefix, 1 << 62)
        known = f"the last one is {last.data.get(name.decode())}" if last is not None else "it has none of this sort"
        raise PlanError(f"run {self._folder}", f"explain {own}", f"the run has no such number; {known}", "name another")

    def sections(self, line: FoundLine) -> Iterator[Section]:
        match line.kind:
            case "judgement":
                yield from self._judgement(line)
            case "volume":
                yield from self._volume(line)
            case _:
                yield _plain(line)
        yield from self._ground(line)

    def _judgement(self, line: FoundLine) -> Iterator[Section]:
        data = line.data
        self._wrongs(line, judgement_contradictions(data))
        rows = [("judged", str(data["name"])), ("verdict", f"{data['verdict']}: {data['reason']}")]
        if data["value"] is not None:
            rows += [("value", _figure(data)), ("limits", _limits(data)), ("limits from", str(data["limits_source"]))]
            rows += self._promise(str(data["limits_source"]))
        rows += [("rule", str(data["rule"])), *(("in doubt", str(one)) for one in data["qualifiers"])]
        rows += [("bound", f"{one['name']}: ± {one['half_width']}") for one in data["bounds"]]
        yield Section(f"{data['id']} · {data['measurand'] or data['name']}", (*rows, *_place(line)))
        yield from self._requirements(data)
        yield from self._declared(line)
        if data["budget"]:
            yield Section("its uncertainty budget", table=_budget(data["budget"]))
        if data["window"]:
            yield from self._volume(self.line_of(data["window"]))
        else:
            yield from self._samples_of_infusion(line)

    def _requirements(self, data: Mapping[str, Any]) -> Iterator[Section]:
        known = {one["id"]: one for one in self._toml("requirements.toml").get("requirement", [])}
        rows = []
        for reference in data["requirements"]:
            kept = known.get(reference["id"])
            text = kept["text"] if kept is not None else "not in the baseline that the run keeps"
            if kept is not None and hashlib.sha256(text.encode()).hexdigest() != reference["text_sha256"]:
                self.contradictions.append(f"{reference['id']}: its text is another than the one that was judged")
            rows.append((f"{reference['id']}@{reference['revision']}", text))
        yield Section("evidence for", tuple(rows) or (("nothing", "it is evidence for no requirement"),))

    def _promise(self, limits_source: str) -> Iterator[tuple[str, str]]:
        """Yield what the profile promises in the words that a limit names, with its own source."""
        profile = self._toml("profile.toml")
        for name, value in _sourced(profile):
            if re.search(rf"\b{re.escape(name)}\b", limits_source):
                yield "promise", f"{name} = {value['value']}, from {value['source']}"

    def _declared(self, line: FoundLine) -> Iterator[Section]:
        begun = self.line_of(line.data["test"])
        for one in self._journal.lines_with(b'"kind":"judgement-declared"', begun.start, line.start):
            if one.data["name"] == line.data["declared"]:
                data = one.data
                rows = [("declared", f"{data['name']}, before the test's first deed"), ("limits", _limits(data))]
                rows += [("limits from", data["limits_source"])] if data["limits_source"] else []
                yield Section(f"{data['id']} · what was going to be judged", (*rows, *_place(one)))
        yield Section(f"{begun.data['id']} · test", (("node", str(begun.data["node"])), *_place(begun)))

    def _volume(self, line: FoundLine) -> Iterator[Section]:
        data = line.data
        marks = [self.line_of(data["start_mark"]), self.line_of(data["end_mark"])]
        self._wrongs(line, volume_contradictions(data, {one.data["id"]: one.data["result"] for one in marks}))
        quantity = {**data["quantity"], "verdict": ""}
        yield Section(f"{data['id']} · weighed volume", (("volume", _figure(quantity)), *_place(line)))
        steps = [("correction", "before", "after", "unit", "made")]
        for step in data["steps"]:
            applied = "yes" if step["applied"] else "left out"
            steps.append((step["name"], f"{step['before']:.6g}", f"{step['after']:.6g}", step["unit"], applied))
        yield Section("its corrections, in their order", table=tuple(steps))
        yield from _of_the_lab(data.get("corrections", ()))
        yield Section("its uncertainty budget", table=_budget(data["quantity"]["budget"]))
        for mark in marks:
            yield self._mark(mark)
        between = self._journal.count(SAMPLE, marks[0].start, marks[1].start)
        rows = (("samples", f"{between} between its marks, lines {marks[0].number} to {marks[1].number}"),)
        yield Section("what the instruments said meanwhile", rows)

    def _mark(self, line: FoundLine) -> Section:
        mass, conditions = line.data["result"]["mass"], line.data["result"]["conditions"]
        rows = (
            ("mass", f"{mass['mass_g']:.7g} g, mean of {mass['readings']} readings over {mass['span_s']:g} s"),
            ("scatter", f"{mass['scatter_mg']:.4g} mg; u = {mass['standard_uncertainty_mg']:.4g} mg"),
            ("room", f"{conditions['temperature_c']:.2f} °C, {conditions['air_pressure_hpa']:.1f} hPa, "
                     f"{conditions['humidity_percent']:.1f} %"),
            ("pump's counter", f"{line.data['result']['counter_ul']:g} µL"),
        )  # fmt: skip
        return Section(f"{line.data['id']} · mark at {mass['time_s']:g} s", (*rows, *_place(line)))

    def _samples_of_infusion(self, line: FoundLine) -> Iterator[Section]:
        own = line.data["infusion"]
        if not own:
            return
        begun = self.line_of(own)
        part = b'"infusion":"%b","device_clock_s"' % own.encode()
        count = self._journal.count(part, begun.start, line.start)
        rows = [("infusion", f"{begun.data['name']}: {begun.data['therapy']}"), ("samples", f"{count} up to here")]
        yield Section(f"{own} · its infusion", (*rows, *_place(begun)))

    def _ground(self, line: FoundLine) -> Iterator[Section]:
        """Yield what everything rests on: instruments, certificate, files, the chain."""
        begun = self._journal.last_before(b'"kind":"run-started"', line.start)
        if begun is not None and begun.data["balance"] is not None:
            balance, pump = begun.data["balance"], begun.data["pump"]
            software = begun.data["software"]
            rows = [
                ("balance", f"{balance['model']} {balance['serial_number']}"),
                ("certificate", f"{balance['certificate']}, due {balance['calibration_due']}"),
                ("software", f"{software['version']} {software['commit'] or ''}".strip()),
                ("evidence", "SIMULATED" if begun.data["simulated"] else "real instruments"),
            ]
            rows += self._calibration()
            if pump is not None:
                rows.insert(0, ("pump", f"{pump['model']} {pump['serial_number']}, {pump['firmware_version']}"))
            yield Section("with what", (*rows, *_place(begun)))
        yield self._files()

    def _files(self) -> Section:
        opened = self._journal.line_at(0)
        rows = []
        for name, began_with in sorted(opened.data.get("inputs", {}).items()):
            odd = input_contradiction(self._folder, name, began_with)
            if odd:
                self.contradictions.append(f"{name}: {odd}")
            rows.append((name, f"SHA-256 {began_with[:16]}…, {odd or 'still the same'}"))
        return Section("files that the run began with, as the journal's first line has them", tuple(rows))

    def _calibration(self) -> Iterator[tuple[str, str]]:
        """Yield what the bench file says of the balance's certificate."""
        known = self._toml("bench.toml").get("balance", {}).get("calibration", {})
        if known:
            yield "calibrated", ", ".join(f"{name} {value}" for name, value in known.items())

    def _toml(self, name: str) -> dict[str, Any]:
        try:
            return parsed_toml(read_regular(self._folder / name, MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}

    def _wrongs(self, line: FoundLine, found: Iterator[str]) -> None:
        self.contradictions += [f"{line.data['id']}: {one}" for one in found]
        if line.confirmed is False:
            self.contradictions.append(f"line {line.number}: the line after it gives another hash for it")


def _sourced(table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield by name each value of a profile that carries its source."""
    for name, value in table.items():
        if isinstance(value, dict):
            if "value" in value and "source" in value:
                yield name, value
            else:
                yield from _sourced(value)


def _of_the_lab(corrections: Iterable[Mapping[str, Any]]) -> Iterator[Section]:
    """Yield which corrections of the lab's own a volume holds; their code is among the files that the run keeps."""
    for one in corrections:
        rows = [
            ("added", f"{one['added_mg']:.6g} mg, u = {one['standard_uncertainty_mg']:.3g} mg"),
            ("version", str(one["version"])),
            ("code", f"SHA-256 {one['sha256']}"),
            ("stands", f"in place of {one['replaces']}" if one["replaces"] else "before buoyancy"),
        ]
        yield Section(f"{one['name']} · a correction of the lab's own", tuple(rows))


def _plain(line: FoundLine) -> Section:
    told = {name: value for name, value in line.data.items() if value not in (None, "", [], {})}
    rows = [(name.replace("_", " "), str(value)) for name, value in told.items() if not isinstance(value, dict | list)]
    return Section(f"{line.data.get('id') or line.data.get('infusion')} · {line.kind}", (*rows, *_place(line)))


def _place(line: FoundLine) -> tuple[tuple[str, str], ...]:
    chained = {True: "the next line confirms it", False: "the next line gives ANOTHER hash", None: "the last line"}
    return (
        ("journal", f"line {line.number}, bench time {line.t_s:g} s, {line.sha256[:16]}… ({chained[line.confirmed]})"),
    )


def _figure(data: Mapping[str, Any]) -> str:
    expanded, factor, dof = data["expanded_uncertainty"], data["coverage_factor"], data["dof"]
    told = f"{data['value']:.6g}" if data["value"] is not None else "no number"
    if expanded is not None:
        told += f" ± {expanded:.3g}"
    unit = f" {data['unit']}" if data["unit"] else ""
    with_factor = (
        f" (k = {factor:.3f}" + (f", dof {dof:.0f})" if dof is not None else ")") if factor is not None else ""
    )
    return f"{told}{unit}{with_factor}"


def _limits(data: Mapping[str, Any]) -> str:
    lower, upper, unit = data["lower"], data["upper"], data["unit"]
    if lower is None and upper is None:
        return "a yes or a no"
    told = f"{'…' if lower is None else f'{lower:.6g}'} to {'…' if upper is None else f'{upper:.6g}'} {unit}".strip()
    return f"{told} of the {data['relative_to']}" if data.get("relative_to") else told


def _budget(budget: list[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    rows = [("influence", "value", "u", "unit", "distribution", "dof", "sensitivity", "contribution")]
    for line in sorted(budget, key=lambda one: -one["contribution"]):
        cells = []
        for name in BUDGET:
            value = line.get(name)
            cells.append(f"{value:.4g}" if isinstance(value, float) else "–" if value is None else str(value))
        rows.append(tuple(cells))  # type: ignore[arg-type]  # as many as the heads
    return tuple(rows)
