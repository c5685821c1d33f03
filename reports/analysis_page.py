# SPDX-License-Identifier: Apache-2.0
"""The report of an analysis as one HTML file: pictures first, then figures, doubts and what was assumed; no script."""

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from pathlib import Path

from groundfloor.printable import printable
from metrology.recording import Analysis
from reports.analysis_rows import Remarks, TableOfWords, analysis_remarks, analysis_rows

STYLE = """
body{font:15px/1.45 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}img{width:100%;height:auto;display:block;margin:1rem 0}
table{border-collapse:collapse;margin:.5rem 0}
td,th{border-bottom:1px solid #ddd;padding:.2rem .8rem .2rem 0;text-align:left}
.doubt{background:#fff1e8;border-left:4px solid #d55e00;padding:.5rem 1rem}
"""


def analysis_page(analysis: Analysis, pictures: Sequence[tuple[str, bytes]]) -> str:
    """Return the page.

    Args:
        analysis: what is told.
        pictures: names and SVG files, in the order of the page.
    """
    stamp = "SIMULATED – " if analysis.recording.simulated else ""
    title = f"{stamp}{Path(analysis.recording.source).name}: analysis of a recording"
    return report_page(title, pictures, analysis_rows(analysis), analysis_remarks(analysis))


def report_page(
    title: str, pictures: Sequence[tuple[str, bytes]], tables: Sequence[TableOfWords], remarks: Sequence[Remarks]
) -> str:
    """Return a page of pictures, tables and lists of sentences; what is in doubt stands first.

    Args:
        title: of the page.
        pictures: names and SVG files, in the order of the page.
        tables: of figures.
        remarks: titles with their sentences.
    """
    title = _text(title)
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>',
        f"<style>{STYLE}</style></head>",
        f"<body><h1>{title}</h1>",
    ]
    parts += [_list(name, sentences, "doubt") for name, sentences in remarks if name == "In doubt"]
    parts += [_picture(name, svg) for name, svg in pictures]
    parts += [_table(table) for table in tables]
    parts += [_list(name, sentences) for name, sentences in remarks if name != "In doubt"]
    return "\n".join([*parts, "</body></html>"]) + "\n"


def _picture(name: str, svg: bytes) -> str:
    return f'<img alt="{_text(name)}" src="data:image/svg+xml;base64,{b64encode(svg).decode()}">'


def _table(table: TableOfWords) -> str:
    head = "".join(f"<th>{_text(cell)}</th>" for cell in table.headings)
    rows = "".join("<tr>" + "".join(f"<td>{_text(cell)}</td>" for cell in row) + "</tr>" for row in table.rows)
    return f"<h2>{_text(table.title)}</h2><table><tr>{head}</tr>{rows}</table>"


def _list(title: str, sentences: Sequence[str], style: str = "") -> str:
    items = "".join(f"<li>{_text(sentence)}</li>" for sentence in sentences)
    return f'<section class="{style}"><h2>{_text(title)}</h2><ul>{items}</ul></section>'


def _text(words: str) -> str:
    return escape(printable(words))
