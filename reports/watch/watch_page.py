# SPDX-License-Identifier: Apache-2.0
"""A run on a page of this computer: the figures of the terminal's screen, and a form to answer what is asked.

The page asks nobody but the server that it came from, and runs no script but its own.
"""

import io
import json
from dataclasses import dataclass
from datetime import datetime
from html import escape

from rich.console import Console

from bench.attendance import Prompt, prompt_in
from groundfloor.printable import printable
from reports.watch.watch_screen import watch_screen
from reports.watch.watched_run import WatchedRun

WIDTH = 10_000
"""A line of the screen is a line here, which the browser breaks where its window ends."""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<noscript><meta http-equiv="refresh" content="5"></noscript>
<style nonce="{nonce}">
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 1rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.4rem; }} pre {{ font: inherit; white-space: pre-wrap; }} main {{ overflow-wrap: anywhere; }}
[role=alert] {{ border: 2px solid; padding: 0 1rem 1rem; }}
input, button {{ font: inherit; padding: .3rem; }}
</style></head><body><main>
<h1>{title}</h1>
{problem}{prompt}
<pre id="figures">{figures}</pre><p id="state" role="status"></p>
</main><script nonce="{nonce}">
const number = {number};
setInterval(async () => {{
  try {{
    const now = await (await fetch("now")).json();
    document.getElementById("figures").textContent = now.figures;
    if (now.number !== number) location.reload();
  }} catch {{
    document.getElementById("state").textContent = "Nobody answers any more: the run is over, or its watching ended.";
  }}
}}, 1000);
</script></body></html>
"""
_PROMPT = """<section role="alert"><h2>Please {request}</h2><form method="post" action="answer">
<input type="hidden" name="number" value="{number}">
<label>Your name, for the record: <input name="by" required maxlength="200" autocomplete="name"></label>
<button>It is done</button></form></section>"""


@dataclass(frozen=True)
class WatchPage:
    """What a page shows at one moment.

    Attributes:
        title: whose run it is.
        figures: the screen of a terminal, as text.
        prompt: what a person is asked to do now; None for nothing.
    """

    title: str
    figures: str
    prompt: Prompt | None

    @classmethod
    def of(cls, run: WatchedRun, now_utc: datetime) -> "WatchPage":
        """Return the page of a run now."""
        console = Console(width=WIDTH, file=io.StringIO(), record=True, color_system=None)
        console.print(watch_screen(run, now_utc))
        stamp = "SIMULATED – " if run.simulated else ""
        prompt = None if run.over else prompt_in(run.folder)
        figures = "\n".join(line.strip() for line in console.export_text().splitlines())
        return cls(f"{stamp}{run.profile_title} {run.folder.name}".strip(), figures, prompt)

    def html(self, nonce: str, problem: str = "") -> bytes:
        """Return it as HTML.

        Args:
            nonce: by which the page's own script and style are known.
            problem: why an answer was not taken; empty for none.
        """
        shown = "" if self.prompt is None else _PROMPT.format(
            request=escape(printable(self.prompt.request)), number=self.prompt.number
        )  # fmt: skip
        return _PAGE.format(
            title=escape(printable(self.title)),
            nonce=escape(nonce),
            problem=f'<p role="alert">{escape(problem)}</p>' if problem else "",
            prompt=shown,
            figures=escape(printable(self.figures, keep="\n")),
            number=json.dumps(self._number),
        ).encode()

    def as_json(self) -> bytes:
        """Return what changes of it, for its script."""
        return json.dumps({"figures": printable(self.figures, keep="\n"), "number": self._number}).encode()

    @property
    def _number(self) -> int | None:
        return None if self.prompt is None else self.prompt.number
