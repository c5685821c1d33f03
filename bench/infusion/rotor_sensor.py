# SPDX-License-Identifier: Apache-2.0
"""The sensor by which the pump of one infusion sees its rotor turn, and its failure: the rig opens its line."""

from contextlib import AbstractContextManager

from bench.infusion.setting import Setting
from bench.injectors import FULLY, Injection
from bench.injectors.failed_sensor import FAILED_SENSOR


class RotorSensor:
    """Lets the sensor fail."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def require(self) -> None:
        """Refuse a bench that cannot open its line.

        Raises:
            BenchFault: its rig has no relay for it.
        """
        FAILED_SENSOR.require(self._setting.bench.rig)

    def failed(self) -> AbstractContextManager[Injection]:
        """Open its line while the block runs.

        Raises:
            BenchFault: the line's continuity does not show it, or does not show that it is whole again.
        """
        return self._setting.run.injectors.injected(FAILED_SENSOR, FULLY)
