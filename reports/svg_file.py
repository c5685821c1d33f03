# SPDX-License-Identifier: Apache-2.0
"""A drawing as a file of its own: SVG that carries its style, for a report that shows it as a picture.

It looks as it does in the page, whose style sheet it takes. No text of the record is markup in it: every one is
escaped, and what would steer or reorder it is shown by its code. The same drawing gives the same bytes.
"""

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from xml.sax.saxutils import escape, quoteattr

from groundfloor.printable import one_line, printable
from reports.page.drawing import Box, Drawing, Label, Line
from reports.page.page_html import CHART_STYLE, TEMPLATES

HEAD, MARGIN, NOTE = 26.0, 8.0, 15.0
TENTHS_OF_A_PIXEL = "tenths"
"""The class of the lines, whose paths are written in that unit."""
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_LENGTHS = re.compile(r"(stroke-width|stroke-dasharray):([\d. ]+)")
CHARACTERS_ACROSS = 118
"""How many characters of a note fit side by side."""
HATCH = (
    '<pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" class="hatch-ground"/><path d="M0 0v7" class="hatch-line"/></pattern>'
)


def svg_file(drawing: Drawing, notes: Sequence[str] = ()) -> bytes:
    """Return a drawing as an SVG file, with its title above and notes below.

    Args:
        drawing: what is shown.
        notes: what a reader must not miss, a paragraph each.
    """
    lines = [line for note in notes for line in textwrap.wrap(one_line(note, 2000), CHARACTERS_ACROSS)]
    width, height = drawing.width + 2 * MARGIN, HEAD + drawing.height + NOTE * len(lines) + 2 * MARGIN
    below = HEAD + drawing.height + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" width="{width:g}" height="{height:g}" '
        f'viewBox="0 0 {width:g} {height:g}" role="img">',
        f"<title>{_text(drawing.title)}</title><desc>{_text(drawing.description)}</desc>",
        f"<style>{_style()}</style><defs>{HATCH}</defs>",
        f'<rect width="{width:g}" height="{height:g}" fill="#fff"/>',
        f'<g transform="translate({MARGIN:g} {HEAD:g})">',
        *_body(drawing),
        "</g>",
        f'<text class="heading" x="{MARGIN:g}" y="18" font-size="14">{_text(drawing.title)}</text>',
        *(
            f'<text class="note" x="{MARGIN:g}" y="{below + NOTE * place:g}">{_text(line)}</text>'
            for place, line in enumerate(lines, start=1)
        ),
        "</svg>",
    ]
    return "\n".join(parts).encode("utf-8", "replace")


def _body(drawing: Drawing) -> Iterable[str]:
    yield from (_box(one) for one in drawing.boxes)
    yield f'<g class="{TENTHS_OF_A_PIXEL}" transform="scale(.1)">'
    yield from (_line(one) for one in drawing.lines)
    yield "</g>"
    yield from (_label(one) for one in drawing.labels)


def _box(box: Box) -> str:
    place = f'x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}"'
    return f"<rect class={quoteattr(box.style)} {place}/>"


def _line(line: Line) -> str:
    return f'<path class={quoteattr(line.style)} d="{line.path}"/>'


def _label(label: Label) -> str:
    style = quoteattr(label.style)
    return (
        f'<text x="{label.x:g}" y="{label.y:g}" class={style} text-anchor="{label.anchor}">{_text(label.text)}</text>'
    )


def _text(text: str) -> str:
    """Return text as XML can hold it: a character that it forbids is shown by its code."""
    return escape(printable(text))


@cache
def _style() -> str:
    style = (TEMPLATES / CHART_STYLE).read_text(encoding="utf-8")
    return escape(style + "".join(_widened(style)))


def _widened(style: str) -> Iterator[str]:
    """Yield what draws lines in tenths of a pixel as wide as the style says.

    What sets the PDF knows no `vector-effect`: it would draw each line, and each dash of one, a tenth as wide.
    """
    yield f"g.{TENTHS_OF_A_PIXEL} path{{stroke-width:10;vector-effect:none}}\n"
    for selectors, body in _RULE.findall(style):
        lengths = ";".join(f"{name}:{_tenfold(value)}" for name, value in _LENGTHS.findall(body))
        if lengths:
            within = ",".join(f"g.{TENTHS_OF_A_PIXEL} {one.strip()}" for one in selectors.split(","))
            yield f"{within}{{{lengths}}}\n"


def _tenfold(lengths: str) -> str:
    return " ".join(f"{10 * float(one):g}" for one in lengths.split())
