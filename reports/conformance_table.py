# SPDX-License-Identifier: Apache-2.0
"""What a bench does with the rules of *Build a rig*, as a table for the terminal."""

from collections.abc import Iterable

from rich.table import Table

from bench.conformance import Outcome, RuleFinding
from bench.conformance.drivers import DriverFinding
from reports.terminal_text import terminal_text

COLOURS = {Outcome.OK: "green", Outcome.DIFFERS: "bold red", Outcome.NOT_TRIED: "dim"}


def conformance_table(findings: Iterable[RuleFinding | DriverFinding], title: str) -> Table:
    """Return one row per rule: its number on the page, what it says, what became of it, what was seen."""
    table = Table("rule", "says", "outcome", "seen", title=title)
    for finding in findings:
        rule = finding.rule
        outcome = f"[{COLOURS[finding.outcome]}]{finding.outcome}[/]"
        table.add_row(rule.number, terminal_text(rule.text), outcome, terminal_text(finding.seen))
    return table


def conformance_in_short(findings: Iterable[RuleFinding | DriverFinding]) -> str:
    """Return how many rules hold, differ, and were not tried."""
    outcomes = [finding.outcome for finding in findings]
    return ", ".join(f"{outcomes.count(outcome)} {outcome}" for outcome in Outcome)
