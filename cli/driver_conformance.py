# SPDX-License-Identifier: Apache-2.0
"""`pumpbench conformance KIND PLUG-IN`: does a plug-in keep to the protocol of its kind?"""

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bench.conformance import Outcome
from bench.conformance.drivers import Asked, DriverFinding, refuse_unreachable, try_driver
from bench.conformance.parts import try_part
from cli.chapter_trials import Chapters, chapter_trials
from cli.chapters_to_try import chapters_in, chapters_of_pack
from cli.wide_console import wide_console
from groundfloor.errors import PlanError
from groundfloor.exit_code import ExitCode
from groundfloor.plug_ins import Kind, Offer, offers_of
from groundfloor.project import enter_project, present_project
from instruments.drivers.plug_in_drivers import PlugInDialect, PlugInPumpDriver, PlugInRigDriver
from instruments.drivers.table import BALANCE_DIALECTS, PUMP_DRIVERS, RIG_DRIVERS
from instruments.simulated.wires.wire_fault import Framing
from reports.conformance_table import conformance_in_short, conformance_table
from reports.section_trials import section_trials

TABLES = {Kind.PUMP: PUMP_DRIVERS, Kind.RIG: RIG_DRIVERS, Kind.BALANCE: BALANCE_DIALECTS}
ACCEPT = {Kind.PUMP: PlugInPumpDriver, Kind.RIG: PlugInRigDriver, Kind.BALANCE: PlugInDialect}
ALSO_CALLED = {"chapter": Kind.CHAPTERS, "pack": Kind.CHAPTERS, "section": Kind.REPORT}
FRAMINGS = {"lines": Framing.LINES, "modbus-tcp": Framing.MODBUS_TCP}


def conformance(
    kind: Annotated[
        str, typer.Argument(help="pump, rig, balance, injector, therapy, chapter, defect, correction or section.")
    ],
    plug_in: Annotated[
        str,
        typer.Argument(
            help="module:attribute, file.py:attribute, or the name of a known one; test_mine.py for a chapter."
        ),
    ],
    address: Annotated[str, typer.Option(help="Of a device that answers: the driver's own twin, for one.")] = "",
    wire: Annotated[str, typer.Option(help="What a message is on that wire: lines or modbus-tcp.")] = "lines",
    register_map: Annotated[str, typer.Option("--map", help="For a driver that wants one.")] = "",
    timeout_s: Annotated[float, typer.Option(min=0.05, max=60.0, help="Longest wait for one answer.")] = 1.0,
    mass_g: Annotated[float | None, typer.Option(help="What lies on the balance.")] = None,
    move: Annotated[bool, typer.Option("--move", help="Let the pump run; only a twin is moved.")] = False,
    defect: Annotated[
        list[str] | None, typer.Option(metavar="NAME[=X]", help="A bad pump that a chapter has to find. Repeat it.")
    ] = None,
    profile: Annotated[str, typer.Option(help="What the pump promises that a chapter is tried on.")] = "",
    limit_s: Annotated[float, typer.Option(min=1.0, help="Longest time for each run of a chapter.")] = 1800.0,
) -> None:
    """Try a plug-in against the protocol of its kind.

    A driver is tried on good and bad wires, a chapter on a good pump and on bad ones, all others by themselves.

    Examples:
    `pumpbench conformance pump my_pump.py:Driver --address tcp://127.0.0.1:4711 --move`

    `pumpbench conformance chapter test_plans/test_mine.py --defect rate_bias=0.2`

    Exit code: 0 nothing differs; 2 there is no such plug-in, or nobody answers; 3 something differs.
    """
    chosen = _kind(kind)
    enter_project()
    if chosen is Kind.CHAPTERS:
        findings = chapter_trials(_chapters(plug_in, defect or [], profile, limit_s))
    elif chosen is Kind.REPORT:
        offer = _offer(chosen, plug_in)
        findings = section_trials(offer, offer.load())
    elif chosen not in TABLES:
        findings = try_part(chosen, _offer(chosen, plug_in))
    elif not address:
        raise PlanError(f"{chosen} plug-in {plug_in}", "try", "no device was named", "name one with --address")
    else:
        if wire not in FRAMINGS:
            raise PlanError("--wire", "choose", f"there is no {wire!r}", f"choose {' or '.join(FRAMINGS)}")
        driver = _driver(chosen, plug_in)
        refuse_unreachable(chosen, address)
        asked = Asked(
            chosen, driver, address, FRAMINGS[wire], register_map or str(chosen), timeout_s, move=move, mass_g=mass_g
        )
        findings = try_driver(asked)
    _refuse_a_dead_device(findings, address)
    _tell(findings, f"{chosen} {plug_in}")
    differs = any(finding.outcome is Outcome.DIFFERS for finding in findings)
    raise typer.Exit(ExitCode.NOT_TESTED if differs else ExitCode.PASSED)


def _kind(kind: str) -> Kind:
    try:
        return ALSO_CALLED.get(kind) or Kind(kind)
    except ValueError:
        raise PlanError(
            "conformance", f"try a {kind!r}", "there is no such kind", f"kinds: {', '.join([*Kind, *ALSO_CALLED])}"
        ) from None


def _chapters(plug_in: str, bad_pumps: list[str], profile: str, limit_s: float) -> Chapters:
    if plug_in.endswith(".py") or Path(plug_in).is_dir():
        return chapters_in(Path(plug_in), bad_pumps, profile, limit_s)
    return chapters_of_pack(_offer(Kind.CHAPTERS, plug_in), present_project(), bad_pumps, profile, limit_s)


def _offer(kind: Kind, plug_in: str) -> Offer:
    if ":" not in plug_in:
        known = offers_of(kind)
        if plug_in not in known:
            _refuse_unknown(kind, plug_in, known)
        return known[plug_in]
    return Offer(kind, plug_in.rpartition(":")[2], plug_in, "the command line", Path.cwd())


def _driver(kind: Kind, plug_in: str) -> object:
    if ":" not in plug_in:
        table = TABLES[kind]
        if plug_in not in table:
            _refuse_unknown(kind, plug_in, table)
        return table[plug_in]
    offer = _offer(kind, plug_in)
    return ACCEPT[kind](offer, offer.load())


def _refuse_unknown(kind: Kind, name: str, known: Iterable[str]) -> NoReturn:
    close = difflib.get_close_matches(name, known, n=1)
    listed = ", ".join(known) or "none, so name its place, such as my_lab.py:NAME"
    next_step = f"did you mean {close[0]!r}?" if close else f"there is: {listed}"
    raise PlanError(f"{kind} plug-in {name!r}", "find", "there is none of this name", next_step)


def _tell(findings: tuple[DriverFinding, ...], title: str) -> None:
    console = wide_console()
    console.print(conformance_table(findings, title))
    console.print(conformance_in_short(findings))


def _refuse_a_dead_device(findings: tuple[DriverFinding, ...], address: str) -> None:
    """Say it in one sentence where nothing could be tried because nobody answers.

    Raises:
        PlanError: the device did not open.
    """
    closed = [one.seen for one in findings if one.outcome is Outcome.NOT_TRIED and "does not open" in one.seen]
    if closed:
        next_step = "start the device or its twin, and name its address with --address"
        raise PlanError(f"device at {address}", "try its driver", closed[0], next_step)
