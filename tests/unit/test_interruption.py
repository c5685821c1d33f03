# SPDX-License-Identifier: Apache-2.0
"""A signal ends a run, but not in the middle of what must be done as a whole."""

import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType

import pytest

from bench.interruption import SIGNALS, catch_signals, held, ignored


@pytest.fixture(autouse=True)
def caught() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    catch_signals()
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number: int) -> None:
    os.kill(os.getpid(), number)


@pytest.mark.parametrize("number", SIGNALS)
def test_a_signal_is_raised_with_its_name(number: signal.Signals) -> None:
    with pytest.raises(KeyboardInterrupt, match=number.name):
        send(number)


def test_a_signal_waits_until_the_outermost_stretch_is_over() -> None:
    done: list[str] = []

    def work() -> None:
        with held():
            with held():
                send(signal.SIGTERM)
                done.append("inner")
            done.append("outer")

    with pytest.raises(KeyboardInterrupt, match="SIGTERM"):
        work()
    assert done == ["inner", "outer"]


def test_an_error_in_a_held_stretch_is_not_lost_behind_the_signal() -> None:
    def fail() -> None:
        with held():
            send(signal.SIGINT)
            raise OSError("disk full")

    with pytest.raises(KeyboardInterrupt) as raised:
        fail()
    assert isinstance(raised.value.__context__, OSError)


def test_a_signal_is_forgotten_while_a_run_is_ending() -> None:
    with ignored():
        send(signal.SIGINT)
    with held():
        pass


def test_a_signal_that_comes_right_after_another_is_the_same_one() -> None:
    """A terminal sends Ctrl-C to the whole group, and a wrapper passes it on to the one that had it already."""
    with pytest.raises(KeyboardInterrupt):
        send(signal.SIGINT)
    send(signal.SIGINT)
    send(signal.SIGTERM)


@pytest.mark.parametrize("threads", [0, 1])
def test_the_alarm_of_a_time_limit_waits_as_well(threads: int) -> None:
    """By that pytest-timeout ends a test; raised inside the safe state it would leave the pump running."""
    done: list[str] = []

    def on_alarm(number: int, frame: FrameType | None) -> None:
        done.append("alarm")

    before = signal.signal(signal.SIGALRM, on_alarm)
    ended = threading.Event()
    others = [threading.Thread(target=ended.wait) for _ in range(threads)]  # whom the signal may reach instead
    for other in others:
        other.start()
    try:
        with held():
            send(signal.SIGALRM)
            with held():
                done.append("inner")
            done.append("outer")
    finally:
        signal.signal(signal.SIGALRM, before)
        ended.set()
    assert done == ["inner", "outer", "alarm"]
