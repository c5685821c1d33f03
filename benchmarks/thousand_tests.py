# SPDX-License-Identifier: Apache-2.0
"""A run of 1,000 tests and some 2,000 simulated hours: what its report, PDF, seal, verification and look-ups cost.

    python -m benchmarks.thousand_tests FOLDER

makes the run in FOLDER, which takes some fifteen minutes of two quiet processors, and measures; a run that is there
already is measured again. It stands apart from `benchmarks.run` because it takes longer than all of that together.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from benchmarks.figure import Figure
from benchmarks.table import rich_table

TESTS, CHAPTERS = 1000, 4
COMMAND = "from cli.main import main; main()"
PLAN = '''# SPDX-License-Identifier: Apache-2.0
"""Short infusions, many of them; a chapter ends before its pump has to be refilled."""

import pytest

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import rate_accuracy
from test_plans.markers import judges


@judges("DEL-002", "whole time", rate_accuracy)
@pytest.mark.parametrize("repeat", range({count}))
def test_two_hours_{chapter}(infusion: InfusionFactory, profile: Profile, repeat: int) -> None:
    """Infuse for two hours at the intermediate rate, after the rate has settled."""
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.settle()
        run.judge("whole time", run.deliver(3960.0, "whole time").rate_error)
'''
"""A test takes two hours of bench time with its settling."""
WORDS = (
    ("report and PDF", ["report", "{run}", "--pdf", "--no-node"], 30.0),
    ("seal", ["seal", "{run}", "--key", "{folder}/tester.key", "--name", "A. Tester", "--out", "{bundle}"], 5.0),
    ("verify, every verdict made again from the samples",
     ["verify", "{bundle}", "--key", "{folder}/tester.key.pub", "--trust", "--samples"], 20.0),
    ("why", ["why", "{run}", "J-0417"], 0.5),
)  # fmt: skip
MOST_PAGE_MB = 60.0


def thousand_tests(folder: Path) -> list[Figure]:
    """Return what each command takes over a run of so many tests.

    Args:
        folder: in which the run is, or is made.
    """
    figures = list[Figure]()
    if not list(folder.glob("runs/*/summary.json")):
        figures += _measured("the run itself", _run_of(folder), None)
    (run,) = (one.parent for one in folder.glob("runs/*/summary.json") if not one.parent.name.endswith(".sealed"))
    if not (folder / "tester.key").exists():
        _measured("key", ["key", str(folder / "tester.key"), "--no-passphrase"], None)
    bundle = folder / f"bundle-{time.time_ns()}"
    for name, words, most_s in WORDS:
        told = [word.format(run=run, folder=folder, bundle=bundle) for word in words]
        figures += _measured(name, told, most_s)
    page_mb = (run / "report.html").stat().st_size / 1e6
    return [*figures, Figure("page, its pictures beside it", "MB", (page_mb,), MOST_PAGE_MB)]


def _run_of(folder: Path) -> list[str]:
    """Write the plans; return how they are run."""
    plans = [folder / f"test_part_{chapter}.py" for chapter in range(CHAPTERS)]
    for chapter, plan in enumerate(plans):
        plan.parent.mkdir(parents=True, exist_ok=True)
        plan.write_text(PLAN.format(count=TESTS // CHAPTERS, chapter=chapter), encoding="utf-8")
    own = ["run", "simulated", "--workers=2", f"--out={folder / 'runs'}", "--journal-only"]
    return [*own, "--", *map(str, plans)]


def _measured(name: str, words: list[str], most_s: float | None) -> list[Figure]:
    before, start_s = os.times(), time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-c", COMMAND, *words], cwd=Path(__file__).parents[1], stdout=subprocess.DEVNULL
    )
    wall_s, after = time.perf_counter() - start_s, os.times()
    cpu_s = after.children_user + after.children_system - before.children_user - before.children_system
    note = f"it ended with code {ended.returncode}; {os.cpu_count()} cores"
    return [
        Figure(f"{name}, wall time", "s", (wall_s,), most_s, note),
        Figure("… processor time", "s", (cpu_s,)),
    ]


if __name__ == "__main__":
    console = Console()
    console.print(rich_table(thousand_tests(Path(sys.argv[1]).absolute()), console.width))
