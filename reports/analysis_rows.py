# SPDX-License-Identifier: Apache-2.0
"""The figures of an analysis as rows of words, for a page and for a printed report alike."""

from dataclasses import dataclass

from metrology.recording import Analysis
from reports.analysis_table import budget_rows, figures, trumpet_rows


@dataclass(frozen=True)
class TableOfWords:
    """A titled table of words."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def analysis_rows(analysis: Analysis) -> tuple[TableOfWords, ...]:
    """Return the tables of an analysis in the order of a report."""
    tables = [
        TableOfWords("Figures", ("figure", "value"), tuple(figures(analysis))),
        TableOfWords("Trumpet: error of the mean rate over windows", *trumpet_rows(analysis)),
    ]
    headings, rows = budget_rows(analysis)
    if rows:
        tables.append(TableOfWords("Budget of the volume in the analysis period", headings, rows))
    return tuple(tables)


def analysis_remarks(analysis: Analysis) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return titled lists of sentences: what is in doubt, what was taken out, the verdict, what was assumed."""
    recording = analysis.recording
    taken = tuple(
        f"{one.stretch.told}: {one.stretch.to_s - one.stretch.from_s:.6g} s, {one.amount:+.5g} {recording.unit}"
        for one in analysis.exclusions
    )
    judged = analysis.judgement
    verdict = (f"{judged.verdict.name}: {judged.reason}", judged.rule) if judged is not None else ()
    read_as = (f"columns {recording.columns[0]!r} and {recording.columns[1]!r}", recording.read_as)
    found = (
        ("In doubt", analysis.doubts),
        ("Verdict", verdict),
        ("Taken out by a person", taken),
        ("Read as", tuple(filter(None, read_as))),
        ("Assumed, because nothing else was said", (*analysis.assumed, analysis.trumpet.borrowed_practice)),
    )
    return tuple((title, sentences) for title, sentences in found if sentences)
