# SPDX-License-Identifier: Apache-2.0
"""A run that asks its operator for something is answered by the form of its page, posted as a browser posts it."""

import io
import signal
import threading
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest
from rich.console import Console

from cli.watch import _Looks, _page_of
from groundfloor.wall_clock import Deadline, sleep_s
from reports.watch import WatchedRun
from tests.sim.bench_run import command, finished, started
from tests.sim.test_manual_rig import twin

LIMIT_S = 120.0
GRACE = "Grace Höpper"


class Form(HTMLParser):
    """The form of a page as a browser would send it, with a name typed into each field that is not hidden."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action: str | None = None
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self.action = found.get("action")
        if tag == "input":
            self.fields[str(found["name"])] = str(found["value"]) if found.get("type") == "hidden" else GRACE


class Visitor(threading.Thread):
    """Has the page of the first run of a folder open until that is over, and does what it asks for.

    Args:
        runs: the folder.
        then: called once, when the journal has the first answer.
        give_up: called where an answer is not taken, or none counts in time.
    """

    def __init__(self, runs: Path, then: Callable[[], None], give_up: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._runs = runs
        self._then: Callable[[], None] | None = then
        self._give_up = give_up
        self.sent = 0

    def run(self) -> None:
        try:
            self._watch(Deadline(LIMIT_S))
        except OSError:  # the page did not take it
            self._give_up()

    def _watch(self, limit: Deadline) -> None:
        while not (found := list(self._runs.glob("*/journal.jsonl"))) and not limit.passed():
            sleep_s(0.02)
        looks, told = _Looks(WatchedRun(found[0].parent)), io.StringIO()
        with _page_of(looks, 0, Console(file=told, width=200)):
            address = next(word for word in told.getvalue().split() if word.startswith("http://"))
            for _ in looks:
                self._visit(address)
                if self._then is not None and '"operator-answered"' in found[0].read_text(encoding="utf-8"):
                    self._then()
                    self._then = None
                if limit.passed():
                    return self._give_up()
        return None

    def _visit(self, address: str) -> None:
        with urlopen(address, timeout=LIMIT_S) as page:  # of this process
            form = Form(page.read().decode())
        if form.action is None:
            return
        home = urlsplit(address)
        headers = {"Origin": f"{home.scheme}://{home.netloc}", "Sec-Fetch-Site": "same-origin"}
        body = urlencode(form.fields).encode()
        with urlopen(Request(urljoin(address, form.action), body, headers), timeout=LIMIT_S) as after:
            self.sent += after.status == 200


def test_a_run_goes_on_when_the_form_of_its_page_was_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rig is one that a person moves; before anything else she is asked to make it safe. Then the run is ended."""
    monkeypatch.setattr("cli.watch.LOOK_S", 0.05)
    runs, options = tmp_path / "runs", ("--operator=Ada Lovelace", "--chapter=kink", "--journal-only")
    with twin(tmp_path, "--asks") as file, started(command(file, runs, *options, select="second_kink")) as process:
        visitor = Visitor(runs, lambda: process.send_signal(signal.SIGINT), process.kill)
        visitor.start()
        found = finished(process, runs)
        visitor.join(LIMIT_S)
    assert not visitor.is_alive()
    first, *_ = (line for line in found.of_kind("event") if line.what == "operator-answered")
    assert (first.data["by"], first.data["way"]) == (GRACE, "page")
    assert visitor.sent >= 1
    assert found.journal[-1].kind == "run-ended"
