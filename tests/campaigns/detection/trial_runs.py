# SPDX-License-Identifier: Apache-2.0
"""Makes trials: a run folder each, deleted when its summary was read, and kept when its outcome surprises."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from bench.run import own_code_sha256
from tests.campaigns.detection.outcome import Outcome
from tests.campaigns.detection.trial import Trial
from tests.campaigns.forked_runs import ForkedRuns, cpu_s_of

_DIGITS_OF_CODE = 16


class TrialRuns:
    """Makes trials, as many at once as it has callers.

    Attributes:
        code: hash of the code that makes them.

    Args:
        scratch: where run folders are made.
        surprises: tells of an outcome why it must not be; None for one that may.
        kept: where the folders of surprises go.
    """

    def __init__(self, scratch: Path, surprises: Callable[[Trial, Outcome], str | None], kept: Path) -> None:
        os.environ["PUMPBENCH_STATE"] = str(scratch / "state")
        self.code = own_code_sha256()[:_DIGITS_OF_CODE]
        self._runs = ForkedRuns()
        self._scratch = scratch
        self._surprises = surprises
        self._kept = kept
        self._numbers = iter(range(1, sys.maxsize))
        self._lock = Lock()

    def make(self, trial: Trial) -> Outcome:
        """Make one trial and return what came of it."""
        with self._lock:
            folder = self._scratch / f"{next(self._numbers):05d}"
        folder.mkdir(parents=True)
        exit_code = self._runs.run(["simulated", "--journal-only", f"--out={folder}", *trial.words], folder)
        runs = [path for path in folder.iterdir() if path.is_dir()]
        outcome = Outcome.read(trial, runs[0] if runs else None, exit_code, cpu_s_of(folder), self.code)
        if self._surprises(trial, outcome) is not None:
            kept = self._kept / f"{trial.group}-{trial.name}-{trial.chapter}"
            shutil.rmtree(kept, ignore_errors=True)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(folder, kept)
        shutil.rmtree(folder, ignore_errors=True)
        return outcome

    def stop(self) -> None:
        """Ask every run to end."""
        self._runs.stop()
