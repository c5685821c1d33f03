# SPDX-License-Identifier: Apache-2.0
"""Elapsed times that are more than a clock: `1 day, 2:03:04`, `0d 00:01:00`, `PT1H5M`, `1 h 5 min 3.5 s`."""

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Floats = npt.NDArray[np.float64]
_FRACTION = r"(?:[.,]\d+)?"
_DAYS_AND_CLOCK = (
    rf"^(?P<d>\d+)\s*(?:d|days?|Tage?|j|jours?)[\s,]*(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?::(?P<s>\d{{2}}{_FRACTION}))?$"
)
_ISO = (
    rf"^P(?:(?P<d>\d+{_FRACTION})D)?(?:T(?:(?P<h>\d+{_FRACTION})H)?(?:(?P<m>\d+{_FRACTION})M)?"
    rf"(?:(?P<s>\d+{_FRACTION})S)?)?$"
)
_UNITS = (
    rf"^(?:(?P<d>\d+)\s*d(?:ays?)?\s*)?(?:(?P<h>\d+)\s*h(?:ours?)?\s*)?(?:(?P<m>\d+)\s*m(?:in)?\s*)?"
    rf"(?:(?P<s>\d+{_FRACTION})\s*s(?:ec)?)?$"
)
_WAYS = (_DAYS_AND_CLOCK, _ISO, _UNITS)
_HERE = tuple(map(re.compile, _WAYS))
_SECONDS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0}


def is_elapsed(cell: str) -> bool:
    """Tell whether a cell holds such a time; one number with one unit is a number."""
    text = cell.strip()
    for way in _HERE:
        found = way.match(text)
        if found is not None and (text.startswith("P") or sum(part is not None for part in found.groups()) > 1):
            return any(part is not None for part in found.groups())
    return False


def elapsed_s(texts: pa.Array) -> Floats:
    """Return such times in s; NaN where a cell holds none."""
    found = np.full(len(texts), np.nan)
    for way in _WAYS:
        parts = pc.extract_regex(texts, way)
        here = np.isnan(found) & pc.is_valid(parts).to_numpy(zero_copy_only=False)
        if here.any():
            parts_s = [_part_s(parts, name, each_s) for name, each_s in _SECONDS.items()]
            found[here] = np.sum(parts_s, axis=0)[here]
    return found


def _part_s(parts: pa.Array, name: str, each_s: float) -> Floats:
    written = pc.replace_substring(pc.fill_null(parts.field(name), ""), ",", ".")
    counts: Floats = pc.cast(pc.if_else(pc.equal(written, ""), "0", written), pa.float64()).to_numpy(
        zero_copy_only=False
    )
    return each_s * counts
