# SPDX-License-Identifier: Apache-2.0
"""Many pumps at once, and a balance for each: a simulation of its own, which shares nothing with bench or twin.

A pump moves whole strokes at the pace of a commanded volume; each flows through a catheter that smooths it. A good
pump errs by up to a third of its accuracy, its strokes by 3 % in size and 2 % from one to the next, its rotor wobbles
by 3 %, it wanders slowly by 1 %, and its rate hangs by 1 % on how full it is. Every row is another specimen on another
balance.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

Array = NDArray[np.float64]

EVERY_S, CLOSE_S, CLOSE_FOR_S = 30.0, 10.0, 120.0
LEAD_IN_S, RUN_DOWN_S = 300.0, 1200.0
STROKE_UL, ACCURACY = 0.5, 0.145
SIGMA_MG, DIGIT_MG, LINEARITY_MG, DRIFT_MG_PER_DAY, LOSS_MG_PER_H, SHARE = 0.02, 0.01, 0.1, 0.2, 0.05, 2e-4
CATHETER_S = 7.2
"""R·C; each specimen has half to one and a half of it, and a second more."""


@dataclass(frozen=True)
class Fault:
    """What is wrong with the pumps; nothing is, where nothing is said.

    Attributes:
        burst_ul, burst_s: so much more within so long.
        stall_s, every_s, catches_up: it stands so long, again every so often, and makes up for it at twice the rate.
        wave, wave_s: its rate swings by this share with this period.
        first_hours: this share more in the first two hours.
        late_s: it begins so late.
        run_on_s: it goes on after the stop.
    """

    burst_ul: float = 0.0
    burst_s: float = 60.0
    stall_s: float = 0.0
    every_s: float = 21600.0
    catches_up: bool = False
    wave: float = 0.0
    wave_s: float = 7200.0
    first_hours: float = 0.0
    late_s: float = 0.0
    run_on_s: float = 0.0


@dataclass(frozen=True)
class Imagined:
    """What a batch of balances showed; started at 0 s, stopped at `stopped_s`.

    Attributes:
        rate_ul_per_h: programmed.
        stopped_s: instant of the stop.
        times_s: stamps of the readings; shape (batch, n).
        masses_mg: what was displayed; shape (batch, n).
    """

    rate_ul_per_h: float
    stopped_s: float
    times_s: Array
    masses_mg: Array


def instants_s(stopped_s: float) -> Array:
    """Return the planned instants: every half minute, and every ten seconds after start and stop."""
    close_s = np.arange(CLOSE_S, CLOSE_FOR_S + 1, CLOSE_S)
    regular_s = np.arange(-LEAD_IN_S, stopped_s + RUN_DOWN_S + 1, EVERY_S)
    return np.unique(np.concatenate((regular_s, close_s, [stopped_s], stopped_s + close_s)))


def imagined(
    rng: np.random.Generator,
    rate_ul_per_h: float,
    hours: float,
    batch: int,
    fault: Fault = Fault(),
    bias: float | None = None,
    wander_mg: float = 0.0,
) -> Imagined:
    """Return the readings of a batch of infusions.

    Args:
        rng: draws everything.
        rate_ul_per_h: programmed.
        hours: from start to stop.
        batch: how many.
        fault: what is wrong with all of them.
        bias: of the rate of all; drawn for each if None.
        wander_mg: standard deviation of noise that is correlated over ten minutes.
    """
    stopped_s = round(hours * 3600 / EVERY_S) * EVERY_S
    planned_s = instants_s(stopped_s)
    times_s = planned_s + rng.uniform(0, 0.5, (batch, len(planned_s)))
    truth = _Delivery(rng, rate_ul_per_h, stopped_s, batch, len(planned_s), fault, bias)
    # A reading is of an instant up to two seconds before its stamp; the filter's delay changes slowly.
    delay_s = np.repeat(rng.uniform(0, 2, (batch, len(planned_s) // 30 + 1)), 30, axis=1)[:, : len(planned_s)]
    arrived_ul = truth.arrived_ul(times_s - delay_s)
    return Imagined(rate_ul_per_h, stopped_s, times_s, _displayed_mg(rng, times_s, arrived_ul, wander_mg))


def _displayed_mg(rng: np.random.Generator, times_s: Array, arrived_mg: Array, wander_mg: float) -> Array:
    def each(low: float, high: float) -> Array:
        return rng.uniform(low, high, (len(times_s), 1))

    hours, drift = times_s / 3600, DRIFT_MG_PER_DAY / 24
    off_mg = (each(-LOSS_MG_PER_H, LOSS_MG_PER_H) + each(-drift, drift)) * hours + each(-SHARE, SHARE) * arrived_mg
    turn = ((arrived_mg + off_mg) / each(20, 40) + each(0, 1)) % 1.0
    off_mg += LINEARITY_MG * (4 * np.abs(turn - 0.5) - 1)
    noise_mg = SIGMA_MG * rng.normal(size=times_s.shape)
    if wander_mg:
        keeps = np.exp(-EVERY_S / 600)
        noise_mg += lfilter([wander_mg * np.sqrt(1 - keeps**2)], [1, -keeps], rng.normal(size=times_s.shape), axis=1)
    shown: Array = np.round((arrived_mg + off_mg + noise_mg) / DIGIT_MG) * DIGIT_MG
    return shown


class _Delivery:
    """What reaches the vessels of a batch."""

    def __init__(
        self,
        rng: np.random.Generator,
        rate_ul_per_h: float,
        stopped_s: float,
        batch: int,
        count: int,
        fault: Fault,
        bias: float | None,
    ) -> None:
        def each(low: float, high: float) -> Array:
            return rng.uniform(low, high, (batch, 1))

        self._rate_ul_per_s, self._stopped_s, self._fault = rate_ul_per_h / 3600, stopped_s, fault
        self._bias = each(-ACCURACY / 3, ACCURACY / 3) if bias is None else np.full((batch, 1), bias)
        self._begins_s = each(0, 5) + fault.late_s
        self._at_s = 3600 + each(0, 1) * max(min(stopped_s - 7200 - fault.stall_s, 18000.0), 1.0)
        self._wave_at = each(0, 2 * np.pi)
        self._stroke_ul, self._phase = STROKE_UL * (1 + each(-0.03, 0.03)), each(0, 1)
        self._catheter_s = CATHETER_S * each(0.5, 1.5) + 1.0
        self._wobble_at = each(0, 2 * np.pi)
        keeps = np.exp(-1 / 3)  # an hour's values, correlated over three
        slow = lfilter([np.sqrt(1 - keeps**2)], [1, -keeps], rng.normal(size=(batch, count // 120 + 20)), axis=1)
        self._slow = 0.01 * np.repeat(slow[:, 10:], 120, axis=1)[:, :count] + each(-0.01, 0.01)
        self._scatter = 0.02 * rng.normal(size=(batch, count))

    def arrived_ul(self, at_s: Array) -> Array:
        """Return what had come through the catheter; a stroke that was made decays into the vessel."""
        strokes = np.maximum(self._commanded_ul(at_s), 0) / self._stroke_ul
        turned = self._phase + strokes
        whole = np.floor(turned)
        made = np.diff(whole, axis=1, prepend=whole[:, :1])
        wobble = 0.03 * 20 / (2 * np.pi) * (np.cos(self._wobble_at) - np.cos(2 * np.pi * whole / 20 + self._wobble_at))
        off = np.cumsum(made * self._slow + np.sqrt(np.maximum(made, 0)) * self._scatter, axis=1)
        driven_ul = self._stroke_ul * (whole - whole[:, :1] + wobble - wobble[:, :1] + off)
        burst_ul = self._burst_ul(at_s)
        return driven_ul - self._held_ul(at_s, strokes, turned, made) + burst_ul

    def _held_ul(self, at_s: Array, strokes: Array, turned: Array, made: Array) -> Array:
        """Return what the catheter still holds: of the strokes since the reading before, and of what it held then."""
        step_s = np.diff(at_s, axis=1, prepend=at_s[:, :1] - EVERY_S)
        pace = np.diff(strokes, axis=1, prepend=strokes[:, :1])
        period_s = step_s / np.maximum(pace, 1e-9)
        kept = np.exp(-np.minimum(period_s / self._catheter_s, 700))
        since_s = np.minimum((turned - np.floor(turned)) * period_s / self._catheter_s, 700)
        new_ul = self._stroke_ul * np.exp(-since_s) * (1 - kept ** np.maximum(made, 0)) / np.maximum(1 - kept, 1e-12)
        keeps = np.exp(-step_s / self._catheter_s)
        held_ul: Array = np.empty_like(new_ul)
        last_ul = np.zeros(len(at_s))
        for column in range(at_s.shape[1]):
            last_ul = new_ul[:, column] + keeps[:, column] * last_ul
            held_ul[:, column] = last_ul
        return held_ul

    def _burst_ul(self, at_s: Array) -> Array:
        fault, lag_s = self._fault, self._catheter_s
        if not fault.burst_ul:
            return np.zeros_like(at_s)
        since_s = np.maximum(at_s - self._at_s, 0)
        over_s = np.maximum(since_s - fault.burst_s, 0)
        smoothed_s = lag_s * (np.exp(-over_s / lag_s) - np.exp(-since_s / lag_s))
        burst: Array = fault.burst_ul / fault.burst_s * (np.minimum(since_s, fault.burst_s) - smoothed_s)
        return burst

    def _commanded_ul(self, at_s: Array) -> Array:
        fault, begins_s, ends_s = self._fault, self._begins_s, self._stopped_s + self._fault.run_on_s

        def between(from_s: Array, to_s: Array | float) -> Array:
            ran: Array = np.clip(at_s - from_s, 0, np.maximum(to_s - from_s, 0))
            return ran

        ran_s = between(begins_s, ends_s)
        volume_ul = (1 + self._bias) * self._rate_ul_per_s * (ran_s - self._stalled_s(between))
        if fault.wave:
            swing = np.cos(self._wave_at) - np.cos(2 * np.pi * ran_s / fault.wave_s + self._wave_at)
            volume_ul = volume_ul + self._rate_ul_per_s * fault.wave * fault.wave_s / (2 * np.pi) * swing
        if fault.first_hours:
            first_s = between(begins_s, np.minimum(begins_s + 7200, ends_s))
            volume_ul = volume_ul + self._rate_ul_per_s * fault.first_hours * first_s
        return volume_ul

    def _stalled_s(self, between: Callable[[Array, Array], Array]) -> Array | float:
        fault = self._fault
        stalled_s: Array | float = 0.0
        for number in range(int(self._stopped_s // fault.every_s) + 1) if fault.stall_s else ():
            from_s = self._at_s + number * fault.every_s
            fits = from_s + 2 * fault.stall_s < self._stopped_s
            stalled_s = stalled_s + fits * between(from_s, from_s + fault.stall_s)
            if fault.catches_up:
                stalled_s = stalled_s - fits * between(from_s + fault.stall_s, from_s + 2 * fault.stall_s)
        return stalled_s
