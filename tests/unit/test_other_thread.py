# SPDX-License-Identifier: Apache-2.0
"""A thread for calls that may hang: it gives up what does not come back, and leaves nothing behind."""

import gc
import threading
from collections.abc import Callable

import pytest

from groundfloor.plug_ins.guarded import guarded
from groundfloor.plug_ins.other_thread import NotBack, OtherThread
from groundfloor.wall_clock import Deadline, sleep_s

LIMIT_S = 20.0
NAME = "plug-in"


class Plug:
    def read(self) -> float:
        return 1.0

    def close(self) -> None:
        pass


def comes(true: Callable[[], bool]) -> bool:
    limit = Deadline(LIMIT_S)
    while not true() and not limit.passed():
        sleep_s(0.001)
    return true()


def threads() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one.name == NAME]


@pytest.fixture(autouse=True)
def none_before() -> None:
    gc.collect()
    assert comes(lambda: not threads())


def test_a_call_gives_back_what_it_returns_and_raises_what_it_raises() -> None:
    other = OtherThread(LIMIT_S)
    assert other.call(lambda: threading.current_thread().name, "read") == NAME
    with pytest.raises(ZeroDivisionError):
        other.call(lambda: 1 // 0, "read")
    other.end()


def test_a_call_that_does_not_come_back_is_given_up_and_so_is_every_later_one() -> None:
    other, may_end = OtherThread(0.01), threading.Event()
    with pytest.raises(NotBack, match=r"did not come back within 0\.01 s"):
        other.call(lambda: may_end.wait(LIMIT_S), "read")
    with pytest.raises(NotBack, match="its read has still not come back"):
        other.call(lambda: None, "close")
    may_end.set()
    other.end()
    assert comes(lambda: not threads())


def test_the_thread_ends_with_whoever_held_it() -> None:
    other = OtherThread(LIMIT_S)
    other.call(lambda: None, "read")
    assert len(threads()) == 1
    del other
    gc.collect()
    assert comes(lambda: not threads())


def test_an_end_in_mid_work_loses_no_later_call() -> None:
    other = OtherThread(LIMIT_S)
    for number in range(200):
        assert other.call(lambda number=number: number, "read") == number
        other.end()
    assert comes(lambda: not threads())


def test_the_thread_of_an_object_ends_when_that_is_closed_and_begins_again_when_asked_again() -> None:
    plug = guarded(Plug(), "pump", Plug, limit_s=LIMIT_S)
    plug.read()
    assert len(threads()) == 1
    plug.close()
    assert comes(lambda: not threads())
    assert plug.read() == 1.0
    plug.close()
    assert comes(lambda: not threads())
