# SPDX-License-Identifier: Apache-2.0
"""A cell that holds no reading, and the sentence that tells of it; it counts only where its line is used."""

import re
from dataclasses import dataclass

from groundfloor.errors import PlanError
from groundfloor.printable import one_line

_DECIMAL_COMMA = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")
_MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "--", "---"})
_OVERLOAD = frozenset({"ol", "s +", "s -", "s+", "s-", "h", "l", "high", "low", "hhhhhh", "llllll", "over", "overload"})


@dataclass(frozen=True)
class BadCell:
    """One cell.

    Attributes:
        row: of the reading, counted from 0.
        line: where it stands in the file.
        heading: of its column.
        text: what is written there.
        what: what is wrong, where the reader knows it better than the text tells.
        next_step: what to do about it.
    """

    row: int
    line: int
    heading: str
    text: str
    what: str = ""
    next_step: str = ""

    def error(self, who: str) -> PlanError:
        """Return what a person is told."""
        what, next_step = (self.what, self.next_step) if self.what else self._told()
        shown = one_line(self.text, 60)
        return PlanError(who, "read", f"line {self.line}, column {self.heading!r}: '{shown}' {what}", next_step)

    def _told(self) -> tuple[str, str]:
        text = self.text.strip()
        folded = text.casefold()
        pass_over = f"leave such lines out with --pass-over '{one_line(text, 20)}', or use a part without it (--use-to)"
        if folded in _OVERLOAD:
            return "is an overload, no reading", pass_over
        if folded in _MISSING:
            return "is a missing value", "leave such lines out with --pass-over '" + (text or "empty") + "'"
        if _DECIMAL_COMMA.fullmatch(text):
            return "has a decimal comma", "say so for the whole file: --decimal , (or --thousands ,)"
        if folded.lstrip("+-") in ("inf", "infinity"):
            return "is not finite", pass_over
        return "is not what the column should hold", f"{pass_over}; or name another column"
