# SPDX-License-Identifier: Apache-2.0
"""A process that a warm interpreter forked, with what a test needs of `subprocess.Popen`."""

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, TextIO

ROOT = Path(__file__).parents[2]
PUMPBENCH = str(Path(sys.executable).with_name("pumpbench"))
PROGRAM = "from tests.sim.warm_interpreter import serve; serve({})"
ENVIRONMENT = {**os.environ, "COLUMNS": "200", "NO_COLOR": "1", "PYTHONWARNINGS": "error::ResourceWarning"}
"""Of each process that a test starts."""
_AT_THE_START = dict(ENVIRONMENT)
_STREAMS = ("stdout", "stderr")
_ONE_AT_A_TIME = threading.Lock()


def can_be_warm(words: Sequence[str], environment: Mapping[str, str]) -> bool:
    """Tell whether a process that was forked would be the same: an interpreter hears of its settings only once."""
    is_ours = words[0] == PUMPBENCH or list(words[:2]) == [sys.executable, "-m"]
    return is_ours and _settings(environment) == _settings(_AT_THE_START)


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("PYTHON")}


class WarmProcess:
    """Is `words` in a process that had no need to import anything.

    Args:
        words: `pumpbench` by its path and what comes behind it, or `python -m` with the name of a module.
        environment: of the process.
        folder: in which it is started.
        reads: it has a standard input that can end.

    Attributes:
        stdin: what it reads; None if nothing.
        pid: its number, and that of its group.
        stdout: what it prints.
        stderr: what it tells of errors.
        returncode: how it ended, negative for a signal; None as long as nobody has looked.
    """

    def __init__(
        self, words: Sequence[str], environment: Mapping[str, str], folder: Path, *, reads: bool = False
    ) -> None:
        output, errors, told = os.pipe(), os.pipe(), os.pipe()
        request = {"words": list(words), "folder": str(folder.absolute()), "environment": dict(environment)}
        theirs = [output[1], errors[1], told[1]]
        self.stdin: BinaryIO | None = None
        if reads:
            read, write = os.pipe()
            theirs.append(read)
            self.stdin = os.fdopen(write, "wb", buffering=0)
        with _ONE_AT_A_TIME:
            socket.send_fds(_interpreter(), [json.dumps(request).encode()], theirs)
        for one in theirs:
            os.close(one)
        self.stdout: TextIO = os.fdopen(output[0], encoding="utf-8")
        self.stderr: TextIO = os.fdopen(errors[0], encoding="utf-8")
        self._told = os.fdopen(told[0], "rb", buffering=0)
        self._printed: dict[str, str] = {}
        self._readers: list[threading.Thread] = []
        self._looked = threading.Lock()
        self.returncode: int | None = None
        self.pid = self._number()

    def poll(self) -> int | None:
        """Return how it ended; None if it goes on."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.wait(0.0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it ends.

        Raises:
            subprocess.TimeoutExpired: it goes on for longer.
        """
        if self.returncode is None:
            events = select.poll()
            events.register(self._told, select.POLLIN)
            if not events.poll(None if timeout is None else 1000 * timeout):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
            with self._looked:  # two threads may want to know
                if self.returncode is None:
                    self.returncode = self._number()
                    self._told.close()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Wait until it ends, and return what it printed since somebody last read of it, and its errors.

        Raises:
            subprocess.TimeoutExpired: it goes on for longer; nothing of what it printed is lost.
        """
        if not self._readers:
            self._readers = [threading.Thread(target=self._read, args=[name], daemon=True) for name in _STREAMS]
            for one in self._readers:
                one.start()
        end_s = None if timeout is None else time.monotonic() + timeout
        for one in self._readers:
            one.join(None if end_s is None else max(0.0, end_s - time.monotonic()))
            if one.is_alive():
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0.0)
        self.wait(None if end_s is None else max(0.0, end_s - time.monotonic()))
        return self._printed["stdout"], self._printed["stderr"]

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)

    def _read(self, name: str) -> None:
        with getattr(self, name) as stream:
            self._printed[name] = stream.read()

    def _number(self) -> int:
        told = b""
        while not told.endswith(b"\n"):
            piece = self._told.read(1)
            assert piece, "the warm interpreter ended; it tells why on its standard error"
            told += piece
        return int(told)


@functools.cache
def _interpreter() -> socket.socket:
    """Start the interpreter, which ends with this process, and return the line on which it is asked."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        words = [sys.executable, "-c", PROGRAM.format(theirs.fileno())]
        null = subprocess.DEVNULL
        process = subprocess.Popen(
            words,
            cwd=ROOT,
            env=_AT_THE_START,
            stdin=null,
            stdout=null,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )
    atexit.register(_end, ours, process)
    return ours


def _end(ours: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    ours.close()
    process.wait()
