# SPDX-License-Identifier: Apache-2.0
"""`pumpbench run`, in processes forked from one that has imported all that a run needs.

An import of it all takes longer than a short test. Each run has a group of processes of its own, of which nothing
outlives it.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock

import cli.main
from groundfloor.exit_code import ExitCode

PRINTED = "printed.txt"
_USAGE = "usage.json"
_FORK = get_context("forkserver")


class ForkedRuns:
    """Makes runs, as many at once as it has callers.

    Args:
        limit_s: of the machine's time for one run, however busy it is: it counts for a run that hangs.
    """

    def __init__(self, limit_s: float = 900.0) -> None:
        _FORK.set_forkserver_preload([f"{__package__}.preloaded"])
        self._limit_s = limit_s
        self._running: set[BaseProcess] = set()
        self._lock = Lock()

    def run(self, words: Sequence[str], folder: Path) -> int:
        """Make one run and return its exit code, negative for the signal that ended it.

        Args:
            words: of the command line, behind `pumpbench run`.
            folder: takes what it prints; it is there.
        """
        process = _FORK.Process(target=_run, args=(list(words), str(folder)))
        process.start()
        with self._lock:
            self._running.add(process)
        process.join(self._limit_s)
        if process.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what hangs, or was left behind
        process.join()
        with self._lock:
            self._running.discard(process)
        return -signal.SIGKILL if process.exitcode is None else process.exitcode

    def stop(self) -> None:
        """Ask every run to end, as SIGTERM does."""
        with self._lock:
            running = list(self._running)
        for process in running:
            process.terminate()


def cpu_s_of(folder: Path) -> float:
    """Return the processor time of the run that was made with this folder, its twin included; 0 if it was killed."""
    usage = folder / _USAGE
    return float(json.loads(usage.read_text(encoding="utf-8"))) if usage.is_file() else 0.0


def _run(words: list[str], folder: str) -> None:
    os.setsid()
    printed = os.open(Path(folder) / PRINTED, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(printed, stream)
    sys.argv = ["pumpbench", "run", *words]
    code: object = ExitCode.PASSED
    try:
        cli.main.main()
    except SystemExit as end:
        code = end.code
    except Exception:  # noqa: BLE001  # whatever it is, it is told, and the run counts as one that tested nothing
        traceback.print_exc()
        code = ExitCode.NOT_TESTED
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(one.ru_utime + one.ru_stime for one in usage)
    (Path(folder) / _USAGE).write_text(json.dumps(cpu_s), encoding="utf-8")
    sys.stdout.flush()
    sys.exit(code if isinstance(code, int) else ExitCode.PASSED)
