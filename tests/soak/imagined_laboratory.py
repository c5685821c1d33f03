# SPDX-License-Identifier: Apache-2.0
"""Laboratories that are imagined by the thousand: a room that moves, a balance that wanders, a vessel, a pump.

It makes what instruments show, and the truth. Nothing of the bench computes here: water by Kell 1975, air as a mixture
of two ideal gases, vapour by Magnus. One batch is one kind of bench at one rate; a row of each array is one laboratory.

What is drawn stays inside what a bench file says of such a bench, each bound taken out in full: the room swings over
nearly all that `[ambient]` allows, and the rate of evaporation after the blank is anything within its limit.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
HOUR_S, DAY_S = 3600.0, 86400.0
BLANK_S, BLANK_AFTER_S, BLANK_READINGS, MARK_READINGS, CHECK_READINGS = 3600.0, 1800.0, 361, 11, 20
SAMPLES_EVERY_S = 900.0
WANDERS_S = (30.0, 900.0)
GLASS_MG, LOSS_MG_PER_H, LOSS_CHANGE_MG_PER_H = 50_000.0, 0.06, 0.02
STROKE_UL, STROKE_TRIM = 0.5, 0.03
OFFSET_C, OFFSET_HPA, OFFSET_PERCENT, DELAY_S = 1.0, 2.0, 5.0, 1.0
SENSED_C, SENSED_HPA, SENSED_PERCENT = 0.05, 0.05, 0.5
DRY_PERCENT = 40.0


@dataclass(frozen=True)
class ImaginedBench:
    """One kind of bench, as its file describes it."""

    digit_mg: float
    noise_mg: float
    linearity_mg: float
    drift_mg_per_day: float
    certificate_mg: float
    sensitivity_per_c: float
    tube_mm: float = 0.0
    cosine_half_width: float = 0.0
    drop_mg: float = 0.0
    static_mg: float = 0.0
    vessel_mm: float = 20.0


@dataclass(frozen=True)
class Readings:
    """What is read at some instants, a row for each laboratory, and the air that the sensors show at the ends.

    Attributes:
        times_s: shape (laboratories, readings).
        masses_mg: the same.
        air: temperature in °C, pressure in hPa, humidity in %: shape (laboratories, ends, 3).
    """

    times_s: Array
    masses_mg: Array
    air: Array


@dataclass(frozen=True)
class Batch:
    """All that a batch of laboratories showed, and what their pumps delivered."""

    check: Readings
    before: Readings
    start: Readings
    end: Readings
    after: Readings
    sample_times_s: Array
    sample_air: Array
    wanders: Array
    wander_s: Array
    liquid_mg: float
    true_ul: Array


@dataclass
class ImaginedLaboratories:
    """A batch of laboratories with one kind of bench.

    Args:
        bench: which.
        count: how many.
        seed: draws them.
    """

    bench: ImaginedBench
    count: int
    seed: int
    _draw: np.random.Generator = field(init=False)
    _wanders: Array = field(init=False)
    _wander_s: Array = field(init=False)

    def __post_init__(self) -> None:
        self._draw = draw = np.random.default_rng(self.seed)
        # how much of the noise's variance wanders, and for how long: every balance and building has its own
        self._wanders = draw.uniform(0.0, 1.0, self.count)
        shortest, longest = (float(np.log(one)) for one in WANDERS_S)
        self._wander_s = np.exp(draw.uniform(shortest, longest, self.count))

    def weigh(self, rate_ul_per_h: float, duration_s: float) -> Batch:
        """Let every pump run at a rate and be weighed over a time, between two blanks."""
        draw, count = self._draw, self.count
        room = _Room(draw, count)
        starts_s = BLANK_S + self._within(6 * HOUR_S, 12 * HOUR_S)
        ends_s = starts_s + duration_s
        after_s = ends_s + self._within(HOUR_S, 12 * HOUR_S)
        load = _Load(self, room, rate_ul_per_h, starts_s, ends_s, after_s)
        before = self._read(load, np.zeros((count, 1)), BLANK_S, BLANK_READINGS, load.of_blank)
        check = self._read(
            load, np.full((count, 1), BLANK_S + 60.0), CHECK_READINGS - 1.0, CHECK_READINGS, load.of_blank
        )
        start, end = (
            self._read(load, at_s - 5.0, MARK_READINGS - 1.0, MARK_READINGS, load.of_window, mark=True)
            for at_s in (starts_s, ends_s)
        )
        after = self._read(load, after_s, BLANK_AFTER_S, BLANK_READINGS, load.of_window)
        steps = int(duration_s / SAMPLES_EVERY_S)
        times_s = starts_s + SAMPLES_EVERY_S * np.arange(1, steps)
        liquid_mg = load.water_at_start_mg + rate_ul_per_h * duration_s / HOUR_S
        true_ul = np.full(count, rate_ul_per_h * duration_s / HOUR_S)
        air = room.sensed(times_s)
        noise = self._wanders, self._wander_s
        return Batch(check, before, start, end, after, times_s, air, *noise, liquid_mg, true_ul)

    def _read(
        self, load: "_Load", from_s: Array, span_s: float, readings: int, of: object, mark: bool = False
    ) -> Readings:
        bench = self.bench
        times_s = from_s + np.linspace(0.0, span_s, readings)
        late_s = self._within(-DELAY_S, DELAY_S) if mark else 0.0
        shown_mg = of(times_s - late_s)  # type: ignore[operator]
        if mark:
            shown_mg = shown_mg + self._within(-bench.linearity_mg, bench.linearity_mg) + self._forces_mg(load, from_s)
        shown_mg = shown_mg + self._noise_mg(np.diff(times_s[0], prepend=times_s[0, 0]))
        rounded_mg = bench.digit_mg * np.round(shown_mg / bench.digit_mg)
        ends_s = times_s[:, [readings // 2]] if mark else times_s[:, [0, -1]]
        return Readings(times_s, rounded_mg, load.room.sensed(ends_s))

    def _noise_mg(self, apart_s: Array) -> Array:
        """Return noise of which a share wanders (first-order autoregressive), the rest being white."""
        draw, bench, count = self._draw, self.bench, self.count
        wander = np.empty((count, len(apart_s)))
        wander[:, 0] = draw.standard_normal(count)
        for number in range(1, len(apart_s)):
            kept = np.exp(-apart_s[number] / self._wander_s)
            wander[:, number] = kept * wander[:, number - 1] + np.sqrt(1 - kept**2) * draw.standard_normal(count)
        white = draw.standard_normal(wander.shape)
        share = self._wanders[:, None]
        return np.asarray(bench.noise_mg * (np.sqrt(share) * wander + np.sqrt(1 - share) * white))

    def _forces_mg(self, load: "_Load", at_s: Array) -> Array:
        bench = self.bench
        pull_mg = 0.0728 * np.pi * 1e-3 * bench.tube_mm / 9.80665 * 1e6
        forces_mg = pull_mg * self._within(-bench.cosine_half_width, bench.cosine_half_width)
        forces_mg = forces_mg - self._within(0.0, bench.drop_mg)
        all_mg: Array = forces_mg + load.dry * self._within(-bench.static_mg, bench.static_mg)
        return all_mg

    def _within(self, low: float, high: float) -> Array:
        return self._draw.uniform(low, high, (self.count, 1))


class _Room:
    """Temperature, pressure and humidity as waves; and sensors with offsets, and ripples of their own."""

    def __init__(self, draw: np.random.Generator, count: int) -> None:
        def waves(mean: float, most: float, low_h: float, high_h: float) -> tuple[float, Array, Array, Array]:
            column = (count, 1)
            size, period = draw.uniform(most / 2, most, column), draw.uniform(low_h, high_h, column) * HOUR_S
            return mean, size, 2 * np.pi / period, draw.uniform(0, 2 * np.pi, column)

        self._waves = (waves(21.0, 3.0, 12, 36), waves(1000.0, 15.0, 48, 120), waves(50.0, 29.0, 10, 40))
        offsets = [draw.uniform(-one, one, (count, 1)) for one in (OFFSET_C, OFFSET_HPA, OFFSET_PERCENT)]
        self._offsets = np.stack(offsets, axis=2)
        self._draw = draw

    def true(self, times_s: Array) -> tuple[Array, Array, Array]:
        """Return temperature, pressure and humidity."""
        celsius, hpa, percent = (mean + size * np.sin(turn * times_s + at) for mean, size, turn, at in self._waves)
        return celsius, hpa, percent

    def sensed(self, times_s: Array) -> Array:
        """Return what the sensors show: shape (laboratories, instants, 3)."""
        true = np.stack(self.true(times_s), axis=2)
        change = np.array([SENSED_C, SENSED_HPA, SENSED_PERCENT])
        shown: Array = true + self._offsets + self._draw.uniform(-1, 1, true.shape) * change
        return shown


class _Load:
    """Vessel and liquid, and what the balance makes of them without noise."""

    def __init__(
        self,
        of: ImaginedLaboratories,
        room: _Room,
        rate_ul_per_h: float,
        starts_s: Array,
        ends_s: Array,
        after_s: Array,
    ) -> None:
        self.room, self._bench, self._rate = room, of.bench, rate_ul_per_h / HOUR_S
        self.water_at_start_mg = 10_000.0
        self._starts_s, self._ends_s, self._after_s = starts_s, ends_s, after_s
        within, draw, count = of._within, of._draw, of.count
        # a maker trims the drive to the rotor: strokes of another size, rarer or more often
        self._stroke_ul = STROKE_UL * (1 + within(-STROKE_TRIM, STROKE_TRIM))
        self._phase_ul = within(0.0, 1.0) * self._stroke_ul
        share = (of.bench.tube_mm / of.bench.vessel_mm) ** 2
        self._free = 1 - share * (1 + within(-0.1, 0.1))
        self._warms = within(-of.bench.sensitivity_per_c, of.bench.sensitivity_per_c)
        self._scale = draw.normal(0, of.bench.certificate_mg / 2 / 60_000, (count, 1))
        self._drift_in_blank, change = (within(-of.bench.drift_mg_per_day, of.bench.drift_mg_per_day) for _ in range(2))
        self._drift = self._drift_in_blank + change
        mean_hpa = _deficit_hpa(21.0, 50.0)
        gap = LOSS_MG_PER_H * within(0.85, 1.15)
        first, second = (within(-LOSS_CHANGE_MG_PER_H, LOSS_CHANGE_MG_PER_H) for _ in range(2))
        # the rate after the window is that of the window in every second laboratory, and any other in the rest
        second = np.where(draw.random((count, 1)) < 0.5, first, second)
        # a change is at the deficit of the blank, where the post-flight looks for it
        blank_c, _, blank_percent = room.true(np.full((count, 1), BLANK_S / 2))
        blank_hpa = _deficit_hpa(blank_c, blank_percent)
        self._loss = [(gap / mean_hpa + one / blank_hpa) / HOUR_S for one in (0.0, first, second)]
        self._course = _Course(room, float(after_s.max()) + 2 * BLANK_S, count)
        driest = [room.true(starts_s + (ends_s - starts_s) * part)[2] for part in np.linspace(0, 1, 49)]
        self.dry = np.min(driest, axis=0) < DRY_PERCENT

    def of_blank(self, times_s: Array) -> Array:
        """Return what is shown, in mg, while the pump stands before the window."""
        lost_mg = self._loss[0] * self._course.deficit(times_s)
        return self._shown_mg(times_s, self.water_at_start_mg - lost_mg) + self._drift_in_blank * times_s / DAY_S

    def of_window(self, times_s: Array) -> Array:
        """Return what is shown from the start of the window on, the pump running up to its end."""
        deficit, arrived = self._course.deficit, self._arrived_mg(times_s)
        until_s = np.minimum(times_s, self._ends_s + 60.0)
        lost_mg = self._loss[1] * (deficit(until_s) - deficit(self._starts_s - 60.0))
        lost_mg = lost_mg + self._loss[2] * (deficit(times_s) - deficit(until_s))
        since_s = times_s - self._starts_s
        water_mg = self.water_at_start_mg + (arrived - lost_mg) / self._free
        return self._shown_mg(times_s, water_mg) + self._drift * since_s / DAY_S

    def _arrived_mg(self, times_s: Array) -> Array:
        """Return the mass of whole strokes; mass arrives at the density of its hour."""
        running_s = np.minimum(times_s, self._ends_s + 60.0) - self._starts_s
        commanded_ul = self._rate * running_s + self._phase_ul
        behind_ul = np.mod(commanded_ul, self._stroke_ul)
        course = self._course
        delivered_mg = self._rate * (course.density(self._starts_s + running_s) - course.density(self._starts_s))
        return delivered_mg + (self._phase_ul - behind_ul) * 0.998

    def _shown_mg(self, times_s: Array, water_mg: Array) -> Array:
        celsius, hpa, percent = self.room.true(times_s)
        air = _air(celsius, hpa, percent)
        floating = water_mg * (1 - air / _water(celsius)) + GLASS_MG * (1 - air / 2230.0)
        gross = floating / (1 - air / 8000.0)
        return np.asarray(gross * (1 + self._scale + self._warms * (celsius - 21.0)))


class _Course:
    """Running integrals over the room of each laboratory: deficit of vapour in hPa·s, density of water in g/mL·s."""

    def __init__(self, room: _Room, until_s: float, count: int) -> None:
        self._step_s = 300.0
        grid_s = np.arange(0.0, until_s + 2 * self._step_s, self._step_s)
        celsius, _, percent = room.true(np.broadcast_to(grid_s, (count, len(grid_s))))
        self._deficit, self._density = (
            np.concatenate(
                (np.zeros((count, 1)), np.cumsum((one[:, 1:] + one[:, :-1]) / 2 * self._step_s, axis=1)), axis=1
            )
            for one in (_deficit_hpa(celsius, percent), _water(celsius) / 1000)
        )

    def deficit(self, times_s: Array) -> Array:
        return self._at(self._deficit, times_s)

    def density(self, times_s: Array) -> Array:
        return self._at(self._density, times_s)

    def _at(self, integral: Array, times_s: Array) -> Array:
        place = times_s / self._step_s
        low = np.floor(place).astype(np.int64)
        before, after = (np.take_along_axis(integral, low + one, axis=1) for one in (0, 1))
        return np.asarray(before + (place - low) * (after - before))


def _water(celsius: Array) -> Array:
    t = celsius
    above = 999.83952 + t * (16.945176 + t * (-7.9870401e-3 + t * (-46.170461e-6 + t * 105.56302e-9)))
    return np.asarray(above / (1 + 16.879850e-3 * t))


def _vapour_hpa(celsius: Array | float) -> Array:
    return np.asarray(6.112 * np.exp(17.62 * celsius / (243.12 + celsius)))


def _deficit_hpa(celsius: Array | float, percent: Array | float) -> Array:
    return np.asarray(_vapour_hpa(celsius) * (1 - percent / 100))


def _air(celsius: Array, hpa: Array, percent: Array) -> Array:
    vapour = percent / 100 * _vapour_hpa(celsius)
    kelvin = celsius + 273.15
    return np.asarray((hpa - vapour) * 100 / (287.05 * kelvin) + vapour * 100 / (461.5 * kelvin))
