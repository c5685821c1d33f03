# SPDX-License-Identifier: Apache-2.0
"""Patient bolus: boluses that the patient asks for, on top of any other mode.

Two rules keep the patient safe, and both are counted from the *start* of an accepted bolus: the lockout, and the most
that may start in any 24 hours. Each period is over at its last instant: exactly a lockout later the next is accepted.
A third bounds what comes at once: where the pump promises it, basal rate and bolus stay under its greatest rate.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.basal_part import BasalPart
from bench.therapy.bridge import Bridge
from bench.therapy.description import Description, not_over_zero, number, refuse, whole_number
from bench.therapy.guarded_therapy import guarded_therapy
from bench.therapy.interval import SECONDS_PER_DAY
from bench.therapy.on_basal import NOT_ON_A_BRIDGE, OnBasal
from bench.therapy.slowed_bolus import slowed_bolus
from bench.therapy.therapy import Therapy
from instruments.program import Program
from instruments.pump import CommandResult

CLOCK_DIGITS = 2
"""The device clock tells hundredths of a second; a difference of two of its readings is rounded to what it can tell."""


@dataclass(frozen=True)
class WithPatientBolus(OnBasal):
    """A basal therapy, and on top of it boluses of `ptm_volume_ul` over `ptm_duration_s` at the patient's request.

    `greatest_rate_ul_per_h` bounds basal rate and bolus together; None where the pump promises no such bound.

    Raises:
        PlanError: a number is not over zero, the lockout is shorter than a bolus, or the basal therapy already has
            patient boluses.
    """

    basal: Therapy
    ptm_volume_ul: float
    ptm_duration_s: int
    ptm_lockout_s: int
    ptm_max_per_day: int
    greatest_rate_ul_per_h: float | None = None
    name: ClassVar[str] = "patient_bolus"

    def __post_init__(self) -> None:
        object.__setattr__(self, "basal", guarded_therapy(self.basal))
        numbers = {
            "ptm_volume_ul": self.ptm_volume_ul,
            "ptm_duration_s": self.ptm_duration_s,
            "ptm_lockout_s": self.ptm_lockout_s,
            "ptm_max_per_day": self.ptm_max_per_day,
        }
        if self.greatest_rate_ul_per_h is not None:
            numbers["greatest_rate_ul_per_h"] = self.greatest_rate_ul_per_h
        complaints = not_over_zero(**numbers)
        complaints["the lockout is shorter than a bolus, so two would run at once"] = (
            self.ptm_lockout_s < self.ptm_duration_s
        )
        complaints["the basal therapy has boluses already"] = isinstance(self.basal, OnBasal)
        complaints[NOT_ON_A_BRIDGE] = isinstance(self.basal, Bridge)
        refuse(self.name, complaints)

    @classmethod
    def from_description(cls, description: Description) -> Self:
        """Make the therapy that `describe` spoke of; the basal therapy in it is made already.

        Raises:
            PlanError: there is none, or a number is missing or wrong.
        """
        basal = BasalPart.read(cls.name, description)
        return cls(
            basal,
            number(description, "ptm_volume_ul"),
            whole_number(description, "ptm_duration_s"),
            whole_number(description, "ptm_lockout_s"),
            whole_number(description, "ptm_max_per_day"),
            number(description, "greatest_rate_ul_per_h") if "greatest_rate_ul_per_h" in description else None,
        )

    def describe(self) -> dict[str, object]:
        """Return mode, numbers and the description of the basal therapy."""
        greatest = self.greatest_rate_ul_per_h
        bound = {} if greatest is None else {"greatest_rate_ul_per_h": float(greatest)}
        return self._part.described(
            ptm_volume_ul=float(self.ptm_volume_ul),
            ptm_duration_s=self.ptm_duration_s,
            ptm_lockout_s=self.ptm_lockout_s,
            ptm_max_per_day=self.ptm_max_per_day,
            **bound,
        )

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return the basal therapy's program with the patient bolus in it."""
        return self._part.program(
            low_reservoir_alarm_ul,
            ptm_volume_ul=self.ptm_volume_ul,
            ptm_duration_s=self.ptm_duration_s,
            ptm_lockout_s=self.ptm_lockout_s,
            ptm_max_per_day=self.ptm_max_per_day,
        )

    @property
    def _part(self) -> BasalPart:
        return BasalPart(self.name, self.basal)

    def accepted(self, at_s: float, started_s: float = -math.inf) -> AcceptedBolus:
        """Return the bolus that a request accepted at `at_s` (device clock) obliges the pump to deliver.

        Args:
            at_s: instant of the request.
            started_s: when the therapy began.

        Raises:
            PlanError: beside the basal rate there is no room for it.
        """
        even = AcceptedBolus(at_s, self.ptm_volume_ul, self.ptm_duration_s)
        greatest = self.greatest_rate_ul_per_h
        return even if greatest is None else slowed_bolus(even, self.basal, greatest, started_s)

    def verdict_on_request(
        self, at_s: float, earlier: Sequence[AcceptedBolus], started_s: float = -math.inf
    ) -> CommandResult:
        """Return what a running pump must answer to a request at `at_s`.

        Args:
            at_s: instant of the request on the device clock.
            earlier: the boluses accepted before it.
            started_s: when the therapy began.

        Returns:
            LOCKOUT, DAILY_MAXIMUM, WRONG_STATE while one runs that was slowed down past its lockout,
            RATE_OUT_OF_RANGE where the basal rate leaves no room, or ACCEPTED; the first of them that applies.
        """
        ages_s = [round(at_s - bolus.started_s, CLOCK_DIGITS) for bolus in earlier]
        if any(age_s < self.ptm_lockout_s for age_s in ages_s):
            return CommandResult.LOCKOUT
        if sum(age_s < SECONDS_PER_DAY for age_s in ages_s) >= self.ptm_max_per_day:
            return CommandResult.DAILY_MAXIMUM
        if any(round(at_s - bolus.ends_s, CLOCK_DIGITS) < 0 for bolus in earlier):
            return CommandResult.WRONG_STATE
        greatest = self.greatest_rate_ul_per_h
        if greatest is not None and self.basal.rate_ul_per_h(at_s, started_s) >= greatest:
            return CommandResult.RATE_OUT_OF_RANGE
        return CommandResult.ACCEPTED

    def free_from_s(self, earlier: Sequence[AcceptedBolus], needed: int) -> float:
        """Return from when on a pump must give so many boluses, asked for a lockout apart, whatever it gave before.

        Args:
            earlier: the boluses accepted before, in order.
            needed: how many are going to be asked for.

        Returns:
            An instant of the device clock; minus infinity where nothing given before stands in the way.
        """
        in_the_way = max(0, len(earlier) - self.ptm_max_per_day + min(needed, self.ptm_max_per_day))
        counted_s = [bolus.started_s + SECONDS_PER_DAY for bolus in earlier[:in_the_way]]
        last_s = [max(bolus.started_s + self.ptm_lockout_s, bolus.ends_s) for bolus in earlier[-1:]]
        return max([*counted_s, *last_s], default=-math.inf)

    @property
    def one_bolus(self) -> tuple[float, int]:
        """Return volume in µL and duration in s of one bolus."""
        return self.ptm_volume_ul, self.ptm_duration_s


MODE = WithPatientBolus
