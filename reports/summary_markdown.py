# SPDX-License-Identifier: Apache-2.0
"""The summary of a run as Markdown, for the page that a build server shows of a job.

What did not pass stands first and open, what passed is folded away: who reads such a page asks what is wrong.
"""

from collections.abc import Iterator
from pathlib import Path

from metrology.verdict import Verdict
from reports.entry import Entry, MeasuredValue
from reports.markdown_text import as_text
from reports.summary import Summary

MOST_BYTES = 512 * 1024
"""GitHub takes 1024 KiB of a step, and nothing at all of more; other steps and runs want their share."""
MOST_REASON = 400
CUT = "\n\n*Cut here: the whole is in `summary.json` and `report.html` of the run folder.*\n"


def summary_markdown(summary: Summary, run_folder: Path, most_bytes: int = MOST_BYTES) -> str:
    """Return verdict, counts, what did not pass, and each test with its deciding value, U and limits.

    Args:
        summary: of the run.
        run_folder: its folder.
        most_bytes: about so long it may be; what is longer is cut behind a whole line, and says so.
    """
    text = "\n".join(_lines(summary, run_folder)) + "\n"
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= most_bytes:
        return encoded.decode("utf-8")
    kept = encoded[:most_bytes].decode("utf-8", "ignore").rpartition("\n")[0]
    folded = kept.count("<details>") > kept.count("</details>")
    return kept + ("\n\n</details>" if folded else "") + CUT


def _lines(summary: Summary, run_folder: Path) -> Iterator[str]:
    stamp = "SIMULATED – " if summary.simulated else ""
    title = summary.run.profile_title if summary.run is not None else "a run without a bench"
    yield f"## {summary.verdict.name}: {stamp}{as_text(title)}\n"
    counted = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in summary.counts.items() if count)
    yield f"{counted or 'no test ran'} – run {as_text(run_folder.name)}"
    if summary.run is not None and summary.run.pump is not None:
        pump = summary.run.pump
        told = f"{pump.model}, serial number {pump.serial_number}, firmware {pump.firmware_version}"
        yield f"\nPump: {as_text(told)}"
    yield from (f"\n> {as_text(one)}" for one in (*summary.troubles, *summary.deviations))
    open_tests = [one for one in summary.tests if one.verdict is not Verdict.PASS]
    if open_tests or summary.not_run:
        yield "\n### Not passed\n"
        yield from _table(open_tests, reasons=True)
        yield from (
            f"| NOT RUN | {as_text(node)} | | | it was collected and never started |" for node in summary.not_run
        )
    passed = [one for one in summary.tests if one.verdict is Verdict.PASS]
    if passed:
        yield f"\n<details><summary>{len(passed)} PASS</summary>\n"
        yield from _table(passed, reasons=False)
        yield "\n</details>"
    yield from _requirements(summary)
    rules = dict.fromkeys(one.rule for test in summary.tests for one in test.values if one.value is not None)
    yield from (f"\nDecision rule: {as_text(rule)}" for rule in rules)


def _table(tests: list[Entry], *, reasons: bool) -> Iterator[str]:
    why = " | reason" if reasons else ""
    yield f"| verdict | test | requirements | deciding value ± U [limits]{why} |"
    yield f"|---|---|---|---|{'---|' if reasons else ''}"
    for test in tests:
        cells = [test.verdict.name, as_text(f"{test.chapter}: {test.title}"), _cited(test), _value(test)]
        if reasons:
            reason = test.reason if len(test.reason) <= MOST_REASON else test.reason[: MOST_REASON - 1] + "…"
            cells.append(as_text(reason))
        yield f"| {' | '.join(cells)} |"


def _cited(test: Entry) -> str:
    deciding = test.deciding_value
    return as_text(", ".join((deciding.requirements if deciding is not None else ()) or test.requirements))


def _value(test: Entry) -> str:
    value = test.deciding_value
    if value is None or value.verdict is not test.verdict:
        return ""
    return as_text(f"{value.name}: {_figures(value)}" if value.value is not None else value.name)


def _figures(value: MeasuredValue) -> str:
    limits = " … ".join("" if one is None else f"{one:.5g}" for one in (value.lower, value.upper))
    uncertainty = "" if value.expanded_uncertainty is None else f" ± {value.expanded_uncertainty:.3g}"
    return f"{value.value:.5g}{uncertainty} {value.unit} [{limits.strip()}]"


def _requirements(summary: Summary) -> Iterator[str]:
    if summary.trace is None:
        return
    counts = ", ".join(f"{count} {state}" for state, count in summary.trace.counts.items())
    yield f"\nRequirements {as_text(summary.trace.baseline)}: {as_text(counts)}"
