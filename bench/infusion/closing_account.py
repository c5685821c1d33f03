# SPDX-License-Identifier: Apache-2.0
"""The closing account of an infusion: its record is put together, and every examiner's finding is judged."""

from collections.abc import Sequence
from dataclasses import replace

from bench.account import GivenCommand, InfusionRecord, PumpLogs, SampleColumns, SampleTable, examine, record_until
from bench.account.seen_alarms import seen_alarms
from bench.clock import clocks_half_width_s
from bench.infusion.judging import Judging
from bench.infusion.log_reading import LogReading
from bench.infusion.marks import Marks
from bench.infusion.pump_control import PumpControl
from bench.infusion.resumption import Resumption
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.infusion.troubles import Trouble
from instruments.pump_feature import PumpFeature


class ClosingAccount:
    """Gathers the samples of one infusion and has them examined at its end."""

    def __init__(
        self,
        setting: Setting,
        session: SamplingSession,
        control: PumpControl,
        resumption: Resumption,
        logs: LogReading,
    ) -> None:
        self._setting = setting
        self._session = session
        self._control = control
        self._resumption = resumption
        self._logs = logs
        self._columns = SampleColumns()
        session.sampling.kept.subscribe(self._columns.take)

    def judge(self, judging: Judging, marks: Marks, *, complete: bool, fault: Trouble | None = None) -> None:
        """Judge what every examiner finds; what it finds wrong before a fault of the bench is wrong all the same.

        Args:
            judging: takes the findings.
            marks: the balance of the infusion.
            complete: whether it ended as planned.
            fault: the first of the bench that the plan went on after; None without one.
        """
        record = self.record(marks, complete=complete)
        if fault is not None:
            with judging.beyond_doubt():
                for finding in examine(record_until(record, fault.fine_until_s)):
                    if judging.would_fail(finding):
                        judging.take(finding)
        for finding in examine(record):
            judging.take(finding)

    def record(self, marks: Marks, *, complete: bool) -> InfusionRecord:
        """Return all that the infusion knew; arguments as `judge`."""
        setting, session, samples = self._setting, self._session, self._columns.table()
        stops = [alarm for alarm, promised in setting.profile.alarms.items() if promised.then_does != "continues"]
        commands, by_bits = tuple(self._control.given), session.alarms.half_widths_ul(stops, self._rate_ul_per_h)
        from_s, to_s = (float(samples.at_s[0]), float(samples.at_s[-1])) if len(samples) else (0.0, 0.0)
        clock = setting.bench.clock
        return InfusionRecord(
            name=setting.name,
            profile=setting.profile,
            schedule=setting.schedule,
            samples=samples,
            commands=commands,
            injections=tuple(one for one in setting.run.injectors.injections if one.overlaps(from_s, to_s)),
            alarms=tuple(session.alarms.alarms),
            marks=tuple(marks.taken),
            weighing=marks.setup,
            gaps=tuple(session.sampling.gaps.all),
            unread=tuple(session.sampling.unread),
            interruptions=(*self._resumption.half_widths_ul, *by_bits),
            steps=marks.steps,
            qualifiers=session.qualifiers,
            interval_s=setting.interval_s,
            clock_mode=clock.mode,
            clocks_half_width_s=clocks_half_width_s(clock),
            complete=complete,
            logs=self._read_logs(samples, commands),
            before=self._control.before,
            resumed_after_s=self._resumption.resumed_after_s,
            sounds=session.sounds.sounds,
        )

    def _rate_ul_per_h(self, device_clock_s: float) -> float:
        schedule = self._setting.schedule
        return schedule.rate_ul_per_h(max(device_clock_s, schedule.started_s))

    def _read_logs(self, samples: SampleTable, commands: Sequence[GivenCommand]) -> PumpLogs | None:
        logs, alarms = self._logs.logs, self._session.alarms
        if logs is None:
            return None
        if not self._setting.profile.has(PumpFeature.ALARM_LOG):
            return replace(logs, alarms=seen_alarms(alarms.alarms, samples, commands))
        return replace(logs, changes=(*logs.changes, *alarms.changes))
