# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, SIGTERM, a terminal that is closed: asked once, a run ends in order; twice, at once, and safe both times.

The first signal ends a run like any exception, but never in the middle of something: Python lets it break in between
any two steps of a program, and half a line of the journal, or half the way to the safe state, must not come of that.
Such stretches hold it back until they are over, and with it the alarm by which time limits of tests are kept.

The second one ends the process. All that is still done is the duty that was left for that: the safe state. No report
is made and nothing is torn down; the journal holds every line up to there. Signals belong to the whole process, and so
does this.
"""

import contextlib
import math
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from types import FrameType, TracebackType
from typing import NoReturn

from groundfloor.system.end_requests import ALARM, END_SIGNALS, watch_console
from groundfloor.wall_clock import monotonic_s

SIGNALS = END_SIGNALS
SAME_PRESS_S = 0.25
"""Signals that come closer are one: a shell or a wrapper passes the terminal's on to a group that had it already."""
ENDED_BY_SIGNAL = 128
"""The exit code is this and the signal's number, as shells tell it."""

Duty = Callable[[], str]
"""What has to be done before the process ends at once; returns the last words."""

_handler_of: Callable[[int], object] = getattr(signal.getsignal, "__wrapped__", signal.getsignal)
"""Without the search for the name of the handler, which takes longer than all else that is done for a line."""
_held = 0
_ignored = 0
_asked = 0
_asked_s = -math.inf
_waiting: list[int] = []
_duties: list[Duty] = []


def _to_stderr(words: str) -> None:
    os.write(2, words.encode("utf-8", "replace"))


_tell: Callable[[str], None] = _to_stderr


def catch_signals(tell: Callable[[str], None] = _to_stderr) -> None:
    """From now on end when asked to: once with a `KeyboardInterrupt`, twice at once; call it on the main thread.

    Args:
        tell: shows the last words to whoever asked twice.
    """
    global _tell, _asked, _asked_s
    _tell, _asked, _asked_s = tell, 0, -math.inf
    for number in SIGNALS:
        signal.signal(number, _on_signal)
    watch_console()


def begin_anew() -> None:
    """Forget, in a process that was just forked, what the other one held back, was asked for, and has left to do."""
    global _held, _ignored
    _held = _ignored = 0
    _waiting.clear()
    _duties.clear()


def held() -> AbstractContextManager[None]:
    """Hold back signals while the block runs; one that came has its effect when the outermost block is over."""
    return _Held()


class _Held:
    """A block of `held`, as a class because every line of the journal is written in one."""

    __slots__ = ("_alarm",)

    def __enter__(self) -> None:
        global _held
        on_main_thread = threading.get_ident() == threading.main_thread().ident
        self._alarm = _HeldAlarm() if _held == 0 and on_main_thread else None
        _held += 1  # from here on no signal breaks in, so that the block is left as well when it was entered

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        global _held
        _held -= 1
        if _held == 0:
            try:
                if _waiting:
                    _obey(_waiting.pop())
            finally:
                if self._alarm is not None:
                    self._alarm.let_go()


class _HeldAlarm:
    """Takes the alarm's handler away until `let_go`; an alarm that came meanwhile then has its effect.

    Blocking the signal would not do: it belongs to the process, and another thread that does not block it takes it.
    """

    __slots__ = ("_came", "_handler")

    def __init__(self) -> None:
        self._came = False
        self._handler = None if ALARM is None else _handler_of(ALARM)
        if ALARM is not None and callable(self._handler):  # without one nobody set a time limit
            signal.signal(ALARM, self._note)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._came = True

    def let_go(self) -> None:
        if ALARM is None:
            return
        if callable(self._handler):
            signal.signal(ALARM, self._handler)
        if self._came:
            signal.raise_signal(ALARM)


@contextmanager
def ignored() -> Iterator[None]:
    """Forget a first signal while the block runs: a run that is ending anyway need not be told to. A second counts."""
    global _ignored
    _ignored += 1
    try:
        yield
    finally:
        _ignored -= 1


def leave_duty(duty: Duty) -> None:
    """Leave `duty` to be done when the process has to end at once."""
    _duties.append(duty)


def take_duty_back(duty: Duty) -> None:
    """Forget `duty`: it is done."""
    _duties[:] = [one for one in _duties if one != duty]


def _on_signal(number: int, _frame: FrameType | None) -> None:
    global _asked, _asked_s
    now_s = monotonic_s()
    again = now_s - _asked_s < SAME_PRESS_S
    _asked_s = now_s
    if again:
        return
    _asked += 1
    if _held:
        _waiting[:] = [number]
    else:
        _obey(number)


def _obey(number: int) -> None:
    if _asked > 1:
        _end_at_once(number)
    if not _ignored:
        raise KeyboardInterrupt(signal.Signals(number).name)


def _end_at_once(number: int) -> NoReturn:
    """Do what is left to do, in its bounded time, and end; nothing that was under way is gone back to."""
    for one in SIGNALS if ALARM is None else (*SIGNALS, ALARM):
        signal.signal(one, signal.SIG_IGN)
    try:
        for duty in tuple(_duties):
            words = duty()
            with contextlib.suppress(OSError):  # a terminal that is closed reads no last words
                _tell(f"\n{words}\n")
    finally:
        os._exit(ENDED_BY_SIGNAL + number)
