# SPDX-License-Identifier: Apache-2.0
"""`pumpbench protocol`: what a run is going to test, and how long, before it is run."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from bench.bench_file import BenchFile
from bench.devices import check_register_maps
from bench.profile import Profile
from bench.trace import Requirements
from cli.plan import Plan
from cli.pytest_run import LOADED, SETTINGS
from fixtures.options import SIMULATED
from fixtures.own_twin import OwnTwin
from fixtures.plan_files import PlanFiles
from fixtures.protocol import collected_plan, protocol_of
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from instruments.simulated.twin.twin_options import TwinOptions
from reports.protocol import protocol_html, protocol_markdown


def protocol(
    plans: Annotated[
        list[Path] | None, typer.Argument(help="Plans of your own; the chapters that come with the bench if none.")
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="What the pump promises: a profile's name or file; else the plan's first.")
    ] = None,
    bench: Annotated[
        str, typer.Option(help="A bench file, or `simulated`; it is read, and nothing is opened.")
    ] = SIMULATED,
    only: Annotated[list[str] | None, typer.Option(help="Only this chapter. Repeat it for several.")] = None,
    requirements: Annotated[Path | None, typer.Option(help="Another baseline than the one of the chapters.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write it as a page into this file, too.")] = None,
) -> None:
    """Print the verification protocol before it is run, as Markdown.

    For each test its purpose, method and acceptance, its requirements, what it declares to judge and by which limits
    of the profile, how often and why, how long it takes at this bench's capability, what does not apply to the pump,
    what this bench cannot test, and which figures are assumed. What only a run will tell is called unknown. The same
    plan, profile and bench give the same text, and its last line is the hash of what it says.

    Examples:
    `pumpbench protocol --profile implantable-40ml --html protocol.html > protocol.md`

    `pumpbench protocol my_plan.py --bench lab.toml --profile my-pump.toml`

    Exit code: 0; 2 wrong use or a bad file.
    """
    if plans and only:
        raise PlanError("--only", "use", "it chooses among the chapters of the bench", "leave out one of both")
    plan = Plan.here()
    told_profile = Profile.named(profile or plan.profiles[0], *plan.profile_folders)
    with ExitStack() as exit_stack:
        baseline = Requirements.load(requirements or PlanFiles.of(plan.root).baseline(exit_stack))
    settings = ["-c", str(SETTINGS), f"--rootdir={plan.root}", *LOADED]
    made = protocol_of(
        collected_plan(plans or _chapters(plan, only or []), settings),
        told_profile,
        baseline,
        _bench_file(bench, told_profile),
        whole=not plans and not only,
    )
    if html is not None:
        _write(html, protocol_html(made))
    typer.echo(protocol_markdown(made), nl=False)
    raise typer.Exit(ExitCode.PASSED)


def _chapters(plan: Plan, names: list[str]) -> list[Path]:
    return [plan.chapters[name] for name in plan.refuse_unknown(names)] or list(plan.places)


def _bench_file(bench: str, profile: Profile) -> BenchFile:
    if bench == SIMULATED:
        return OwnTwin(TwinOptions(model=profile.twin_model)).bench_to_come()
    file = BenchFile.load(Path(bench))
    check_register_maps(file)
    return file


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as refused:
        raise PlanError(f"page {path}", "write", str(refused), "name a file that you may write") from refused
