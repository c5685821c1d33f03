# SPDX-License-Identifier: Apache-2.0
"""`pumpbench stale`: what has changed since a run, and the shortest plan that makes it good."""

import json
import shlex
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bench.run import plan_file
from bench.run_folder import RunFolder
from bench.trace import Requirements
from cli.plan import Plan
from cli.wide_console import wide_console
from fixtures.plan_files import PlanFiles
from groundfloor.exit_code import ExitCode
from reports.library.staleness import Present, Staleness, staleness
from reports.summary import Summary
from reports.terminal_text import terminal_text

_SHOWN = 6


def stale(
    run: Annotated[Path, typer.Argument(help="The folder of a run.")],
    bench: Annotated[Path | None, typer.Option(help="The bench file as it is today.")] = None,
    profile: Annotated[Path | None, typer.Option(help="The profile as it is today; found by its name.")] = None,
    requirements: Annotated[Path | None, typer.Option(help="The baseline as it is today; the usual one.")] = None,
    firmware: Annotated[str | None, typer.Option(help="The firmware that the pump has now.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it for machines.")] = False,
) -> None:
    """Show what has changed since a run, which evidence is stale by it, and the command that makes it good.

    Profile, requirements and plans of the present folder are held against those that the run kept; the bench file and
    the firmware where you say them.

    Example: `pumpbench stale runs/20270101T120000Z-bench-7-SN0042 --firmware 3.2.0`

    Exit code: 0 nothing is stale; 2 wrong use; 3 something is.
    """
    summary = Summary.load(run / "summary.json")
    plan = Plan.here()
    found = staleness(
        run,
        Present(
            profile=profile or _profile(plan, summary),
            bench_file=bench,
            requirements=_requirements(requirements),
            plans=_plans(run, plan),
            firmware=firmware,
        ),
    )
    if as_json:
        changes = [asdict(change) for change in found.changes]
        nodes = [test.node for test in found.stale]
        told = {"changes": changes, "tests": nodes, "chapters": found.chapters, "requirements": found.requirements}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print(found, run)
    raise typer.Exit(ExitCode.NOT_TESTED if found.stale else ExitCode.PASSED)


def _profile(plan: Plan, summary: Summary) -> Path | None:
    name = summary.run.profile if summary.run is not None else ""
    return next((path for path in plan.profile_files() if path.stem == name), None)


def _requirements(path: Path | None) -> dict[str, tuple[str, int]]:
    with ExitStack() as stack:
        file = path if path is not None else PlanFiles.of(Plan.here().root).baseline(stack)
        baseline = Requirements.load(file)
    return {one.id: (one.text_sha256, one.revision) for one in baseline.requirement}


def _plans(run: Path, plan: Plan) -> dict[str, Path]:
    names = sorted({node.split("::")[0] for node in RunFolder(run).collected()})
    return {name: plan_file(plan.root, name) for name in names}


def _print(found: Staleness, run: Path) -> None:
    console = wide_console()
    for change in found.changes:
        tests = f"{len(change.tests)} test{'s' * (len(change.tests) != 1)}"
        again = f"{len(change.judgements)} judgements to be made again"
        told = again if change.judgements and not change.tests else tests
        console.print(terminal_text(f"{change.what}: {change.seen}  → {told}"), soft_wrap=True)
    if not found.stale:
        if any(not change.tests for change in found.changes):
            console.print(
                terminal_text(f"Judge the record again: pumpbench replay {shlex.quote(str(run))}"), soft_wrap=True
            )
        console.print(f"None of its {len(found.summary.tests)} tests is stale.")
        return
    console.print(f"{len(found.stale)} of {len(found.summary.tests)} tests are stale:")
    for test in found.stale[:_SHOWN]:
        console.print(terminal_text(f"  {test.node}"), soft_wrap=True)
    if len(found.stale) > _SHOWN:
        console.print(f"  … and {len(found.stale) - _SHOWN} more: --json")
    chapters = " ".join(f"--chapter {chapter}" for chapter in found.chapters)
    console.print(terminal_text(f"Make it good: pumpbench run BENCH {chapters}"), soft_wrap=True)
