# SPDX-License-Identifier: Apache-2.0
"""Writes `report.html` into a run folder."""

from pathlib import Path

from groundfloor.file_in_folder import write_in_folder
from reports.page.page_html import page_html
from reports.page.run_page import run_page
from reports.summary import Summary

PAGE = "report.html"


def write_page(run_folder: Path, summary: Summary) -> Path:
    """Make the page of a run that is over, and return where it is.

    Args:
        run_folder: the run.
        summary: as `reports.summary.summarise` made it of the same journal.

    Raises:
        BenchFault: the journal cannot be read, was changed, or another version wrote it.
        OSError: the disk does not take the page.
    """
    html = page_html(run_page(run_folder, summary))
    return write_in_folder(run_folder, PAGE, html.encode("utf-8", "replace"))
