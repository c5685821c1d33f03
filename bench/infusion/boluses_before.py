# SPDX-License-Identifier: Apache-2.0
"""The patient boluses that a pump gave before an infusion: lockout and maximum of a day outlive stops and programs.

A test that ran an hour ago, or whoever had the pump before, may have used up what this one is going to ask for. So the
pump stands until it is free to give as many boluses as the infusion needs, and what still counts is counted.
"""

from bench.infusion.pump_time import PumpTime
from bench.infusion.setting import Setting
from bench.journal import Result
from bench.therapy import AcceptedBolus, WithPatientBolus
from bench.therapy.interval import SECONDS_PER_DAY
from groundfloor.errors import PumpFailure
from instruments.pump import BolusEntry, CommandResult
from instruments.pump_feature import PumpFeature

CLOCKS_AGREE_WITHIN_S = 1.0


class BolusesBefore:
    """What the pump's log says of the day before an infusion.

    Attributes:
        given: the boluses that it accepted, in order; empty for a therapy without them.
    """

    def __init__(self, setting: Setting, time: PumpTime) -> None:
        self._setting = setting
        self._time = time
        self.given: tuple[AcceptedBolus, ...] = ()

    def wait_until_free(self, needed: int | None) -> None:
        """Let time pass, with the pump stopped, until it may be asked for so many boluses.

        Args:
            needed: how many the infusion is going to get; None for as many as a day may have.

        Raises:
            BenchFault: the wire failed.
        """
        therapy = self._setting.schedule.therapy
        if not isinstance(therapy, WithPatientBolus):
            return
        found = self._setting.activities.do("boluses before", self._look)
        self.given = tuple(
            AcceptedBolus(at_s, therapy.ptm_volume_ul, therapy.ptm_duration_s) for at_s in found["accepted_s"]
        )
        needed = therapy.ptm_max_per_day if needed is None else needed
        left_s = therapy.free_from_s(self.given, needed) + CLOCKS_AGREE_WITHIN_S - found["device_clock_s"]
        if left_s > 0:
            self._setting.step(f"Wait for {left_s / 3600:.3g} h, until boluses given before count no more")
            self._time.wait(left_s)

    def _look(self) -> Result:
        pump, profile = self._setting.bench.pump, self._setting.profile
        now_s = pump.read().device_clock_s
        if not profile.has(PumpFeature.BOLUS_LOG):  # it may have given all of a day just now
            return {"device_clock_s": now_s, "accepted_s": [now_s] * profile.patient_bolus.max_per_day.value}
        try:
            logged = pump.bolus_log()
        except PumpFailure:  # a log that is wrong is found by who examines it
            logged = ()
        return {"device_clock_s": now_s, "accepted_s": [one.requested_s for one in logged if _counts(one, now_s)]}


def _counts(entry: BolusEntry, now_s: float) -> bool:
    return entry.outcome is CommandResult.ACCEPTED and now_s - SECONDS_PER_DAY < entry.requested_s <= now_s
