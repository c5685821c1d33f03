# SPDX-License-Identifier: Apache-2.0
"""The run folder: `<utc>-<bench>-<pump serial>/`, new for every run, holding everything that the run used and made."""

import re
import shutil
from importlib import metadata
from pathlib import Path

from bench.collected_tests import CollectedTests
from groundfloor.errors import BenchFault, PlanError
from groundfloor.file_in_folder import write_in_folder
from groundfloor.system.forced_to_disk import force_tree
from groundfloor.wall_clock import utc_now

JOURNAL = "journal.jsonl"
COLLECTED = "collected.json"
SUMMARY = "summary.json"
ABSENCE = "absence.json"
RECORD_PDF = "record.pdf"
AUDIT = "audit.jsonl"
PROTOCOL = "protocol.json"
BENCH_FILE = "bench.toml"
PROFILE = "profile.toml"
REQUIREMENTS = "requirements.toml"
LOCK = "environment.lock"
ALLURE_RESULTS = "allure-results"
MAPS = "maps"
PLANS = "plans"
PLUG_INS = "plugins"
_HEADER = re.compile(r"^(Name|Version):[ \t]*(.*?)[ \t\r]*$", re.MULTILINE)
"""Of what is installed. A parser of mail would read every field of each: a twentieth of a short run's time."""
CHAPTERS = "chapters"
"""Where chapters with a bench of their own write, until the run's journal has it."""


class RunFolder:
    """The folder of one run.

    Attributes:
        path: where it is.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, runs: Path, bench_name: str, pump_serial: str) -> "RunFolder":
        """Make a new folder under `runs`; nothing that is there is touched.

        Raises:
            PlanError: it cannot be made or written.
        """
        stem = f"{utc_now():%Y%m%dT%H%M%SZ}-{_plain(bench_name)}-{_plain(pump_serial)}"
        try:
            runs.mkdir(parents=True, exist_ok=True)
            path = _first_free(runs, stem)
        except OSError as refused:
            next_step = "name another folder with --out"
            raise PlanError(f"output folder {runs}", "create the run folder", str(refused), next_step) from refused
        return cls(path)

    @property
    def journal(self) -> Path:
        """Return the journal's path."""
        return self.path / JOURNAL

    @property
    def allure_results(self) -> Path:
        """Return the folder of the Allure results."""
        return self.path / ALLURE_RESULTS

    def keep(self, source: Path, name: str) -> None:
        """Copy a file that the run uses into the folder; `name` may lead through folders in it."""
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)

    def write_collected(self, collected: CollectedTests) -> None:
        """Write down which tests are going to run, before the first one starts."""
        write_in_folder(self.path, COLLECTED, collected.to_json().encode("ascii"))

    def collected_tests(self) -> CollectedTests:
        """Return what the run had collected.

        Raises:
            BenchFault: the file is missing, or not what a run writes.
        """
        try:
            return CollectedTests.read(self.path / COLLECTED)
        except FileNotFoundError as missing:
            raise BenchFault(f"run folder {self.path}", f"read {COLLECTED}", "it is missing", "restore it") from missing

    def collected(self) -> frozenset[str]:
        """Return the node ids of the tests that were going to run.

        Raises:
            BenchFault: as `collected_tests`.
        """
        return frozenset(self.collected_tests().tests)

    def collected_root(self) -> Path | None:
        """Return the folder that the node ids are told from; None for the bench's own plans.

        Raises:
            BenchFault: as `collected_tests`.
        """
        root = self.collected_tests().root
        return None if root is None else Path(root)

    def force_to_disk(self) -> None:
        """Force what is in the folder to the disk; without its inputs a run cannot be resumed.

        Raises:
            BenchFault: the disk does not take it.
        """
        try:
            force_tree(self.path)
        except OSError as refused:
            raise BenchFault(
                f"run folder {self.path}", "force it to the disk", str(refused), "mend the disk"
            ) from refused

    def write_lock(self) -> None:
        """Write down every installed distribution and its version."""
        installed = sorted({_name_and_version(one) for one in metadata.distributions()}, key=str.lower)
        (self.path / LOCK).write_text("\n".join(installed) + "\n", encoding="utf-8", newline="\n")


def _name_and_version(installed: metadata.Distribution) -> str:
    """Return what `metadata` says of a distribution, without a parse of the manual that stands behind its head."""
    text = installed.read_text("METADATA") or installed.read_text("PKG-INFO") or installed.read_text("") or ""
    head = dict(reversed(_HEADER.findall(text.partition("\n\n")[0])))  # of a field that stands twice the first counts
    return f"{head.get('Name')}=={head.get('Version')}"


def _first_free(runs: Path, stem: str) -> Path:
    for number in range(1000):
        path = runs / (stem if number == 0 else f"{stem}-{number}")
        try:
            path.mkdir(mode=0o755)  # nobody else writes into it, whatever the user's umask lets them
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"{stem} and 999 numbered ones are there")


def _plain(text: str) -> str:
    """Return `text` as a part of a file name: nothing in it can lead out of the folder."""
    return re.sub(r"[^A-Za-z0-9_-]+", "_", text).strip("_")[:40] or "unnamed"
