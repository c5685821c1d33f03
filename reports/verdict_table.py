# SPDX-License-Identifier: Apache-2.0
"""The verdicts of a run as a table for the terminal."""

from rich.markup import escape
from rich.table import Table

from bench.verdict import Verdict
from reports.entry import MeasuredValue
from reports.summary import Summary

COLOURS = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.BLOCKED: "magenta",
    Verdict.UNSET: "dim",
}


def verdict_table(summary: Summary) -> Table:
    """Return one row a test: verdict, test, requirements, the deciding value with U and limits, reason.

    Texts that come from devices or plans are shown as they are; nothing in them is taken for markup.
    """
    table = Table(
        title=escape(_title(summary)), title_justify="left", caption=escape(_caption(summary)), caption_justify="left"
    )
    table.add_column("Verdict", no_wrap=True)
    for name in ("Test", "Requirements", "Deciding value", "Reason"):
        table.add_column(name, overflow="fold")
    for entry in summary.tests:
        value = entry.deciding_value
        table.add_row(
            _coloured(entry.verdict),
            escape(entry.title),
            escape(", ".join(entry.requirements)),
            escape(value_text(value)) if value is not None else "",
            escape(entry.reason),
        )
    for node in summary.not_run:
        table.add_row("[dim]NOT RUN[/]", escape(node), "", "", "collected, never started")
    return table


def value_text(value: MeasuredValue) -> str:
    """Return a measured value in one line: name, value ± U, unit and limits."""
    if value.value is None:
        return value.name
    plus_minus = f" ± {value.expanded_uncertainty:.3g}" if value.expanded_uncertainty is not None else ""
    unit = f" {value.unit}" if value.unit else ""
    return f"{value.name}: {value.value:.5g}{plus_minus}{unit}{_limits_text(value)}"


def _limits_text(value: MeasuredValue) -> str:
    if value.lower is not None and value.upper is not None:
        return f" [{value.lower:.5g} … {value.upper:.5g}]"
    if value.lower is not None:
        return f" [≥ {value.lower:.5g}]"
    return f" [≤ {value.upper:.5g}]" if value.upper is not None else ""


def _title(summary: Summary) -> str:
    if summary.run is None:
        return "A run without a bench"
    pump = summary.run.pump
    device = f": {pump.model}, serial number {pump.serial_number}" if pump is not None else ""
    return f"{'SIMULATED – ' if summary.simulated else ''}{summary.run.profile_title}{device}"


def _coloured(verdict: Verdict) -> str:
    return f"[{COLOURS[verdict]}]{verdict.name}[/]"


def _caption(summary: Summary) -> str:
    counted = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in summary.counts.items() if count)
    return "\n".join([f"{summary.verdict.name}: {counted or 'no test ran'}", *summary.troubles])
