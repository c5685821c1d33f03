# SPDX-License-Identifier: Apache-2.0
"""A twin in a child process, for as long as a `with` block lasts.

    with TwinChild(TwinOptions(seed=7)) as addresses:
        …

The child ends with the block, and also when the parent dies: it watches its standard input. It has a group of processes
of its own: a signal that a terminal, a shell or a build machine sends to the bench's whole group ends the bench alone,
which then still has a rig to put in its safe state.
"""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import IO

from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.system.forked_process import ForkedProcess, can_be_forked
from groundfloor.system.own_group import own_group
from groundfloor.system.pipe_listener import PipeListener
from groundfloor.wall_clock import Deadline
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.twin_addresses import TwinAddresses

PROGRAM = ("-P", "-m", "instruments.simulated")  # -P: never code from the folder that we happen to stand in
NAME = "pumpbench-twin"
"""What `ps -o comm` shows of a twin that is a copy of the process that started it."""
_PATIENCE_S = 3.0


class TwinChild:
    """Starts a twin process and waits until it is ready.

    Args:
        options: what the twin is; `until_stdin_closes` is always set.
        program: what the Python interpreter runs.
        limit_s: longest wait for the child to be ready.
        serve: serves the twin in a copy of this process instead, where that is safe: it has imported what a new
            interpreter would import again.
    """

    def __init__(
        self,
        options: TwinOptions,
        program: Sequence[str] = PROGRAM,
        limit_s: float = 30.0,
        serve: Callable[[TwinOptions], int] | None = None,
    ) -> None:
        own = replace(options, until_stdin_closes=True)
        self._command = [sys.executable, *program, *own.arguments()]
        self._serve = partial(serve, own) if serve is not None else None
        self._limit_s = limit_s
        self._process: subprocess.Popen[bytes] | ForkedProcess | None = None

    def __enter__(self) -> TwinAddresses:
        """Start the child and return where it can be reached.

        Raises:
            PlanError: it refused its options.
            BenchFault: the child died, said something else, or was not ready in time; its error text is told.
        """
        # a file, not a pipe: nobody reads it while the child runs, and a full pipe would stop the child
        with tempfile.TemporaryFile() as errors:
            process = self._process = self._started(errors)
            try:
                return _addresses(process, Deadline(self._limit_s))
            except (ValueError, TimeoutError) as trouble:
                if isinstance(trouble, TimeoutError):
                    process.kill()  # whatever it is doing, it does not watch its standard input
                self.end()
                errors.seek(0)
                text = errors.read().decode("utf-8", "replace").strip()
                if process.returncode == ExitCode.WRONG_USE and text:
                    raise PlanError("twin", "start", text.splitlines()[-1]) from trouble
                seen = f"{trouble}; exit code {process.returncode}; it wrote: {text or 'nothing'}"
                next_step = f"run {' '.join(self._command)}"
                raise BenchFault("twin process", "start", seen, next_step) from trouble
            except BaseException:
                self.end()
                raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the child."""
        self.end()

    def _started(self, errors: IO[bytes]) -> subprocess.Popen[bytes] | ForkedProcess:
        if self._serve is not None and can_be_forked():
            return ForkedProcess(self._serve, errors, NAME)
        pipe = subprocess.PIPE
        return subprocess.Popen(  # noqa: S603  # our own interpreter and module
            self._command, stdin=pipe, stdout=pipe, stderr=errors, **own_group()
        )

    @property
    def pid(self) -> int | None:
        """Return the child's process id, None before it was started."""
        return None if self._process is None else self._process.pid

    def end(self) -> None:
        """End the child: by closing its standard input, then more firmly."""
        process = self._process
        if process is None:
            return
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        for press in (process.terminate, process.kill):
            try:
                process.wait(_PATIENCE_S)
                break
            except subprocess.TimeoutExpired:
                press()
        process.wait()
        process.stdout.close()


def _addresses(process: subprocess.Popen[bytes] | ForkedProcess, deadline: Deadline) -> TwinAddresses:
    assert process.stdout is not None
    received = b""
    pipe = PipeListener(process.stdout.fileno())
    while not received.endswith(b"\n"):
        if not pipe.comes_within(deadline.remaining_s()) or deadline.passed():
            raise TimeoutError(f"not ready within {deadline.limit_s:g} s")
        piece = pipe.read()
        if not piece:
            raise ValueError("it ended before it was ready")
        received += piece
    return TwinAddresses.from_json(received.decode("utf-8"))
