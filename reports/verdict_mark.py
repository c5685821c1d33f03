# SPDX-License-Identifier: Apache-2.0
"""A verdict as the terminal shows it: its word in its colour."""

from metrology.verdict import Verdict

COLOURS = {
    Verdict.PASS: "green",
    Verdict.FAIL: "bold red",
    Verdict.INCONCLUSIVE: "yellow",
    Verdict.BLOCKED: "magenta",
    Verdict.UNSET: "dim",
}


def verdict_mark(verdict: Verdict) -> str:
    """Return the word of a verdict, marked up for Rich."""
    return f"[{COLOURS[verdict]}]{verdict.name}[/]"
