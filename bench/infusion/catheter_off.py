# SPDX-License-Identifier: Apache-2.0
"""Is the catheter off though its valve shows it on?

A valve whose sensor says "closed" may be open, or a connector may have come loose. A good pump then raises its alarm,
and nothing reaches the vessel. Two witnesses that know nothing of each other tell it from a pump that gives nothing:
the pressure in the catheter is the air's where a connected one has at least the outlet's, and what was counted does not
arrive. A pump of which only one of them is told is judged for it.
"""

import math

from bench.injectors import EffectTolerance

OFF_STEP = "see whether the disconnect valve is shut when its sensor says so, and whether the catheter is on"


class CatheterOff:
    """Follows the time in which both witnesses say so.

    Args:
        lasts_s: so long it has to last: one that was put back on fills again meanwhile.
        error_kpa: by how much the pump's sensor may be off.

    Attributes:
        told: whether it was found off.
    """

    def __init__(self, lasts_s: float, error_kpa: float) -> None:
        self.told = False
        self._lasts_s = lasts_s
        self._error_kpa = error_kpa
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all: a fault stands."""
        self._since_s = math.inf

    def see(
        self, at_s: float, pressure_kpa: float, outlet_kpa: float, missing_ul: float, tolerance: EffectTolerance
    ) -> str:
        """Take a sample; return what shows that the catheter is off, empty for nothing.

        Args:
            at_s: bench time.
            pressure_kpa: what the pump's sensor tells; NaN where there is none.
            outlet_kpa: what the rig's tells of the outlet.
            missing_ul: the least that must be missing of what was counted.
            tolerance: how well a difference of masses is known.
        """
        is_air = abs(pressure_kpa) <= self._error_kpa and outlet_kpa >= 2 * self._error_kpa
        if not (is_air and missing_ul > tolerance.of_a_step_ul):
            self._since_s = math.inf
            return ""
        self._since_s = min(self._since_s, at_s)
        if at_s - self._since_s < self._lasts_s:
            return ""
        self.told = True
        told = f"the pressure in the catheter is {pressure_kpa:.1f} kPa, the outlet's {outlet_kpa:.1f} kPa"
        return f"{told}, and {missing_ul:.1f} µL and more that the pump counted did not arrive: the catheter seems off"
