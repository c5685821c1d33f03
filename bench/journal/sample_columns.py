# SPDX-License-Identifier: Apache-2.0
"""The columns of a sample, as the model of its line says: how each is kept while samples are gathered.

Months of samples must fit in memory, so a column is a typed array (eight bytes a value, one or four for flags and
words), never a list of dictionaries.
"""

from array import array
from collections.abc import Iterable, Mapping
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, get_args

import msgspec
import numpy as np

from bench.journal.lines import Sample

if TYPE_CHECKING:
    import pandas as pd


class Kind(StrEnum):
    """How the values of a column are kept."""

    NUMBER = "number"  # float; null becomes NaN
    COUNT = "count"
    FLAG = "flag"
    WORD = "word"
    WORDS = "words"  # several words, joined by ";"


_KINDS = {float: Kind.NUMBER, int: Kind.COUNT, bool: Kind.FLAG, str: Kind.WORD}
_TYPECODES = {Kind.NUMBER: "d", Kind.COUNT: "q", Kind.FLAG: "b", Kind.WORD: "i", Kind.WORDS: "i"}
_GATHERED_AT_ONCE = 4096


def _kind(annotation: Any) -> Kind:
    if annotation in _KINDS:
        return _KINDS[annotation]
    parts = get_args(annotation)
    return Kind.WORDS if getattr(annotation, "__origin__", None) is tuple else _kind(parts[0])


SAMPLE_COLUMNS: Mapping[str, Kind] = {field.name: _kind(field.type) for field in msgspec.structs.fields(Sample)}
"""Every column of a sample in the order of the tables; units are in the names."""

_values = attrgetter(*SAMPLE_COLUMNS)


class SampleColumns:
    """Samples gathered column by column."""

    def __init__(self) -> None:
        self._t_s = array("d")
        self._columns: dict[str, array[float]] = {
            name: array(_TYPECODES[kind]) for name, kind in SAMPLE_COLUMNS.items()
        }
        self._words: dict[str, dict[str, int]] = {name: {} for name, kind in SAMPLE_COLUMNS.items() if _is_text(kind)}
        self._rows: list[tuple[Any, ...]] = []

    def __len__(self) -> int:
        return len(self._t_s)

    def append(self, t_s: float, sample: Sample) -> None:
        """Take one sample.

        Args:
            t_s: bench time of the journal's line.
            sample: the line.
        """
        self._t_s.append(t_s)
        self._rows.append(_values(sample))
        if len(self._rows) >= _GATHERED_AT_ONCE:
            self._gather()

    def _gather(self) -> None:
        """Move the newest samples into the columns."""
        for (name, kind), values in zip(SAMPLE_COLUMNS.items(), zip(*self._rows, strict=True), strict=False):
            self._columns[name].extend(self._stored(name, kind, values))
        self._rows.clear()

    def _stored(self, name: str, kind: Kind, values: tuple[Any, ...]) -> Iterable[float]:
        if kind is Kind.NUMBER:
            return array("d", np.array(values, dtype=np.float64).tobytes())  # None becomes NaN
        if _is_text(kind):
            known = self._words[name]
            words = map(";".join, values) if kind is Kind.WORDS else values
            return [known.setdefault(word, len(known)) for word in words]
        return values

    def frame(self) -> "pd.DataFrame":
        """Return what was gathered, `t_s` first; words are categorical, flags bool, missing numbers NaN."""
        import pandas as pd  # half a second of processor time, which no run needs before it is over

        self._gather()
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


def _is_text(kind: Kind) -> bool:
    return kind in {Kind.WORD, Kind.WORDS}
