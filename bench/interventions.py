# SPDX-License-Identifier: Apache-2.0
"""What people ask of a run while it goes on: pause, continue, stop this test.

    SIGUSR1   pause, or continue when paused          pumpbench pause | continue RUN_FOLDER
    SIGUSR2   stop this test; the next ones go on     pumpbench stop-test RUN_FOLDER
    SIGTERM   stop the run (`bench.interruption`)     pumpbench stop-run RUN_FOLDER

A signal is only noted when it comes; it takes effect where the scheduler looks for it, so never in the middle of a
request to a device. A pause stops nothing that runs: the protocol waits at its next safe point, while the pump goes on
and is sampled and watched. Stopping a test ends it INCONCLUSIVE, through the same safe state as every other end.
"""

import signal
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from bench.run_process import Request, RequestKind, take_request
from groundfloor.inconclusive import Inconclusive
from groundfloor.notifier import Notifier


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
        self._came: list[int] = []
        self._stopped_by = ""

    def report(self, what: str, title: str) -> None:
        """Tell of an intervention that takes effect now."""
        self.events.notify(Intervention(what, title))

    def listen(self) -> None:
        """Note the two signals from now on; call it on the main thread."""
        for number in (signal.SIGUSR1, signal.SIGUSR2):
            signal.signal(number, self._on_signal)

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
        while self._came:
            number = self._came.pop(0)
            request = take_request(self._folder)
            by = request.by if request is not None else signal.Signals(number).name
            if number == signal.SIGUSR2:
                self._stopped_by = by
            else:
                self.by = by
                asked = request.kind if request is not None else None
                self._paused = asked is RequestKind.PAUSE or (asked is not RequestKind.CONTINUE and not self._paused)

    def taken(self) -> list[tuple[int, Request | None]]:
        """Return the signals that came, each with the word that was left for it, for whoever passes them on."""
        came, self._came = self._came, []
        return [(number, take_request(self._folder)) for number in came]

    def pausing(self) -> bool:
        """Tell whether the protocol shall wait at its next safe point."""
        return self._paused

    def stopped_run_by(self) -> str:
        """Return who asked for the end of the run; empty if nobody left word."""
        request = take_request(self._folder)
        return request.by if request is not None and request.kind is RequestKind.STOP_RUN else ""
