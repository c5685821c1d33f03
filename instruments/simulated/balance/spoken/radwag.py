# SPDX-License-Identifier: Apache-2.0
"""`radwag`: answers begin with the command, orders are answered twice.

Source: Radwag, PS and HRP manuals. How `BN`, `RV` and `FS` are answered is assumed to be as `NB` is.
"""

from collections.abc import Mapping
from functools import partial

from instruments.simulated.balance.dialect import MakeDialect
from instruments.simulated.balance.line_dialect import LineDialect
from instruments.simulated.balance.line_words import Order, by_lines, display, in_unit
from instruments.simulated.served.devices import LoadStatus, WeighingCell

MASS_CHARACTERS = 9
_MARKS = {LoadStatus.OVERLOAD: "^", LoadStatus.UNDERLOAD: "v"}


class RadwagWords:
    """The words of a Radwag balance."""

    orders: Mapping[str, Order] = {"T": Order.TARE, "Z": Order.ZERO}
    stream_begins = "C1"
    stream_ends = "C0"

    def __init__(self, cell: WeighingCell) -> None:
        self._cell = cell
        self._tare_g = 0.0

    def commands(self, received: bytes) -> tuple[list[str], bytes]:
        """Split at each CR LF."""
        return by_lines(received)

    def weight(self) -> str:
        """Return the frame: command, blank, mark, blank, sign, mass, blank, unit."""
        shown = display(self._cell, MASS_CHARACTERS)
        mark = _MARKS.get(shown.status, " " if shown.stable else "?")
        return f"SI {mark} {'-' if shown.negative else ' '}{shown.digits:>{MASS_CHARACTERS}} {shown.unit:<3}"

    def answer(self, command: str) -> list[str]:
        """Answer questions; what is not known gets `ES`."""
        cell = self._cell
        if command == "SI":
            return [self.weight()]
        if command == "OT":
            _, digits = in_unit(cell, self._tare_g, MASS_CHARACTERS)
            return [f"OT {digits:>{MASS_CHARACTERS}} {cell.host_unit:<3} "]
        if command == self.stream_ends:
            return ["C0 A"]
        _, capacity = in_unit(cell, cell.capacity_g, MASS_CHARACTERS)
        texts = {
            "NB": cell.serial_number,
            "BN": cell.model,
            "RV": cell.firmware_version,
            "FS": f"{capacity} {cell.host_unit}",
        }
        return [f'{command} A "{texts[command]}"'] if command in texts else ["ES"]

    def begun(self, command: str) -> list[str]:
        """Say that it is accepted."""
        return [f"{command} A"]

    def done(self, command: str, tare_g: float) -> list[str]:
        """Say that it is done."""
        self._tare_g = tare_g
        return [f"{command} D"]

    def refused(self, command: str, status: LoadStatus) -> list[str]:
        """Say that the range is exceeded, or that the load did not become stable."""
        return [f"{command} {_MARKS.get(status, 'E')}"]


DIALECT: MakeDialect = partial(LineDialect, RadwagWords)
