# SPDX-License-Identifier: Apache-2.0
"""The figures of an analysis as rows of words, for a page and for a printed report alike."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from groundfloor.regular_file import open_regular
from metrology.recording import Analysis, Recording
from reports.analysis_table import budget_rows, figures, trumpet_rows

_BLOCK = 1 << 20
Remarks = tuple[str, tuple[str, ...]]
"""A title, and the sentences under it."""


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
        recording_rows(analysis.recording),
    ]
    headings, rows = budget_rows(analysis)
    if rows:
        tables.append(TableOfWords("Budget of the volume in the analysis period", headings, rows))
    return tuple(tables)


def recording_rows(recording: Recording) -> TableOfWords:
    """Return what tells the recording from any other."""
    used = f"{recording.times_s[-1]:.9g} s from {recording.begins_s:.9g} s after the first reading on"
    rows = [
        ("file", recording.source),
        ("SHA-256", file_sha256(recording.source)),
        ("first reading", recording.begun_at),
        ("readings used", f"{len(recording.times_s)} of {recording.measured}, {used}"),
    ]
    return TableOfWords("Recording", ("what", "value"), tuple((name, told) for name, told in rows if told))


def file_sha256(source: str) -> str:
    """Return the SHA-256 of a file, which binds a report to it; empty where it cannot be read, or is a folder."""
    try:
        with open_regular(Path(source)) as file:
            digest = hashlib.sha256()
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def analysis_remarks(analysis: Analysis) -> tuple[Remarks, ...]:
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
