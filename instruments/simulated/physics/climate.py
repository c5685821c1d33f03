# SPDX-License-Identifier: Apache-2.0
"""The climate around the pump: that of the room, or what a chamber holds in its place."""

from groundfloor.notifier import Notifier
from instruments.simulated.specimen.ambient import Ambient
from instruments.simulated.time.timeline import Timeline


class Climate:
    """Temperature and air pressure at the pump. `changed` tells when a chamber has come to others."""

    def __init__(self, timeline: Timeline, ambient: Ambient) -> None:
        self.changed: Notifier[float] = Notifier()
        self._timeline = timeline
        self._ambient = ambient
        self._held_c, self._held_hpa = 0.0, 0.0

    def hold(self, temperature_c: float, air_pressure_hpa: float) -> None:
        """Take the place of the room's; 0 leaves either to the room."""
        self._held_c, self._held_hpa = temperature_c, air_pressure_hpa
        self.changed.notify(self._timeline.now_s)

    def temperature_c(self) -> float:
        """Return the temperature at the pump."""
        return self._held_c or self._ambient.temperature_c.at(self._timeline.now_s)

    def air_pressure_hpa(self) -> float:
        """Return the air pressure at the pump."""
        return self._held_hpa or self._ambient.air_pressure_hpa.at(self._timeline.now_s)

    def thinner_hpa(self) -> float:
        """Return by how much the air at the pump is thinner than that of the room."""
        return self._ambient.air_pressure_hpa.at(self._timeline.now_s) - self.air_pressure_hpa()
