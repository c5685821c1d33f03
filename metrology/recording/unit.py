# SPDX-License-Identifier: Apache-2.0
"""The units in which a recording may tell time, mass and volume; a number without one of them is not taken."""

from dataclasses import dataclass
from enum import StrEnum


class Dimension(StrEnum):
    """What a column can measure."""

    TIME = "time"
    MASS = "mass"
    VOLUME = "volume"


@dataclass(frozen=True)
class Unit:
    """A unit.

    Attributes:
        symbol: as written in reports.
        dimension: what it measures.
        factor: how many s, mg or µL one of it is.
    """

    symbol: str
    dimension: Dimension
    factor: float


_TIME: dict[str, tuple[float, tuple[str, ...]]] = {
    "ns": (1e-9, ("nanoseconds",)),
    "µs": (1e-6, ("us", "usec", "microseconds")),
    "ms": (1e-3, ("msec", "milliseconds")),
    "s": (1.0, ("sec", "secs", "second", "seconds", "sek", "sekunden", "secondes")),
    "min": (60.0, ("mins", "minute", "minutes", "minuten")),
    "h": (3600.0, ("hr", "hrs", "hour", "hours", "std", "stunden", "heures")),
    "d": (86_400.0, ("day", "days", "tage", "jours")),
}
_MASS: dict[str, tuple[float, tuple[str, ...]]] = {
    "µg": (1e-3, ("ug", "mcg")),
    "mg": (1.0, ("milligram", "milligrams")),
    "g": (1e3, ("gram", "grams")),
    "kg": (1e6, ()),
    "ct": (200.0, ("carat", "carats")),
    "gn": (64.79891, ("grain", "grains")),
    "dwt": (1555.17384, ("pennyweight",)),
    "oz": (28_349.523125, ("ounce", "ounces")),
    "ozt": (31_103.4768, ("oz t",)),
    "lb": (453_592.37, ("lbs", "pound", "pounds")),
}
_VOLUME: dict[str, tuple[float, tuple[str, ...]]] = {
    "nL": (1e-3, ()),
    "µL": (1.0, ("ul", "mm3", "mm³", "microlitre", "microlitres")),
    "mL": (1e3, ("cm3", "cm³", "cc", "millilitre", "millilitres")),
    "L": (1e6, ("litre", "litres")),
}


def _table() -> dict[str, Unit]:
    known: dict[str, Unit] = {}
    for dimension, units in ((Dimension.TIME, _TIME), (Dimension.MASS, _MASS), (Dimension.VOLUME, _VOLUME)):
        for symbol, (factor, others) in units.items():
            for written in (symbol, *others):
                known[_folded(written)] = Unit(symbol, dimension, factor)
    return known


def _folded(written: str) -> str:
    # Two characters look like a µ: the micro sign and the Greek letter.
    return written.strip().replace("\u03bc", "\u00b5").casefold().replace("\u03bc", "\u00b5")


_KNOWN = _table()


def unit_named(written: str) -> Unit | None:
    """Return the unit that `written` means, in capitals or not; None if it is none of ours."""
    return _KNOWN.get(_folded(written))


def symbols(dimension: Dimension) -> str:
    """Return the units of a dimension, for a message."""
    return ", ".join(dict.fromkeys(unit.symbol for unit in _KNOWN.values() if unit.dimension is dimension))
