# SPDX-License-Identifier: Apache-2.0
"""What people ask of a run while it goes on: pause, continue, stop this test.

    pumpbench pause | continue RUN_FOLDER    SIGUSR1   pause, or continue when paused
    pumpbench stop-test RUN_FOLDER           SIGUSR2   stop this test; the next ones go on
    pumpbench stop-run RUN_FOLDER            SIGTERM   stop the run (`bench.interruption`)

The commands leave a request in the run folder; where the system has the signals they may be sent by hand as well. Both
are only noted when they come, and take effect where the scheduler looks for it, so never in the middle of a request to
a device; the end of the run alone comes at once. A pause stops nothing that runs: the protocol waits at its next safe
point, while the pump goes on and is sampled and watched. Stopping a test ends it INCONCLUSIVE, through the same safe
state as every other end.
"""

import signal
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from bench.run_process import Request, RequestKind, take_request
from groundfloor.inconclusive import Inconclusive
from groundfloor.notifier import Notifier
from groundfloor.system.end_requests import ask_main_thread
from groundfloor.system.user_signals import PAUSE_SIGNAL, STOP_TEST_SIGNAL


@dataclass(frozen=True)
class Intervention:
    """Something that a person did to the run: what kind of event it is, and the line that people read."""

    what: str
    title: str


class TestStopped(Inconclusive):
    """Somebody stopped the test; what it would have found is not known."""

    __test__ = False  # pytest takes classes of such names for tests


class Interventions:
    """Keeps what people ask of one run.

    Attributes:
        by: who asked for the pause, or ended it.
        events: tells of each intervention when it takes effect.
    """

    def __init__(self, folder: Path) -> None:
        self._paused = False
        self.by = ""
        self.events: Notifier[Intervention] = Notifier()
        self._folder = folder
        self._came: list[Request | int] = []
        self._stopped_by = ""
        self._run_stopped_by = ""

    def report(self, what: str, title: str) -> None:
        """Tell of an intervention that takes effect now."""
        self.events.notify(Intervention(what, title))

    def listen(self) -> None:
        """Note the two signals from now on; call it on the main thread."""
        for number in (PAUSE_SIGNAL, STOP_TEST_SIGNAL):
            if number is not None:
                signal.signal(number, self._on_signal)

    def look(self) -> None:
        """Note what was asked for in the run folder; may be called on any thread."""
        request = take_request(self._folder)
        if request is None:
            return
        if request.kind is RequestKind.STOP_RUN:
            self._run_stopped_by = request.by
            ask_main_thread(signal.SIGTERM)
        else:
            self._came.append(request)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        self._came.append(number)

    def begin_test(self) -> None:
        """Forget that a test was to be stopped: it was the one before."""
        self._take_in()
        self._stopped_by = ""

    def poll(self) -> None:
        """Look what was asked for.

        Raises:
            TestStopped: this test is to be stopped; raised once.
        """
        if self._came:
            self._take_in()
        if self._stopped_by:
            by, self._stopped_by = self._stopped_by, ""
            self.report("stop-test", f"This test was stopped by {by}")
            raise TestStopped("test", "go on", f"stopped by {by}", "run it again")

    def _take_in(self) -> None:
        self.taken()

    def taken(self) -> list[Request]:
        """Take in what was asked for, and return it for whoever passes it on."""
        taken = []
        while self._came:
            came = self._came.pop(0)
            request = came if isinstance(came, Request) else self._meant_by(came)
            taken.append(request)
            if request.kind is RequestKind.STOP_TEST:
                self._stopped_by = request.by
            else:
                self.by, self._paused = request.by, request.kind is RequestKind.PAUSE
        return taken

    def _meant_by(self, number: int) -> Request:
        by = signal.Signals(number).name
        if number == STOP_TEST_SIGNAL:
            return Request(kind=RequestKind.STOP_TEST, by=by)
        return Request(kind=RequestKind.CONTINUE if self._paused else RequestKind.PAUSE, by=by)

    def pausing(self) -> bool:
        """Tell whether the protocol shall wait at its next safe point."""
        return self._paused

    def stopped_run_by(self) -> str:
        """Return who asked for the end of the run; empty if nobody left word."""
        return self._run_stopped_by
