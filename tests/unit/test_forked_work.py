# SPDX-License-Identifier: Apache-2.0
"""Work that a copy does gives what it gives here, also where the copy breaks, and leaves no process behind."""

import os
import sys
import threading
from functools import partial

import pytest

from groundfloor.system import forked_work
from groundfloor.system.forked_work import ForkedWork

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nothing else copies a process")


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked_work, "processors_to_fork_on", lambda: 2)


def no_child_is_left() -> bool:
    try:
        return os.waitpid(-1, os.WNOHANG) == (0, 0)
    except ChildProcessError:
        return True


def test_what_a_copy_tells_comes_whole_from_another_process() -> None:
    with ForkedWork(lambda: b"%d " % os.getpid() + b"x" * 3_000_000, worth_it=True) as work:
        process, rest = work.result().split(b" ")
    assert int(process) != os.getpid()
    assert len(rest) == 3_000_000
    assert no_child_is_left()


def test_work_that_is_not_worth_it_and_that_of_one_processor_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with ForkedWork(lambda: b"%d" % os.getpid(), worth_it=False) as work:
        assert int(work.result()) == os.getpid()
    monkeypatch.setattr(forked_work, "processors_to_fork_on", lambda: 1)
    with ForkedWork(lambda: b"%d" % os.getpid(), worth_it=True) as work:
        assert int(work.result()) == os.getpid()


def test_what_a_copy_breaks_at_is_done_here_and_comes_out_as_it_would_without_one() -> None:
    here = os.getpid()

    def never() -> bytes:
        raise ValueError("as without a copy")

    def killed_there() -> bytes:
        if os.getpid() != here:
            os.write(1, b"half of")
            os.abort()
        return b"done here"

    with ForkedWork(killed_there, worth_it=True) as work:
        assert work.result() == b"done here"
    with ForkedWork(never, worth_it=True) as work, pytest.raises(ValueError, match="as without a copy"):
        work.result()
    assert no_child_is_left()


def hangs_elsewhere_than_in(process: int) -> bytes:
    if os.getpid() != process:
        threading.Event().wait(3600.0)  # ended long before that
    return b"done here"


def test_a_copy_that_nobody_asks_is_taken_away_at_the_end() -> None:
    with ForkedWork(partial(hangs_elsewhere_than_in, os.getpid()), worth_it=True):
        pass
    assert no_child_is_left()


def test_a_copy_that_says_nothing_in_its_time_is_ended_and_its_work_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forked_work, "LIMIT_S", 0.05)
    with ForkedWork(partial(hangs_elsewhere_than_in, os.getpid()), worth_it=True) as work:
        assert work.result() == b"done here"
    assert no_child_is_left()
