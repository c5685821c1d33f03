# SPDX-License-Identifier: Apache-2.0
"""The columns of a sample: one table that says what the journal's flat samples hold and how each is kept.

Months of samples must fit in memory, so a column is a typed array (eight bytes a value, one or four for flags and
words), never a list of dictionaries.
"""

from array import array
from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import pandas as pd

from groundfloor.errors import BenchFault


class Kind(StrEnum):
    """How the values of a column are kept."""

    NUMBER = "number"  # float; null becomes NaN
    COUNT = "count"
    FLAG = "flag"
    WORD = "word"
    WORDS = "words"  # a list of words, joined by ";"


SAMPLE_COLUMNS: Mapping[str, Kind] = {
    "planned_s": Kind.NUMBER,
    "infusion": Kind.WORD,
    "device_clock_s": Kind.NUMBER,
    "state": Kind.WORD,
    "rate_ul_per_h": Kind.NUMBER,
    "counter_ul": Kind.NUMBER,
    "reservoir_ul": Kind.NUMBER,
    "battery_percent": Kind.NUMBER,
    "pressure_kpa": Kind.NUMBER,
    "alarms": Kind.WORDS,
    "alarm_log_count": Kind.COUNT,
    "bolus_log_count": Kind.COUNT,
    "kink_percent": Kind.NUMBER,
    "disconnected": Kind.FLAG,
    "leak_percent": Kind.NUMBER,
    "magnet": Kind.FLAG,
    "supply_mv": Kind.NUMBER,
    "outlet_kpa": Kind.NUMBER,
    "temperature_c": Kind.NUMBER,
    "air_pressure_hpa": Kind.NUMBER,
    "humidity_percent": Kind.NUMBER,
    "watchdog_tripped": Kind.FLAG,
    "mass_g": Kind.NUMBER,
    "stable": Kind.FLAG,
    "expected_ul": Kind.NUMBER,
    "weighed_ul": Kind.NUMBER,
}
"""Every key of a sample's data in the order of the tables; units are in the names."""

_TYPECODES = {Kind.NUMBER: "d", Kind.COUNT: "q", Kind.FLAG: "b", Kind.WORD: "i", Kind.WORDS: "i"}


class SampleColumns:
    """Samples gathered column by column."""

    def __init__(self) -> None:
        self._t_s = array("d")
        self._columns: dict[str, array[float]] = {
            name: array(_TYPECODES[kind]) for name, kind in SAMPLE_COLUMNS.items()
        }
        self._words: dict[str, dict[str, int]] = {name: {} for name, kind in SAMPLE_COLUMNS.items() if _is_text(kind)}

    def __len__(self) -> int:
        return len(self._t_s)

    def append(self, t_s: float, data: Mapping[str, object]) -> None:
        """Take one sample.

        Args:
            t_s: bench time of the journal's line.
            data: the line's data.

        Raises:
            BenchFault: the sample does not hold exactly the known columns, or a value is of the wrong type.
        """
        if data.keys() != SAMPLE_COLUMNS.keys():
            odd = ", ".join(sorted(data.keys() ^ SAMPLE_COLUMNS.keys()))
            raise BenchFault(
                "journal", f"read the sample at {t_s} s", f"columns that are missing or unknown: {odd}", _MEND
            )
        for name, kind in SAMPLE_COLUMNS.items():
            self._columns[name].append(self._stored(name, kind, data[name]))
        self._t_s.append(t_s)

    def _stored(self, name: str, kind: Kind, value: object) -> float | int:
        if kind is Kind.NUMBER and isinstance(value, float | int) and not isinstance(value, bool):
            return value
        if kind is Kind.NUMBER and value is None:
            return float("nan")
        if kind is Kind.COUNT and isinstance(value, int):
            return value
        if kind is Kind.FLAG and isinstance(value, bool):
            return value
        if kind is Kind.WORDS and isinstance(value, list):
            value = ";".join(map(str, value))
        if _is_text(kind) and isinstance(value, str):
            known = self._words[name]
            return known.setdefault(value, len(known))
        raise BenchFault("journal", f"read a sample's {name}", f"{value!r} is no {kind}", _MEND)

    def frame(self) -> pd.DataFrame:
        """Return what was gathered, `t_s` first; words are categorical, flags bool, missing numbers NaN."""
        columns: dict[str, object] = {"t_s": np.array(self._t_s)}
        for name, kind in SAMPLE_COLUMNS.items():
            stored = np.array(self._columns[name])
            if _is_text(kind):
                written = [word.encode("utf-8", "backslashreplace").decode() for word in self._words[name]]
                words = pd.Index(written, dtype="str")
                columns[name] = pd.Categorical.from_codes(stored.astype(np.int32), categories=words)
            else:
                columns[name] = stored.astype(bool) if kind is Kind.FLAG else stored
        return pd.DataFrame(columns)


_MEND = "SAMPLE_COLUMNS in bench/journal/sample_columns.py must say what the journal writes"


def _is_text(kind: Kind) -> bool:
    return kind in {Kind.WORD, Kind.WORDS}
