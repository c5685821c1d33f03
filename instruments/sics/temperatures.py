# SPDX-License-Identifier: Apache-2.0
"""The temperatures inside a balance: `M28`, a line for each sensor, which not every model knows.

Source: Mettler-Toledo, MT-SICS Interface Command for Weigh Modules, 11781363: `M28 B 1 22.5` … `M28 A 2 23.0`, in °C.
"""

import re

from groundfloor.errors import BenchFault
from instruments.sics.dialogue import SicsDialogue
from instruments.sics.reply import NotAReply, is_unknown_command, parse_accepted

_COMMAND = "M28"
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,3})?")
_UNTOLD = tuple(f"{_COMMAND} {why}\r\n".encode() for why in "IL")
_TRIES = 3
_DAMAGED = (b"ES\r\n", b"ET\r\n")
"""Said of an unknown command, and just so of one that was damaged on its way."""


def read_temperatures_c(dialogue: SicsDialogue, asset: str) -> tuple[float, ...]:
    """Ask for the temperature of each sensor; none where the balance does not tell.

    Raises:
        BenchFault: what it answers is no temperature.
    """
    lines = dialogue.ask_lines(_COMMAND.encode())
    for _ in range(_TRIES - 1):
        if lines[-1] not in _DAMAGED:
            break
        lines = dialogue.ask_lines(_COMMAND.encode())
    if is_unknown_command(lines[-1]) or lines[-1] in _UNTOLD:
        return ()
    try:
        return tuple(_temperature_c(parse_accepted(line, _COMMAND)[1]) for line in lines)
    except NotAReply as error:
        raise BenchFault(asset, _COMMAND, f"answered {lines!r}", "see that nobody else uses this line") from error


def _temperature_c(parameters: tuple[str, ...]) -> float:
    if len(parameters) != 2 or _NUMBER.fullmatch(parameters[1]) is None:
        raise NotAReply(f"no sensor and temperature: {parameters}")
    return float(parameters[1])
