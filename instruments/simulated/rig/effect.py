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
        self._closings = 0
        self._shut = False
        self._openings = 0
        self._leaks = False
        self._loose = False
        self._closed_off = False

    def loosen(self, *, loose: bool) -> None:
        """Let the catheter be off from now on, or on again, whatever its valve's sensor shows."""
        self._loose = loose

    def close_off(self, *, closed: bool) -> None:
        """Let the catheter be on from now on, or as its valve shows it again."""
        self._closed_off = closed

    def narrow(self, percent: float) -> None:
        """Let the clamp stay so far shut from now on, whatever its sensor shows."""
        self._least_kink = percent / _WHOLE_PERCENT

    def on(self, conditions: Conditions, position: Callable[[str], float]) -> Conditions:
        """Return the conditions with the injectors where they are."""
        faults = self._faults
        kink = position("kink_clamp_percent") / _WHOLE_PERCENT * faults.clamp_effect
        off = self._loose or (bool(position("disconnect_valve")) and not self._closed_off)
        leak = position("leak_valve_percent") / _WHOLE_PERCENT * faults.leak_effect
        half = off and faults.disconnect_is_half
        kept = max(kink, self._least_kink)
        self._count(shut=kink > 0, leaks=leak > 0)
        if self._openings >= faults.leak_leaves_after:
            leak = max(leak, faults.leak_leaves_share)
        if kink:
            short = faults.clamp_opens_short_percent if self._closings == faults.clamp_opens_short_after else 0.0
            self._least_kink = max(faults.clamp_leaves_percent, short) / _WHOLE_PERCENT
        return replace(
            conditions,
            kink_fraction=kept,
            disconnected=off and not half,
            leak_fraction=max(leak, _HALF) if half else leak,
        )

    def _count(self, *, shut: bool, leaks: bool) -> None:
        self._closings += shut and not self._shut
        self._shut = shut
        self._openings += leaks and not self._leaks
        self._leaks = leaks
