# SPDX-License-Identifier: Apache-2.0
"""How a file writes numbers: its decimal mark, what parts thousands, and what stands around a number in its cell.

`12,041.55` can only be one number; `1,200` can be two, and then a person is asked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from groundfloor.errors import PlanError

GROUPING = "  \u00a0\u2007\u2009\u202f'\u2019"
_WORD = r"(?:SD|ST|US|UN|NT|GS|TR|PT|DI|S|N|G|B|T|D|NET|GROSS|TARE|STABLE|UNSTABLE)"
WORDS = rf"(?i:(?:{_WORD}[ ,:]+)*)[*?!#]*"
"""What balances write before a number: stable or not, net or gross."""
UNIT = r"[A-Za-zµμ%³]*"
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_SIGN = r"[+\-−–]?"
_TAIL = r"[?!*#]*"
_LOOSE = re.compile(
    rf"^{WORDS}\s*{_SIGN}\s*(?P<number>(?:\d{{1,3}}(?:[{GROUPING}]\d{{3}})+[.,]?\d*|\d[\d.,]*|[.,]\d+){_EXPONENT})"
    rf"\s*{UNIT}\s*{_TAIL}$"
)
_GROUPS_OR_DECIMALS = re.compile(r"[1-9]\d{0,2},\d{3}")


@dataclass(frozen=True)
class NumberStyle:
    """One way to write numbers.

    Attributes:
        decimal: the decimal mark.
        thousands: what parts groups of three digits; empty for nothing.
    """

    decimal: str = "."
    thousands: str = ""

    @property
    def is_plain(self) -> bool:
        """Tell whether a programming language reads such numbers as they stand."""
        return self.decimal == "." and not self.thousands

    @property
    def number(self) -> str:
        """Return a regular expression of the digits and marks of a number."""
        mark, part = re.escape(self.decimal), re.escape(self.thousands)
        grouped = rf"\d{{1,3}}(?:{part}\d{{3}})+(?:{mark}\d*)?|" if self.thousands else ""
        return rf"(?:{grouped}\d+(?:{mark}\d*)?|{mark}\d+){_EXPONENT}"

    @property
    def cell(self) -> str:
        """Return a regular expression of a cell with the groups word, sign, number, unit and tail."""
        return (
            rf"^(?P<word>{WORDS})\s*(?P<sign>{_SIGN})\s*(?P<number>{self.number})\s*(?P<unit>{UNIT})\s*"
            rf"(?P<tail>{_TAIL})$"
        )

    @property
    def told(self) -> str:
        """Return the style in words, where it is not the usual one."""
        names = {",": "commas", ".": "points", "'": "apostrophes", "\u2019": "apostrophes"}
        between = f"{names.get(self.thousands, 'spaces')} between thousands" if self.thousands else ""
        return ", ".join(filter(None, ("decimal comma" if self.decimal == "," else "", between)))


def number_in(cell: str) -> str | None:
    """Return the digits and marks of a cell that holds one number, in whatever style; None for another cell."""
    found = _LOOSE.match(cell.strip())
    return found["number"] if found else None


def style_of(who: str, numbers: Sequence[str]) -> NumberStyle:
    """Return the style that these numbers are written in.

    Args:
        who: the file, for a message.
        numbers: digits and marks of some cells.

    Raises:
        PlanError: a comma among them can be a decimal mark, or part thousands.
    """
    fitting = [style for style in _STYLES if all(re.fullmatch(style.number, number) for number in numbers)]
    if not fitting:
        return NumberStyle()
    with_comma = [number for number in numbers if "," in number]
    if fitting[0].decimal == "," and with_comma and all(map(_GROUPS_OR_DECIMALS.fullmatch, with_comma)):
        either = with_comma[0].replace(",", ""), with_comma[0].replace(",", ".")
        seen = f"'{with_comma[0]}' can be {either[0]} or {either[1]}"
        raise PlanError(who, "read the numbers", seen, "say which: --thousands , or --decimal ,")
    return fitting[0]


_STYLES = (
    NumberStyle(),
    NumberStyle(","),
    *(NumberStyle(decimal, part) for decimal in ".," for part in (*",.", *GROUPING[1:]) if part != decimal),
)
"""The likelier first."""
