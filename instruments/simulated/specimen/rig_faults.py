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
        echoing_sensors: outputs whose sensor shows what was ordered, wherever the actuator is.
        departures: by output, how often its actuator leaves its rest before it sticks and does not come back.
        leak_share: share of the flow through an open catheter that leaks out between pump and clamp.
        temperature_off_c: by how much the sensor of temperature shows too much.
        temperature_stuck_c: what that sensor shows all the time; None for one that measures.
        humidity_missing_at_s: from this instant on the sensor of humidity gives no number.
    """

    dead_actuators: frozenset[str] = frozenset()
    watchdog: bool = True
    restarts_at_s: float = math.inf
    clamp_closings: float = math.inf
    echoing_sensors: frozenset[str] = frozenset()
    departures: tuple[tuple[str, float], ...] = ()
    leak_share: float = 0.0
    temperature_off_c: float = 0.0
    temperature_stuck_c: float | None = None
    clamp_creeps_at_s: float = math.inf
    magnet_comes_at_s: float = math.inf
    humidity_missing_at_s: float = math.inf
