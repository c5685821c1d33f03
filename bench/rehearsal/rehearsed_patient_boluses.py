# SPDX-License-Identifier: Apache-2.0
"""The patient boluses of an infusion that is only gone through: asked for, waited for, and not weighed."""

import math
from collections.abc import Callable

from bench.rehearsal.finding_to_come import FindingToCome
from bench.rehearsal.rehearsed_time import MARK_S, RehearsedTime
from bench.rehearsal.unknown_until_run import UnknownUntilRun
from bench.therapy import RunningSchedule, Therapy, WithPatientBolus
from bench.therapy.interval import SECONDS_PER_DAY
from instruments.pump import CommandResult


class RehearsedPatientBoluses:
    """The verbs of `bench.infusion.patient_boluses` of which a plan knows how long they take.

    Args:
        need_button: notes that the rig must have a patient button; a BenchFault if it has none.
    """

    def __init__(
        self, time: RehearsedTime, schedule: RunningSchedule, therapy: Therapy, need_button: Callable[[], None]
    ) -> None:
        self._time = time
        self._schedule = schedule
        self._any_therapy = therapy
        self._need_button = need_button

    def __getattr__(self, verb: str) -> FindingToCome:
        raise AttributeError(verb) if verb.startswith("_") else UnknownUntilRun(f"patient_boluses.{verb}")

    def request(
        self,
        declared: str,  # noqa: ARG002
        wanted: CommandResult,
        basal: object,
        name: str,  # noqa: ARG002
        at_device_s: float | None = None,
        by: str = "command",
    ) -> None:
        """Ask for a patient bolus, and wait until it is over."""
        if by == "button":
            self.require_button()
        self._ask(wanted, at_device_s)
        if basal is None:
            self._time.run_empty()
        self._time.settle()
        self._time.wait(self._therapy.ptm_duration_s + MARK_S)

    def ask(self, declared: str, wanted: CommandResult, name: str) -> None:  # noqa: ARG002
        """Ask for a patient bolus."""
        self._ask(wanted, None)

    def _ask(self, wanted: CommandResult, at_device_s: float | None) -> None:
        time, schedule = self._time, self._schedule
        time.wait(MARK_S)
        if at_device_s is not None:
            time.wait_until(at_device_s)
        if wanted is CommandResult.ACCEPTED:
            schedule.boluses.append(self._therapy.accepted(time.taken_s, schedule.started_s))

    def require_button(self) -> None:
        """Note that the rig must have a button.

        Raises:
            BenchFault: it has none.
        """
        self._need_button()

    def wait_for_lockout_end(self, later_s: float) -> None:
        """Let the lockout pass."""
        self._time.wait_until(self.lockout_ends_s() + later_s)

    def lockout_ends_s(self) -> float:
        """Return when the lockout of the last bolus ends."""
        return self._bolus_s(-1) + self._therapy.ptm_lockout_s

    def day_ends_s(self) -> float:
        """Return when the first bolus counts no more."""
        return self._bolus_s(0) + SECONDS_PER_DAY

    def wait_for_the_last_before_midnight(self) -> None:
        """Let time pass until a day's boluses begin before midnight."""
        therapy = self._therapy
        ahead_s = (therapy.ptm_max_per_day - 1) * (therapy.ptm_lockout_s + 2 * MARK_S) + therapy.ptm_duration_s / 2
        midnight_s = math.ceil((self._time.taken_s + ahead_s) / SECONDS_PER_DAY) * SECONDS_PER_DAY
        self._time.wait_until(midnight_s - ahead_s)

    def _bolus_s(self, place: int) -> float:
        if not self._schedule.boluses:
            raise UnknownUntilRun("the end of a lockout")
        return self._schedule.boluses[place].started_s

    @property
    def _therapy(self) -> WithPatientBolus:
        if not isinstance(self._any_therapy, WithPatientBolus):
            raise UnknownUntilRun("a patient bolus of another therapy")
        return self._any_therapy
