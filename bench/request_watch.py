# SPDX-License-Identifier: Apache-2.0
"""Looks, beside a run, for what people ask of it: the channel is a file in the run folder, on every system."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

from groundfloor.system.quiet_thread import AT_WORK, QuietThread

LOOK_S = 0.2
"""So long at most a request waits until it is taken in."""


class RequestWatch:
    """A thread that looks, from `start` or for as long as a `with` block lasts.

    Args:
        look: takes in what was asked; it may be called beside whatever the run does.
    """

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._over = threading.Event()

    def start(self) -> None:
        """Look until the process ends."""
        QuietThread(self._go_on, "request-watch").start()

    def __enter__(self) -> Self:
        """Begin to look."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Look no more."""
        self._over.set()

    def _go_on(self) -> None:
        while not self._over.wait(LOOK_S):
            with AT_WORK:
                self._look()
