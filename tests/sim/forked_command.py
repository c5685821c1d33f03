# SPDX-License-Identifier: Apache-2.0
"""`pumpbench …` in a fork of this process, which has imported it all: a command costs milliseconds, not a second."""

import faulthandler
import gc
import os
import resource
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cli.main

LIMIT_S = 60.0
"""A machine that does other work takes its time; what hangs takes more than this."""
MOST_MEMORY_BYTES = 3 << 30
"""More than this process has, when it is forked: that grows with the tests before."""


@dataclass(frozen=True)
class Ended:
    """How a command ended.

    Attributes:
        exit_code: negative for the signal that ended it; None if it was still going on after the limit.
        printed: on both streams.
    """

    exit_code: int | None
    printed: str


def forked_command(words: Sequence[str], folder: Path, limit_s: float = LIMIT_S) -> Ended:
    """Run `pumpbench` with `words` in `folder`."""
    with tempfile.TemporaryFile() as printed:
        pid = os.fork()
        if pid == 0:
            _run(words, folder, printed.fileno())
        code = _waited(pid, limit_s)
        printed.seek(0)
        return Ended(code, printed.read().decode("utf-8", "replace"))


def _waited(pid: int, limit_s: float) -> int | None:
    end_s = time.monotonic() + limit_s
    while time.monotonic() < end_s:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.002)  # there is no waiting for a child with a limit that would not poll
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def _run(words: Sequence[str], folder: Path, printed: int) -> None:
    code: object = 70
    gc.freeze()  # looking through all of pytest for garbage would copy it
    try:
        for stream in (1, 2):
            os.dup2(printed, stream)
        sys.stdout, sys.stderr = (os.fdopen(stream, "w", encoding="utf-8", closefd=False) for stream in (1, 2))
        faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most_bytes = pages * resource.getpagesize() + MOST_MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
        os.environ |= {"COLUMNS": "200", "NO_COLOR": "1"}
        os.chdir(folder)
        sys.argv = ["pumpbench", *words]
        cli.main.main()
        code = 0
    except SystemExit as end:
        code = end.code
    except BaseException as slip:  # noqa: BLE001  whatever it is, it is told, and never reaches the test that forked
        sys.stderr.write(f"Traceback: {slip!r}\n")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0)
