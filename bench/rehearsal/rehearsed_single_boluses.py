# SPDX-License-Identifier: Apache-2.0
"""The single boluses of an infusion that is only gone through."""

from bench.rehearsal.finding_to_come import FindingToCome
from bench.rehearsal.rehearsed_time import MARK_S, RehearsedTime
from bench.rehearsal.unknown_until_run import UnknownUntilRun
from bench.therapy import RunningSchedule, SingleBolus, Therapy


class RehearsedSingleBoluses:
    """The verbs of `bench.infusion.single_boluses` of which a plan knows how long they take."""

    def __init__(self, time: RehearsedTime, schedule: RunningSchedule, therapy: Therapy) -> None:
        self._time = time
        self._schedule = schedule
        self._therapy = therapy

    def __getattr__(self, verb: str) -> FindingToCome:
        raise AttributeError(verb) if verb.startswith("_") else UnknownUntilRun(f"single_boluses.{verb}")

    def give(self, name: str, at_once: str = "") -> FindingToCome:  # noqa: ARG002  as the infusion has it
        """Give one bolus, and let the catheter run empty before and after."""
        therapy = self._therapy
        if not isinstance(therapy, SingleBolus):
            raise UnknownUntilRun("a single bolus of another therapy")
        if self._schedule.running:
            self._end_bolus(therapy)
        self._schedule.start(self._time.taken_s)
        self._end_bolus(therapy)
        self._time.wait(MARK_S)
        return FindingToCome(name)

    def _end_bolus(self, therapy: SingleBolus) -> None:
        self._time.wait_until(self._schedule.started_s + therapy.bolus_duration_s)
        self._time.run_empty()
        self._schedule.stop(self._time.taken_s)
        self._time.run_empty()
