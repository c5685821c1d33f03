# SPDX-License-Identifier: Apache-2.0
"""What the pump lives on: its own battery, or the rig's supply in its place; and what happens when that is low or gone.

A supply under the voltage at which the processor works is a loss of power: the motor stands, and nothing is taken. When
it comes back the pump has reset. The clock, the logs, the counters and the program outlive that.

When the battery has been low for its term, or is exhausted by its voltage, the service is over: the pump stops, says
so, and takes no start until it is fed well again.
"""

from collections.abc import Callable

from instruments.simulated.specimen.power_faults import PowerFaults
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.time.device_clock import DAY_S
from instruments.simulated.time.timeline import Timeline
from instruments.simulated.time.timer import Timer

FULL_PERCENT = 100.0


class PumpPower:
    """Watches the voltage.

    Args:
        timeline: the twin's time.
        model: figures of the pump.
        faults: what is wrong with it.
        told_low: called once when the battery has become low.
        ended: called when its service is over.
        lost, back: called when the power goes and when it comes back.
        told_well: called when a battery that was told to be low is not low any more, in a bad pump.

    Attributes:
        on: whether the processor works.
        over: whether its service has ended.
    """

    def __init__(
        self,
        timeline: Timeline,
        model: PumpModel,
        faults: PowerFaults,
        told_low: Callable[[], None],
        ended: Callable[[], None],
        lost: Callable[[], None],
        back: Callable[[], None],
        told_well: Callable[[], None] = lambda: None,
    ) -> None:
        self.on = True
        self.over = False
        self._timeline = timeline
        self._figures = model.power
        self._life_s = model.battery_life_days * DAY_S
        self._faults = faults
        self._lost, self._back = lost, back
        self._told_well = told_well
        self._rig_mv = 0.0
        self._told = False
        self._low_timer = Timer(timeline, self._tell(told_low))
        self._end_timer = Timer(timeline, self._end(ended))
        self._exhausted_timer = Timer(timeline, self._end(ended))
        self._worn_timer = Timer(timeline, self._look)
        self._worn_timer.set_at(self._life_s * (1.0 - model.power.low_percent / FULL_PERCENT))

    def supply(self, millivolts: float) -> None:
        """Take the rig's supply in place of the battery; 0 leaves the pump to its own."""
        self._rig_mv = millivolts
        gone = 0.0 < millivolts < self._figures.brown_out_mv
        if gone and self.on:
            self.on = False
            self._lost()
        elif not gone and not self.on:
            self.on = True
            self._back()
        self._look()

    def percent(self) -> float:
        """Return what the pump believes is left in its battery, by the voltage where the rig supplies it."""
        if self._rig_mv <= 0.0:
            return max(0.0, FULL_PERCENT * (1.0 - self._timeline.now_s / self._life_s))
        figures = self._figures
        share = (self._rig_mv - figures.empty_mv) / (figures.full_mv - figures.empty_mv)
        return min(FULL_PERCENT, max(0.0, FULL_PERCENT * share))

    @property
    def low(self) -> bool:
        """Tell whether the battery is low."""
        return self.on and self.percent() <= self._figures.low_percent

    @property
    def _exhausted(self) -> bool:
        return self.on and 0.0 < self._rig_mv <= self._figures.end_mv

    def _look(self) -> None:
        self.over = self.over and self.low
        if self._exhausted and not self.over:
            self._exhausted_timer.set_at(self._timeline.now_s + self._figures.end_hold_s)
        else:
            self._exhausted_timer.drop()
        if not self.low:  # another battery, or a supply that stands for one
            if self._told and self._faults.low_alarm_goes:
                self._told_well()
            self._told = False
            self._low_timer.drop()
            self._end_timer.drop()
            return
        if self._told:
            self._low_timer.drop()
            return
        self._low_timer.set_at(self._timeline.now_s + self._figures.low_hold_s + self._faults.low_alarm_delay_s)
        service_s = self._faults.ends_after_low_s or self._figures.service_after_low_days * DAY_S
        self._end_timer.set_at(self._timeline.now_s + service_s)

    def _end(self, ended: Callable[[], None]) -> Callable[[], None]:
        def end() -> None:
            self.over = True
            ended()

        return end

    def _tell(self, told_low: Callable[[], None]) -> Callable[[], None]:
        def tell() -> None:
            self._told = True
            if self._faults.low_alarm:
                told_low()

        return tell
