# SPDX-License-Identifier: Apache-2.0
"""What a twin process is told: which pump, which clock, which wire."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from instruments.simulated.balance.dialects import DEFAULT_DIALECT, SIMULATED_DIALECTS
from instruments.simulated.time.twin_time import ClockMode


class Wire(StrEnum):
    """What the drivers hang on: TCP ports, or pseudo-terminals in place of serial lines."""

    TCP = "tcp"
    PTY = "pty"


@dataclass(frozen=True)
class TwinOptions:
    """The options of one twin process; the defaults are what a test wants.

    Attributes:
        model: pump model, by the name of its file.
        map: the register map that the pump serves: the name of one that comes with the bench, or a path.
        seed: the same seed gives the same readings.
        occasion: draws another stretch of noise and weather for the same individuals; empty for that of the seed alone.
        clock: who moves time.
        speed: twin seconds per second of wall time, for the scaled clock.
        wire: TCP ports or pseudo-terminals.
        dialect: what the balance speaks.
        defects: what is wrong with the twin, as `name` or `name=magnitude`.
        host: interface to listen on.
        modbus_port: TCP port of pump and rig; 0 takes a free one. So the next two.
        balance_port: TCP port of the balance.
        control_port: TCP port of the control line.
        until_stdin_closes: end when standard input does, and leave Ctrl-C to the process that holds its other end.
        figures: of the model that are otherwise than its file says, as `name=value`.
    """

    model: str = "implantable-20ml"
    map: str = "pump"
    seed: int = 1
    occasion: str = ""
    clock: ClockMode = ClockMode.STEPPED
    speed: float = 1.0
    wire: Wire = Wire.TCP
    dialect: str = DEFAULT_DIALECT
    defects: tuple[str, ...] = ()
    host: str = "127.0.0.1"
    modbus_port: int = 0
    balance_port: int = 0
    control_port: int = 0
    until_stdin_closes: bool = False
    figures: tuple[str, ...] = ()

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Self:
        """Read the options from a command line; wrong ones end the process with code 2 and say why."""
        given = vars(_parser().parse_args(arguments))
        return cls(**{**given, "defects": tuple(given["defects"]), "figures": tuple(given["figures"])})

    def arguments(self) -> list[str]:
        """Return the command line that `parse` reads as these options."""
        words = [
            f"--model={self.model}",
            *([f"--map={self.map}"] if self.map != "pump" else []),
            f"--seed={self.seed}",
            *([f"--occasion={self.occasion}"] if self.occasion else []),
            f"--clock={self.clock}",
            f"--speed={self.speed!r}",
            f"--wire={self.wire}",
            f"--dialect={self.dialect}",
            f"--host={self.host}",
            f"--modbus-port={self.modbus_port}",
            f"--balance-port={self.balance_port}",
            f"--control-port={self.control_port}",
            *(f"--defect={defect}" for defect in self.defects),
            *(f"--figure={figure}" for figure in self.figures),
        ]
        return [*words, "--until-stdin-closes"] if self.until_stdin_closes else words


def _parser() -> argparse.ArgumentParser:
    default = TwinOptions()
    parser = argparse.ArgumentParser(
        prog="python -m instruments.simulated",
        description="Serve a simulated pump, rig and balance. One line of JSON on standard output tells the addresses.",
    )
    add = parser.add_argument
    add("--model", default=default.model, help="pump model (%(default)s)")
    add("--map", default=default.map, metavar="NAME", help="the pump's register map, name or path (%(default)s)")
    add("--seed", type=int, default=default.seed, help="seed of all noise (%(default)s)")
    add("--occasion", default=default.occasion, metavar="NAME", help="the same individuals on another day")
    add("--clock", type=ClockMode, choices=list(ClockMode), default=default.clock, help="who moves time (%(default)s)")
    add("--speed", type=_positive, default=default.speed, help="twin seconds per second, scaled clock (%(default)s)")
    add("--wire", type=Wire, choices=list(Wire), default=default.wire, help="what drivers hang on (%(default)s)")
    add("--dialect", choices=sorted(SIMULATED_DIALECTS), default=default.dialect, help="the balance's (%(default)s)")
    add("--defect", dest="defects", action="append", default=[], metavar="NAME[=VALUE]", help="make it a bad one")
    add("--figure", dest="figures", action="append", default=[], metavar="NAME=VALUE", help="of the model, otherwise")
    add(
        "--host",
        type=_host,
        default=default.host,
        help="interface to listen on; other machines only see it if told (%(default)s)",
    )
    add("--modbus-port", type=_port, default=0, help="port of pump and rig; 0: any free one")
    add("--balance-port", type=_port, default=0, help="port of the balance; 0: any free one")
    add("--control-port", type=_port, default=0, help="port of the control line; 0: any free one")
    add("--until-stdin-closes", action="store_true", help="end with standard input; ignore Ctrl-C")
    return parser


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not over zero")
    return number


def _host(text: str) -> str:
    if ":" in text or not text:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no IPv4 address or name; a VISA socket name has no place for ':'"
        )
    return text


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return number
