# SPDX-License-Identifier: Apache-2.0
"""Calls that may hang, made in a thread of their own, so that whoever waits for them can give up."""

import os
import queue
import threading
import weakref
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
IDLE_S = 0.5
"""After so long without a call the thread ends; the next call starts another."""


class NotBack(Exception):
    """A call has not come back in time; the text says so in words."""


class OtherThread:
    """One thread that makes calls one after the other, and is no reason for a process to stay alive.

    It ends when it is told to, when nobody asks for a while, or when nobody holds this any more: one left behind keeps
    a process from being copied.

    Args:
        limit_s: how long each may take, in time of the machine.
    """

    def __init__(self, limit_s: float) -> None:
        self._limit_s = limit_s
        self._under_way: tuple[str, threading.Event] | None = None
        self._anew()

    def _anew(self) -> None:
        """Begin without a thread: at first, and in a process that was forked since, which has a copy of none."""
        self._calls = _Calls()
        weakref.finalize(self, self._calls.end).atexit = False

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
        if not self._calls.are_of_this_process:
            self._anew()
        self._calls.put(make)
        if not done.wait(self._limit_s):
            raise NotBack(f"it did not come back within {self._limit_s:g} s")
        if errors:
            raise errors[0]
        return results[0]

    def end(self) -> None:
        """Let the thread end after the call that it makes; a later call starts another."""
        self._calls.end()


class _Calls:
    """Calls that wait for their thread, which is there while they do."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.RLock()  # the end may come by a collection of garbage in the midst of it
        self._process = os.getpid()
        self._running = False

    @property
    def are_of_this_process(self) -> bool:
        return self._process == os.getpid()

    def put(self, call: Callable[[], None]) -> None:
        with self._lock:
            self._waiting.put(call)
            if not self._running:
                self._running = True
                threading.Thread(target=self._work, name="plug-in", daemon=True).start()

    def end(self) -> None:
        if not self.are_of_this_process:
            return  # the thread was not copied, and its lock may have been held
        with self._lock:
            if self._running:
                self._waiting.put(None)

    def _work(self) -> None:
        """Make the calls until none is left; while it waits it holds none of them, nor what they hold."""
        while True:
            try:
                call = self._waiting.get(timeout=IDLE_S)
            except queue.Empty:
                call = None
            if call is not None:
                call()
                del call
            elif self._is_over():
                return

    def _is_over(self) -> bool:
        with self._lock:
            self._running = not self._waiting.empty()
            return not self._running
