# SPDX-License-Identifier: Apache-2.0
"""The runs that stand in a folder, with an index so that a thousand of them are listed at once.

The index lies among the caches of the user, never beside the records. A run whose summary is of another age or size
than the index says is read again; an index that cannot be read is made anew.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from platformdirs import user_cache_dir
from pydantic import TypeAdapter, ValidationError

from bench.run_folder import JOURNAL, SUMMARY
from groundfloor.errors import BenchFault, PlanError
from groundfloor.file_in_folder import write_in_folder
from groundfloor.regular_file import read_regular
from reports.library.run_brief import RunBrief

VERSION = 2
MOST_BYTES = 1 << 28
Progress = Callable[[int, int], object]
_BRIEFS = TypeAdapter(list[RunBrief])


@dataclass(frozen=True)
class RunLibrary:
    """The runs of a folder, the oldest first.

    Attributes:
        folder: in which they stand.
        runs: each in short.
        troubles: a sentence for each run that cannot be listed.
    """

    folder: Path
    runs: tuple[RunBrief, ...]
    troubles: tuple[str, ...] = ()

    @classmethod
    def of(cls, folder: Path, cache: Path | None = None, told: Progress | None = None) -> Self:
        """List the runs of a folder.

        Args:
            folder: that holds run folders.
            cache: where indexes are kept; among the caches of the user if None.
            told: called after each run with how many were looked at, and how many there are.

        Raises:
            PlanError: there is no such folder, or it is a run itself.
        """
        if not folder.is_dir():
            raise PlanError(f"runs {folder}", "list", "there is no such folder", "name the folder that holds your runs")
        if (folder / JOURNAL).is_file():
            next_step = f"name the folder that it stands in: {folder.resolve().parent}"
            raise PlanError(f"runs {folder}", "list", "it is one run, not a folder of runs", next_step)
        index = _Index(folder, cache or Path(user_cache_dir("pumpbench")) / "runs")
        known, troubles, runs = index.read(), list[str](), list[RunBrief]()
        folders = tuple(_run_folders(folder))
        for done, run in enumerate(folders, 1):
            try:
                runs.append(_brief(run, known.get(run.name)))
            except (BenchFault, OSError) as odd:
                troubles.append(str(odd))
            if told is not None:
                told(done, len(folders))
        if {one.folder: one for one in runs} != known:
            index.write(runs)
        return cls(folder, tuple(sorted(runs, key=lambda run: (run.started_at, run.folder))), tuple(troubles))

    def path_of(self, run: RunBrief) -> Path:
        """Return the folder of a run."""
        return self.folder / run.folder


def _run_folders(folder: Path) -> Iterator[Path]:
    for run in sorted(folder.iterdir()):
        if run.is_dir() and not run.is_symlink() and (run / JOURNAL).is_file():
            yield run


def _brief(run: Path, known: RunBrief | None) -> RunBrief:
    summary = run / SUMMARY
    if not summary.is_file():
        next_step = f"it was cut short; make one: pumpbench report {run}"
        raise BenchFault(f"run {run}", "list", "it has no summary", next_step)
    stat = summary.stat()
    if known is not None and (known.summary_ns, known.summary_bytes) == (stat.st_mtime_ns, stat.st_size):
        return known
    from reports.library.brief_of_run import brief_of_run  # an index spares what reads a summary

    return brief_of_run(run, summary)


class _Index:
    def __init__(self, folder: Path, cache: Path) -> None:
        self._cache = cache
        self._name = f"{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]}.json"

    def read(self) -> dict[str, RunBrief]:
        try:
            content = json.loads(read_regular(self._cache / self._name, MOST_BYTES))
            if content["version"] != VERSION:
                return {}
            return {one.folder: one for one in _BRIEFS.validate_python(content["runs"])}
        except (OSError, ValueError, KeyError, TypeError, ValidationError, RecursionError):
            return {}

    def write(self, runs: list[RunBrief]) -> None:
        """Keep the index; a folder that cannot be written costs time the next time, and nothing else."""
        content = {"version": VERSION, "runs": [one.model_dump(mode="json") for one in runs]}
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            write_in_folder(self._cache, self._name, json.dumps(content).encode())
        except OSError:
            return
