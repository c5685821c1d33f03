# SPDX-License-Identifier: Apache-2.0
"""`pumpbench doctor --conformance`: try a bench against the rules of *Build a rig*, one by one.

Without `--move` nothing is written to pump or rig. With it injectors, some microlitres, the lease and the tare are
moved, and the bench is left safe whatever comes. `simulated` in place of a bench file tries the twin.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from bench.bench_file import BenchFile
from bench.conformance import RULES, Outcome, RuleFinding, try_rules
from bench.devices import check_register_maps, lacking_features
from bench.interruption import catch_signals
from bench.profile import Profile
from bench.simulated_bench import simulated_bench
from cli.wide_console import wide_console
from fixtures.options import SIMULATED
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from reports.conformance_table import conformance_in_short, conformance_table
from reports.terminal_text import terminal_text


def try_bench(bench: Path, *, move: bool, profile: Profile | None = None) -> ExitCode:
    """Try every rule, show what was seen, and return what to end with.

    Args:
        bench: the bench file, or `simulated` for a twin in stepped time.
        move: whether what writes to the bench is tried as well.
        profile: what the pump promises, where a rule lets it promise one thing or another; None for either.

    Raises:
        PlanError: a bad file, or a bench of another kind.
        BenchFault: the bench cannot be opened, or was not left safe.
    """
    console = wide_console()
    catch_signals()
    with _file(bench) as file, console.status("") as status:
        check_register_maps(file)
        _refuse_a_pump_that_promises_less(file)

        findings: list[RuleFinding] = []

        def show(finding: RuleFinding) -> None:
            findings.append(finding)
            status.update(terminal_text(f"{finding.rule.number} of R-{len(RULES)}: {finding.outcome}"))

        try:
            try_rules(file, move=move, profile=profile, on_finding=show)
        finally:  # what was found out is shown, however it ends
            status.stop()
            _print(findings, console)
        name = file.bench.name + (" (SIMULATED)" if file.simulated else "")
    console.print(f"{terminal_text(name)}: {conformance_in_short(findings)}")
    return _exit_code(findings, move=move)


def _refuse_a_pump_that_promises_less(file: BenchFile) -> None:
    """Refuse to try rules on registers that are not there.

    Raises:
        PlanError: the pump's map leaves something out.
    """
    if lacking := lacking_features(file):
        seen = f"its map has no {', no '.join(one.words for one in lacking)}, and the rules are for a pump that has all"
        next_step = "run the chapters with its profile: they judge all that it does promise"
        raise PlanError(f"pump of bench {file.bench.name}", "try the rules", seen, next_step)


def _print(findings: Sequence[RuleFinding], console: Console) -> None:
    in_order = sorted(findings, key=lambda finding: RULES.index(finding.rule))
    console.print(conformance_table(in_order, "Build a rig"))
    for finding in in_order:
        if finding.outcome is Outcome.DIFFERS:
            told = f"{finding.rule.number} {finding.rule.text}: {finding.seen}. See {finding.rule.anchor}"
            console.print(f"[bold red]✗[/] {terminal_text(told)}", soft_wrap=True)


def _exit_code(findings: Sequence[RuleFinding], *, move: bool) -> ExitCode:
    """Return 0 only if nothing differs, and something was moved where that was asked for."""
    differs = any(finding.outcome is Outcome.DIFFERS for finding in findings)
    moved = any(finding.rule.moves and finding.outcome is not Outcome.NOT_TRIED for finding in findings)
    return ExitCode.NOT_TESTED if differs or (move and not moved) else ExitCode.PASSED


@contextmanager
def _file(bench: Path) -> Iterator[BenchFile]:
    if str(bench) != SIMULATED:
        yield BenchFile.load(bench)
        return
    with TwinChild(TwinOptions()) as addresses:
        yield simulated_bench(addresses)
