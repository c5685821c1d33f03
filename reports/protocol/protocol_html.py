# SPDX-License-Identifier: Apache-2.0
"""The verification protocol as a page that looks like the page of a run, and loads nothing either."""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from groundfloor.printable import printable
from reports.page.figures import duration
from reports.page.page_html import TEMPLATES as LOOK
from reports.protocol.planned_test import PlannedState
from reports.protocol.protocol_markdown import hours
from reports.protocol.verification_protocol import VerificationProtocol

TEMPLATES = Path(__file__).parent / "templates"
STATES = {PlannedState.PLANNED: "ok", PlannedState.NOT_APPLICABLE: "not-applicable", PlannedState.BLOCKED: "blocked"}
"""The look of each state on the page of a run."""


def protocol_html(protocol: VerificationProtocol) -> str:
    """Return the page; what it says is what the Markdown says."""
    style = "".join(path.read_text(encoding="utf-8") for path in (LOOK / "page.css", TEMPLATES / "protocol.css"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .get_template("protocol.html.j2")
        .render(
            protocol=protocol,
            states=STATES,
            hours=hours,
            texts={one.label: one.text for one in protocol.requirements},
            style=Markup(style),  # noqa: S704  # our own files
            policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value,
    )
    environment.filters["duration"] = duration
    return environment
