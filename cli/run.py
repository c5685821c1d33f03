# SPDX-License-Identifier: Apache-2.0
"""`pumpbench run`: run the test plans on a bench and make the report."""

import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer

from bench.bench_file import BenchFile
from bench.connection import check_register_maps
from bench.profile import Profile
from bench.run import refusals_noted
from bench.run_folder import SUMMARY
from cli.chapters import CHAPTERS_FOLDER, ROOT, chapter_paths
from cli.wide_console import wide_console
from fixtures.options import SIMULATED
from fixtures.run_session import RUN_SESSION, RunSession
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from reports.allure_html import generate
from reports.page import PAGE
from reports.preflight_table import preflight_in_short
from reports.summary import Summary
from reports.terminal_text import terminal_text
from reports.verdict_table import verdict_table

SEVERITY = (ExitCode.WRONG_USE, ExitCode.FAILED, ExitCode.NOT_TESTED, ExitCode.PASSED)
"""Exit codes, the gravest first: what several runs end with together."""


class Catcher:
    """Keeps what is needed when a pytest session is over: its recorder, and whether somebody ended it."""

    run_session: RunSession | None = None
    interrupted: bool = False

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Keep the recorder that the fixtures have put into the configuration."""
        self.run_session = config.stash.get(RUN_SESSION, None)

    def pytest_keyboard_interrupt(self) -> None:
        """Note that somebody ended the session: what was not tested then is no verdict."""
        self.interrupted = True


def run(
    bench: Annotated[str, typer.Argument(help="A bench file, or `simulated` to start a twin of the pump and its rig.")],
    pytest_args: Annotated[
        list[str] | None, typer.Argument(help="After `--`: arguments for pytest, such as `-k kink` or `-x`.")
    ] = None,
    profile: Annotated[
        list[str] | None,
        typer.Option(help="What the pump promises: a profile's name or file. Repeat it for several pumps."),
    ] = None,
    chapter: Annotated[
        list[str] | None,
        typer.Option(help="Run only this chapter (delivery, schedule, kink …). Repeat it for several."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Seed of the twin; the same seed gives the same journal.")] = 1,
    clock: Annotated[
        str, typer.Option(help="Clock of the twin: stepped (as fast as it goes), scaled (with --speed) or real.")
    ] = "stepped",
    speed: Annotated[float, typer.Option(help="How much faster than real time a scaled clock runs.")] = 1.0,
    defect: Annotated[
        list[str] | None, typer.Option(help="Make the twin a bad one: NAME or NAME=VALUE, such as rate_bias=0.2.")
    ] = None,
    fallback: Annotated[
        Path | None,
        typer.Option(
            help="Where the journal goes on when the disk of --out takes no more; if not given, a usual folder."
        ),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder in which the run's own folder is made.")] = Path("runs"),
    html: Annotated[
        bool, typer.Option(help="Make the Allure report as one HTML file; the page report.html is made in any case.")
    ] = True,
) -> None:
    """Run the test plans and leave a journal, a summary, a page and an Allure report.

    Exit code: 0 all pass; 1 a FAIL; 2 wrong use or a bad file; 3 no FAIL but something INCONCLUSIVE or BLOCKED.

    Examples:
    `pumpbench run simulated` runs everything against a twin, in minutes.

    `pumpbench run simulated --defect rate_bias=0.2 --chapter delivery` shows what a bad pump looks like.

    `pumpbench run lab.toml --profile implantable-40ml -- -k intermediate` runs a part on a real bench.
    """
    profiles = profile or ["implantable-20ml"]
    with refusals_noted(out, sys.argv):
        shared = [
            *(str(path) for path in chapter_paths(chapter or [])),
            f"--bench={bench}",
            f"--runs={out}",
            *([f"--fallback={fallback}"] if fallback is not None else []),
            *([f"--seed={seed}", f"--clock={clock}", f"--speed={speed}"] if bench == SIMULATED else []),
            *(f"--defect={one}" for one in defect or []),
            f"--rootdir={ROOT}",
            f"-c={ROOT / 'tox.ini'}",
            "-pno:fixtures.reasons",  # the table of verdicts tells them
            *(pytest_args or []),
        ]
        if bench != SIMULATED:  # all files are looked at before the first run starts
            check_register_maps(BenchFile.load(Path(bench)))
        for one in profiles:
            Profile.load(Profile.find(one, CHAPTERS_FOLDER / "profiles"))
    codes: list[int] = []
    for one in profiles:
        catcher = Catcher()
        codes.append(run_pytest([*shared, f"--profile={one}"], catcher, html=html))
        if catcher.interrupted:  # whoever ends one run does not want the next pump started
            break
    raise typer.Exit(min(codes, key=SEVERITY.index))


def run_pytest(arguments: list[str], catcher: Catcher, *, html: bool) -> int:
    """Run one pytest session, tell its verdicts, and return the exit code."""
    status = int(pytest.main(arguments, plugins=[catcher]))
    if status in (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        return ExitCode.WRONG_USE
    if catcher.run_session is None:
        raise PlanError("pytest", "start the run", "no run was recorded", "leave out --collect-only and the like")
    if not (catcher.run_session.folder.path / SUMMARY).is_file():
        return ExitCode.NOT_TESTED  # why has been told
    _tell(catcher.run_session.folder.path, html=html)
    return status


def _tell(folder: Path, *, html: bool) -> None:
    console = wide_console()
    summary = Summary.load(folder / SUMMARY)
    console.print(preflight_in_short(folder / "journal.jsonl"))
    console.print(verdict_table(summary, console.width))
    console.print(f"journal  {terminal_text(str(folder / 'journal.jsonl'))}", soft_wrap=True)
    console.print(f"summary  {terminal_text(str(folder / SUMMARY))}", soft_wrap=True)
    console.print(f"page     {terminal_text(str(folder / PAGE))}", soft_wrap=True)
    if html:
        console.print(f"report   {terminal_text(str(generate(folder)))}", soft_wrap=True)
