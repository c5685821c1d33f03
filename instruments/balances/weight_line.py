# SPDX-License-Identifier: Apache-2.0
"""What one line of a balance says about its load, whatever the dialect."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_GRAMS = {"g": Decimal(1), "kg": Decimal(1000), "mg": Decimal("0.001")}


class NotALine(ValueError):
    """The line is no well-formed line of the kind that was asked for."""


class Trouble(StrEnum):
    """Why a line that is a good answer holds no weight."""

    OVERLOAD = "overload"
    UNDERLOAD = "underload"
    NOT_NOW = "not now"
    REFUSED = "refused"
    STANDBY = "standby"
    DEVICE_ERROR = "device error"


@dataclass(frozen=True)
class WeightLine:
    """One weight, or the balance's word for why there is none.

    Attributes:
        value: as it is written, in `unit`; None where there is a trouble.
        unit: as it is written; empty where the dialect leaves it out of an unstable weight.
        stable: the balance's own mark.
        width: how many characters the line has without its stability mark; it is the same for all of one balance.
        kind: how the line names the weight, net or gross, where the dialect does.
        trouble: why there is no weight.
    """

    value: Decimal | None = None
    unit: str = ""
    stable: bool = False
    width: int = 0
    kind: str = ""
    trouble: Trouble | None = None

    @property
    def digit(self) -> Decimal:
        """Return one step of the last digit that is written, in the unit of the line."""
        assert self.value is not None  # only asked of a weight
        return Decimal(1).scaleb(int(self.value.as_tuple().exponent))


def in_grams(value: Decimal, unit: str) -> Decimal | None:
    """Return the mass in grams, converted exactly; None for another unit than g, kg or mg."""
    factor = _GRAMS.get(unit)
    return None if factor is None else value * factor


Read = Callable[[bytes], str | None]
"""Reads a whole line as the answer to one inquiry; None where the balance says that it does not know it."""


def answer_reader(pattern: bytes, unknown: bytes = rb"(?!)") -> Read:
    """Return what reads the first group of `pattern` as the answer, and `unknown` as the word for not knowing.

    What it returns raises `NotALine` for any other line.
    """
    known, lacking = re.compile(pattern), re.compile(unknown)

    def read(line: bytes) -> str | None:
        found = known.fullmatch(line)
        if found is not None:
            return str(found[1].decode("ascii")).strip()
        if lacking.fullmatch(line) is not None:
            return None
        raise NotALine(f"not the answer: {line!r}")

    return read
