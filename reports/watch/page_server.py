# SPDX-License-Identifier: Apache-2.0
"""Serves the page of a run to browsers of this computer, and takes the answers of its form.

It listens on 127.0.0.1 alone. Whoever does not know the token in the address sees nothing and answers nothing, so that
neither another user of the computer nor a page of the web can say that something is done: such a page would have to
guess it, and its requests carry another origin, or another host where a name was bent to this address.
"""

import hmac
import secrets
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs

from groundfloor.errors import PlanError
from reports.watch.watch_page import WatchPage

HOST = "127.0.0.1"
MOST_BYTES = 4096
FORM, HTML, JSON = "application/x-www-form-urlencoded", "text/html; charset=utf-8", "application/json"
Answers = Callable[[int, str], None]
"""Takes the number of a prompt and the name of a person; raises PlanError where that answers nothing."""


class PageServer:
    """A server of one page; a context manager.

    Args:
        answers: what takes an answer.
        port: 0 takes a free one.

    Raises:
        PlanError: the port is taken.
    """

    def __init__(self, answers: Answers, port: int = 0) -> None:
        self.answers = answers
        self.token = secrets.token_urlsafe(24)
        self.page = WatchPage("", "", None)
        try:
            self._server = _Server(self, port)
        except OSError as refused:
            raise PlanError(
                f"port {port}", "serve the page", str(refused), "leave --port out, or name another"
            ) from refused
        self._thread = threading.Thread(target=self._server.serve_forever, name="watch-page", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def origin(self) -> str:
        """Return the only origin that its requests come from."""
        return f"http://{HOST}:{self._server.server_address[1]}"

    @property
    def address(self) -> str:
        """Return the address of the page, token included."""
        return f"{self.origin}/{self.token}/"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False  # on Windows it would let another process listen here too

    def __init__(self, shown: PageServer, port: int) -> None:
        self.shown = shown
        super().__init__((HOST, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """One connection of a browser."""

    timeout = 10.0
    server_version, sys_version = "pumpbench", ""

    @property
    def _shown(self) -> PageServer:
        assert isinstance(self.server, _Server)
        return self.server.shown

    def do_GET(self) -> None:
        match self._asked_for():
            case "":
                self._send_page(HTTPStatus.OK)
            case "now":
                self._send(HTTPStatus.OK, self._shown.page.as_json(), JSON, _policy(""))
            case _:
                self._refuse(HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        if self._asked_for() != "answer":
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        if not self._is_of_our_page():
            self._refuse(HTTPStatus.FORBIDDEN)
            return
        try:
            self._shown.answers(*self._answer())
        except PlanError as unanswered:
            self._send_page(HTTPStatus.CONFLICT, str(unanswered))
            return
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "./")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _asked_for(self) -> str | None:
        """Return what of the page is asked for; None where the token or the host is another."""
        token, _, name = self.path.removeprefix("/").partition("/")
        known = hmac.compare_digest(token.encode(), self._shown.token.encode())
        return name if known and f"http://{self.headers.get('Host', '')}" == self._shown.origin else None

    def _is_of_our_page(self) -> bool:
        """Tell whether a browser says that our own page sent a form."""
        return (
            self.headers.get("Origin") == self._shown.origin
            and self.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
            and self.headers.get_content_type() == FORM
        )

    def _answer(self) -> tuple[int, str]:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or len(length) > 4 or int(length) > MOST_BYTES:
            raise PlanError("page", "answer", "the form is too long", "give a name of 200 characters at most")
        form = parse_qs(self.rfile.read(int(length)).decode("utf-8", "replace"))
        number, by = form.get("number", [""])[0], form.get("by", [""])[0]
        if not (number.isdecimal() and len(number) < 10):
            raise PlanError("page", "answer", "the form names no prompt", "load the page again")
        return int(number), by

    def _send_page(self, status: HTTPStatus, problem: str = "") -> None:
        nonce = secrets.token_urlsafe(16)
        self._send(status, self._shown.page.html(nonce, problem), HTML, _policy(nonce))

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True  # what is left of its body is not read
        self._send(status, b"", "text/plain", _policy(""))

    def _send(self, status: HTTPStatus, body: bytes, kind: str, policy: str) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the terminal shows the run."""


def _policy(nonce: str) -> str:
    own = f"script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; connect-src 'self'; form-action 'self'; "
    return f"default-src 'none'; {own if nonce else ''}base-uri 'none'; frame-ancestors 'none'"
