# SPDX-License-Identifier: Apache-2.0
"""How long the tests of a run are going to take: from earlier runs beside it, else from the plan."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.bench_file import BenchFile
from bench.profile import Profile
from bench.run_folder import BENCH_FILE, PROFILE, REQUIREMENTS
from bench.trace import Requirements
from cli.plan import Plan
from cli.pytest_run import LOADED, SETTINGS
from fixtures.protocol import collected_plan, protocol_of
from groundfloor.errors import BenchFault, PlanError
from reports.watch import WatchedRun, earlier_times


def planned_times(run: WatchedRun) -> Mapping[str, float]:
    """Return the bench time of tests, in s, by node id, as far as it can be known before they run."""
    known = dict(earlier_times(run.folder, run.profile_name))
    missing = [node for node in run.to_come if node not in known]
    return {**(_rehearsed(run, missing) if missing else {}), **known}


def _rehearsed(run: WatchedRun, nodes: Sequence[str]) -> Mapping[str, float]:
    """Rehearse the plan that stands here; plans are code, so those that a run folder only names are not loaded."""
    try:
        plan = Plan.here()
        if run.own_root is not None and Path(run.own_root) != plan.root:
            return {}
        wanted = {Path(node.partition("::")[0]).name for node in nodes}
        files = [path for path in plan.chapters.values() if path.name in wanted]
        if not files:
            return {}
        settings = ["-c", str(SETTINGS), f"--rootdir={plan.root}", *LOADED]
        made = protocol_of(
            collected_plan(files, settings),
            Profile.load(run.folder / PROFILE),
            Requirements.load(run.folder / REQUIREMENTS),
            BenchFile.load(run.folder / BENCH_FILE),
            whole=False,
        )
    except (PlanError, BenchFault, OSError):  # an estimate less, which hinders nobody
        return {}
    tests = [test for chapter in made.chapters for test in chapter.tests]
    cases = ((test.node, case) for test in tests for case in test.cases)
    return {f"{node}[{case.name}]" if case.name else node: case.seconds for node, case in cases if case.seconds > 0}
