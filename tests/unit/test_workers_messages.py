# SPDX-License-Identifier: Apache-2.0
"""What a worker tells comes through a pipe, whose number is given anew when it is over."""

import os
import selectors
from contextlib import suppress

from fixtures.chapters.messages import Receiver, Sender


def test_messages_come_whole_and_in_order_and_then_nothing() -> None:
    reads, writes = os.pipe()
    receiver, sender = Receiver(reads), Sender(writes)
    sender.send("report", report={"n": 1})
    sender.send("ended", how="done")
    assert [(one.kind, one.content) for one in receiver.receive() or ()] == [
        ("report", {"report": {"n": 1}}),
        ("ended", {"how": "done"}),
    ]
    os.close(writes)
    assert receiver.receive() is None
    with selectors.DefaultSelector() as ready:
        ready.register(reads, selectors.EVENT_READ)
        receiver.close(ready)


def test_the_end_of_one_worker_is_never_told_of_the_next_that_has_its_number() -> None:
    """A run was lost by it: two events of one number, and the second read from a pipe that the first had closed."""
    reads, writes = os.pipe()
    copy_in_a_later_worker = os.dup(reads)
    with selectors.DefaultSelector() as ready:
        ready.register(reads, selectors.EVENT_READ)
        os.close(writes)
        receiver = Receiver(reads)
        assert receiver.receive() is None
        receiver.close(ready)
        again, writes = os.pipe()
        try:
            assert again == reads  # the least number that is free
            ready.register(again, selectors.EVENT_READ)
            assert not ready.select(0)
        finally:
            for end in (again, writes, copy_in_a_later_worker):
                with suppress(OSError):
                    os.close(end)
