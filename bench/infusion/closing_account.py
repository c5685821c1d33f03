# SPDX-License-Identifier: Apache-2.0
"""The closing account of an infusion: its record is put together, and every examiner's finding is judged."""

from dataclasses import replace

from bench.account import InfusionRecord, PumpLogs, SampleColumns, examine, record_until
from bench.clock import clocks_half_width_s
from bench.infusion.judging import Judging
from bench.infusion.log_reading import LogReading
from bench.infusion.marks import Marks
from bench.infusion.pump_control import PumpControl
from bench.infusion.resumption import Resumption
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.infusion.troubles import Trouble


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
        from_s, to_s = (float(samples.at_s[0]), float(samples.at_s[-1])) if len(samples) else (0.0, 0.0)
        clock = setting.bench.clock
        return InfusionRecord(
            name=setting.name,
            profile=setting.profile,
            schedule=setting.schedule,
            samples=samples,
            commands=tuple(self._control.given),
            injections=tuple(one for one in setting.run.injectors.injections if one.overlaps(from_s, to_s)),
            alarms=tuple(session.alarms.alarms),
            marks=tuple(marks.taken),
            weighing=marks.setup,
            gaps=tuple(session.sampling.gaps.all),
            interruptions=self._resumption.half_widths_ul,
            steps=marks.steps,
            qualifiers=session.qualifiers,
            interval_s=setting.interval_s,
            clock_mode=clock.mode,
            clocks_half_width_s=clocks_half_width_s(clock),
            complete=complete,
            logs=self._read_logs(),
            before=self._control.before,
            resumed_after_s=self._resumption.resumed_after_s,
            sounds=session.sounds.sounds,
        )

    def _read_logs(self) -> PumpLogs | None:
        logs = self._logs.logs
        return None if logs is None else replace(logs, changes=(*logs.changes, *self._session.alarms.changes))
