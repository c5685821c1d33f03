# SPDX-License-Identifier: Apache-2.0
"""`pumpbench doctor`: open every instrument of a bench file and tell all that is wrong at once.

The checks are those of a run's pre-flight. Those that move an injector or tare the balance are made with `--self-test`
only: without it nothing on the bench is changed.
"""

import shlex
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.attendance import TerminalAttendant
from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.clock import Clock, RunningClock, SteppedClock, bench_date
from bench.corrections import corrections_of
from bench.devices import Connection, Finding, check_register_maps, lacking_features
from bench.lease import Holder, Lease, LeaseHeld
from bench.preflight import CheckFinding, CheckState, Preflight
from bench.preflight.check_round import look_at
from bench.preflight.checks import looking_checks, paper_checks, reading_checks
from bench.profile import Profile
from bench.scheduler import Scheduler
from cli.conformance import try_bench
from cli.plan import Plan
from cli.wide_console import wide_console
from groundfloor.errors import BenchFault, PlanError
from groundfloor.exit_code import ExitCode
from instruments.control_line_client import ControlLine
from instruments.rig_lease import TOKENS_USED_UP
from reports.preflight_table import preflight_table
from reports.terminal_text import terminal_text

BENCH_FILE = "BENCH_FILE"
"""Stands in advice for the file that whoever gives it does not know."""


def doctor(
    bench: Annotated[Path, typer.Argument(help="The bench file.")],
    self_test: Annotated[
        bool,
        typer.Option(
            "--self-test",
            help="Make the whole pre-flight of a run: stop the pump, move each injector and put it back, "
            "weigh the blank. It takes as long as the bench file says.",
        ),
    ] = False,
    conformance: Annotated[
        bool,
        typer.Option(
            "--conformance",
            help="Try the bench against the rules of docs/how-to/build-a-rig.md instead, and move nothing; "
            "`simulated` as BENCH tries the twin.",
        ),
    ] = False,
    move: Annotated[
        bool,
        typer.Option(
            "--move",
            help="With --conformance: try the rules that move injectors, some microlitres, lease and tare as well.",
        ),
    ] = False,
    profile: Annotated[
        str,
        typer.Option(
            metavar="NAME", help="With --conformance: what the pump promises, where a rule lets it choose (R-67)."
        ),
    ] = "",
) -> None:
    """Open every instrument of a bench file and check it as a run does before its first infusion.

    Without --self-test nothing is programmed, moved or tared. Exit code 0: all is well; 2: a bad file; 3: something is
    wrong, or somebody else uses the bench.
    """
    if move and not conformance:
        raise PlanError("--move", "use", "it belongs to --conformance", "give both, or --self-test")
    if profile and not conformance:
        raise PlanError("--profile", "use", "it belongs to --conformance", "give both, or leave it out")
    if conformance:
        raise typer.Exit(try_bench(bench, move=move, profile=_profile(profile)))
    file = BenchFile.load(bench)
    check_register_maps(file)
    corrections_of(file)
    console = wide_console()
    try:
        troubles, simulated = _look(file, console)
        if self_test and not troubles:
            troubles = _self_test(file, console)
    except LeaseHeld as held:
        raise LeaseHeld(held.asset, held.operation, held.seen, _typed(held.next_step, bench)) from held
    for trouble in troubles:
        console.print(f"[bold red]✗[/] {terminal_text(_typed(trouble, bench))}", soft_wrap=True)
    if troubles:
        raise typer.Exit(ExitCode.NOT_TESTED)
    console.print(f"[green]{terminal_text(file.bench.name)} is ready[/]" + (" (SIMULATED)" if simulated else ""))


def _profile(name: str) -> Profile | None:
    return Profile.load(Profile.find(name, *Plan.here().profile_folders)) if name else None


def _look(file: BenchFile, console: Console) -> tuple[list[str], bool]:
    """Return what is wrong, and whether any of it is a twin."""
    with ExitStack() as ends:
        # two who speak on one line hear each other's answers, so even a look needs the bench to itself
        lease = Lease.acquire(file, reason="pumpbench doctor")
        ends.callback(lease.release)
        connection = Connection(file)
        ends.callback(connection.close)
        console.print(_identities(connection.findings))
        troubles = [str(finding.trouble) for finding in connection.findings if finding.trouble is not None]
        found = [finding for finding in connection.findings if finding.trouble is None]
        try:
            clock = _clock(file, ends)
        except BenchFault as fault:
            troubles.append(str(fault))
            clock, connection.balance = RunningClock(), None  # a twin's balance stands still with its time
        checks = [
            *paper_checks(file, found, bench_date(clock).date()),
            *reading_checks(connection.pump, connection.rig, lacking_features(file)),
            *looking_checks(file, connection.rig, connection.balance, Scheduler(clock)),
        ]
        findings = [look_at(check, file.preflight.off) for check in checks]
        troubles += _held_elsewhere(connection)
        console.print(preflight_table([one.line() for one in findings], "Checks"))
        simulated = file.simulated or any(finding.is_twin for finding in connection.findings)
        return troubles + _blocking(findings), simulated


def _held_elsewhere(connection: Connection) -> list[str]:
    """Return who else holds the rig, as the rig says; a run on this computer takes over what it left behind itself."""
    if connection.rig_lease is None:
        return []
    try:
        rig = connection.rig_lease.describe()
    except BenchFault as fault:
        return [str(fault)]
    if rig.used_up:
        seen = f"its fencing token is {rig.token}, and none comes after it: no session can take this rig"
        return [str(BenchFault("rig", "see who holds it", seen, TOKENS_USED_UP))]
    if not rig.held or Holder.here().host in rig.holder:
        return []
    seen = f"{rig.holder} holds the rig, for {rig.left_s:.0f} s more unless renewed"
    next_step = f"wait, or ask them; `pumpbench release --from {rig.holder} {BENCH_FILE}` takes it away"
    return [str(BenchFault("rig", "see who holds it", seen, next_step))]


def _typed(advice: str, bench: Path) -> str:
    """Return advice that can be typed as it stands: with the bench file that was asked about."""
    return advice.replace(BENCH_FILE, shlex.quote(str(bench)))


def _self_test(file: BenchFile, console: Console) -> list[str]:
    bench = Bench.open(file, reason="pumpbench doctor --self-test")
    bench.attendant = TerminalAttendant()
    preflight = Preflight(bench, lambda _what, _told: None)
    try:
        preflight.require()
    except BenchFault:
        return _blocking(preflight.findings)
    finally:
        try:
            bench.enter_safe_state()
        finally:
            bench.close()
            console.print(preflight_table([one.line() for one in preflight.findings], "Self-test"))
    return []


def _blocking(findings: list[CheckFinding]) -> list[str]:
    return list(dict.fromkeys(str(one.fault) for one in findings if one.state is CheckState.BLOCK))


def _clock(file: BenchFile, ends: ExitStack) -> Clock:
    if file.clock.control is None:
        return RunningClock(file.clock.speed)
    control = ControlLine.open(file.clock.control)
    ends.callback(control.close)
    return SteppedClock(control) if file.clock.mode == "stepped" else RunningClock(file.clock.speed)


def _identities(findings: list[Finding]) -> Table:
    table = Table("instrument", "address", "model", "serial number", "firmware", title="Instruments")
    for finding in findings:
        who = finding.identity
        told = (who.model, who.serial_number, who.firmware_version) if who is not None else ("not usable", "–", "–")
        table.add_row(finding.asset, *(terminal_text(text) for text in (finding.address, *told)))
    return table
