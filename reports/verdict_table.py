# SPDX-License-Identifier: Apache-2.0
"""The verdicts of a run as a table for the terminal."""

from rich.console import Group
from rich.table import Table

from metrology.verdict import Verdict
from reports.entry import Entry
from reports.risk_text import ratio_text
from reports.run_verdict import Invalid
from reports.summary import Summary
from reports.terminal_text import terminal_text
from reports.trace_table import in_short
from reports.value_text import value_text
from reports.verdict_mark import verdict_mark

COLUMNS = {"Test": 36, "Requirements": 12, "Deciding value": None, "TUR": 6, "Reason": None}
"""The columns of the full table, with their greatest widths."""
FULL_WIDTH = 120
SEE_BELOW, AS_ABOVE = "see below", "as above"
NEVER_STARTED = "collected, never started"
MOST_SHOWN = 20
"""So many results that are missing are named on the terminal."""


def verdict_table(summary: Summary, width: int = FULL_WIDTH) -> Group:
    """Return one row a test: verdict, test, requirements, the deciding value with U and limits, its TUR, reason.

    Texts that come from devices or plans are shown as they are; nothing in them is taken for markup. A reason that
    many tests share is told once.

    Args:
        summary: the run.
        width: of the terminal in characters; a narrow one gets value and reason in one column and no requirements.
    """
    table = Table(show_lines=True)
    full = width >= FULL_WIDTH
    table.add_column("Verdict", no_wrap=True)
    for name in COLUMNS if full else ("Test", "Why"):
        table.add_column(name, overflow="fold", max_width=COLUMNS.get(name))
    told = dict.fromkeys(summary.troubles, SEE_BELOW)
    for entry in summary.tests:
        (value, ratio), reason = _value(entry), _reason(entry)
        shown = told.get(reason, reason)
        told[reason] = told.get(reason, AS_ABOVE if reason else "")
        wide = (", ".join(_requirements(entry, summary)), value, ratio, shown)
        cells = wide if full else ("\n".join(filter(None, (value, ratio and f"TUR {ratio}", shown))),)
        table.add_row(verdict_mark(entry.verdict), *map(terminal_text, (_name(entry), *cells)))
    for node in summary.not_run:
        cells = ("", "", "", NEVER_STARTED) if full else (NEVER_STARTED,)
        table.add_row("[dim]NOT RUN[/]", *map(terminal_text, (node, *cells)))
    return Group(terminal_text(_title(summary)), table, terminal_text(_caption(summary)))


def _name(entry: Entry) -> str:
    """Return chapter and test in few words: its title is a whole sentence."""
    function, bracket, case = entry.node.rpartition("::")[2].partition("[")
    name = function.removeprefix("test_").replace("_", " ")
    return f"{entry.chapter}: {name}" + (f" [{case}" if bracket else "")


def _requirements(entry: Entry, summary: Summary) -> tuple[str, ...]:
    """Return what the row is about: all that did not pass, else what the deciding value is evidence for."""
    cells = summary.trace.cells if summary.trace is not None else ()
    own = [cell for cell in cells if cell.test == entry.node]
    deciding = entry.deciding_value
    wanted = [cell.requirement for cell in own if not cell.state.is_settled]
    if entry.verdict is Verdict.PASS and deciding is not None and not wanted:
        wanted = [*deciding.requirements]
    return tuple(dict.fromkeys(wanted)) or entry.requirements


def _value(entry: Entry) -> tuple[str, str]:
    """Return what decided the verdict, and its TUR; where the bench broke off, no value did."""
    value = entry.deciding_value
    if value is None or value.verdict is not entry.verdict:
        return "", ""
    return value_text(value), ratio_text(value)


def _reason(entry: Entry) -> str:
    """Return why it did not pass, without the sources of the limits: those are in the journal and the report."""
    reason = "" if entry.verdict is Verdict.PASS else entry.reason
    for value in entry.values:
        reason = reason.replace(f" ({value.limits_source})", "") if value.limits_source else reason
    return reason


def _title(summary: Summary) -> str:
    if summary.run is None:
        return "A run without a bench"
    pump = summary.run.pump
    device = f": {pump.model}, serial number {pump.serial_number}" if pump is not None else ""
    return f"{'SIMULATED – ' if summary.simulated else ''}{summary.run.profile_title}{device}"


def _caption(summary: Summary) -> str:
    counted = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in summary.counts.items() if count)
    deviations = [f"Deviation: {one}" for one in summary.deviations]
    rules = [f"Decision rule: {rule}" for rule in _rules(summary)]
    word = f"{summary.verdict.name}{', and the record is INVALID' if summary.invalid else ''}"
    word = summary.verdict.name if summary.verdict is Invalid.INVALID else word
    invalid = [f"INVALID: {one}" for one in summary.invalid[:MOST_SHOWN]]
    if more := len(summary.invalid) - MOST_SHOWN:
        invalid += [f"INVALID: and {more} more; summary.json names them"] if more > 0 else []
    verdict = f"{word}: {counted or 'no test ran'}"
    return "\n".join(
        [verdict, *invalid, *_protocol(summary), *summary.troubles, *deviations, *rules, *in_short(summary.trace)]
    )


def _protocol(summary: Summary) -> list[str]:
    """Return what became of the frozen protocol, in as many lines as there are deviations to name."""
    frozen = summary.protocol
    if frozen is None:
        return ["Protocol: none was frozen before this run"]
    head = f"Protocol {frozen.sha256[:12]}…, frozen by {frozen.signed_by}, {frozen.role}, {frozen.signed_at}"
    counted = f"{len(frozen.deviations)} deviations, {len(frozen.unplanned)} of them not planned"
    without = f"{frozen.verdict.name} with all {len(summary.tests)} tests, {frozen.verdict_untouched.name} without the"
    told = [f"{head}: {counted}; {without} {frozen.touched} that they touch"]
    told += [f"  {one}" for one in frozen.deviations[:MOST_SHOWN]]
    return told + (["  and more; summary.json names them"] if len(frozen.deviations) > MOST_SHOWN else [])


def _rules(summary: Summary) -> list[str]:
    """Return the rules, each with its risk, by which measured values were judged."""
    return list(dict.fromkeys(one.rule for test in summary.tests for one in test.values if one.value is not None))
