# SPDX-License-Identifier: Apache-2.0
"""Report sections of plug-ins: each makes a Markdown file of its own beside the page, from the recorded run.

The page itself is the same for everybody, so that anybody can make it again of the journal and compare.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from bench.recorded import RecordedRun
from groundfloor.errors import BenchFault, PlanError
from groundfloor.file_in_folder import write_in_folder
from groundfloor.plug_ins import Kind, Offer, PlugInTable
from groundfloor.plug_ins.guarded import COMPUTES, guarded
from groundfloor.plug_ins.verbs import refuse_missing_verbs
from groundfloor.printable import printable

LONGEST_S = 120.0
"""The page waits for none: a section of a month of samples takes its time, one that hangs is left out."""


class ReportSection(Protocol):
    """Tells something about a run that is over."""

    def write(self, run: RecordedRun) -> str:
        """Return it as Markdown."""
        ...


def _plug_in(offer: Offer, found: object) -> ReportSection:
    refuse_missing_verbs(offer, found, ReportSection)
    section: ReportSection = guarded(found, offer.told, ReportSection, LONGEST_S, last="write", if_late=COMPUTES)
    return section


SECTIONS: Mapping[str, ReportSection] = PlugInTable(Kind.REPORT, {}, _plug_in)
"""By name; each makes `section-NAME.md`."""


def write_sections(run_folder: Path, run: RecordedRun) -> list[str]:
    """Write the sections of all plug-ins.

    Returns:
        A sentence for each that could not be made.

    Raises:
        OSError: the disk does not take one.
    """
    missing = []
    for name in SECTIONS:
        try:
            text = SECTIONS[name].write(run)
        except (BenchFault, PlanError) as trouble:
            missing.append(str(trouble))
            continue
        write_in_folder(run_folder, f"section-{_plain(name)}.md", printable(text, keep="\n\t").encode("utf-8"))
    return missing


def _plain(name: str) -> str:
    return "".join(one if one.isalnum() or one in "-_" else "_" for one in name)
