# SPDX-License-Identifier: Apache-2.0
"""The reading of the pump's logs when an infusion is over: with the ends of its alarms and the volumes of its boluses.

A log that the pump itself spoiled, by a hole or by lines that are gone, is kept as what it is; the account judges it.
So is one whose older lines say something else than after the infusion before.
"""

from dataclasses import asdict, replace

from bench.account import PumpLogs
from bench.account.changed_lines import changed_alarm_lines, changed_bolus_lines
from bench.infusion.setting import Setting
from bench.journal import Result
from groundfloor.errors import PumpFailure
from instruments.pump import Alarm, AlarmEntry, BolusEntry, CommandResult
from instruments.pump_feature import PumpFeature

BETWEEN = "; "
"""What stands between two troubles in the journal."""


class LogReading:
    """Reads both logs once.

    Attributes:
        logs: what was read; None before.
    """

    def __init__(self, setting: Setting) -> None:
        self.logs: PumpLogs | None = None
        self._setting = setting
        self._bench = setting.bench

    def read(self) -> None:
        """Read both logs as far back as they reach; the pump stands meanwhile."""
        found = self._setting.activities.do("logs read", self._read)
        logs = PumpLogs(
            device_clock_s=found["device_clock_s"],
            alarm_log_count=found["alarm_log_count"],
            bolus_log_count=found["bolus_log_count"],
            alarms=tuple(AlarmEntry(**{**line, "alarm": Alarm(line["alarm"])}) for line in found["alarms"]),
            boluses=tuple(
                BolusEntry(**{**line, "outcome": CommandResult(line["outcome"])}) for line in found["boluses"]
            ),
            trouble=_of_log(found["trouble"], bolus=False),
            bolus_trouble=_of_log(found["trouble"], bolus=True),
        )
        before, self._setting.run.logs_read = self._setting.run.logs_read, logs
        if before is not None:
            changes, bolus_changes = changed_alarm_lines(before, logs), changed_bolus_lines(before, logs)
            logs = replace(logs, changes=tuple(changes), bolus_changes=tuple(bolus_changes))
        self.logs = logs

    def _read(self) -> Result:
        read, pump, profile = self._bench.reader.read, self._bench.pump, self._setting.profile
        trouble = bolus_trouble = ""
        alarms: tuple[AlarmEntry, ...] = ()
        boluses: tuple[BolusEntry, ...] = ()
        try:
            alarms = read(pump.alarm_log).observed if profile.has(PumpFeature.ALARM_LOG) else ()
        except PumpFailure as failure:
            trouble = failure.finding
        try:
            boluses = read(pump.bolus_log).observed if profile.has(PumpFeature.BOLUS_LOG) else ()
        except PumpFailure as failure:
            bolus_trouble = failure.finding
        reading = read(pump.read).observed
        return {
            "device_clock_s": reading.device_clock_s,
            "alarm_log_count": reading.alarm_log_count,
            "bolus_log_count": reading.bolus_log_count,
            "alarms": [asdict(entry) for entry in alarms],
            "boluses": [asdict(entry) for entry in boluses],
            "trouble": BETWEEN.join(one for one in (trouble, bolus_trouble) if one),
        }


def _of_log(trouble: str, *, bolus: bool) -> str:
    """Return what of the troubles is of the bolus log, or what is not."""
    parts = trouble.split(BETWEEN) if trouble else []
    return BETWEEN.join(one for one in parts if ("read bolus_log" in one) is bolus)
