# SPDX-License-Identifier: Apache-2.0
"""An imagined laboratory as the bench judges it: the real functions of metrology, fed with what instruments showed.

And as somebody judges it who knows the noise: its size, how much of it wanders and for how long. That one weighs the
blank's readings by their true covariance, and needs no uncertainty stated: how far it errs in 95 % of a batch is the
least that an honest U could be. It computes by formulae of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from bench.bench_file import PreflightLimits
from metrology.gravimetry import (
    AirCourse,
    BalanceMark,
    BalanceSpecification,
    Conditions,
    Evaporation,
    Load,
    Repeatability,
    StraightLine,
    Vessel,
    WeighedSpan,
    WeighingSetup,
    delivered_volume,
)
from metrology.uncertainty import Quantity
from tests.soak.imagined_laboratory import (
    DRY_PERCENT,
    GLASS_MG,
    HOUR_S,
    LOSS_CHANGE_MG_PER_H,
    STROKE_UL,
    Array,
    Batch,
    ImaginedBench,
    Readings,
)

MAY_CHANGE_MG_PER_H = PreflightLimits().blank_change_mg_per_h


@dataclass(frozen=True)
class Judged:
    """A volume, judged with the blank before and again with both, and the truth."""

    first: Quantity
    again: Quantity
    true_ul: float

    @property
    def both(self) -> tuple[Quantity, Quantity]:
        """Return both judgements."""
        return self.first, self.again


def judge(batch: Batch, bench: ImaginedBench, number: int, rate_ul_per_h: float) -> Judged:
    """Return what the bench makes of one laboratory."""
    vessel = vessel_of(bench, batch.liquid_mg)
    day = _day(*(tuple(one) for readings in (batch.check, batch.before) for one in _row(readings, number)))
    balance = BalanceSpecification(
        bench.digit_mg,
        bench.noise_mg,
        bench.linearity_mg,
        bench.drift_mg_per_day,
        bench.certificate_mg,
        day,
        bench.sensitivity_per_c,
    )
    before, after = (_blank(one, number, vessel) for one in (batch.before, batch.after))
    before = before.that_may_change(MAY_CHANGE_MG_PER_H)
    start, end = (BalanceMark.fit(*_row(one, number)) for one in (batch.start, batch.end))
    course = AirCourse()
    for time_s, air in zip(batch.sample_times_s[number], batch.sample_air[number], strict=True):
        course.see(float(time_s), *map(float, air))
    air_at_start, air_at_end = (_air(one.air[number, 0]) for one in (batch.start, batch.end))
    conditions = course.over(start.time_s, air_at_start, end.time_s, air_at_end)
    span = WeighedSpan(start, end, conditions, STROKE_UL, rate_ul_per_h)
    warmth_mg_per_c = bench.sensitivity_per_c * 1000 * vessel.gross_g
    between = before.together_with(after, warmth_mg_per_c, vessel.excess_volume_half_width_ml)
    first, again = (
        delivered_volume(WeighingSetup(balance, blank, vessel=vessel), span).quantity for blank in (before, between)
    )
    return Judged(first, again, float(batch.true_ul[number]))


@lru_cache(maxsize=8)
def _day(
    check_s: Sequence[float], check_g: Sequence[float], blank_s: Sequence[float], blank_g: Sequence[float]
) -> Repeatability:
    check = Repeatability.about(StraightLine.fit(check_s, check_g))
    return check.or_worse(Repeatability.from_readings(blank_s, blank_g))


def vessel_of(bench: ImaginedBench, liquid_mg: float) -> Vessel:
    """Return the vessel that the file of such a bench describes."""
    half_g = (liquid_mg - 10_000.0) / 2000 + 1.0
    glass, liquid = Load(GLASS_MG / 1000, 2230.0), Load(liquid_mg / 1000 - half_g, 998.0, half_g)
    share = (bench.tube_mm / bench.vessel_mm) ** 2
    return replace(
        Vessel.of(glass, liquid, share),
        tube_mm=bench.tube_mm,
        contact_cosine_half_width=bench.cosine_half_width,
        drop_mg=bench.drop_mg,
        static_mg=bench.static_mg,
        static_below_percent=DRY_PERCENT,
    )


def _row(readings: Readings, number: int) -> tuple[list[float], list[float]]:
    return readings.times_s[number].tolist(), (readings.masses_mg[number] / 1000).tolist()


def _air(shown: Array) -> Conditions:
    return Conditions(*map(float, shown))


def _blank(readings: Readings, number: int, vessel: Vessel) -> Evaporation:
    first, last = (_air(one) for one in readings.air[number])
    air = first.mean_with(last)
    return Evaporation.from_blank(*_row(readings, number), vessel.lost_to_air_in_blank(air), air)


class KnowsTheNoise:
    """Judges a batch at once, knowing how the balance's noise is made, and how much stood on the pan when."""

    def __init__(self, bench: ImaginedBench, batch: Batch) -> None:
        self._bench, self._batch = bench, batch
        self._vessel = vessel_of(bench, batch.liquid_mg)

    def errors_ul(self) -> tuple[Array, Array]:
        """Return how far the volumes are off, with the blank before and with both."""
        batch = self._batch
        before, own, warmer = self._loss_mg_per_hpa_s(batch.before, 10_000.0)
        after, other, later = self._loss_mg_per_hpa_s(batch.after, batch.liquid_mg)
        change = LOSS_CHANGE_MG_PER_H / HOUR_S / float(_deficit_hpa(np.array([21.0, 1013.0, 50.0])))
        # the least of (1 − w)²·own + w²·(other + change²/3) + (warmer + w·(later − warmer))²
        gained, lost = own - warmer * (later - warmer), own + other + change**2 / 3 + (later - warmer) ** 2
        share = np.clip(gained / lost, 0.0, 1.0)
        first, again = (self._volume_ul(loss) - batch.true_ul for loss in (before, before + share * (after - before)))
        return first, again

    def _volume_ul(self, loss_mg_per_hpa_s: Array) -> Array:
        batch = self._batch
        begin_mg, end_mg = (one.masses_mg.mean(axis=1) for one in (batch.start, batch.end))
        seconds = batch.end.times_s.mean(axis=1) - batch.start.times_s.mean(axis=1)
        ends = np.concatenate((batch.start.air, batch.sample_air, batch.end.air), axis=1)
        times_s = np.concatenate(
            (batch.start.times_s.mean(axis=1)[:, None], batch.sample_times_s, batch.end.times_s.mean(axis=1)[:, None]),
            axis=1,
        )
        celsius, hpa, percent = (np.trapezoid(ends[:, :, one], times_s, axis=1) / seconds for one in range(3))
        deficit = np.trapezoid(_deficit_hpa(ends), times_s, axis=1)
        floated_mg = self._vessel.excess_volume_ml * (
            _air_density(batch.end.air[:, 0]) - _air_density(batch.start.air[:, 0])
        )
        gained_mg = end_mg - begin_mg + loss_mg_per_hpa_s * deficit + floated_mg
        water = 998.2071 - 0.2067 * (celsius - 20) - 0.0048 * (celsius - 20) ** 2
        air = 0.34848 * hpa / (celsius + 273.15) - 0.009024 * percent * np.exp(0.0612 * celsius) / (celsius + 273.15)
        free = 1 - self._vessel.tube_share
        return np.asarray(gained_mg * (1 - air / 8000) / (1 - air / water) * 1000 / water * free)

    def _loss_mg_per_hpa_s(self, blank: Readings, liquid_mg: float) -> tuple[Array, Array, Array]:
        """Return the slope of each blank by generalised least squares, its variance, and u by warmth; per deficit."""
        slopes, variances = self._slopes(blank)
        span_s = blank.times_s[0, -1] - blank.times_s[0, 0]
        excess_ml = GLASS_MG * (1 / 2230 - 1 / 8000) + liquid_mg * (1 / 998 - 1 / 8000)
        floated = excess_ml * (_air_density(blank.air[:, 1]) - _air_density(blank.air[:, 0]))
        warmed = (blank.air[:, 1, 0] - blank.air[:, 0, 0]) * self._bench.sensitivity_per_c / 3**0.5
        deficit = _deficit_hpa(blank.air).mean(axis=1)
        return (
            (-slopes - floated / span_s) / deficit,
            variances / deficit**2,
            warmed * (GLASS_MG + liquid_mg) / span_s / deficit,
        )

    def _slopes(self, blank: Readings) -> tuple[Array, Array]:
        """Return slopes in mg/s and variances: reading after reading is taken to what it tells beyond those before."""
        bench, share = self._bench, self._batch.wanders
        seconds = blank.times_s[0] - blank.times_s[0].mean()
        wanders = bench.noise_mg**2 * share
        white = bench.noise_mg**2 * (1 - share) + bench.digit_mg**2 / 12
        kept = np.exp(-(seconds[1] - seconds[0]) / self._batch.wander_s)
        relative_mg = blank.masses_mg - blank.masses_mg[:, :1]
        carried, variance = np.zeros((3, len(share))), wanders.copy()
        products = np.zeros((3, 3, len(share)))
        for second, masses_mg in zip(seconds, relative_mg.T, strict=True):
            spread = variance + white
            new = np.stack((np.ones_like(share), np.full_like(share, second), masses_mg)) - carried
            products += new[:, None] * new[None, :] / spread
            gain = variance / spread
            carried = kept * (carried + gain * new)
            variance = kept**2 * variance * (1 - gain) + (1 - kept**2) * wanders
        (one, cross, level), (_, two, tilt), _ = products
        determinant = one * two - cross**2
        return (one * tilt - cross * level) / determinant, one / determinant


def _deficit_hpa(air: Array) -> Array:
    return np.asarray(6.112 * np.exp(17.62 * air[..., 0] / (243.12 + air[..., 0])) * (1 - air[..., 2] / 100))


def _air_density(air: Array) -> Array:
    celsius, hpa, percent = (air[..., one] for one in range(3))
    return np.asarray((0.34848 * hpa - 0.009024 * percent * np.exp(0.0612 * celsius)) / (celsius + 273.15))
