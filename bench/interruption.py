# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, SIGTERM and SIGHUP end a run like any exception, but never in the middle of something.

Python lets a signal break in between any two steps of a program. Half a line of the journal, or half the way to the
safe state, must not come of that, so such stretches hold it back until they are over. Who presses Ctrl-C again while
the run is already on its way out must not break that off either: for a while a second signal is not heard. Signals
belong to the whole process, and so does this.
"""

import math
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from instruments.wall_clock import monotonic_s

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
DEAF_AFTERWARDS_S = 10.0

_depth = 0
_raised_s = -math.inf
_waiting: list[int] = []


def catch_signals() -> None:
    """Turn the signals that ask a process to end into a `KeyboardInterrupt`; call it on the main thread."""
    for number in SIGNALS:
        signal.signal(number, _on_signal)


@contextmanager
def held() -> Iterator[None]:
    """Hold back signals while the block runs; one that came is raised when the outermost block is over."""
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _depth -= 1
        if _depth == 0 and _waiting:
            _raise(_waiting.pop())


@contextmanager
def ignored() -> Iterator[None]:
    """Forget signals while the block runs: a run that is ending anyway need not be told to."""
    global _depth
    _depth += 1
    try:
        yield
    finally:
        _waiting.clear()
        _depth -= 1


def _on_signal(number: int, _frame: FrameType | None) -> None:
    if monotonic_s() - _raised_s < DEAF_AFTERWARDS_S:
        return
    if _depth:
        _waiting[:] = [number]
    else:
        _raise(number)


def _raise(number: int) -> None:
    global _raised_s
    _raised_s = monotonic_s()
    raise KeyboardInterrupt(signal.Signals(number).name)
