# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with a bridge between two concentrations, or with the minimum rate."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TherapyFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them. The defaults are a good pump.

    Attributes:
        bridge_skipped: whether the new rate begins at once.
        bridge_length: volume of the bridge over the one that it was told.
        bridge_rate_gain: rate of the bridge over the one that it was told; its volume stays.
        bridge_forgotten: whether a start after a stop begins with the new rate.
        bridge_anew: whether a start after a stop begins the bridge from its beginning.
        prime_moves_bridge: whether a priming bolus counts for the bridge.
        bridge_takes_bolus: whether it gives the volume of the bridge once more as a bolus where one is asked for.
        minimum_rate_stands: whether the pump stands where it is told to run at its minimum rate.
        minimum_rate_keeps_old: whether it then goes on at the rate that it had.
    """

    bridge_skipped: bool = False
    bridge_length: float = 1.0
    bridge_rate_gain: float = 1.0
    bridge_forgotten: bool = False
    bridge_anew: bool = False
    prime_moves_bridge: bool = True
    bridge_takes_bolus: bool = False
    minimum_rate_stands: bool = False
    minimum_rate_keeps_old: bool = False
