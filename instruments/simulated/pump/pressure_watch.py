# SPDX-License-Identifier: Apache-2.0
"""What the pump's two looks at the catheter pressure share: a threshold, a time to hold, an alarm."""

from abc import ABC, abstractmethod
from collections.abc import Callable

from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer


class PressureWatch(ABC):
    """Calls `alarm` once the pressure has been beyond `threshold_kpa` for `hold_s` while the watch is armed."""

    def __init__(
        self,
        timeline: Timeline,
        hydraulics: Hydraulics,
        threshold_kpa: float,
        hold_s: float,
        alarm: Callable[[], None],
    ) -> None:
        self._timeline = timeline
        self._hydraulics = hydraulics
        self._threshold_kpa = threshold_kpa
        self._hold_s = hold_s
        self._timer = Timer(timeline, alarm)

    def look_from(self, threshold_kpa: float) -> None:
        """Take another threshold from now on; it counts when the watch plans next."""
        self._threshold_kpa = threshold_kpa

    def hold_longer(self, by_s: float) -> None:
        """Take so much longer from now on; it counts when the watch plans next."""
        self._hold_s += by_s

    @abstractmethod
    def plan(self, armed: bool) -> None:
        """Look ahead under present conditions; called after every change of them and of `armed`."""
