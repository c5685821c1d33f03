# SPDX-License-Identifier: Apache-2.0
"""How many readings that wander together count as one."""

import numpy as np

from metrology.recording.recording import Floats


def readings_as_one(rest: Floats) -> float:
    """Return one more than twice the sum of the correlations down to the first zero; 1 for independent readings.

    Args:
        rest: evenly spaced, what is left of readings once the flow is taken out; shape (n,).
    """
    count = len(rest)
    power = float(np.sum(rest**2))
    if power == 0:
        return 1.0
    size = 1 << (2 * count - 1).bit_length()
    spectrum = np.abs(np.fft.rfft(rest, size)) ** 2
    correlation = np.fft.irfft(spectrum, size)[: count // 2] / power
    ends = np.flatnonzero(correlation <= 0)
    until = int(ends[0]) if len(ends) else len(correlation)
    return max(1.0, float(1 + 2 * np.sum(correlation[1:until])))
