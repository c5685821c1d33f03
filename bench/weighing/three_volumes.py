# SPDX-License-Identifier: Apache-2.0
"""Three volumes, three pairs: programmed, counted by the pump, weighed; each infusion compares them all at least once.

The counter is held against program and balance in every window without a fault. What of the balance against the
program a plan leaves unjudged is judged at the end, so that no infusion passes that was only ever weighed.
"""

from bench.weighing.delivery_window import DeliveryWindow
from metrology.verdict import Measurement


class ThreeVolumes:
    """What one infusion has compared."""

    def __init__(self) -> None:
        self._windows: list[DeliveryWindow] = []
        self._judged: set[tuple[str, str]] = set()

    def add(self, window: DeliveryWindow) -> tuple[Measurement, Measurement]:
        """Take a window without a fault; return the comparisons with the pump's counter, to be judged."""
        self._windows.append(window)
        return window.counter_against_program, window.counter_against_balance

    def note(self, measurement: Measurement) -> None:
        """Take note that a measurement was judged."""
        self._judged.add((measurement.window, measurement.measurand))

    @property
    def were_weighed(self) -> bool:
        """Tell whether there was any window without a fault."""
        return bool(self._windows)

    @property
    def left_open(self) -> Measurement | None:
        """Return balance against program in the longest window, unless that pair was judged in some window."""
        if not self._windows or any((window.id, window.volume.measurand) in self._judged for window in self._windows):
            return None
        return max(self._windows, key=lambda window: window.duration_h).volume
