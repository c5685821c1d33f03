# SPDX-License-Identifier: Apache-2.0
"""A prescription: a drug, and of it so much a day, in the parts of a day, and per bolus; the volume follows from it.

With concentration c, a dose D over a time t is the rate D/(c·t), and a volume V holds the dose c·V. Both hold for any
stretch of time, so dose needs no mathematics of its own: it is what the therapy schedules, times c.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bench.dose.concentration import Concentration
from bench.dose.dose import Dose
from bench.dose.dose_limits import DoseLimits
from bench.therapy import AcceptedBolus, Continuous, Flex, Step, Therapy, WithPatientBolus
from groundfloor.errors import PlanError

MINUTES_PER_DAY = 1440
MINUTES_PER_HOUR = 60.0
HOURS_PER_DAY = 24.0
ROUNDING = 1e-9


@dataclass(frozen=True)
class DoseStep:
    """A part of a day: from `start_minute` to the start of the next part, `dose` is given evenly."""

    start_minute: int
    dose: Dose


@dataclass(frozen=True)
class BolusDose:
    """The bolus that a patient may ask for: `dose` over `duration_s`, within the two limits."""

    dose: Dose
    duration_s: int
    lockout_s: int
    max_per_day: int


@dataclass(frozen=True)
class Prescription:
    """What a physician writes.

    Attributes:
        drug: its name.
        concentration: of the drug in the reservoir.
        basal: so much per day, evenly; or the parts of a day in the order of their start minutes.
        bolus: what the patient may ask for; None for nothing.
        greatest_rate_ul_per_h: bounds basal rate and bolus together, as `WithPatientBolus` has it.
    """

    drug: str
    concentration: Concentration
    basal: Dose | tuple[DoseStep, ...]
    bolus: BolusDose | None = None
    greatest_rate_ul_per_h: float | None = None

    def therapy(self, limits: DoseLimits | None = None) -> Therapy:
        """Return the therapy that gives these doses.

        Args:
            limits: what may be prescribed; None where nobody says.

        Raises:
            PlanError: a dose lies outside the limits, or the numbers make no therapy.
        """
        if limits is not None:
            self.refuse_outside(limits)
        basal, bolus = self._basal(), self.bolus
        if bolus is None:
            return basal
        return WithPatientBolus(
            basal,
            self.concentration.volume_ul(bolus.dose),
            bolus.duration_s,
            bolus.lockout_s,
            bolus.max_per_day,
            self.greatest_rate_ul_per_h,
        )

    @property
    def basal_ug_per_day(self) -> float:
        """Return the dose of a day, without what a patient asks for."""
        return self.basal.ug if isinstance(self.basal, Dose) else sum(step.dose.ug for step in self.basal)

    @property
    def greatest_ug_per_day(self) -> float:
        """Return the most that a day may bring, every bolus counted in."""
        boluses_ug = 0.0 if self.bolus is None else self.bolus.dose.ug * self.bolus.max_per_day
        return self.basal_ug_per_day + boluses_ug

    def refuse_outside(self, limits: DoseLimits) -> None:
        """Refuse doses that nobody means.

        Raises:
            PlanError: a dose lies outside the limits; all that do are named.
        """
        least, greatest, bolus = limits.least_ug_per_day, limits.greatest_ug_per_day, self.bolus
        complaints = {
            f"{self.basal_ug_per_day:g} µg a day are under {least:g} µg": self.basal_ug_per_day < least - ROUNDING,
            f"{self.greatest_ug_per_day:g} µg a day are over {greatest:g} µg": (
                self.greatest_ug_per_day > greatest + ROUNDING
            ),
        }
        if bolus is not None:
            over = bolus.dose.ug > limits.greatest_ug_per_bolus + ROUNDING
            complaints[f"a bolus of {bolus.dose} is over {limits.greatest_ug_per_bolus:g} µg"] = over
        wrong = [complaint for complaint, applies in complaints.items() if applies]
        if wrong:
            seen = f"{'; '.join(wrong)} ({limits.source})"
            next_step = "look for a slip of unit, a factor of ten, an hour for a day, or the wrong concentration"
            raise PlanError(f"prescription of {self.drug}", "check", seen, next_step)

    def dose_ug(self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the dose scheduled between two instants of the device clock; arguments as `Therapy.volume_ul`.

        Raises:
            ValueError: `from_s` lies after `to_s`.
        """
        return self.concentration.dose_ug(self.therapy().volume_ul(from_s, to_s, started_s, boluses))

    def _basal(self) -> Therapy:
        if isinstance(self.basal, Dose):
            return Continuous(self.concentration.volume_ul(self.basal) / HOURS_PER_DAY)
        starts = [step.start_minute for step in self.basal]
        first = starts[0] if starts else 0
        minutes = [late - early for early, late in pairwise([*starts, first + MINUTES_PER_DAY])]
        if any(one <= 0 for one in minutes):
            raise PlanError(f"prescription of {self.drug}", "check", f"start minutes {starts} do not rise", "sort them")
        return Flex(
            tuple(
                Step(step.start_minute, self.concentration.volume_ul(step.dose) / lasts * MINUTES_PER_HOUR)
                for step, lasts in zip(self.basal, minutes, strict=True)
            )
        )
