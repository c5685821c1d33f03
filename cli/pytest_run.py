# SPDX-License-Identifier: Apache-2.0
"""One session of pytest over the test plans, with settings of our own, and how its end becomes an exit code."""

import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

import fixtures
from bench.lease import Lease
from bench.run_folder import SUMMARY
from cli.named_plans import NamedPlans
from cli.summary_file import SummaryFile
from cli.wide_console import wide_console
from fixtures.chapters.loop import SLOTS
from fixtures.chapters.slots import Slots
from fixtures.run_session import RUN_SESSION, RunSession
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from reports.preflight_table import preflight_in_short
from reports.summary import Summary
from reports.terminal_text import terminal_text
from reports.verdict_table import verdict_table

SETTINGS = Path(fixtures.__file__).with_name("pytest.ini")
LOADED = ("-p", "no:pumpbench", "-p", "allure_pytest", "-p", "fixtures.plugin")
"""Without the plug-in that brings the bench into other repositories: here it is there already."""
NOTHING_TO_RUN = PlanError(
    "plan",
    "collect",
    "none of its tests is left to run",
    "a test is a function test_…; -k and -m leave some out",
)
REFUSED_BY_PYTEST = (pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED)


class Catcher:
    """Keeps what is needed when a pytest session is over: its run session, and how it ended."""

    run_session: RunSession | None = None
    interrupted: bool = False
    crashed: bool = False

    def __init__(
        self,
        slots: Slots | None = None,
        on_interrupt: Callable[[], None] | None = None,
        lease: Lease | None = None,
    ) -> None:
        """Give the session what other runs of the same command share with it.

        Args:
            slots: how many workers may work at once.
            on_interrupt: called when somebody ends the session.
            lease: of the bench, if the run waited for it.
        """
        self._lease = lease
        self._slots = slots
        self._on_interrupt = on_interrupt

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Let the session have the slots."""
        if self._slots is not None:
            session.config.stash[SLOTS] = self._slots

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Keep the run session that the fixtures have put into the configuration."""
        self.run_session = config.stash.get(RUN_SESSION, None)
        if self.run_session is not None:
            self.run_session.lease = self._lease

    def pytest_internalerror(self) -> None:
        """Note that the session crashed; its exit code alone is that of any session that tested nothing."""
        self.crashed = True

    def pytest_keyboard_interrupt(self) -> None:
        """Note that somebody ended the session: what was not tested then is no verdict."""
        self.interrupted = True
        if self._on_interrupt is not None:
            self._on_interrupt()


def run_pytest(
    arguments: list[str],
    root: Path,
    catcher: Catcher,
    *,
    html: bool,
    require_html: bool = False,
    summary_file: SummaryFile | None = None,
    plans: NamedPlans | None = None,
) -> int:
    """Run one pytest session, tell its verdicts, and return the exit code.

    Args:
        arguments: plans and options.
        root: the folder that the ids of tests are told from.
        catcher: keeps what the caller wants to know afterwards.
        html: make the Allure report.
        require_html: a run that passes without it does not pass.
        summary_file: where its Markdown summary goes, beside the page of a GitHub job.
        plans: what is collected, where somebody may have named plans of his own.

    Raises:
        PlanError: pytest was asked for something else than a run.
    """
    settings = ["-c", str(SETTINGS), f"--rootdir={root}", *LOADED, "-pno:fixtures.reasons"]  # the table tells them
    status = _status([*settings, *arguments], catcher, plans)
    if status in REFUSED_BY_PYTEST:
        if status == pytest.ExitCode.NO_TESTS_COLLECTED:
            sys.stderr.write(f"{NOTHING_TO_RUN}\n")
        return ExitCode.WRONG_USE
    if catcher.run_session is None and status == ExitCode.NOT_TESTED:
        return ExitCode.NOT_TESTED  # it was refused, and why has been told
    if catcher.run_session is None:
        raise PlanError("pytest", "start the run", "no run was recorded", "leave out --collect-only and the like")
    folder = catcher.run_session.folder.path
    if catcher.crashed:
        wide_console().print("The INTERNALERROR above is a defect of pumpbench, or of a plug-in of pytest: not a FAIL.")
    if not (folder / SUMMARY).is_file():
        # why has been told; a FAIL that the journal holds is one all the same
        return ExitCode.FAILED if status == ExitCode.FAILED else ExitCode.NOT_TESTED
    html_missing = not _tell(folder, summary_file or SummaryFile(), html=html or require_html)
    if status == ExitCode.PASSED:
        status = Summary.load(folder / SUMMARY).exit_code
    return ExitCode.NOT_TESTED if status == ExitCode.PASSED and require_html and html_missing else status


def _status(arguments: list[str], catcher: Catcher, plans: NamedPlans | None) -> int:
    try:
        return int(pytest.main(arguments, plugins=[catcher, *([] if plans is None else [plans])]))
    except ImportError as missing:  # pytest lets this one through, for `-p` and for PYTEST_PLUGINS
        if catcher.run_session is not None:
            raise
        raise PlanError("pytest", "load its plug-ins", str(missing), "mend -p or PYTEST_PLUGINS") from missing
    except Exception:
        if catcher.run_session is None or not (summary := catcher.run_session.folder.path / SUMMARY).is_file():
            raise
        traceback.print_exc()
        told = "What stands above is a defect of a plug-in or of pumpbench, please report it: "
        wide_console().print(f"{told}it came behind the end of the run, whose record is whole.", soft_wrap=True)
        failed = Summary.load(summary).exit_code == ExitCode.FAILED
        return ExitCode.FAILED if failed else ExitCode.NOT_TESTED


def _tell(folder: Path, summary_file: SummaryFile, *, html: bool) -> bool:
    """Tell what came of the run; return whether there is an HTML view."""
    from reports.allure_html import generate  # what makes pages is imported when the run is over
    from reports.page import PAGE

    console = wide_console()
    summary = Summary.load(folder / SUMMARY)
    console.print(preflight_in_short(folder / "journal.jsonl"))
    console.print(verdict_table(summary, console.width))
    console.print(f"journal  {terminal_text(str(folder / 'journal.jsonl'))}", soft_wrap=True)
    console.print(f"summary  {terminal_text(str(folder / SUMMARY))}", soft_wrap=True)
    if (folder / PAGE).is_file():
        console.print(f"page     {terminal_text(str(folder / PAGE))}", soft_wrap=True)
    for told in summary_file.append(summary, folder):
        console.print(terminal_text(told), soft_wrap=True)
    if not html:
        return False
    made = generate(folder)
    console.print(f"report   {terminal_text(str(made))}", soft_wrap=True)
    return made.path is not None
