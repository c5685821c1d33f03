# SPDX-License-Identifier: Apache-2.0
"""The trace matrix on the terminal: by requirement or by test, and in short below the verdicts of a run."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.table import Table

from bench.trace import RequirementState
from metrology.verdict import worst
from reports.entry import MeasuredValue
from reports.terminal_text import terminal_text
from reports.trace_record import CellRecord, TraceRecord
from reports.value_text import value_text

COLOURS = {
    RequirementState.PASS: "green",
    RequirementState.FAIL: "bold red",
    RequirementState.INCONCLUSIVE: "yellow",
    RequirementState.BLOCKED: "magenta",
    RequirementState.NOT_RUN: "dim",
    RequirementState.NOT_APPLICABLE: "dim",
    RequirementState.UNCOVERED: "bold magenta",
    RequirementState.STALE: "bold yellow",
    RequirementState.ORPHAN: "bold yellow",
}
Values = Mapping[tuple[str, str], MeasuredValue]
"""What was judged, by run and id of the judgement."""


def by_requirement(trace: TraceRecord, values: Values) -> Group:
    """Return each requirement with what is known about it, then risk controls, and what the matrix has no row for."""
    table = _table("Judgement", "Test")
    for one in trace.requirements:
        _head(table, one.state, one.label, one.text)
        for state, _, judged, tests in _rows(one.cells, values):
            table.add_row(_coloured(state), "", *map(terminal_text, (judged, tests)))
        table.add_section()
    return _whole(trace, table)


def by_test(trace: TraceRecord, values: Values) -> Group:
    """Return each test with what it is evidence for, then the same as `by_requirement`."""
    table = _table("Test, and what it judged")
    cells: dict[str, list[CellRecord]] = {}
    for cell in trace.cells:
        cells.setdefault(_test(cell), []).append(cell)
    for test, own in cells.items():
        _head(table, None, "", test)
        for state, requirements, judged, _ in _rows(own, values):
            table.add_row(_coloured(state), *map(terminal_text, (requirements, judged)))
        table.add_section()
    return _whole(trace, table)


def _whole(trace: TraceRecord, table: Table) -> Group:
    return Group(_title(trace), table, *_risk_controls(trace), *_remainder(trace), *_short(trace))


def _head(table: Table, state: RequirementState | None, label: str, text: str) -> None:
    rest = [""] * (len(table.columns) - 3)
    coloured = "" if state is None else _coloured(state)
    table.add_row(coloured, *map(terminal_text, (label, text)), *rest, style="bold")


def _rows(cells: Iterable[CellRecord], values: Values) -> Iterator[tuple[RequirementState, str, str, str]]:
    """Yield a row for each cell that was judged, and one for all that were not for the same reason.

    Yields:
        State, requirements, judgements and tests.
    """
    silent: dict[tuple[RequirementState, str], list[CellRecord]] = {}
    for cell in cells:
        if cell.judgements:
            yield cell.state, cell.requirement, _judged(cell, values), _test(cell)
        else:
            silent.setdefault((cell.state, cell.reason), []).append(cell)
    for (state, reason), own in silent.items():
        requirements, names, tests = (
            dict.fromkeys(said)
            for said in zip(*((cell.requirement, cell.judgement, _test(cell)) for cell in own), strict=True)
        )
        yield state, "\n".join(requirements), f"{', '.join(names)}\n{reason}", "\n".join(tests)


def in_short(trace: TraceRecord | None) -> list[str]:
    """Return how many requirements are in each state, and by name those that are not settled, a line each."""
    if trace is None:
        return []
    counted = ", ".join(f"{count} {state}" for state, count in trace.counts.items() if count)
    names: dict[RequirementState, list[str]] = {}
    for one in trace.unsettled:
        names.setdefault(one.state, []).append(one.id)
    if trace.orphans:
        names[RequirementState.ORPHAN] = list(dict.fromkeys(cell.requirement for cell in trace.orphans))
    lines = [f"{state}: {', '.join(names[state])}" for state in COLOURS if state in names]
    return [f"Requirements {trace.baseline}: {counted}", *(f"  {line}" for line in lines)]


def _table(*columns: str) -> Table:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("State", no_wrap=True)
    table.add_column("Requirement", no_wrap=True)
    for name, share in zip(columns, (3, 2), strict=False):
        table.add_column(name, overflow="fold", ratio=share)
    return table


def _title(trace: TraceRecord) -> str:
    variants = dict.fromkeys((cell.profile, cell.firmware) for cell in trace.cells)
    simulated = "SIMULATED – " if any(cell.simulated for cell in trace.cells) else ""
    about = ", ".join(f"{profile} with firmware {firmware}" for profile, firmware in variants) or "nothing"
    return terminal_text(f"{simulated}Trace matrix of {trace.baseline}: {about}")


def _judged(cell: CellRecord, values: Values) -> str:
    """Return the judgement that speaks for a cell: name, id, figures; and why it does not count, if it does not."""
    found = [values[cell.run, own] for own in cell.judgements if (cell.run, own) in values]
    decisive = worst(value.verdict for value in found)
    deciding = min((one for one in found if one.verdict is decisive), key=lambda one: one.room, default=None)
    lines = [cell.judgement]
    if deciding is not None:
        more = f" (the closest of {len(found)})" if len(found) > 1 else ""
        lines.append(f"{deciding.id} {deciding.verdict.name} {value_text(deciding)}{more}")
    return "\n".join([*lines, *([cell.reason] if cell.reason else [])])


def _test(cell: CellRecord) -> str:
    module, _, name = cell.test.rpartition("::")
    chapter = module.rpartition("/")[2].removesuffix(".py").removeprefix("test_")
    function, bracket, case = name.partition("[")
    words = function.removeprefix("test_").replace("_", " ")
    return (f"{chapter}: " if chapter else "") + words + (f" [{case}" if bracket else "")


def _risk_controls(trace: TraceRecord) -> Iterator[RenderableType]:
    if not trace.risk_controls:
        return
    table = Table("State", "Risk control", "Requirements", show_edge=False, pad_edge=False)
    for one in trace.risk_controls:
        texts = (f"{one.id}  {one.hazard}", ", ".join(one.requirements) or "none")
        table.add_row(_coloured(one.state), *map(terminal_text, texts))
    yield ""
    yield table


def _remainder(trace: TraceRecord) -> Iterator[str]:
    """Tell what has no row: orphans, tests that did not run, judgements that are evidence for nothing."""
    orphans = [f"{one.requirement}, {one.judgement}, {_test(one)}: {one.reason}" for one in trace.orphans]
    yield from _listed("Judged for a requirement that the baseline does not have", orphans)
    out: dict[str, list[str]] = {}
    for one in trace.left_out:
        why = one.reason if one.reason.startswith(one.execution) else f"{one.execution}: {one.reason}"
        out.setdefault(why, []).append(one.test)
    yield from _listed("Tests that did not run", [f"{why}\n    " + "\n    ".join(out[why]) for why in out])
    counted = Counter(trace.untraced)
    untraced = [f"{name}, {count} times" if count > 1 else name for name, count in counted.items()]
    yield from _listed("Judged, and evidence for no requirement", untraced)


def _listed(heading: str, lines: Iterable[str]) -> Iterator[str]:
    items = list(lines)
    if items:
        yield terminal_text("\n".join(["", heading, *(f"  {line}" for line in items)]))


def _short(trace: TraceRecord) -> Iterator[str]:
    yield terminal_text("\n".join(["", *in_short(trace)]))


def _coloured(state: RequirementState) -> str:
    return f"[{COLOURS[state]}]{state}[/]"
