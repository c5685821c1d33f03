# SPDX-License-Identifier: Apache-2.0
"""Calls that may hang, made in a thread of their own, so that whoever waits for them can give up."""

import queue
import threading
import weakref
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class NotBack(Exception):
    """A call has not come back in time; the text says so in words."""


class OtherThread:
    """One thread that makes calls one after the other, and is no reason for a process to stay alive.

    It ends when it is told to, or when nobody holds this any more: one left behind keeps a process from being copied.

    Args:
        limit_s: how long each may take, in time of the machine.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._calls: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        weakref.finalize(self, self._calls.put, None).atexit = False
        self._under_way: tuple[str, threading.Event] | None = None
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
        self._started()
        self._calls.put(make)
        if not done.wait(self._limit_s):
            raise NotBack(f"it did not come back within {self._limit_s:g} s")
        if errors:
            raise errors[0]
        return results[0]

    def end(self) -> None:
        """Let the thread end after the call that it makes; a later call starts another."""
        if self._thread is not None:
            self._thread = None
            self._calls.put(None)

    def _started(self) -> None:
        """Start the thread at the first call, and again in a process that was forked since."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=_work, args=(self._calls,), name="plug-in", daemon=True)
            self._thread.start()


def _work(calls: queue.SimpleQueue[Callable[[], None] | None]) -> None:
    """Make the calls until None comes; while it waits it holds none of them, nor what they hold."""
    while True:
        call = calls.get()
        if call is None:
            return
        call()
        del call
