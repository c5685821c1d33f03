# SPDX-License-Identifier: Apache-2.0
"""A copy of this process runs one program with streams of its own, and holds nothing else of the process it copies."""

import fcntl
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import TimeoutExpired
from tempfile import TemporaryFile
from types import FrameType

import pytest

from groundfloor.system.forked_process import ForkedProcess, can_be_forked
from groundfloor.system.quiet_thread import AT_WORK, QuietThread
from groundfloor.wall_clock import Deadline, sleep_s

NAME = "a-copy"
LIMIT_S = 20.0


@contextmanager
def copy(program: Callable[[], int]) -> Iterator[ForkedProcess]:
    with TemporaryFile() as errors:
        process = ForkedProcess(program, errors, NAME)
        try:
            yield process
        finally:
            process.stdin.close()
            process.kill()
            process.wait()
            process.stdout.close()


def said(program: Callable[[], int]) -> str:
    with copy(program) as process:
        words = b"".join(iter(lambda: process.stdout.read(1 << 12), b""))
        assert process.wait(LIMIT_S) == 0
        return words.decode()


def says(word: Callable[[], object]) -> Callable[[], int]:
    def program() -> int:
        sys.stdout.write(str(word()))
        return 0

    return program


def until_it_may_end() -> int:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    return 7


def test_it_reads_and_prints_by_streams_of_its_own_and_ends_with_the_code_of_its_program() -> None:
    with copy(until_it_may_end) as process:
        assert process.stdout.readline() == b"ready\n"
        with pytest.raises(TimeoutExpired):
            process.wait(0.0)
        process.stdin.close()
        assert process.wait(LIMIT_S) == process.returncode == 7


def test_what_it_raises_is_told_on_its_standard_error_and_goes_no_further() -> None:
    def program() -> int:
        raise ValueError("no such pump")

    with TemporaryFile() as errors:
        process = ForkedProcess(program, errors, NAME)
        assert process.wait(LIMIT_S) == 1
        process.stdin.close()
        process.stdout.close()
        errors.seek(0)
        assert errors.read().rstrip().endswith(b"ValueError: no such pump")


def test_the_code_of_an_exit_is_its_own() -> None:
    with copy(lambda: sys.exit(2)) as process:
        assert process.wait(LIMIT_S) == 2


def test_it_holds_no_file_of_the_process_that_it_copies(tmp_path: Path) -> None:
    def held() -> list[str]:
        paths = [
            path.readlink() for path in Path("/proc/self/fd").iterdir() if int(path.name) > 2 and path.is_symlink()
        ]
        return sorted({str(path) for path in paths if "/proc/" not in str(path)})

    with (tmp_path / "journal").open("w") as journal:
        journal.write("not yet written")
        assert said(says(held)) == "['/dev/null']"
    assert (tmp_path / "journal").read_text() == "not yet written"


def test_it_writes_nothing_that_the_process_it_copies_has_kept_back(capfd: pytest.CaptureFixture[str]) -> None:
    print("once", end="", flush=False)
    assert said(lambda: 0) == ""
    sys.stdout.flush()
    assert capfd.readouterr().out == "once"


def test_a_lock_goes_when_the_process_that_took_it_lets_go_though_a_copy_lives(tmp_path: Path) -> None:
    path = tmp_path / "lease.lock"
    with path.open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        with copy(until_it_may_end) as process:
            process.stdout.readline()
            first.close()
            with path.open("w") as second:
                fcntl.flock(second, fcntl.LOCK_EX | fcntl.LOCK_NB)  # raises if the copy holds it


def test_no_handler_of_the_process_that_it_copies_runs_in_it() -> None:
    def handler(number: int, frame: FrameType | None) -> None:
        del number, frame
        os._exit(9)

    before = signal.signal(signal.SIGTERM, handler)
    try:
        with copy(until_it_may_end) as process:
            process.stdout.readline()
            process.terminate()
            assert process.wait(LIMIT_S) == -signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, before)


def test_no_signal_stays_blocked() -> None:
    assert said(says(lambda: signal.pthread_sigmask(signal.SIG_BLOCK, ()))) == "set()"
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()


def test_a_warning_is_no_error_in_it_because_it_is_one_here() -> None:
    def program() -> int:
        warnings.warn("old", DeprecationWarning, stacklevel=1)
        return 0

    assert said(program) == ""


def test_it_has_a_group_and_a_name_of_its_own() -> None:
    with copy(until_it_may_end) as process:
        process.stdout.readline()
        assert os.getpgid(process.pid) == process.pid
        assert Path(f"/proc/{process.pid}/comm").read_text() == f"{NAME}\n"


def test_one_that_a_signal_stopped_is_waited_for_and_killed() -> None:
    with copy(until_it_may_end) as process:
        process.stdout.readline()
        os.kill(process.pid, signal.SIGSTOP)
        with pytest.raises(TimeoutExpired):
            process.wait(0.05)
        process.kill()
        assert process.wait(LIMIT_S) == -signal.SIGKILL


@pytest.fixture
def alone() -> None:
    """Wait until the threads of earlier tests are over: the reason of what is seen would be theirs."""
    comes(can_be_forked)


def comes(true: Callable[[], bool]) -> None:
    """Wait for what comes within a moment; what never comes fails the test, and tells which threads there are."""
    limit = Deadline(LIMIT_S)
    while not true():
        assert not limit.passed(), f"still at work: {threading.enumerate()}"
        sleep_s(0.001)


@pytest.mark.usefixtures("alone")
def test_a_process_of_several_threads_makes_no_copy() -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait)
    thread.start()
    assert not can_be_forked()
    end.set()
    thread.join()
    assert can_be_forked()


@pytest.mark.usefixtures("alone")
def test_a_copy_is_made_beside_a_quiet_thread_when_that_has_done_its_work() -> None:
    at_work, may_end = threading.Event(), threading.Event()
    done: list[str] = []

    def work() -> None:
        with AT_WORK:
            at_work.set()
            may_end.wait(0.05)  # the copy is asked for meanwhile
            done.append("done")

    thread = QuietThread(work, "quiet")
    thread.start()
    at_work.wait()
    assert can_be_forked()
    assert said(says(lambda: done)) == "['done']"
    thread.join()


@pytest.mark.usefixtures("alone")
def test_a_copy_is_made_beside_a_thread_that_waits_for_a_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=lambda: server.accept()[0].close())
        thread.start()
        comes(can_be_forked)
        assert thread.is_alive()
        assert said(says(lambda: "made")) == "made"
        with socket.create_connection(server.getsockname()):
            thread.join()
