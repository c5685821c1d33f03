# SPDX-License-Identifier: Apache-2.0
"""Weights as MT-SICS writes them: ten characters, right aligned, a blank, the host unit.

Source: Mettler-Toledo, MT-SICS Interface Command for Weigh Modules, 11781363.
"""

import math
from binascii import crc_hqx

from instruments.simulated.served.devices import LoadStatus, WeighingCell

GRAMS_IN = {"g": 1.0, "kg": 1000.0, "mg": 0.001}
CRC_START = 0xFFFF

_RANGE_SIGNS = {LoadStatus.OVERLOAD: "+", LoadStatus.UNDERLOAD: "-"}


class SicsWeight:
    """Weighs on a cell and words the outcome, with the tare memory that `TA` and `TAC` speak of.

    The cell knows one tare, taken from a load. A tare that was typed in or cleared is the difference kept here.
    """

    def __init__(self, cell: WeighingCell) -> None:
        self._cell = cell
        self._decimals = {
            unit: max(0, -math.floor(math.log10(cell.readability_g / grams) + 1e-9)) for unit, grams in GRAMS_IN.items()
        }
        self._cell_tare_g = 0.0
        self.tare_g = 0.0

    def text(self, mass_g: float) -> str:
        """Return `mass_g` as the weight field: ten characters, blank, unit."""
        unit = self._cell.host_unit
        decimals = self._decimals[unit]
        shown = round(mass_g / GRAMS_IN[unit], decimals) + 0.0  # turns -0.0 into 0.0
        return f"{shown:10.{decimals}f} {unit}"

    def line(self, command: str) -> str:
        """Return the weight of this moment as the reply called `command`, stable or not."""
        weighing = self._cell.answer()
        if weighing.status is not LoadStatus.IN_RANGE:
            return f"{command} {_RANGE_SIGNS[weighing.status]}"
        flag = "S" if weighing.stable else "D"
        return f"{command} {flag} {self.text(weighing.net_mass_g + self._cell_tare_g - self.tare_g)}"

    def line_with_crc(self) -> str:
        """Return the weight of this moment as `SIC1` does: CRC-16-CCITT over all before it, four hex digits."""
        line = self.line("SIC1")
        if line[5:] in ("+", "-"):
            return line
        body = line + " "
        return f"{body}{crc_hqx(body.encode('ascii'), CRC_START):04X}"

    def grams(self, text: str) -> float | None:
        """Return the mass in g that `<number> <host unit>` means, None when it means none."""
        number, _, unit = text.partition(" ")
        if unit != self._cell.host_unit or not number.isascii() or not number.replace(".", "", 1).isdigit():
            return None
        return float(number) * GRAMS_IN[unit]

    def net_g(self) -> float:
        """Return the net mass of this moment."""
        return self._cell.weigh().net_mass_g + self._cell_tare_g - self.tare_g

    def take_tare(self) -> str:
        """Make the present load the tare and return it as a weight field."""
        self._cell_tare_g = self.tare_g = self._cell.tare()
        return self.text(self.tare_g)

    def set_tare(self, tare_g: float) -> str:
        """Make `tare_g` the tare, whatever the load, and return it as a weight field."""
        self.tare_g = tare_g
        return self.text(tare_g)

    def zero(self) -> None:
        """Set zero; this clears the tare as well."""
        self._cell.zero()
        self.forget()

    def forget(self) -> None:
        """Take note that the cell has no tare any more (zero was set, or the power came back)."""
        self._cell_tare_g = self.tare_g = 0.0
