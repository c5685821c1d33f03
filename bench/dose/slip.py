# SPDX-License-Identifier: Apache-2.0
"""Slips of the hand that have happened: ten times a dose, an hour's for a day's, a unit, the wrong concentration."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum

from bench.dose.concentration import Concentration
from bench.dose.dose import Dose, MassUnit
from bench.dose.prescription import DoseStep, Prescription


class Slip(StrEnum):
    """One slip; the value is what people read."""

    TEN_TIMES = "ten times the dose"
    A_TENTH = "a tenth of the dose"
    HOUR_FOR_DAY = "the dose of a day entered as that of an hour"
    MILLIGRAM_FOR_MICROGRAM = "milligrams entered for micrograms"
    STRONGER = "a drug that is four times as strong as was entered"
    WEAKER = "a drug that is a fourth as strong as was entered"


TIMES_THE_DOSE: Mapping[Slip, float] = {Slip.TEN_TIMES: 10.0, Slip.A_TENTH: 0.1, Slip.HOUR_FOR_DAY: 24.0}
TIMES_THE_CONCENTRATION: Mapping[Slip, float] = {Slip.STRONGER: 0.25, Slip.WEAKER: 4.0}
"""What was entered, over what is in the reservoir: baclofen comes in 500 and 2,000 µg/mL."""


def slipped(meant: Prescription, slip: Slip) -> Prescription:
    """Return a prescription as it is entered with a slip in its basal dose, or in its concentration."""
    if slip in TIMES_THE_CONCENTRATION:
        true = meant.concentration
        entered = Concentration(true.per_ml * TIMES_THE_CONCENTRATION[slip], true.unit)
        return replace(meant, concentration=entered)
    if slip is Slip.MILLIGRAM_FOR_MICROGRAM:
        return replace(meant, basal=_each(meant.basal, lambda dose: Dose(dose.ug, MassUnit.MILLIGRAM)))
    times = TIMES_THE_DOSE[slip]
    return replace(meant, basal=_each(meant.basal, lambda dose: Dose(dose.amount * times, dose.unit)))


def _each(basal: Dose | tuple[DoseStep, ...], change: Callable[[Dose], Dose]) -> Dose | tuple[DoseStep, ...]:
    if isinstance(basal, Dose):
        return change(basal)
    return tuple(replace(step, dose=change(step.dose)) for step in basal)
