# SPDX-License-Identifier: Apache-2.0
"""The page of a run: who may see it, who may answer, and what an answer has to know."""

import http.client
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from bench.attendance import FileAttendant, Prompt, answer_prompt, prompt_in
from bench.run_process import RunProcess
from groundfloor.errors import PlanError
from reports.watch import WatchedRun, WatchPage
from reports.watch.page_server import HOST, PageServer

EVIL = '<img src=x onerror="alert(1)"></textarea></script>'
FORM = "application/x-www-form-urlencoded"


class Served:
    """A page with an open prompt, and what a browser may say to it."""

    def __init__(self, server: PageServer, folder: Path) -> None:
        self.server = server
        self.folder = folder
        self.port = int(server.origin.rpartition(":")[2])

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str, http.client.HTTPMessage]:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        connection.request(method, path, body or None, {one.replace("_", "-"): headers[one] for one in headers})
        with connection.getresponse() as reply:
            told = reply.status, reply.read().decode(), reply.headers
        connection.close()
        return told

    def get(self, name: str = "") -> tuple[int, str, http.client.HTTPMessage]:
        return self.ask("GET", f"/{self.server.token}/{name}")

    def answer(self, number: int = 1, by: str = "Ada", **headers: str) -> tuple[int, str, http.client.HTTPMessage]:
        own = {"Content_Type": FORM, "Origin": self.server.origin, "Sec_Fetch_Site": "same-origin"}
        form = urlencode({"number": number, "by": by})
        return self.ask("POST", f"/{self.server.token}/answer", form, **{**own, **headers})


@pytest.fixture
def attendant(tmp_path: Path) -> FileAttendant:
    attendant = FileAttendant(tmp_path)
    attendant.ask("put the weight on")
    return attendant


@pytest.fixture
def served(tmp_path: Path, attendant: FileAttendant) -> Iterator[Served]:
    def answers(number: int, by: str) -> None:
        answer_prompt(tmp_path, by, number, "page")

    with PageServer(answers) as server:
        server.page = WatchPage(f"run {EVIL}", f"delivered 1.0 {EVIL}", prompt_in(tmp_path))
        yield Served(server, tmp_path)


def test_an_answer_of_the_page_counts_with_name_and_way(served: Served, attendant: FileAttendant) -> None:
    assert not attendant.answered()
    status, _, headers = served.answer(by="Grace Höpper")
    assert (status, headers["Location"]) == (303, "./")
    assert attendant.answered()
    assert attendant.answer is not None
    assert (attendant.answer.by, attendant.answer.way) == ("Grace Höpper", "page")


def test_who_has_read_an_earlier_prompt_answers_nothing(served: Served, attendant: FileAttendant) -> None:
    attendant.ask("take the weight off")
    status, text, _ = served.answer(number=1)
    assert (status, "it asks for something else by now" in text) == (409, True)
    assert "take the weight off" in text
    assert not attendant.answered()
    assert served.answer(number=2)[0] == 303
    assert attendant.answered()


def test_an_answer_to_nothing_is_told(served: Served, attendant: FileAttendant) -> None:
    attendant.give_up()
    status, text, _ = served.answer()
    assert (status, "it asks for nothing now" in text) == (409, True)


@pytest.mark.parametrize("by", ["", "  ", "x" * 201, "a\x1b[31mb"])
def test_a_name_that_is_none_is_refused(served: Served, attendant: FileAttendant, by: str) -> None:
    status, text, _ = served.answer(by=by)
    assert (status, "is no name of a person" in text) == (409, True)
    assert not attendant.answered()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Content_Type": "text/plain"},
    ],
    ids=lambda one: "-".join(one.values()),
)
def test_a_form_of_another_page_answers_nothing(
    served: Served, attendant: FileAttendant, headers: dict[str, str]
) -> None:
    assert served.answer(**headers)[0] == 403
    assert not attendant.answered()


def test_a_form_that_says_no_origin_answers_nothing(served: Served, attendant: FileAttendant) -> None:
    body = urlencode({"number": 1, "by": "Ada"})
    assert served.ask("POST", f"/{served.server.token}/answer", body, Content_Type=FORM)[0] == 403
    assert not attendant.answered()


def test_without_the_token_nothing_is_seen_and_nothing_answered(served: Served, attendant: FileAttendant) -> None:
    form, origin = urlencode({"number": 1, "by": "Ada"}), served.server.origin
    for path in ("/", "/now", f"/{served.server.token[:-1]}/", f"/{served.server.token}x/now", "/answer"):
        status, text, _ = served.ask("GET", path)
        assert (status, text) == (404, "")
        assert served.ask("POST", path, form, Content_Type=FORM, Origin=origin)[0] == 404
    assert not attendant.answered()


def test_a_name_of_the_web_that_was_bent_to_this_computer_sees_nothing(served: Served) -> None:
    path = f"/{served.server.token}/"
    assert served.ask("GET", path, Host=f"evil.example:{served.port}")[0] == 404


def test_a_form_without_an_end_is_refused(served: Served) -> None:
    assert served.answer(by="x" * 5000)[0] == 409


def test_what_a_run_says_is_shown_and_never_obeyed(served: Served) -> None:
    served.server.page = WatchPage(EVIL, EVIL, Prompt(number=1, request=EVIL))
    _, text, headers = served.get()
    assert EVIL not in text
    assert text.count("&lt;img src=x") == 4  # title twice, figures, request
    assert served.answer(number=2)[1].count("<img") == 0
    (nonce,) = set(re.findall(r'nonce="([^"]+)"', text))
    policy = headers["Content-Security-Policy"]
    assert f"script-src 'nonce-{nonce}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy


def test_no_request_leaves_the_page(served: Served) -> None:
    _, text, _ = served.get()
    assert not re.search(r"(?:src|href)=|https?://|url\(", text.replace("&lt;img src=x", ""))
    assert re.findall(r'action="([^"]*)"', text) == ["answer"]
    assert re.findall(r"fetch\(\"([^\"]*)\"\)", text) == ["now"]


def test_its_script_learns_figures_and_the_number_of_the_prompt(served: Served) -> None:
    assert json.loads(served.get("now")[1]) == {"figures": f"delivered 1.0 {EVIL}", "number": 1}
    served.server.page = WatchPage("run", "over", None)
    assert json.loads(served.get("now")[1]) == {"figures": "over", "number": None}
    assert "<form" not in served.get()[1]


def test_two_servers_have_two_tokens_and_only_this_computer_reaches_them() -> None:
    def nobody(_number: int, _by: str) -> None:
        raise AssertionError

    with PageServer(nobody) as one, PageServer(nobody) as other:
        assert one.token != other.token
        assert len(one.token) >= 32
        assert one.address.startswith("http://127.0.0.1:")
        with pytest.raises(PlanError, match="serve the page"):
            PageServer(nobody, int(one.origin.rpartition(":")[2]))


def test_the_page_of_a_run_has_the_figures_of_the_terminal(run_of: Callable[..., Any]) -> None:
    run = run_of("a")
    watched = WatchedRun(run.folder)
    with RunProcess(run.folder):
        run.start()
        run.start_test("a")
        FileAttendant(run.folder).ask("open the clamp")
        watched.look()
        page = WatchPage.of(watched, datetime(2027, 1, 1, tzinfo=UTC))
    assert page.title.startswith("SIMULATED – ")
    assert "0 of 1 tests" in page.figures
    assert page.prompt is not None
    assert page.prompt.request == "open the clamp"
