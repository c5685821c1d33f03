# SPDX-License-Identifier: Apache-2.0
"""The loop on which a twin lives, and what ends it."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

if sys.platform == "win32":
    from threading import Thread
    from types import FrameType

    def new_loop() -> asyncio.AbstractEventLoop:
        """Return a new loop that watches plain sockets, which the usual one of Windows does not."""
        return asyncio.SelectorEventLoop()

    @contextmanager
    def ends_by(loop: asyncio.AbstractEventLoop, numbers: Sequence[int], stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` on the loop when a signal comes."""

        def handle(_number: int, _frame: FrameType | None) -> None:
            loop.call_soon_threadsafe(stop)

        before = [(number, signal.signal(number, handle)) for number in numbers]
        try:
            yield
        finally:
            for number, handler in before:
                signal.signal(number, handler)

    @contextmanager
    def ends_with(loop: asyncio.AbstractEventLoop, descriptor: int, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` on the loop when the pipe of this number is at its end."""

        def read() -> None:
            try:
                while os.read(descriptor, _PIECE_BYTES):
                    pass
            except OSError:  # broken: the other end is gone
                pass
            if not loop.is_closed():
                loop.call_soon_threadsafe(stop)

        Thread(target=read, daemon=True).start()
        yield

else:

    def new_loop() -> asyncio.AbstractEventLoop:
        """Return a new loop that watches plain sockets."""
        return asyncio.new_event_loop()

    @contextmanager
    def ends_by(loop: asyncio.AbstractEventLoop, numbers: Sequence[int], stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` on the loop when a signal comes."""
        for number in numbers:
            loop.add_signal_handler(number, stop)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    @contextmanager
    def ends_with(loop: asyncio.AbstractEventLoop, descriptor: int, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` on the loop when the pipe of this number is at its end."""

        def read() -> None:
            if not os.read(descriptor, _PIECE_BYTES):
                stop()

        loop.add_reader(descriptor, read)
        try:
            yield
        finally:
            loop.remove_reader(descriptor)


_PIECE_BYTES = 4096
