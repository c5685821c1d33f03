# SPDX-License-Identifier: Apache-2.0
"""`a-and-d`: A&D standard format, with the setting that acknowledges nothing (`erCd 0`).

Source: A&D, FX-i manual, for the commands; that the value has eight characters and the unit three is assumed.
"""

from collections.abc import Mapping
from functools import partial

from instruments.simulated.balance.dialect import MakeDialect
from instruments.simulated.balance.line_dialect import LineDialect
from instruments.simulated.balance.line_words import Order, by_lines, display, in_unit
from instruments.simulated.served.devices import LoadStatus, WeighingCell

VALUE_CHARACTERS = 8
_RANGE_SIGNS = {LoadStatus.OVERLOAD: "+", LoadStatus.UNDERLOAD: "-"}


class AAndDWords:
    """The words of an A&D balance."""

    orders: Mapping[str, Order] = {"T": Order.TARE, "R": Order.ZERO, "Z": Order.ZERO}
    stream_begins = "SIR"
    stream_ends = "C"

    def __init__(self, cell: WeighingCell) -> None:
        self._cell = cell
        self._tare_g = 0.0

    def commands(self, received: bytes) -> tuple[list[str], bytes]:
        """Split at each CR LF."""
        return by_lines(received)

    def weight(self) -> str:
        """Return header, comma, sign, value filled up with zeros, unit."""
        shown = display(self._cell, VALUE_CHARACTERS)
        if shown.status is not LoadStatus.IN_RANGE:
            return f"OL,{_RANGE_SIGNS[shown.status]}9999999"
        header, sign = "ST" if shown.stable else "US", "-" if shown.negative else "+"
        return f"{header},{sign}{shown.digits.zfill(VALUE_CHARACTERS)}{shown.unit:>3}"

    def answer(self, command: str) -> list[str]:
        """Answer questions; everything else is passed over."""
        if command in ("Q", "SI"):
            return [self.weight()]
        if command == "?PT":
            _, digits = in_unit(self._cell, self._tare_g, VALUE_CHARACTERS)
            return [f"PT,+{digits.zfill(VALUE_CHARACTERS)}{self._cell.host_unit:>3}"]
        texts = {"?TN": f"TN,{self._cell.model}", "?SN": f"SN,{self._cell.serial_number}"}
        return [texts[command]] if command in texts else []

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


DIALECT: MakeDialect = partial(LineDialect, AAndDWords)
