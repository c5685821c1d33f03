# SPDX-License-Identifier: Apache-2.0
"""Calls that may hang, made in a thread of their own, so that whoever waits for them can give up."""

import os
import queue
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
IDLE_S = 0.5
"""After so long without a call the thread ends; the next call starts another."""


class NotBack(Exception):
    """A call has not come back in time; the text says so in words."""


class OtherThread:
    """One thread that makes calls one after the other, and is no reason for a process to stay alive.

    Args:
        limit_s: how long each may take, in time of the machine.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._under_way: tuple[str, threading.Event] | None = None
        self._anew()

    def _anew(self) -> None:
        """Begin without a thread: at first, and in a process that was forked since, which has a copy of none."""
        self._process = os.getpid()
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._handing_over = threading.Lock()
        self._thread: threading.Thread | None = None

    def call(self, what: Callable[[], T], name: str) -> T:
        """Return what `what` returns, or raise what it raises.

        Raises:
            NotBack: it, or the call before it, has not come back.
        """
        if self._under_way is not None and not self._under_way[1].is_set():
            raise NotBack(f"its {self._under_way[0]} has still not come back, so it is not asked any more")
        results: list[T] = []
        errors: list[BaseException] = []
        done = threading.Event()

        def make() -> None:
            try:
                results.append(what())
            except BaseException as raised:  # noqa: BLE001  # it is raised again in the thread that waits
                errors.append(raised)
            finally:
                done.set()

        self._under_way = name, done
        self._hand_over(make)
        if not done.wait(self._limit_s):
            raise NotBack(f"it did not come back within {self._limit_s:g} s")
        if errors:
            raise errors[0]
        return results[0]

    def _hand_over(self, make: Callable[[], None]) -> None:
        if self._process != os.getpid():
            self._anew()
        with self._handing_over:
            self._calls.put(make)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="plug-in", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while True:
            try:
                make = self._calls.get(timeout=IDLE_S)
            except queue.Empty:
                with self._handing_over:
                    if self._calls.empty():
                        self._thread = None
                        return
            else:
                make()
