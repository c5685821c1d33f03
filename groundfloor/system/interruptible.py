# SPDX-License-Identifier: Apache-2.0
"""Lets Ctrl-C, or SIGINT from another terminal, end a wait also in a process that a shell began in the background.

Such a shell has its background jobs ignore SIGINT. A run that is under way obeys it all the same, so a run that waits
for its bench has to.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def interruptible() -> Iterator[None]:
    """Have SIGINT raise KeyboardInterrupt in the block, and be as it was behind it; only the main thread may ask."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
