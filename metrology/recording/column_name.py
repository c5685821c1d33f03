# SPDX-License-Identifier: Apache-2.0
"""What the heading of a column says: a name, and the unit of what stands under it.

Headings are written in many ways: `mass [g]`, `volume (mL)`, `time / min`, `time_s`, `mass g`.
"""

import re
from dataclasses import dataclass
from typing import Self

from metrology.recording.labview import LABVIEW_TIME
from metrology.recording.unit import Dimension, Unit, unit_named

_WAYS = (
    re.compile(r"(?P<stem>.*?)\s*[\[(](?P<unit>[^\[\]()]*)[\])]"),
    re.compile(r"(?P<stem>.*?)\s*/\s*(?P<unit>\S+)"),
    re.compile(r"(?P<stem>.*\S)[_\s.](?P<unit>[^_\s.]+)"),
)
_WORDS = {
    Dimension.TIME: {
        "time",
        "timestamp",
        "datetime",
        "date",
        "t",
        "elapsed",
        "zeit",
        "uhrzeit",
        "datum",
        "epoch",
        "unix",
        "unixtime",
        "posix",
        "clock",
        "ts",
        "when",
        "zeitpunkt",
        "zeitstempel",
        "temps",
        "heure",
        "horodatage",
        "fecha",
        "hora",
        "tiempo",
        "tempo",
        "czas",
        "tijd",
    },
    Dimension.MASS: {
        *("mass", "weight", "wt", "balance", "scale", "w", "m", "net"),
        *("gewicht", "masse", "netto", "waage", "poids", "peso", "massa", "masa", "waga", "gewichtswert"),
    },
    Dimension.VOLUME: {"volume", "vol", "delivered", "volumen", "v"},
}
_BETWEEN_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class ColumnName:
    """A heading, taken apart.

    Attributes:
        text: as it stands in the file.
        unit: the unit that it names; None where it names none that is known here.
        words: of the name, in small letters.
        unknown_unit: what stands in brackets where a unit stands, if it is none that is known here.
    """

    text: str
    unit: Unit | None
    words: frozenset[str]
    unknown_unit: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take a heading apart; a rate such as `flow [mL/h]` or `rate_ul_per_h` has no unit of ours."""
        text = text.strip()
        if text.casefold() == LABVIEW_TIME.casefold():
            return cls(text, unit_named("s"), frozenset({"time"}))
        if (whole := unit_named(text)) is not None and len(text) > 1:
            return cls(text, whole, frozenset())
        for way in _WAYS:
            found = way.fullmatch(text)
            if found and found["stem"]:
                stem, unit = _words(found["stem"]), unit_named(found["unit"])
                if unit is not None and (_is_rate(stem) or _speaks_of_another(stem, unit)):
                    stem, unit = [*stem, *_words(found["unit"])], None
                unknown = found["unit"].strip() if way is _WAYS[0] and unit is None else ""
                return cls(text, unit, frozenset(stem), unknown if any(map(str.isalpha, unknown)) else "")
        return cls(text, None, frozenset(_words(text)))

    def speaks_of(self, dimension: Dimension) -> bool:
        """Tell whether the name, its unit left aside, is one that people give to a column of this dimension."""
        return bool(self.words & _WORDS[dimension])

    def measures(self, dimension: Dimension) -> bool:
        """Tell whether the unit is one of this dimension."""
        return self.unit is not None and self.unit.dimension is dimension


def _speaks_of_another(stem: list[str], unit: Unit) -> bool:
    """Tell whether the name is one of another dimension: the L of `weight_L` is a side, no litre."""
    spoken = {dimension for dimension, names in _WORDS.items() if names & set(stem)}
    return bool(spoken) and unit.dimension not in spoken


def _words(text: str) -> list[str]:
    return [word for word in _BETWEEN_WORDS.split(text.casefold()) if word]


def _is_rate(stem: list[str]) -> bool:
    # `rate_ul_per_h`, `flow_ml_h`: what stands before the unit ends in a unit, or in "per", or names a flow.
    return bool(stem) and (stem[-1] == "per" or unit_named(stem[-1]) is not None or bool({"rate", "flow"} & set(stem)))
