# SPDX-License-Identifier: Apache-2.0
"""Memory that nobody uses any more, given back to the system."""

import ctypes
import gc
from contextlib import suppress


def give_back_spare_memory() -> None:
    """Collect garbage, and give back what the C library keeps in store; takes tens of milliseconds.

    What is left counts as kept for long, and is not looked through again. Where the C library cannot give back, only
    that is done.
    """
    gc.collect()
    with suppress(AttributeError, OSError):  # other systems have no such call
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
