# SPDX-License-Identifier: Apache-2.0
"""The stepped clock against a real twin: an instant that was asked for has been reached."""

from collections.abc import Iterator

import pytest

from bench.clock import SteppedClock
from instruments.control_line_client import ControlLine
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions


@pytest.fixture(scope="module")
def control() -> Iterator[ControlLine]:
    with TwinChild(TwinOptions()) as addresses:
        line = ControlLine.open(addresses.control)
        yield line
        line.close()


@pytest.mark.parametrize("instant_s", [30.0, 30.0000004, 30.0 + 1 / 3, 6825.9987044])
def test_whoever_waits_for_an_instant_in_a_loop_sees_it_reached(control: ControlLine, instant_s: float) -> None:
    """A clock that stops short of an instant by a rounding error lets such a loop run for ever."""
    clock = SteppedClock(control)
    clock.sleep_until(instant_s)
    assert clock.now_s() >= instant_s


def test_the_twin_is_moved_to_the_same_microsecond_and_never_back(control: ControlLine) -> None:
    start_us = control.now_us()
    clock = SteppedClock(control)
    for instant_s in (1.0000004, 1.0000002, 0.5, 1.25):
        clock.sleep_until(instant_s)
    assert clock.now_s() == 1.25
    assert control.now_us() - start_us == 1_250_000
