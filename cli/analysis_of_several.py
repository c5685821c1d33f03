# SPDX-License-Identifier: Apache-2.0
"""Several recordings in one call: a table, a tolerance interval, their trumpets over each other."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from cli.analyse_words import AnalyseWords
from cli.analysis_request import limits_of
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from metrology.recording import Analysis
from metrology.recording.fleet import Fleet
from reports.fleet_table import fleet_json, fleet_table
from reports.terminal_text import terminal_text


def tell_several(analyses: Sequence[Analysis], words: AnalyseWords) -> None:
    """Tell what the recordings have in common, and write it where a folder is named.

    Raises:
        PlanError: `--coverage` is none, or the folder cannot be written.
    """
    fleet = Fleet.of(analyses, *_coverage(words.coverage))
    files = _written(fleet, analyses, words) if words.out is not None else []
    if words.as_json:
        sys.stdout.write(json.dumps(fleet_json(fleet), indent=2, allow_nan=False) + "\n")
        return
    console = wide_console()
    console.print(fleet_table(fleet))
    for path in files:
        console.print(f"written  {terminal_text(str(path))}", soft_wrap=True)


def _coverage(text: str) -> tuple[float, float]:
    share, slash, confidence = text.replace("%", "").partition("/")
    try:
        found = float(share) / 100, float(confidence) / 100
    except ValueError:
        found = (0.0, 0.0)
    if not slash or not all(0 < one < 1 for one in found):
        raise PlanError("--coverage", "read", f"'{text}'", "write share/confidence in %, such as 90/90 or 95/99")
    return found


def _written(fleet: Fleet, analyses: Sequence[Analysis], words: AnalyseWords) -> list[Path]:
    from reports.analysis_files import write_analysis, write_fleet  # pictures need matplotlib, figures do not

    assert words.out is not None
    written = list(write_fleet(fleet, limits_of(words.limits), words.out))
    for number, analysis in enumerate(analyses, 1):
        written += write_analysis(analysis, words.out / f"{number:02d}-{Path(analysis.recording.source).stem}")
    return written
