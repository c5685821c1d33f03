# SPDX-License-Identifier: Apache-2.0
"""A signal ends a run, but not in the middle of what must be done as a whole."""

import math
import os
import signal
from collections.abc import Iterator

import pytest

from bench import interruption
from bench.interruption import SIGNALS, catch_signals, held, ignored


@pytest.fixture(autouse=True)
def caught(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in SIGNALS}
    monkeypatch.setattr(interruption, "_raised_s", -math.inf)
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


def test_a_second_signal_does_not_break_off_what_the_first_one_started() -> None:
    with pytest.raises(KeyboardInterrupt):
        send(signal.SIGINT)
    send(signal.SIGINT)


def test_a_second_signal_is_heard_when_the_first_has_led_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(KeyboardInterrupt):
        send(signal.SIGINT)
    monkeypatch.setattr(interruption, "_raised_s", interruption._raised_s - interruption.DEAF_AFTERWARDS_S)
    with pytest.raises(KeyboardInterrupt):
        send(signal.SIGINT)
