# SPDX-License-Identifier: Apache-2.0
"""`pumpbench run`: run the test plans on a bench and make the report."""

import difflib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bench.bench_file import BenchFile
from bench.corrections import corrections_of
from bench.devices import check_register_maps
from bench.profile import Profile
from bench.run import refusals_noted
from cli.bench_queue import Turn, bench_queue
from cli.lists import Listed, print_list
from cli.named_plans import NamedPlans
from cli.plan import Plan
from cli.pytest_run import Catcher, run_pytest
from cli.runs_at_once import RunsAtOnce
from cli.summary_file import SummaryFile
from fixtures.chapters.slots import Slots
from fixtures.options import SIMULATED
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.project import ALL
from groundfloor.system.forked import CAN_FORK

SEVERITY = (ExitCode.WRONG_USE, ExitCode.FAILED, ExitCode.INVALID, ExitCode.NOT_TESTED, ExitCode.PASSED)
"""Exit codes, the gravest first: what several runs end with together."""
CACHED = ("--lf", "--last-failed", "--ff", "--failed-first", "--nf", "--new-first", "--sw", "--stepwise")
"""Options of pytest that ask what came of the session before, of which a run keeps nothing."""


def run(
    bench: Annotated[str, typer.Argument(help="A bench file, or `simulated` to start a twin of the pump and its rig.")],
    pytest_args: Annotated[
        list[str] | None,
        typer.Argument(
            help="After `--`: arguments for pytest, such as `-k kink`, `-x`, or a plan of your own, which runs alone; "
            "with `--chapter NAME` beside that chapter, with `--chapter all` beside the whole plan."
        ),
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(help="What the pump promises: a profile's name or file. Repeat it for several pumps."),
    ] = None,
    chapter: Annotated[
        list[str] | None,
        typer.Option(help="Run only this chapter (delivery, schedule, kink …). Repeat it for several."),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of the twin; the same seed gives the same journal. 1 if not given.")
    ] = None,
    clock: Annotated[
        str | None,
        typer.Option(help="Clock of the twin: stepped (as fast as it goes; the usual), scaled (with --speed) or real."),
    ] = None,
    speed: Annotated[float | None, typer.Option(help="How much faster than real time a scaled clock runs.")] = None,
    balance: Annotated[
        str | None, typer.Option(metavar="DIALECT", help="What the twin's balance speaks; mt-sics if not given.")
    ] = None,
    pump_map: Annotated[
        Path | None,
        typer.Option("--map", metavar="FILE", help="The register map of the twin's pump; it may have fewer points."),
    ] = None,
    defect: Annotated[
        list[str] | None, typer.Option(help="Make the twin a bad one: NAME or NAME=VALUE, such as rate_bias=0.2.")
    ] = None,
    correction: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Let volumes hold a correction of your own; a bench file names them itself."),
    ] = None,
    operator: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who watches over the run, and does what it asks for by hand.")
    ] = None,
    fallback: Annotated[
        Path | None,
        typer.Option(
            help="Where the journal goes on when the disk of --out takes no more; if not given, a usual folder."
        ),
    ] = None,
    protocol: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The frozen protocol that this is a run of: `pumpbench protocol --freeze`."),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="How many chapters run at once, each with a twin of its own; 1 if not given."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder in which the run's own folder is made.")] = Path("runs"),
    html: Annotated[bool, typer.Option(help="Make the Allure report too; report.html is made in any case.")] = True,
    journal_only: Annotated[
        bool,
        typer.Option(
            "--journal-only", help="Leave journal and summary alone; `pumpbench report` makes the page of them later."
        ),
    ] = False,
    wait: Annotated[
        str | None,
        typer.Option(
            metavar="TIME", help="Wait so long, such as 2h, for a bench that others have, in order of arrival."
        ),
    ] = None,
    summary: Annotated[
        Path | None,
        typer.Option(
            "--summary",
            metavar="FILE",
            help="Write a Markdown summary into this file; one goes to the page of a GitHub job in any case.",
        ),
    ] = None,
    only_what_differs: Annotated[
        bool,
        typer.Option(
            "--only-what-differs",
            help="For each profile after the first, repeat only what depends on a promise in which it differs.",
        ),
    ] = False,
    require_html: Annotated[
        bool, typer.Option("--require-html", help="End with 3, not 0, when the HTML report could not be made.")
    ] = False,
    _listed: Annotated[
        Listed | None,
        typer.Option("--list", callback=print_list, is_eager=True, help="Show what there is to choose from, and end."),
    ] = None,
) -> None:
    """Run the test plans and leave a journal, a summary, a page and an Allure report.

    Exit code: 0 all pass; 1 a FAIL; 2 wrong use or a bad file; 3 no FAIL but something INCONCLUSIVE or BLOCKED; 6 no
    FAIL, and INVALID: a test that was collected has no result.

    Examples:
    `pumpbench run simulated` runs everything against a twin, in minutes.

    `pumpbench run simulated --defect rate_bias=0.2 --chapter delivery` shows what a bad pump looks like.

    `pumpbench run lab.toml --profile implantable-40ml -- -k intermediate` runs a part on a real bench.

    `pumpbench run lab.toml -- my_plan.py` runs a plan of your own, and nothing else.

    Below a folder with a `pumpbench.toml` its profiles, chapters and requirements count; see `pumpbench new`.

    `pumpbench run --list chapters` shows the chapters; also profiles, tests, defects.
    """
    plan = Plan.here()
    profiles = profile or list(plan.profiles)
    twin = {"seed": seed, "clock": clock, "speed": speed, "balance": balance, "map": pump_map}
    with refusals_noted(out, sys.argv):
        shared = [
            *map(str, plan.places),
            *(f"--chapter={one}" for one in _chosen(plan, chapter or [])),
            f"--bench={bench}",
            f"--runs={out}",
            *([f"--fallback={fallback}"] if fallback is not None else []),
            *([f"--operator={operator}"] if operator is not None else []),
            *([f"--protocol={protocol.absolute()}"] if protocol is not None else []),
            *(f"--{name}={value}" for name, value in twin.items() if value is not None),
            *(f"--defect={one}" for one in defect or []),
            *(f"--correction={one}" for one in correction or []),
            *([f"--chapter-workers={workers or 1}"] if bench == SIMULATED and CAN_FORK else []),
            *(["--journal-only"] if journal_only else []),
            *_for_pytest(pytest_args or []),
        ]
        _refuse_workers_here(workers)
        if bench != SIMULATED:  # all files are looked at before the first run starts
            _refuse_a_slip(bench)
            _refuse_workers(bench, workers)
            looked_at = BenchFile.load(Path(bench))
            check_register_maps(looked_at)
            corrections_of(looked_at)
        for one in profiles:
            Profile.load(Profile.find(one, *plan.profile_folders))
        summary_file = SummaryFile(summary)
        summary_file.begin()
    html = html and not journal_only
    slots = Slots(workers or 1, len(profiles) if (workers or 1) > 1 else 1)

    def make(number: int, catcher: Catcher) -> int:
        differs = [f"--differs-from={profiles[0]}"] if only_what_differs and number else []
        own = [f"--profile={profiles[number]}", *differs]
        return run_pytest(
            [*shared, *own],
            plan.root,
            catcher,
            html=html,
            require_html=require_html,
            summary_file=summary_file,
            plans=NamedPlans([str(place) for place in plan.places], beside=bool(chapter)),
        )

    file = BenchFile.load(Path(bench)) if bench != SIMULATED else None
    with bench_queue(file, wait, out, f"a test of {' and '.join(profiles)}") as turn:
        if len(profiles) > 1 and (workers or 1) > 1:
            codes = RunsAtOnce(len(profiles), slots, make).run()
        else:
            codes = _one_by_one(len(profiles), make, turn)
    raise typer.Exit(min(codes, key=SEVERITY.index))


def _one_by_one(count: int, make: Callable[[int, Catcher], int], turn: Turn) -> list[int]:
    codes: list[int] = []
    for number in range(count):
        try:
            with turn() as lease:
                catcher = Catcher(lease=lease)
                codes.append(make(number, catcher))
        except BenchFault as not_free:
            if not codes:
                raise
            typer.echo(str(not_free), err=True)  # what the runs before found is told all the same
            codes.append(ExitCode.NOT_TESTED)
            break
        if catcher.interrupted:  # whoever ends one run does not want the next pump started
            break
    return codes


def _chosen(plan: Plan, names: list[str]) -> Sequence[str]:
    """Return the chapters that are run; none stands for all of them, which a plan of the user's own runs beside."""
    return [] if ALL in names else plan.refuse_unknown(names)


def _refuse_workers(bench: str, workers: int | None) -> None:
    """Refuse workers for a bench that is there: it is one, and its chapters come one after the other."""
    if workers is not None:
        seen = f"{bench} is a bench that is there, and one bench runs one chapter at a time"
        next_step = f"leave it out; with '{SIMULATED}' each worker has a twin of its own"
        raise PlanError("--workers", "use", seen, next_step)


def _refuse_workers_here(workers: int | None) -> None:
    """Refuse several workers where no process can be copied for them."""
    if (workers or 1) > 1 and not CAN_FORK:
        seen = "a worker is a copy of the process of the run, and this system makes none"
        raise PlanError("--workers", "use", seen, "leave it out: the chapters come one after the other")


def _refuse_a_slip(bench: str) -> None:
    """Refuse what is no bench file but looks like a slip of the pen for `simulated`."""
    if not Path(bench).exists() and difflib.get_close_matches(bench, [SIMULATED], cutoff=0.7):
        raise PlanError(f"bench file {bench}", "open", "there is no such file", f"did you mean '{SIMULATED}'?")


def _for_pytest(arguments: list[str]) -> list[str]:
    cached = [one for one in arguments if one in CACHED]
    if cached:
        next_step = "name tests with -k, or go on with `pumpbench resume`"
        raise PlanError(cached[0], "use", "a run keeps nothing of the one before but its run folder", next_step)
    return arguments
