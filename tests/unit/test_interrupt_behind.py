# SPDX-License-Identifier: Apache-2.0
"""A run that was told to end ends, whatever goes wrong while it does."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from fixtures.verdicts import interrupt_behind
from groundfloor.errors import BenchFault


@contextmanager
def clamp_that_does_not_open() -> Iterator[None]:
    try:
        yield
    finally:
        raise BenchFault("rig", "move the kink injector to 0 %", "its sensor still shows 100 %")


def test_an_interrupt_is_found_behind_the_trouble_that_came_of_it() -> None:
    with pytest.raises(BenchFault) as raised, clamp_that_does_not_open():
        raise KeyboardInterrupt("SIGTERM")
    found = interrupt_behind(raised.value)
    assert found is not None
    assert found.args == ("SIGTERM",)


def test_trouble_of_its_own_is_no_interrupt() -> None:
    with pytest.raises(BenchFault) as raised, clamp_that_does_not_open():
        pass
    assert interrupt_behind(raised.value) is None
