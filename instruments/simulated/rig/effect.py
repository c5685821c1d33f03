# SPDX-License-Identifier: Apache-2.0
"""What the injectors really do to the catheter, which a bad one's sensor does not show."""

from collections.abc import Callable
from dataclasses import replace

from instruments.simulated.physics.hydraulics import Conditions
from instruments.simulated.specimen.rig_faults import RigFaults

_WHOLE_PERCENT = 100.0
_HALF = 0.5


class Effect:
    """Turns positions into conditions of the flow."""

    def __init__(self, faults: RigFaults) -> None:
        self._faults = faults
        self._least_kink = 0.0

    def on(self, conditions: Conditions, position: Callable[[str], float]) -> Conditions:
        """Return the conditions with the injectors where they are."""
        faults = self._faults
        kink = position("kink_clamp_percent") / _WHOLE_PERCENT * faults.clamp_effect
        off = bool(position("disconnect_valve"))
        leak = position("leak_valve_percent") / _WHOLE_PERCENT * faults.leak_effect
        half = off and faults.disconnect_is_half
        kept = max(kink, self._least_kink)
        if kink:
            self._least_kink = faults.clamp_leaves_percent / _WHOLE_PERCENT
        return replace(
            conditions,
            kink_fraction=kept,
            disconnected=off and not half,
            leak_fraction=max(leak, _HALF) if half else leak,
        )
