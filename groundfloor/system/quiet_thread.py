# SPDX-License-Identifier: Apache-2.0
"""A thread beside which a process may be copied: in the copy nothing is half done, and no lock is held for ever."""

import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType

AT_WORK = threading.Lock()
"""Held by a quiet thread that does more than wait, and by whoever copies the process."""


class QuietThread(threading.Thread):
    """A daemon thread that waits, in one call that holds nothing, but while it holds `AT_WORK`.

    Args:
        wait_and_work: what it does.
        name: of the thread.
    """

    def __init__(self, wait_and_work: Callable[[], None], name: str) -> None:
        super().__init__(target=wait_and_work, name=name, daemon=True)


def others_are_quiet() -> bool:
    """Tell whether no thread beside the present one does more than a quiet one, or than wait for a connection.

    A plug-in of pytest's that many have, pytest-rerunfailures, waits for one all through a run.
    """
    present = threading.current_thread()
    others = [one for one in threading.enumerate() if one is not present and not isinstance(one, QuietThread)]
    frames = sys._current_frames()  # documented; the underscore is for what it shows
    return all(one.ident in frames and _accepts(frames[one.ident]) for one in others)


def _accepts(innermost: FrameType) -> bool:
    code = innermost.f_code
    return code.co_name == "accept" and code.co_filename == socket.__file__
