# SPDX-License-Identifier: Apache-2.0
"""The report of an analysis as a PDF, set by Typst: the same words and pictures as the page has.

Every word of the recording goes in as a string, never as markup, so that nothing of it is obeyed.
"""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from groundfloor.printable import printable
from metrology.recording import Analysis
from reports.analysis_rows import Remarks, TableOfWords, analysis_remarks, analysis_rows

_HEAD = """#set page(paper: "a4", margin: 18mm, numbering: "1 / 1")
#set text(size: 9.5pt)
#set par(justify: false)
"""


def analysis_pdf(analysis: Analysis, pictures: Sequence[tuple[str, bytes]]) -> bytes:
    """Return the report.

    Args:
        analysis: what is told.
        pictures: names and SVG files, in the order of the report.
    """
    stamp = "SIMULATED – " if analysis.recording.simulated else ""
    title = f"{stamp}{Path(analysis.recording.source).name}: analysis of a recording"
    return report_pdf(title, pictures, analysis_rows(analysis), analysis_remarks(analysis))


def report_pdf(
    title: str, pictures: Sequence[tuple[str, bytes]], tables: Sequence[TableOfWords], remarks: Sequence[Remarks]
) -> bytes:
    """Return a report of pictures, tables and lists of sentences; arguments are those of `report_page`."""
    import typst  # takes long to import, and only a report needs it

    parts = [_HEAD, f"#set document(title: {_text(title)}, date: none)", f"#heading(level: 1, {_text(title)})"]
    parts += [_list(name, sentences) for name, sentences in remarks if name == "In doubt"]
    parts += [f'#image("{place}.svg", width: 100%, alt: {_text(name)})' for place, (name, _) in enumerate(pictures)]
    parts += [_table(table) for table in tables]
    parts += [_list(name, sentences) for name, sentences in remarks if name != "In doubt"]
    with TemporaryDirectory(prefix="pumpbench-report-") as folder:
        for place, (_, svg) in enumerate(pictures):
            (Path(folder) / f"{place}.svg").write_bytes(svg)
        source = Path(folder) / "report.typ"
        source.write_text("\n".join(parts) + "\n", encoding="utf-8")
        made: bytes = typst.compile(str(source), root=folder)
    return made


def _table(table: TableOfWords) -> str:
    columns = len(table.headings)
    cells = ", ".join(_text(cell) for row in (table.headings, *table.rows) for cell in row)
    drawn = f"#table(columns: {columns}, stroke: (bottom: 0.4pt + luma(200)), inset: 3pt, {cells})"
    return f"#heading(level: 2, {_text(table.title)})\n{drawn}"


def _list(title: str, sentences: Sequence[str]) -> str:
    items = ", ".join(_text(sentence) for sentence in sentences)
    return f"#heading(level: 2, {_text(title)})\n#list({items})"


def _text(words: str) -> str:
    """Return a string of Typst: what is inside is shown, whatever it is."""
    return '"' + printable(words).replace("\\", "\\\\").replace('"', '\\"') + '"'
