# SPDX-License-Identifier: Apache-2.0
"""`pumpbench simulate`: a twin of pump, rig and balance as a process of its own."""

from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bench.profile import Profile
from bench.simulated_bench import simulated_bench
from bench.twin_of_profile import TwinOfProfile
from cli.chapters import PROFILES_FOLDER
from cli.plan import Plan
from cli.wire_faults import LOG, spoilt
from fixtures.plan_files import USUAL_PROFILE
from groundfloor.errors import PlanError
from groundfloor.system.end_requests import ends_held, wait_for_end
from instruments.simulated.balance.dialects import DEFAULT_DIALECT, SIMULATED_DIALECTS
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions, Wire
from instruments.simulated.wires.twin_addresses import TwinAddresses
from reports.terminal_text import terminal_text


def simulate(
    model: Annotated[str, typer.Option(help="Which simulated pump model.")] = USUAL_PROFILE,
    profile: Annotated[
        str | None,
        typer.Option(help="Let it keep what a profile promises, by its name or file: its limits, reservoir, stroke …"),
    ] = None,
    pump_map: Annotated[
        str,
        typer.Option("--map", metavar="NAME", help="The pump's register map, name or file; it may have fewer points."),
    ] = "pump",
    wire: Annotated[Wire, typer.Option(help="TCP ports, or pseudo-terminals in place of serial lines.")] = Wire.TCP,
    clock: Annotated[
        ClockMode, typer.Option(help="real, scaled (with --speed), or stepped: then only the bench moves time.")
    ] = ClockMode.REAL,
    speed: Annotated[float, typer.Option(help="How much faster than real time a scaled clock runs.")] = 1.0,
    balance: Annotated[
        str, typer.Option(metavar="DIALECT", help=f"What the balance speaks: {', '.join(SIMULATED_DIALECTS)}.")
    ] = DEFAULT_DIALECT,
    seed: Annotated[int, typer.Option(help="Seed of all noise.")] = 1,
    defect: Annotated[
        list[str] | None, typer.Option(help="Make it a bad one: NAME or NAME=VALUE, such as rate_bias=0.2.")
    ] = None,
    bench_file: Annotated[Path, typer.Option(help="Where to write the bench file that leads to it.")] = Path(
        "simulated-bench.toml"
    ),
    host: Annotated[
        str, typer.Option(help="Interface to listen on; nobody else gets in unless you say so.")
    ] = "127.0.0.1",
    modbus_port: Annotated[int, typer.Option(help="TCP port of pump and rig; 0 takes a free one.")] = 0,
    balance_port: Annotated[int, typer.Option(help="TCP port of the balance; 0 takes a free one.")] = 0,
    wire_faults: Annotated[
        str | None,
        typer.Option(metavar="SEED,RATE", help="Spoil the wires: the share of messages that meet a fault, as 7,0.02."),
    ] = None,
    wire_fault_log: Annotated[Path, typer.Option(help="Where each fault of the wires is written.")] = LOG,
) -> None:
    """Serve a simulated pump rig and balance over their real protocols until Ctrl-C; write a ready bench file.

    Then, in another terminal: `pumpbench doctor simulated-bench.toml`, `pumpbench run simulated-bench.toml`.
    """
    if clock is ClockMode.REAL and speed != 1.0:
        clock = ClockMode.SCALED
    played = TwinOfProfile(model, (), ()) if profile is None else _of_profile(profile, model)
    options = TwinOptions(
        model=played.model,
        figures=played.figures,
        map=_whole(pump_map),
        seed=seed,
        clock=clock,
        speed=speed,
        wire=wire,
        dialect=_known(balance),
        defects=tuple(defect or ()),
        host=host,
        modbus_port=modbus_port,
        balance_port=balance_port,
    )
    if not _stays_inside(host):
        told = f"Everybody who reaches {host} can move this twin: nothing asks for a password."
        Console(stderr=True).print(f"[bold yellow]Warning.[/] {terminal_text(told)}", soft_wrap=True)
    for line in played.words:
        Console(stderr=True).print(terminal_text(line), soft_wrap=True)
    with (
        TwinChild(options) as twin,
        ends_held(),
        spoilt(twin, wire_faults, wire_fault_log) as addresses,
    ):
        _write(addresses, bench_file)
        _tell(addresses, bench_file)
        wait_for_end()


def _of_profile(profile: str, model: str) -> TwinOfProfile:
    """Return the twin that keeps a profile.

    Raises:
        PlanError: there is no such profile, or another model was named as well.
    """
    if model != USUAL_PROFILE:
        raise PlanError("--model", "use", "--profile names the model of its twin", "leave one of them out")
    found = Profile.find(profile, *Plan.here().profile_folders)
    return TwinOfProfile.of(Profile.load(found), PROFILES_FOLDER)


def _whole(pump_map: str) -> str:
    """Return the path of a map as seen from everywhere, or the name of one that comes with the bench."""
    return str(Path(pump_map).absolute()) if pump_map.endswith(".toml") else pump_map


def _known(dialect: str) -> str:
    if dialect not in SIMULATED_DIALECTS:
        seen = f"no simulated balance speaks {dialect!r}"
        raise PlanError("balance", "simulate", seen, f"say --balance {' or '.join(SIMULATED_DIALECTS)}")
    return dialect


def _stays_inside(host: str) -> bool:
    """Tell whether nobody on another machine can reach `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _write(addresses: TwinAddresses, bench_file: Path) -> None:
    try:
        simulated_bench(addresses).write(bench_file)
    except OSError as refused:
        raise PlanError(
            f"bench file {bench_file}", "write", str(refused), "name another with --bench-file"
        ) from refused


def _tell(addresses: TwinAddresses, bench_file: Path) -> None:
    console = Console(emoji=False, highlight=False)
    table = Table(
        "instrument", "address", "serial number", title=f"SIMULATED {addresses.model}, {addresses.clock} clock"
    )
    table.add_row("pump", terminal_text(addresses.pump), addresses.pump_serial)
    table.add_row("rig", terminal_text(addresses.rig), addresses.rig_serial)
    table.add_row("balance", terminal_text(addresses.balance), addresses.balance_serial)
    console.print(table)
    console.print(f"bench file  {terminal_text(str(bench_file))}", soft_wrap=True)
    console.print("Ctrl-C ends it.")
