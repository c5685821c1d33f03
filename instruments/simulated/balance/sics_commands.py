# SPDX-License-Identifier: Apache-2.0
"""The MT-SICS commands that answer at once.

`S`, `Z`, `T`, `SR`, `SIR` and `TST3` take time and belong to `sics_client.py`; everything else is one table here. A
wrong command gets `ES`; a known one with a parameter it cannot take gets `<command> L`.

Source: Mettler-Toledo, MT-SICS Interface Command for Weigh Modules, 11781363. Where that was not at hand for a layout,
the comment says "assumed".
"""

from collections.abc import Callable, Container

from instruments.simulated.balance.sics_weight import SicsWeight
from instruments.simulated.served.devices import LoadStatus, WeighingCell

SYNTAX_ERROR = "ES"
TRANSMISSION_ERROR = "ET"

TIMED_COMMANDS = ("S", "SIR", "SR", "T", "Z")
INTERNAL_TEST = "TST3"
ADJUSTMENT_WEIGHT = "M19"
UNIT_CODES = {"g": "0", "kg": "1", "mg": "3"}
FASTEST_UPDATE_PER_S = 54.932

_RANGE_SIGNS = {LoadStatus.OVERLOAD: "+", LoadStatus.UNDERLOAD: "-"}


class SicsCommands:
    """One balance as its commands see it.

    Args:
        cell: what is weighed on.
        known: the commands that it knows; None for all of MT-SICS.

    Attributes:
        weight: weighs and keeps the tare memory.
        update_rate_per_s: lines per second of a stream (`UPD`).
        display: the text on the display; None while it shows the weight.
    """

    def __init__(self, cell: WeighingCell, known: Container[str] | None = None) -> None:
        self._cell = cell
        self._known = known
        self.weight = SicsWeight(cell)
        self.update_rate_per_s = _nearest_rate(10.0)
        self.display: str | None = None
        self._plain: dict[str, Callable[[], list[str]]] = {
            "I0": self._list,
            "I1": lambda: ['I1 A "01" "2.00" "2.20" "" ""'],
            "I2": lambda: [f'I2 A "{cell.model} {self.weight.text(cell.capacity_g).strip()}"'],
            "I3": lambda: [f'I3 A "{cell.firmware_version}"'],
            "I4": lambda: [self.identification()],
            "I5": lambda: ['I5 A "00000000A"'],
            "I11": lambda: [f'I11 A "{cell.model}"'],
            "M28": lambda: [f"M28 A 1 {cell.temperature_c():.1f}"],
            "SI": lambda: [self.weight.line("S")],
            "SIC1": lambda: [self.weight.line_with_crc()],
            "ZI": self._zero_now,
            "TI": self._tare_now,
            "TAC": self._clear_tare,
            "DW": self._show_weight,
        }
        if cell.internal_weight_g is not None:
            self._plain[ADJUSTMENT_WEIGHT] = self._adjustment_weight
        self._with_parameter: dict[str, Callable[[str], list[str]]] = {
            "D": self._show_text,
            "TA": self._tare_memory,
            "UPD": self._update_rate,
            "M03": self._auto_zero,
            "M17": self._adjustment_times,
            "M18": self._adjustment_by_temperature,
            "M21": self._unit,
        }

    def answer(self, line: str) -> list[str]:
        """Return the reply lines to one command line, without line ends."""
        name, blank, parameter = line.partition(" ")
        if not self._knows(name):
            return [SYNTAX_ERROR]
        if name in self._with_parameter:
            return self._with_parameter[name](parameter)
        if blank or name not in self._plain:
            return [SYNTAX_ERROR]
        return self._plain[name]()

    def identification(self) -> str:
        """Return the serial number line, which also tells that the balance has just come up."""
        return f'I4 A "{self._cell.serial_number}"'

    def carry_out_stable(self, name: str) -> str:
        """Carry out `S`, `Z` or `T` on a load that is stable, and return the reply."""
        if name == "S":
            return self.weight.line("S")
        if name == "T":
            return f"T S {self.weight.take_tare()}"
        self.weight.zero()
        return "Z A"

    def out_of_range(self) -> str:
        """Return `+` or `-` when the load is outside the weighing range, else nothing."""
        return _RANGE_SIGNS.get(self._cell.weigh().status, "")

    @property
    def tests_itself(self) -> bool:
        """Tell whether there is an internal weight to test with."""
        return self._cell.internal_weight_g is not None and self._knows(INTERNAL_TEST)

    def _knows(self, name: str) -> bool:
        return self._known is None or name in self._known

    def _list(self) -> list[str]:
        own_test = [INTERNAL_TEST] if self.tests_itself else []
        every = ["@", *TIMED_COMMANDS, *own_test, *self._plain, *self._with_parameter]
        names = sorted(name for name in every if self._knows(name))
        last = len(names) - 1
        # the level before each name is assumed; nobody should read more from it than that the name is there
        return [f'I0 {"A" if place == last else "B"} 0 "{name}"' for place, name in enumerate(names)]

    def _adjustment_weight(self) -> list[str]:
        return [f"{ADJUSTMENT_WEIGHT} A {self.weight.text(self._cell.internal_weight_g or 0.0).strip()}"]

    def _zero_now(self) -> list[str]:
        if sign := self.out_of_range():
            return [f"ZI {sign}"]
        flag = "S" if self._cell.weigh().stable else "D"
        self.weight.zero()
        return [f"ZI {flag}"]

    def _tare_now(self) -> list[str]:
        if sign := self.out_of_range():
            return [f"TI {sign}"]
        flag = "S" if self._cell.weigh().stable else "D"
        return [f"TI {flag} {self.weight.take_tare()}"]

    def _clear_tare(self) -> list[str]:
        self.weight.set_tare(0.0)
        return ["TAC A"]

    def _show_weight(self) -> list[str]:
        self.display = None
        return ["DW A"]

    def _show_text(self, parameter: str) -> list[str]:
        if len(parameter) < 2 or not (parameter[0] == parameter[-1] == '"'):
            return ["D L"]
        self.display = parameter[1:-1]
        return ["D A"]

    def _tare_memory(self, parameter: str) -> list[str]:
        if not parameter:
            return [f"TA A {self.weight.text(self.weight.tare_g)}"]
        tare_g = self.weight.grams(parameter)
        if tare_g is None or tare_g > self._cell.capacity_g:
            return ["TA L"]
        return [f"TA A {self.weight.set_tare(tare_g)}"]

    def _update_rate(self, parameter: str) -> list[str]:
        if not parameter:
            return [f"UPD A {self.update_rate_per_s:.3f}"]
        if not parameter.replace(".", "", 1).isdigit() or not 1 <= float(parameter) <= 23:
            return ["UPD L"]
        self.update_rate_per_s = _nearest_rate(float(parameter))
        return ["UPD A"]

    def _auto_zero(self, parameter: str) -> list[str]:
        if parameter not in ("", "0", "1"):
            return ["M03 L"]
        if not parameter:
            return [f"M03 A {int(self._cell.auto_zero)}"]
        self._cell.auto_zero = parameter == "1"
        return ["M03 A"]

    def _adjustment_times(self, parameter: str) -> list[str]:
        # assumed: hour, minute, second and day set of the daily adjustment; day set 0 means never. Query only.
        return ["M17 L"] if parameter else ["M17 A 00 00 00 0"]

    def _adjustment_by_temperature(self, parameter: str) -> list[str]:
        # assumed: 0 off, 1 on
        if parameter not in ("", "0", "1"):
            return ["M18 L"]
        if not parameter:
            return [f"M18 A {int(self._cell.auto_adjustment)}"]
        self._cell.auto_adjustment = parameter == "1"
        return ["M18 A"]

    def _unit(self, parameter: str) -> list[str]:
        # channel 0 is the host unit, 1 the display's, 2 the info line's; that a query lists all three is assumed
        if not parameter:
            code = UNIT_CODES[self._cell.host_unit]
            return [f"M21 B 0 {code}", f"M21 B 1 {code}", f"M21 A 2 {code}"]
        for unit, code in UNIT_CODES.items():
            if parameter == f"0 {code}":
                self._cell.host_unit = unit
                return ["M21 A"]
        return ["M21 L"]


def _nearest_rate(asked_per_s: float) -> float:
    # the cell hands out every n-th of its internal values: 20 asked gives 18.311
    return FASTEST_UPDATE_PER_S / round(FASTEST_UPDATE_PER_S / asked_per_s)
