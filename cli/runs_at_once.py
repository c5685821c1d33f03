# SPDX-License-Identifier: Apache-2.0
"""Runs for several pumps, made at once: each in a process of its own, which share the workers that may work at once.

The first run has the terminal; what the others print is shown when those before them are over, as one after the other
would have shown it.
"""

import os
import shutil
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import IO, NoReturn

from bench.interruption import begin_anew, leave_duty, take_duty_back
from cli.pytest_run import Catcher
from fixtures.chapters.slots import Slots
from fixtures.chapters.worker import end_with
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.system.forked import fork, part_from_group
from groundfloor.system.quiet_thread import QuietThread

Make = Callable[[int, Catcher], int]
"""Makes the run of a number, and returns its exit code."""


@dataclass
class _Other:
    number: int
    pid: int
    printed: IO[bytes]


class RunsAtOnce:
    """Makes several runs.

    Args:
        count: how many.
        slots: what they share.
        make: makes one of them.
    """

    def __init__(self, count: int, slots: Slots, make: Make) -> None:
        self._count = count
        self._slots = slots
        self._make = make
        self._others: list[_Other] = []

    def run(self) -> list[int]:
        """Make all of them; return their exit codes in order."""
        lifeline = os.pipe()
        self._others = [self._begin(number, lifeline) for number in range(1, self._count)]
        try:
            with self._told_at_once():
                self._slots.for_run(0)
                return [
                    self._make(0, Catcher(self._slots, self.interrupt)),
                    *(self._ended(other) for other in self._others),
                ]
        finally:
            for end in lifeline:  # those that still go on end with it, in order
                os.close(end)

    def interrupt(self) -> None:
        """Let the others end in order: somebody ended the first."""
        for other in self._others:
            with suppress(ProcessLookupError):
                os.kill(other.pid, signal.SIGINT)

    def _begin(self, number: int, lifeline: tuple[int, int]) -> _Other:
        printed = tempfile.TemporaryFile()  # noqa: SIM115  # it is closed when it was shown
        columns = str(shutil.get_terminal_size().columns)
        sys.stdout.flush()
        sys.stderr.flush()
        pid = fork()
        if not pid:
            os.close(lifeline[1])
            os.environ["COLUMNS"] = columns  # a file has no width
            self._run(number, printed, lifeline[0])
        with suppress(OSError):  # both do it, so that it is done before anybody sends a signal
            part_from_group(pid)
        return _Other(number, pid, printed)

    def _run(self, number: int, printed: IO[bytes], lifeline: int) -> NoReturn:
        code = int(ExitCode.NOT_TESTED)
        try:
            part_from_group(0)
            begin_anew()
            for stream in (1, 2):
                os.dup2(printed.fileno(), stream)
            QuietThread(partial(end_with, lifeline), "lifeline").start()
            self._slots.for_run(number)
            code = self._make(number, Catcher(self._slots))
        except (PlanError, BenchFault) as wrong:
            code = ExitCode.WRONG_USE if isinstance(wrong, PlanError) else ExitCode.NOT_TESTED
            sys.stderr.write(f"{wrong}\n")
        except BaseException:  # noqa: BLE001  # whatever it is: nothing gets out of this process
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _ended(self, other: _Other) -> int:
        status = self._waited(other.pid)
        other.printed.seek(0)
        sys.stdout.flush()
        with other.printed as printed:
            sys.stdout.buffer.write(printed.read())
        sys.stdout.flush()
        code = os.waitstatus_to_exitcode(status)
        if code < 0:
            self._slots.put_back(other.number)
        return code if code in set(ExitCode) else int(ExitCode.NOT_TESTED)

    def _waited(self, pid: int) -> int:
        while True:
            try:
                return os.waitpid(pid, 0)[1]
            except KeyboardInterrupt:  # the first run is over; who ends the command now ends the others
                self.interrupt()

    @contextmanager
    def _told_at_once(self) -> Iterator[None]:
        """Pass on a second Ctrl-C, which ends this process without a word to anybody else."""

        def duty() -> str:
            self.interrupt()
            return ""

        leave_duty(duty)
        try:
            yield
        finally:
            take_duty_back(duty)
