# SPDX-License-Identifier: Apache-2.0
"""`sbi`: Sartorius, with the 22-character weights of newer balances.

Source: Sartorius, data interface of Entris II; sartoriuslib's notes on an MSE1203S. Texts stand in fields of 20
characters. Tare and zero are carried out without a word.
"""

import re
from collections.abc import Mapping
from functools import partial

from instruments.simulated.balance.dialect import MakeDialect
from instruments.simulated.balance.line_dialect import LineDialect
from instruments.simulated.balance.line_words import Order, display
from instruments.simulated.served.devices import LoadStatus, WeighingCell

_COMMAND = re.compile(r"\x1b(?:[A-Z]|[a-z]\d?_)(?:\r?\n)?|[^\x1b]*\n", re.DOTALL)
_OUT_OF_RANGE = {LoadStatus.OVERLOAD: "High", LoadStatus.UNDERLOAD: "Low"}
VALUE_CHARACTERS = 8


class SbiWords:
    """The words of a Sartorius balance."""

    orders: Mapping[str, Order] = {"\x1bT": Order.TARE, "\x1bU": Order.TARE, "\x1bV": Order.ZERO}
    stream_begins = ""
    stream_ends = ""

    def __init__(self, cell: WeighingCell) -> None:
        self._cell = cell
        self._tare_g = 0.0
        self._texts = {"\x1bx1_": cell.model, "\x1bx2_": cell.serial_number, "\x1bx3_": cell.firmware_version}

    def commands(self, received: bytes) -> tuple[list[str], bytes]:
        """Split at each escape; line ends are not needed."""
        text, commands = received.decode("latin-1"), []
        while found := _COMMAND.match(text):
            text = text[found.end() :]
            if command := found[0].rstrip("\r\n"):
                commands.append(command)
        return commands, text.encode("latin-1")

    def weight(self) -> str:
        """Return id, sign, blank, value, blank, unit; the unit only if stable."""
        shown = display(self._cell, VALUE_CHARACTERS)
        if shown.status is not LoadStatus.IN_RANGE:
            return f"Stat  {_OUT_OF_RANGE[shown.status]:^14}"
        kind = "N" if self._tare_g else "G"
        sign = "-" if shown.negative else "+"
        unit = shown.unit if shown.stable else ""
        return f"{kind:<6}{sign} {shown.digits:>8} {unit:<3}"

    def answer(self, command: str) -> list[str]:
        """Answer `ESC P` and `ESC x1_` to `ESC x3_`; everything else is passed over."""
        if command == "\x1bP":
            return [self.weight()]
        return [f"{self._texts[command]:<20}"] if command in self._texts else []

    def begun(self, command: str) -> list[str]:  # noqa: ARG002
        """Say nothing."""
        return []

    def done(self, command: str, tare_g: float) -> list[str]:  # noqa: ARG002
        """Say nothing."""
        self._tare_g = tare_g
        return []

    def refused(self, command: str, status: LoadStatus) -> list[str]:  # noqa: ARG002
        """Say nothing."""
        return []


DIALECT: MakeDialect = partial(LineDialect, SbiWords)
