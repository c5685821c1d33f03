# SPDX-License-Identifier: Apache-2.0
"""How people and the system ask a process to end, and the alarm by which time limits of tests are kept.

    POSIX      Ctrl-C (SIGINT), SIGTERM, a terminal that is closed (SIGHUP)
    Windows    Ctrl-C (SIGINT), Ctrl-Break, a console that is closed, the end of the session (SIGBREAK)

Windows ends a process as soon as its handler for a closed console returns, and in any case five seconds later. The
handler here asks the process to end in order and does not return; what is not done in time the keeper does.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

if sys.platform == "win32":
    import ctypes
    import threading
    from ctypes import wintypes
    from types import FrameType

    END_SIGNALS: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGBREAK, signal.SIGTERM)
    ALARM: signal.Signals | None = None
    KEEPER_IGNORES: tuple[signal.Signals, ...] = END_SIGNALS

    _FOR_GOOD = frozenset({2, 5, 6})
    """CTRL_CLOSE_EVENT, CTRL_LOGOFF_EVENT, CTRL_SHUTDOWN_EVENT."""
    _Handler = ctypes.WINFUNCTYPE(wintypes.BOOL, wintypes.DWORD)

    def _on_console(event: int) -> bool:
        if event not in _FOR_GOOD:
            return False
        signal.raise_signal(signal.SIGBREAK)
        threading.Event().wait()  # until Windows or the end of the process ends this thread
        return True

    _handler = _Handler(_on_console)

    def watch_console() -> None:
        """Have a closed console, a logoff and a shutdown ask this process to end as Ctrl-Break does."""
        ctypes.windll.kernel32.SetConsoleCtrlHandler(_handler, True)

    def ask_main_thread(number: int) -> None:
        """Have the main thread of this process obey a signal; only SIGINT wakes one that sleeps."""
        signal.raise_signal(number)

    @contextmanager
    def ends_held() -> Iterator[None]:
        """Keep the requests to end for `wait_for_end`."""
        _came.clear()
        before = [(number, signal.signal(number, _note)) for number in END_SIGNALS]
        watch_console()
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    _came = threading.Event()

    def _note(_number: int, _frame: FrameType | None) -> None:
        _came.set()

    def wait_for_end() -> None:
        """Wait, in `ends_held`, until this process is asked to end."""
        while not _came.wait(_LOOK_S):
            pass

    _LOOK_S = 0.2
    """An endless wait of the main thread would let no handler run."""

else:
    import threading

    END_SIGNALS: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    ALARM: signal.Signals | None = signal.SIGALRM
    KEEPER_IGNORES: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM)

    def watch_console() -> None:
        """Do nothing: a terminal that is closed sends SIGHUP."""

    def ask_main_thread(number: int) -> None:
        """Have the main thread of this process obey a signal, whatever it waits for."""
        ident = threading.main_thread().ident
        assert ident is not None
        signal.pthread_kill(ident, number)

    @contextmanager
    def ends_held() -> Iterator[None]:
        """Keep the requests to end for `wait_for_end`; a child that was started before gets its own."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, END_SIGNALS)
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def wait_for_end() -> None:
        """Wait, in `ends_held`, until this process is asked to end."""
        signal.sigwait(END_SIGNALS)
