# SPDX-License-Identifier: Apache-2.0
"""`ohaus`: weights right aligned in ten characters, a question mark behind an unstable one, `OK!` switched off.

Source: Ohaus, Adventurer and Explorer service manuals. What is printed out of range is assumed.
"""

from collections.abc import Mapping
from functools import partial

from instruments.simulated.balance.dialect import MakeDialect
from instruments.simulated.balance.line_dialect import LineDialect
from instruments.simulated.balance.line_words import Order, by_lines, display, in_unit
from instruments.simulated.served.devices import LoadStatus, WeighingCell

WEIGHT_CHARACTERS = 10
_ERRORS = {LoadStatus.OVERLOAD: "Err 8.3", LoadStatus.UNDERLOAD: "Err 8.4"}


class OhausWords:
    """The words of an Ohaus balance."""

    orders: Mapping[str, Order] = {"T": Order.TARE, "Z": Order.ZERO}
    stream_begins = "CP"
    stream_ends = "0P"

    def __init__(self, cell: WeighingCell) -> None:
        self._cell = cell
        self._tare_g = 0.0

    def commands(self, received: bytes) -> tuple[list[str], bytes]:
        """Split at each CR LF."""
        return by_lines(received)

    def weight(self) -> str:
        """Return the weight right aligned, blank, unit, and blank and question mark if it is not stable."""
        shown = display(self._cell, WEIGHT_CHARACTERS - 1)
        if shown.status is not LoadStatus.IN_RANGE:
            return _ERRORS[shown.status]
        number = ("-" if shown.negative else "") + shown.digits
        return f"{number:>{WEIGHT_CHARACTERS}} {shown.unit}{'' if shown.stable else ' ?'}"

    def answer(self, command: str) -> list[str]:
        """Answer questions; what is not known gets `ES`."""
        if command == "IP":
            return [self.weight()]
        if command == "PT":
            _, digits = in_unit(self._cell, self._tare_g, WEIGHT_CHARACTERS - 1)
            return [f"{digits:>{WEIGHT_CHARACTERS}} {self._cell.host_unit}"]
        texts = {"PSN": self._cell.serial_number, "PV": self._cell.firmware_version}
        if command in texts:
            return [texts[command]]
        return [] if command == self.stream_ends else ["ES"]

    def begun(self, command: str) -> list[str]:  # noqa: ARG002
        """Say nothing."""
        return []

    def done(self, command: str, tare_g: float) -> list[str]:  # noqa: ARG002
        """Say nothing."""
        self._tare_g = tare_g
        return []

    def refused(self, command: str, status: LoadStatus) -> list[str]:  # noqa: ARG002
        """Say that it was not done."""
        return ["ES"]


DIALECT: MakeDialect = partial(LineDialect, OhausWords)
