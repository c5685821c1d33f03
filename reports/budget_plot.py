# SPDX-License-Identifier: Apache-2.0
"""An uncertainty budget as bars: what each influence adds, the greatest first, and its share of the whole."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from metrology.uncertainty import BudgetLine
from reports.picture import BLUE, ORANGE, Caption, Picture, name_axes

BAR_IN = 0.2
MOST_BARS = 8
LEAST_SHARE = 0.005
COLOURS = {"A": ORANGE, "B": BLUE}


def budget_plot(budget: Sequence[BudgetLine], unit: str, expanded: float, coverage: float, caption: Caption) -> Picture:
    """Draw a budget.

    Args:
        budget: contributions in `unit`.
        unit: of the result.
        expanded: U in `unit`.
        coverage: k of U.
        caption: for its head and foot; what combines is added at the foot.
    """
    total = sum(line.contribution**2 for line in budget)
    ranked = sorted(budget, key=lambda line: line.contribution, reverse=True)
    shown = [line for line in ranked if total and line.contribution**2 >= LEAST_SHARE * total][:MOST_BARS]
    combined = f"u = {total**0.5:.3g} {unit}, U = {expanded:.3g} {unit} (k = {coverage:.2f}, 95 %)."
    rest = f" {len(ranked) - len(shown)} more add less." if len(shown) < len(ranked) else ""
    note = f"{combined}{rest} Orange: type A, from observations. Blue: type B, otherwise known."
    note = "\n".join(filter(None, (note, caption.note)))
    picture = Picture(Caption(caption.title, caption.simulated, note), [max(len(shown), 1) * BAR_IN + 0.1], 1.9)
    (axes,) = picture.axes
    _draw_bars(axes, shown, total)
    name_axes(axes, f"contribution to the standard uncertainty / {unit}", "")
    return picture


def _draw_bars(axes: Axes, shown: Sequence[BudgetLine], total: float) -> None:
    places = range(len(shown))
    axes.barh(places, [line.contribution for line in shown], 0.68, color=[COLOURS[line.kind] for line in shown])
    for place, line in zip(places, shown, strict=True):
        axes.annotate(
            f"{line.contribution**2 / total:.1%} of u²",
            (line.contribution, place),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=7,
            color="#333333",
        )
    axes.set_yticks(places, [line.name for line in shown], fontsize=8, parse_math=False)
    axes.set_ylim(max(len(shown), 1) - 0.4, -0.6)
    axes.set_xlim(0, 1.12 * shown[0].contribution if shown else 1.0)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4))
    axes.grid(visible=False, axis="y")
