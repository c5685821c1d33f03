# SPDX-License-Identifier: Apache-2.0
"""A promise of an excess is a trumpet: ±(a + L/(r·P)) for every window P, a hyperbola.

The excess of all windows of length P is r·P·(E_p(max) − a). So to hold it under L for windows of any length is to hold
the trumpet curve under that limit at every P; draw it there.
"""

from metrology.delivery import FloatArray


def trumpet_limit_percent(
    windows_s: FloatArray, rate_ul_per_h: float, accuracy_percent: float, promised_ul: float
) -> FloatArray:
    """Return how far the mean rate over windows may lie from the programmed rate, in per cent of it.

    Args:
        windows_s: P; any shape.
        rate_ul_per_h: r, over zero.
        accuracy_percent: a, beyond which an excess begins.
        promised_ul: L, the greatest excess, or the greatest shortfall with the sign turned.
    """
    limits: FloatArray = accuracy_percent + 100 * promised_ul / (rate_ul_per_h * windows_s / 3600)
    return limits
