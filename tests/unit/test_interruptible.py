# SPDX-License-Identifier: Apache-2.0
"""SIGINT ends a wait also where it was ignored when the process began, and is as it was afterwards."""

import signal

import pytest

from groundfloor.system.interruptible import interruptible


@pytest.fixture(params=[signal.SIG_IGN, signal.default_int_handler], ids=["ignored", "usual"])
def before(request):
    usual = signal.signal(signal.SIGINT, request.param)
    yield request.param
    signal.signal(signal.SIGINT, usual)


def test_an_interrupt_in_the_block_is_raised_and_the_handler_is_as_it_was_behind_it(before):
    with pytest.raises(KeyboardInterrupt), interruptible():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
