# SPDX-License-Identifier: Apache-2.0
"""Makes HTML of a view.

Every text of the record is escaped, and characters that would steer or reorder it are shown by their code, whatever the
templates do with it. The page forbids its reader's browser scripts, and everything that it would have to load.
"""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from groundfloor.printable import printable
from reports.page.chart_drawing import draw_chart
from reports.page.drawing import Drawing
from reports.page.figures import allowed, duration, measured, number, share
from reports.page.infusion_chart import InfusionChart
from reports.page.page_view import PageView

if TYPE_CHECKING:
    from reports.infusion_pictures import InfusionPicture

PAGE = "report.html"
OWN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What an infusion may be called in the name of a file."""
TEMPLATES = Path(__file__).parent / "templates"
CHART_STYLE = "chart.css"
"""How drawings look, in the page and in a file of their own."""
MARKS = {
    "PASS": "✓",
    "OK": "✓",
    "FAIL": "✕",
    "BLOCKED": "■",
    "BLOCK": "■",
    "INVALID": "■",
    "INCONCLUSIVE": "?",
    "WARN": "!",
    "STALE": "!",
    "ORPHAN": "!",
}
"""The sign beside a state, so that it is not told by its colour alone."""


def page_html(
    view: PageView,
    drawings: Mapping[str, Drawing] | None = None,
    further: Mapping[str, Sequence["InfusionPicture"]] | None = None,
) -> str:
    """Return the page.

    Args:
        view: what it shows.
        drawings: those of its charts that are drawn already, by the chart's anchor.
        further: start-up and trumpet of those charts, by the same.
    """
    drawn, more = drawings or {}, further or {}

    def draw_further(chart: InfusionChart) -> Sequence["InfusionPicture"]:
        if chart.anchor in more:
            return more[chart.anchor]
        from reports.infusion_pictures import further_pictures  # here, because it draws with what is in this room

        frame = chart.columns.frame()
        return [*further_pictures(chart, frame, view.kept_profile, simulated=bool(view.simulated))]

    def draw(chart: InfusionChart, *, simulated: bool) -> Drawing:
        return drawn.get(chart.anchor) or draw_chart(chart, simulated=simulated)

    style = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in (CHART_STYLE, "page.css"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    template = _environment().get_template("page.html.j2")
    return template.render(
        view=view,
        style=Markup(style),  # noqa: S704  # our own file
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        draw_chart=draw,
        draw_further=draw_further,
        has_own_id=lambda chart: OWN_ID.fullmatch(chart.infusion) is not None,
        anchors={
            one.id: f"req-{_fit_for_a_link(one.id)}" for one in view.matrix.requirements if one.revision is not None
        },
    )


def _fit_for_a_link(requirement_id: str) -> str:
    """Return an id with every sign that a link would have to quote replaced by its code."""
    return re.sub(r"[^A-Za-z0-9.-]", lambda found: f"_{ord(found[0]):x}", requirement_id)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_plain,
    )
    environment.filters |= {
        "number": number,
        "duration": duration,
        "share": share,
        "style": _style,
        "mark": lambda state: MARKS.get(state, "–"),
    }
    environment.globals |= {"measured": measured, "allowed": allowed}
    return environment


def _plain(value: object) -> object:
    """Return what is written for an expression: text without hidden characters; markup of the templates as it is."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _style(state: str) -> str:
    """Return the class of a state; any word that is none of ours gets the plain one."""
    return "s-" + re.sub(r"[^a-z]", "-", state.lower()) if state in STATES else "s-other"


STATES = frozenset({*MARKS, "NOT RUN", "NOT APPLICABLE", "UNCOVERED", "SKIPPED", "OFF", "UNSET"})
