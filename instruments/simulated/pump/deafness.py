# SPDX-License-Identifier: Apache-2.0
"""When a bad pump looks for no occlusion, or for no disconnection, though its catheter is watched otherwise."""

from collections.abc import Callable

from instruments.pump import Alarm
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.pump.alarm_log import AlarmLog
from instruments.simulated.pump.infusion import Infusion
from instruments.simulated.specimen.interaction_faults import InteractionFaults

DEAF_BETWEEN_UL_PER_H = (50.0, 900.0)


class Deafness:
    """A good pump is never deaf.

    Attributes:
        under: tells whether a condition stands under which a bad pump is deaf.
    """

    def __init__(self, hydraulics: Hydraulics, infusion: Infusion, log: AlarmLog, faults: InteractionFaults) -> None:
        self.under: Callable[[], bool] = lambda: False
        self._hydraulics = hydraulics
        self._infusion = infusion
        self._log = log
        self._faults = faults
        self._deaf_for_good = False
        self._taken_for_gone: set[Alarm] = set()

    def happened(self, event: str) -> None:
        """Take note of an event."""
        self._deaf_for_good = self._deaf_for_good or event == self._faults.deaf_after != ""

    def acknowledged(self) -> None:
        """Take what stands, and is not told again, for gone."""
        faults = self._faults
        for alarm, again in ((Alarm.OCCLUSION, faults.occlusion_again), (Alarm.DISCONNECT, faults.disconnect_again)):
            if not again and alarm in self._log.standing and self._cause_stands(alarm):
                self._taken_for_gone.add(alarm)

    def to(self, alarm: Alarm) -> bool:
        """Tell whether it looks for no such alarm now."""
        if not self._cause_stands(alarm):
            self._taken_for_gone.discard(alarm)
        if self.beside_another(alarm) or self.between_rates(alarm) or self.for_good(alarm) or self.under():
            return True
        if alarm is not Alarm.OCCLUSION:
            return alarm in self._taken_for_gone
        faults = self._faults
        beside = faults.deaf_beside_another and bool(self._log.standing)
        in_schedule = faults.deaf_in_schedule and self._infusion.in_day_schedule
        in_schedule = in_schedule or self._infusion.mode == faults.deaf_in_mode
        return beside or in_schedule or alarm in self._taken_for_gone

    def beside_another(self, alarm: Alarm) -> bool:
        """Tell whether it raises no such alarm because another one stands."""
        return alarm == self._faults.deaf_to_beside_another and bool(self._log.standing)

    def between_rates(self, alarm: Alarm) -> bool:
        """Tell whether it raises no such alarm at the rate that it runs at."""
        slow_ul_per_h, quick_ul_per_h = DEAF_BETWEEN_UL_PER_H
        return alarm == self._faults.deaf_between and slow_ul_per_h < self._infusion.rate_ul_per_h < quick_ul_per_h

    def for_good(self, alarm: Alarm) -> bool:
        """Tell whether it raises no such alarm any more, because of what has happened."""
        return self._deaf_for_good and alarm == self._faults.deaf_to_after

    def _cause_stands(self, alarm: Alarm) -> bool:
        conditions = self._hydraulics.conditions
        return conditions.disconnected if alarm is Alarm.DISCONNECT else conditions.kink_fraction > 0.0
