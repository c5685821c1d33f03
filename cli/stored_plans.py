# SPDX-License-Identifier: Apache-2.0
"""The plans of a stored run as they stand today, and a run gone through once more by them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bench.offline import AsFound, MadeAgain
from bench.run import plan_file, refuse_unknown_run
from bench.run_folder import JOURNAL, RunFolder
from cli.chapters import CHAPTERS_FOLDER, ROOT
from cli.pytest_run import LOADED, SETTINGS
from fixtures.offline import gone_through
from groundfloor.errors import BenchFault, PlanError
from groundfloor.project import enter_project


@dataclass(frozen=True)
class StoredPlans:
    """Where the plans of a run stand.

    Attributes:
        root: what the ids of its tests count from.
        files: of its plans.
        of_the_bench: whether all of them came with pumpbench.
    """

    root: Path
    files: tuple[Path, ...]
    of_the_bench: bool

    @classmethod
    def of(cls, run: Path) -> "StoredPlans":
        """Return those of a run."""
        folder = RunFolder(run)
        own_root = folder.collected_root()
        root = own_root or ROOT
        files = tuple(sorted({plan_file(root, node.split("::")[0]) for node in folder.collected()}))
        return cls(root, files, all(is_of_the_bench(file) for file in files))


def is_of_the_bench(plan: Path) -> bool:
    """Tell whether a plan came with pumpbench, whatever links or dots its path holds."""
    try:
        return plan.resolve().is_relative_to(CHAPTERS_FOLDER.resolve())
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, or links without an end
        return False


def made_again_from_samples(
    run: Path,
    *,
    trust: bool = False,
    told: Callable[[int, int], object] | None = None,
    as_found: AsFound | None = None,
) -> MadeAgain:
    """Make every judgement of a run again from its samples, by the plans of today.

    Args:
        run: its folder, whose inputs are those that it began with.
        trust: run its plans though they are not the bench's own and nobody began the run here.
        told: called with how many tests were gone through, and how many there are.
        as_found: what a later calibration found of the balance; None judges by the certificate of then.

    Raises:
        PlanError: a plan is gone, or is no plan any more.
        BenchFault: the journal cannot be read; the plans are strangers'.
    """
    plans = StoredPlans.of(run)
    if missing := [file for file in plans.files if not file.is_file()]:
        seen = f"its plan {missing[0]} is gone"
        raise PlanError(
            f"run folder {run}", "replay", seen, "put it back; with --values its figures alone are looked at"
        )
    if not (plans.of_the_bench or trust):
        try:
            refuse_unknown_run(run)
        except BenchFault as unknown:
            next_step = "look at its plans; if you trust them, say --trust; with --values none is run"
            raise BenchFault(f"run folder {run}", "replay", unknown.seen, next_step) from unknown
    enter_project(RunFolder(run).collected_root())
    settings = ["-c", str(SETTINGS), f"--rootdir={plans.root}", *LOADED, f"--protocol={run / JOURNAL}"]
    return gone_through(run, plans.files, settings, told, as_found)
