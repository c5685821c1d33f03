# SPDX-License-Identifier: Apache-2.0
"""The readings of an infusion between which volumes can be taken: its marks, and every sample that is fit for it.

A mark is worth more than a sample only where the sample is wrong, for the budget counts the noise of one reading in
both. So a phase may begin at any sample. One beside which the display fell is not fit: no pump takes anything back, so
one of the two readings was disturbed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.outlet_moves import outlet_moves
from bench.account.sample_table import Truths
from bench.weighing import TimedMark
from groundfloor.inconclusive import Inconclusive
from metrology.gravimetry import BalanceMark, Conditions

_NOISES = 6.0
_UNKNOWN_DOF = 1.0


@dataclass(frozen=True)
class Reading:
    """Balance, pump and air at one instant.

    Attributes:
        mark: mass, pump's clock, counter and air.
        known_by_s: bench time at which it was complete; a mark takes ten seconds.
        outlet_kpa: pressure at the outlet; NaN where it was not measured.
        is_mark: whether the plan weighed here.
    """

    mark: TimedMark
    known_by_s: float
    outlet_kpa: float
    is_mark: bool

    @property
    def at_s(self) -> float:
        """Return its bench time."""
        return self.mark.mass.time_s


def readings_of(record: InfusionRecord) -> tuple[Reading, ...]:
    """Return the readings of an infusion in the order of time, each instant once; a mark goes before a sample."""
    found = {one.at_s: one for one in (*_samples(record), *_marks(record))}
    return tuple(found[at_s] for at_s in sorted(found))


def _marks(record: InfusionRecord) -> Iterator[Reading]:
    samples = record.samples
    for mark in record.marks:
        at_s = mark.mass.time_s
        if samples.at_s[0] <= at_s <= samples.at_s[-1]:
            near = _near(record, at_s)
            yield Reading(mark, at_s + mark.mass.span_s / 2, float(samples.outlet_kpa[near]), is_mark=True)


def _near(record: InfusionRecord, at_s: float) -> int:
    """Return the place of the nearest sample; where the rig moved the outlet, of one on the same side of the move."""
    samples_s = record.samples.at_s
    apart_s = np.abs(samples_s - at_s)
    for move in outlet_moves(record):
        apart_s = np.where((samples_s > move.span.from_s) == (at_s > move.span.from_s), apart_s, np.inf)
    return int(apart_s.argmin())


def _samples(record: InfusionRecord) -> Iterator[Reading]:
    samples, balance = record.samples, record.weighing.balance
    for index in np.flatnonzero(_fit(record)):
        air = (samples.temperature_c[index], samples.air_pressure_hpa[index], samples.humidity_percent[index])
        try:
            conditions = Conditions(*map(float, air))
        except Inconclusive:
            continue
        at_s = float(samples.at_s[index])
        # one reading shows no scatter of its own: its repeatability is that of the day
        noise_mg = balance.repeatability_mg
        mass = BalanceMark(at_s, float(samples.mass_g[index]), noise_mg, 0.0, _UNKNOWN_DOF, readings=1)
        mark = TimedMark(mass, float(samples.device_clock_s[index]), float(samples.counter_ul[index]), conditions)
        yield Reading(mark, at_s, float(samples.outlet_kpa[index]), is_mark=False)


def _fit(record: InfusionRecord) -> Truths:
    """Tell of each sample whether a volume may begin or end at it."""
    samples, balance, catheter = record.samples, record.weighing.balance, record.profile.catheter
    known = np.isfinite(samples.mass_g) & np.isfinite(samples.counter_ul) & np.isfinite(samples.device_clock_s)
    day = balance.measured_repeatability
    noise_mg = max(balance.repeatability_mg, 0.0 if day is None else day.standard_deviation_mg)
    outlet_kpa = np.nan_to_num(samples.outlet_kpa)
    taken_back_ul = catheter.compliance_max_ul_per_kpa.value * float(np.abs(outlet_kpa).max(initial=0.0))
    slack_mg = _NOISES * 2**0.5 * noise_mg + balance.readability_mg + taken_back_ul
    fell = np.diff(1000 * samples.mass_g) < -slack_mg
    fit: Truths = known.copy()
    fit[:-1] &= ~fell
    fit[1:] &= ~fell
    return fit
