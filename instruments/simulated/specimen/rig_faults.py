# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with the rig controller."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class RigFaults:
    """Faults of the rig; the defaults are a good one.

    Attributes:
        dead_actuators: outputs that move nothing.
        watchdog: False if it takes heartbeats and never trips.
        restarts_at_s: when the controller loses power and comes back.
        clamp_closings: how often the kink clamp closes before it sticks and does not open any more.
        clamp_creeps_at_s: when the kink clamp closes by itself.
        magnet_comes_at_s: when a magnet comes near by itself.
        humidity_missing_at_s: from this instant on the sensor of humidity gives no number.
    """

    dead_actuators: frozenset[str] = frozenset()
    watchdog: bool = True
    restarts_at_s: float = math.inf
    clamp_closings: float = math.inf
    clamp_creeps_at_s: float = math.inf
    magnet_comes_at_s: float = math.inf
    humidity_missing_at_s: float = math.inf
