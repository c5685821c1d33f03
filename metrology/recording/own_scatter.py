# SPDX-License-Identifier: Apache-2.0
"""How much the readings of a record scatter, whatever a data sheet says: no uncertainty is below what they show.

What is left of the readings once a smooth flow is taken out is noise, wander and a flow that wavers; the three cannot
be told apart, and each of them says how far one reading may lie beside the flow. Readings that wander together count
for fewer: their autocorrelation says for how many.
"""

from dataclasses import dataclass

import numpy as np

from metrology.recording.readings_as_one import readings_as_one
from metrology.recording.recording import Floats

MOST_READINGS = 20_000
_POWERS = 4
_FEWEST_FOR_CURVE = 12
_FEWEST = 4
_LEAST_DOF = 2.0


@dataclass(frozen=True)
class OwnScatter:
    """The scatter of one reading about the flow.

    Attributes:
        standard_deviation: in the unit of the amounts.
        dof: its degrees of freedom; fewer where readings wander together.
        wanders: over how many readings they do; 1 where each is a new one.
    """

    standard_deviation: float
    dof: float
    wanders: float


def own_scatter(times_s: Floats, amounts: Floats, stroke: float = 0.0) -> OwnScatter:
    """Return the scatter of a stretch.

    Args:
        times_s: increasing; shape (n,).
        amounts: without the steps that were found; shape (n,).
        stroke: what the pump moves at once: a staircase of it is delivery, and has its own line in a budget.
    """
    every = -(-len(times_s) // MOST_READINGS)
    at_s, level = times_s[::every], amounts[::every]
    if len(at_s) < _FEWEST:
        return OwnScatter(0.0, _LEAST_DOF, 1.0)
    powers = _POWERS if len(at_s) >= _FEWEST_FOR_CURVE else 2
    fitted = np.polynomial.Polynomial.fit(at_s, level - level[0], powers - 1)
    rest = level - level[0] - fitted(at_s)
    wanders = readings_as_one(rest)
    dof = max(_LEAST_DOF, len(rest) / wanders - powers)
    # Readings that wander slowly hide in the curve; what the few independent ones left of it is scaled up.
    share = max(1.0 - powers * wanders / len(rest), 0.25)
    variance = float(np.mean(rest**2)) / share
    short = float(np.var(np.diff(rest, 2))) / 6 if len(rest) > _FEWEST else 0.0
    return OwnScatter(float(np.sqrt(max(variance - stroke**2 / 12, min(short, variance)))), dof, wanders)
