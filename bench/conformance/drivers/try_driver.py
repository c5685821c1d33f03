# SPDX-License-Identifier: Apache-2.0
"""Trying a driver against all questions of its kind, one after the other, with everything let go at the end."""

import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.conformance.drivers.device_under_trial import SLACK, DeviceUnderTrial, Ways
from bench.conformance.drivers.driver_trial import DriverFinding, DriverTrial
from bench.conformance.drivers.spoilt_wire import SpoiltWire
from bench.conformance.drivers.unit_trials import OF_BALANCES, OF_PUMPS
from bench.conformance.drivers.wire_trials import TRIALS
from bench.conformance.outcome import Differs, NotTried, Outcome
from groundfloor.errors import BenchFault, PlanError, PumpFailure
from groundfloor.plug_ins import Kind
from groundfloor.system.pseudo_terminal import open_pseudo_terminal
from instruments.balance import Balance
from instruments.balance_access import BalanceAccess
from instruments.device_access import DeviceAccess
from instruments.drivers.contract import OpenBalance, PumpDriver, RigDriver
from instruments.pump import Pump
from instruments.rig import Rig
from instruments.simulated.wires.wire_fault import Framing

_PLACE = re.compile(r"(?P<host>\[[^\]]+\]|[\w.-]+)(?P<between>::?)(?P<port>\d{1,5})(?![\w.])")
"""A host and a port, in an address such as `tcp://host:port` or a PyVISA name such as `TCPIP::host::port::SOCKET`."""
_FILE = re.compile(r"/dev/[\w./-]*\w")
"""A device file, in an address such as `/dev/ttyUSB0`, `rtu:///dev/ttyUSB0?parity=N` or `ASRL/dev/ttyUSB0::INSTR`."""
OPENS = "D-3"
"""The first question that needs the device."""
ON_A_GOOD_WIRE = 4
"""So many of the questions need no wire that is spoilt; those of the kind come after them."""
LOOPBACK = "127.0.0.1"
REACH_S = 5.0
OnFinding = Callable[[DriverFinding], None]


@dataclass(frozen=True)
class Asked:
    """What is tried.

    Attributes:
        kind: pump, rig or balance.
        driver: as the table of drivers has it.
        address: of the device.
        framing: what a message is on its wire.
        map: for drivers that want one.
        timeout_s: longest wait for one answer.
        move: whether the pump may be moved; only a twin is.
        mass_g: what lies on the balance.
    """

    kind: Kind
    driver: object
    address: str
    framing: Framing
    map: str = "pump"
    timeout_s: float = 1.0
    move: bool = False
    mass_g: float | None = None


def try_driver(asked: Asked, on_finding: OnFinding = lambda _: None) -> tuple[DriverFinding, ...]:
    """Try a driver.

    Raises:
        PlanError: the kind has no driver.
    """
    findings = []
    more: dict[Kind, tuple[DriverTrial, ...]] = {Kind.PUMP: OF_PUMPS, Kind.BALANCE: OF_BALANCES, Kind.RIG: ()}
    if asked.kind not in more:
        raise PlanError(f"kind {asked.kind}", "try its driver", "it has no wire", f"name {', '.join(more)}")
    with _under_trial(asked) as device:
        for rule in (*TRIALS[:ON_A_GOOD_WIRE], *more[asked.kind], *TRIALS[ON_A_GOOD_WIRE:]):
            finding = _tried(rule, device, move=asked.move)
            findings.append(finding)
            on_finding(finding)
            if finding.outcome is Outcome.DIFFERS:
                device.begin_anew()
            if rule.number == OPENS and finding.outcome is Outcome.NOT_TRIED:
                break  # nothing else can be tried either
    return tuple(findings)


def refuse_unreachable(kind: Kind, address: str) -> None:
    """Refuse an address at which nothing can be tried, before anything stands between driver and device.

    Raises:
        PlanError: a balance's is no name of PyVISA, or nobody listens at its port.
    """
    if kind is Kind.BALANCE and not address.startswith(("TCPIP", "ASRL")):
        found = _PLACE.search(address)
        place = "TCPIP::host::port::SOCKET" if found is None else f"TCPIP::{found['host']}::{found['port']}::SOCKET"
        next_step = f"write {place}, or ASRL/dev/ttyUSB0::INSTR for a serial line"
        raise PlanError(f"balance at {address}", "try its driver", "that is no name of PyVISA", next_step)
    if (file := _FILE.search(address)) is not None and not Path(file[0]).exists():
        next_step = "plug the device in or start its twin, and name its line with --address"
        raise PlanError(f"device at {address}", "try its driver", f"there is no {file[0]}", next_step)
    found = _PLACE.search(address)
    if found is None:
        return
    host, port = found["host"].strip("[]"), int(found["port"])
    try:
        socket.create_connection((host, port), REACH_S).close()
    except OSError as refused:
        next_step = "start the device or its twin, and name its address with --address"
        seen = f"nobody listens at port {port} of {host}: {refused.strerror or refused}"
        raise PlanError(f"device at {address}", "try its driver", seen, next_step) from refused


def _tried(rule: DriverTrial, device: DeviceUnderTrial[Any], *, move: bool) -> DriverFinding:
    if rule.moves and not move:
        return DriverFinding(rule, Outcome.NOT_TRIED, "it moves something: --move")
    try:
        return DriverFinding(rule, Outcome.OK, rule.trial(device))
    except Differs as seen:
        return DriverFinding(rule, Outcome.DIFFERS, str(seen))
    except NotTried as why:
        return DriverFinding(rule, Outcome.NOT_TRIED, str(why))
    except (BenchFault, PlanError, PumpFailure) as fault:
        return DriverFinding(rule, Outcome.DIFFERS, fault.finding)


@contextmanager
def _under_trial(asked: Asked) -> Iterator[DeviceUnderTrial[Any]]:
    with ExitStack() as ends:
        wire, near, dead = _wire(asked, ends)
        device: DeviceUnderTrial[Any] = DeviceUnderTrial(
            _ways(asked), asked.address, wire, near, dead, asked.timeout_s, asked.mass_g, move=asked.move
        )
        ends.callback(device.close)
        yield device


def _wire(asked: Asked, ends: ExitStack) -> tuple[SpoiltWire | None, str, str]:
    """Return a wire that can be spoilt, the address of its near end, and one where nobody answers.

    Raises:
        BenchFault: nothing can stand in front of this device.
    """
    address = asked.address
    if (file := _FILE.search(address)) is not None:
        wire = SpoiltWire(file[0], Framing.SERIAL_LINES if asked.framing is Framing.LINES else Framing.MODBUS_RTU)
        silent = _silent_line(ends)
        return wire, address.replace(file[0], str(wire.near)), address.replace(file[0], silent)
    if (found := _PLACE.search(address)) is None:
        return None, address, address
    wire = SpoiltWire((found["host"].strip("[]"), int(found["port"])), asked.framing)
    return wire, _at(address, int(wire.near)), _at(address, _dead_port())


def _silent_line(ends: ExitStack) -> str:
    """Return the device file of a serial line at whose other end nobody answers."""
    ours, theirs, path = open_pseudo_terminal()
    ends.callback(os.close, ours)
    ends.callback(os.close, theirs)
    return path


def _at(address: str, port: int) -> str:
    return _PLACE.sub(lambda found: f"{LOOPBACK}{found['between']}{port}", address, count=1)


def _dead_port() -> int:
    """Return a port of this machine at which nobody listens: one that was free just now."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        return int(free.getsockname()[1])


def _ways(asked: Asked) -> Ways[Any]:
    access = DeviceAccess(asked.address, asked.map, timeout_s=asked.timeout_s)
    if asked.kind is Kind.BALANCE:
        opener: OpenBalance = asked.driver  # type: ignore[assignment]
        balance_access = BalanceAccess(
            asked.address,
            asked.timeout_s,
            SLACK * asked.timeout_s,
            accept_unverified_settings=True,
            capacity_g=CAPACITY_G,
        )
        ways_of_balance: Ways[Balance] = Ways(
            open=lambda address, _lines: opener(replace(balance_access, resource=address)),
            identify=lambda balance: balance.identify(),
            read=lambda balance: balance.read_mass_g(),
            close=lambda balance: balance.close(),
            prepare=lambda balance: balance.tare(),
        )
        return ways_of_balance
    if asked.kind is Kind.RIG:
        rigs: RigDriver = asked.driver  # type: ignore[assignment]
        ways_of_rig: Ways[Rig] = Ways(
            open=lambda address, lines: rigs.open(replace(access, address=address), lines),
            identify=lambda rig: rig.identify(),
            read=lambda rig: rig.read(),
            close=lambda _rig: None,
            refuse_address=rigs.check_address,
        )
        return ways_of_rig
    pumps: PumpDriver = asked.driver  # type: ignore[assignment]
    ways_of_pump: Ways[Pump] = Ways(
        open=lambda address, lines: pumps.open(replace(access, address=address), lines),
        identify=lambda pump: pump.identify(),
        read=lambda pump: pump.read(),
        close=lambda _pump: None,
        refuse_address=pumps.check_address,
    )
    return ways_of_pump


CAPACITY_G = 220.0
"""Assumed of a balance that does not tell it; nothing here weighs to the edge."""
