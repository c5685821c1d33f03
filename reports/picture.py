# SPDX-License-Identifier: Apache-2.0
"""The house style of a picture: head with the SIMULATED stamp, panels under each other, a note at its foot.

PNG because reports block scripts in attachments; the same data give the same bytes, in SVG as well.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image

from groundfloor.printable import one_line

# The palette of Okabe and Ito (2008): told apart with any common colour blindness.
BLACK, ORANGE, BLUE, GREEN, VERMILION, GREY = "#000000", "#e69f00", "#0072b2", "#009e73", "#d55e00", "#666666"

DPI = 100
WIDTH_IN, RIGHT_IN, HEAD_IN, FOOT_IN, GAP_IN = 9.6, 0.2, 0.62, 0.62, 0.3
COLOURS = 64
LABEL_SIZE, TICK_SIZE, NOTE_SIZE = 8.5, 8, 7.5


@dataclass(frozen=True)
class Caption:
    """What stands around a picture.

    Attributes:
        title: what it shows.
        simulated: whether a twin delivered; the head says so.
        note: at the foot, for what a reader must not miss.
    """

    title: str
    simulated: bool
    note: str = ""


class Picture:
    """A figure in the house style.

    Attributes:
        axes: its panels, the highest first.
        figure: all of it.
    """

    def __init__(self, caption: Caption, panels_in: Sequence[float], left_in: float = 1.25) -> None:
        foot_in = FOOT_IN + 0.13 * caption.note.count("\n")
        height_in = HEAD_IN + foot_in + sum(panels_in) + GAP_IN * (len(panels_in) - 1)
        self.figure = Figure(figsize=(WIDTH_IN, height_in), dpi=DPI, facecolor="white")
        FigureCanvasAgg(self.figure)
        title = one_line(f"SIMULATED – {caption.title}" if caption.simulated else caption.title, 110)
        self.figure.text(0.01, 1 - 0.28 / height_in, title, fontsize=11, fontweight="bold", parse_math=False)
        self.figure.text(
            0.01, 0.08 / height_in, caption.note, fontsize=NOTE_SIZE, color="#555555", va="bottom", parse_math=False
        )
        self.axes: list[Axes] = []
        top_in = height_in - HEAD_IN
        for panel_in in panels_in:
            box = (left_in / WIDTH_IN, (top_in - panel_in) / height_in)
            size = ((WIDTH_IN - left_in - RIGHT_IN) / WIDTH_IN, panel_in / height_in)
            self.axes.append(prepared(self.figure.add_axes((*box, *size))))
            top_in -= panel_in + GAP_IN

    def png(self) -> bytes:
        """Return the picture as PNG."""
        return as_png(self.figure)

    def svg(self) -> bytes:
        """Return the picture as SVG."""
        with mpl.rc_context({"svg.hashsalt": "pumpbench"}):
            return _saved(self.figure, "svg", {"Date": None, "Creator": None})


def as_png(figure: Figure) -> bytes:
    """Return a figure as PNG, in as few colours as a drawing needs: a third of the size."""
    drawn = Image.open(BytesIO(_saved(figure, "png", {"Software": None}))).convert("RGB")
    target = BytesIO()
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(target, "png")
    return target.getvalue()


def _saved(figure: Figure, kind: str, metadata: dict[str, None]) -> bytes:
    target = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a name in a script that the font lacks
        figure.savefig(target, format=kind, metadata=metadata)
    return target.getvalue()


def prepared(axes: Axes) -> Axes:
    """Give a panel its looks."""
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.tick_params(labelsize=TICK_SIZE, length=3)
    axes.grid(visible=True, color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def name_axes(axes: Axes, across: str, up: str) -> None:
    """Write what the axes show, with the unit."""
    axes.set_xlabel(across, fontsize=LABEL_SIZE)
    axes.set_ylabel(up, fontsize=LABEL_SIZE)


def legend(axes: Axes, columns: int = 4) -> None:
    """Put the legend above the panel, where it hides nothing."""
    axes.legend(
        loc="lower right",
        bbox_to_anchor=(1.0, 0.99),
        ncols=columns,
        fontsize=TICK_SIZE,
        frameon=False,
        borderaxespad=0.0,
        handlelength=1.8,
    )
