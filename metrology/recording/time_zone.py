# SPDX-License-Identifier: Apache-2.0
"""The clock on a wall, which its place sets forward in spring and back in autumn, as a time that goes on evenly."""

import numpy as np
import pandas as pd

from groundfloor.errors import PlanError
from metrology.recording.number_column import Floats

_NS = 1_000_000_000


def even_times_s(zone: str, origin_ns: int, times_s: Floats) -> Floats:
    """Return times since the first reading.

    Args:
        zone: name in the IANA list, such as `Europe/Berlin`.
        origin_ns: the first reading on the clock of the wall, in ns since 1970.
        times_s: the others since then, on that clock; NaN where there is none.

    Raises:
        PlanError: there is no such zone, or an hour that comes twice cannot be told apart.
    """
    known = ~np.isnan(times_s)
    local = pd.DatetimeIndex(origin_ns + np.round(times_s[known] * _NS).astype(np.int64))
    try:
        told = local.tz_localize(zone, ambiguous="infer" if local.is_monotonic_increasing is False else "raise")
    except (KeyError, OSError) as unknown:
        raise PlanError(
            "--time-zone", "find", f"no zone {zone!r}", "write a name such as Europe/Berlin or UTC"
        ) from unknown
    except ValueError as doubtful:
        seen = f"in {zone} {doubtful}"
        next_step = "use a part on one side of it (--use-from, --use-to), or the zone that the clock really had"
        raise PlanError("--time-zone", "use", seen, next_step) from doubtful
    utc_ns = told.tz_convert("UTC").asi8
    even = times_s.copy()
    even[known] = (utc_ns - utc_ns[0]) / _NS
    return even
