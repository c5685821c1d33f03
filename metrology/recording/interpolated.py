# SPDX-License-Identifier: Apache-2.0
"""Values of a long row at some instants; `numpy.interp` copies a row that may not be written, whatever its length."""

import numpy as np

from metrology.recording.recording import Floats


def interpolated(instants_s: Floats, times_s: Floats, values: Floats) -> Floats:
    """Return the values at some instants, on straight lines between two readings; its ends hold beyond them.

    Args:
        instants_s: shape (m,).
        times_s: strictly increasing, shape (n,), n >= 2.
        values: shape (n,).
    """
    before = np.clip(np.searchsorted(times_s, instants_s, side="right") - 1, 0, len(times_s) - 2)
    begin_s = times_s[before]
    share = np.clip((instants_s - begin_s) / (times_s[before + 1] - begin_s), 0.0, 1.0)
    found: Floats = values[before] + share * (values[before + 1] - values[before])
    return found
