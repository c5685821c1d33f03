# SPDX-License-Identifier: Apache-2.0
"""Runs in processes of their own, forked from one that has imported all that a run needs.

Each run has a folder of its own, which is deleted when its summary was read, and a group of processes of its own, of
which nothing outlives it.
"""

import contextlib
import json
import os
import resource
import shutil
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock

import cli.main
from bench.run import own_code_sha256
from campaigns.detection.outcome import Outcome
from campaigns.detection.trial import Trial

LIMIT_S = 900.0
"""For a run that hangs, on a machine however busy."""
PRINTED, USAGE = "printed.txt", "usage.json"
_FORK = get_context("forkserver")
_KILLED = -signal.SIGKILL


class ForkedRuns:
    """Makes runs, as many at once as it has callers.

    Args:
        scratch: where run folders are made.
        surprises: tells of an outcome whether its run folder is kept, and why.
        kept: where the folders of surprises go.
    """

    def __init__(self, scratch: Path, surprises: Callable[[Trial, Outcome], str | None], kept: Path) -> None:
        os.environ["PUMPBENCH_STATE"] = str(scratch / "state")
        _FORK.set_forkserver_preload([f"{__package__}.preloaded"])
        self.code = own_code_sha256()[:16]
        self._scratch = scratch
        self._surprises = surprises
        self._kept = kept
        self._running: set[BaseProcess] = set()
        self._numbers = iter(range(1, sys.maxsize))
        self._lock = Lock()

    def make(self, trial: Trial) -> Outcome:
        """Make one run and return what came of it."""
        with self._lock:
            folder = self._scratch / f"{next(self._numbers):05d}"
        folder.mkdir(parents=True)
        exit_code = self._carry_out(trial.words, folder)
        runs = [path for path in folder.iterdir() if path.is_dir()]
        usage = folder / USAGE
        cpu_s = json.loads(usage.read_text(encoding="utf-8")) if usage.is_file() else 0.0
        outcome = Outcome.read(trial, runs[0] if runs else None, exit_code, cpu_s, self.code)
        if self._surprises(trial, outcome) is not None:
            self._kept.mkdir(parents=True, exist_ok=True)
            kept = self._kept / f"{trial.group}-{trial.name}-{trial.chapter}".replace("/", "_")
            shutil.rmtree(kept, ignore_errors=True)
            shutil.move(folder, kept)
        shutil.rmtree(folder, ignore_errors=True)
        return outcome

    def stop(self) -> None:
        """Ask every run to end, as a person does with Ctrl-C."""
        with self._lock:
            running = list(self._running)
        for process in running:
            process.terminate()

    def _carry_out(self, words: Sequence[str], folder: Path) -> int:
        process = _FORK.Process(target=_run, args=(list(words), str(folder)))
        process.start()
        with self._lock:
            self._running.add(process)
        process.join(LIMIT_S)
        if process.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # what hangs, or was left behind
        process.join()
        with self._lock:
            self._running.discard(process)
        return _KILLED if process.exitcode is None else process.exitcode


def _run(words: list[str], folder: str) -> None:
    os.setsid()
    printed = os.open(Path(folder) / PRINTED, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    for stream in (1, 2):
        os.dup2(printed, stream)
    sys.argv = ["pumpbench", "run", "simulated", "--journal-only", f"--out={folder}", *words]
    code: object = 0
    try:
        cli.main.main()
    except SystemExit as end:
        code = end.code
    except Exception:  # noqa: BLE001  # whatever it is, it is told and the run counts as one that tested nothing
        traceback.print_exc()
        code = 3
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_s = sum(one.ru_utime + one.ru_stime for one in usage)
    (Path(folder) / USAGE).write_text(json.dumps(cpu_s), encoding="utf-8")
    sys.stdout.flush()
    sys.exit(code if isinstance(code, int) else 0)
