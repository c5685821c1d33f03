# SPDX-License-Identifier: Apache-2.0
"""A correction: what a balance shows too much at a load, as its certificate has it, with the certificate's uncertainty.

    [plugins.correction]                                        # in pumpbench.toml
    linearity_table = "plugins/linearity_table.py:CORRECTION"

    [weighing]                                                  # in the bench file
    corrections = ["linearity_table"]

On a twin: `pumpbench run simulated --correction linearity_table`. Every volume that is judged then holds it, its
uncertainty is a line of each budget, and the journal has it with name, version and hash. `pumpbench analyse FILE
--correction linearity_table` corrects a recording of another bench, and asks for the whole column at once.
"""

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

from metrology.gravimetry import Amendment, WeighedGain, WeighedGains

PUMPBENCH_INTERFACE = 1
TARED_G = 60.0
"""Stands on the pan when the bench takes the tare; displays are counted from there."""
LOADS_G = (0.0, 50.0, 100.0, 150.0, 220.0)
ERRORS_MG = (0.0, 0.04, 0.10, 0.06, -0.08)
"""Shown less true, at these loads."""
STANDARD_UNCERTAINTY_MG = 0.02
"""Of each error: half of the certificate's U."""


def error_mg(load_g: float) -> float:
    """Return what is shown too much at a load, from one line of the table to the next.

    Raises:
        ValueError: the table does not reach there.
    """
    if not LOADS_G[0] <= load_g <= LOADS_G[-1]:
        raise ValueError(f"{load_g:g} g: the table reaches from {LOADS_G[0]:g} to {LOADS_G[-1]:g} g")
    line = min(bisect_right(LOADS_G, load_g), len(LOADS_G) - 1)
    (low_g, high_g), (low_mg, high_mg) = LOADS_G[line - 1 : line + 1], ERRORS_MG[line - 1 : line + 1]
    return low_mg + (high_mg - low_mg) * (load_g - low_g) / (high_g - low_g)


class LinearityTable:
    """The table of one balance."""

    name = "linearity_table"
    version = "certificate DKD-4711"
    replaces = ""

    def amendment(self, gain: WeighedGain) -> Amendment:
        """Return what has to be added to what was gained: the two errors' difference, taken off."""
        shown_too_much_mg = error_mg(TARED_G + gain.end_g) - error_mg(TARED_G + gain.start_g)
        return Amendment(-shown_too_much_mg, STANDARD_UNCERTAINTY_MG * 2**0.5)

    def added_mg(self, gains: WeighedGains) -> NDArray[np.float64]:
        """Return the same for a whole column; not asked for, but a thousand times as fast."""
        loads_g = TARED_G + gains.end_g
        error_mg(float(loads_g.min())), error_mg(float(loads_g.max()))  # the table has to reach there
        return error_mg(TARED_G + gains.start_g) - np.interp(loads_g, LOADS_G, ERRORS_MG)


CORRECTION = LinearityTable()
