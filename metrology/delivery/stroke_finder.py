# SPDX-License-Identifier: Apache-2.0
"""The stroke of a pulsed pump, found in its own delivery curve.

Take the straight line out of a staircase of steps V and a sawtooth is left, whose fundamental has the amplitude V/π.
So the amplitude of a line says how high the steps are, and its period times the mean rate says how much each step must
carry. Only a line for which the two agree is a stroke. A wobble of the rate is too weak for its period, and so is the
false, slower line of strokes that the samples are too far apart to follow: at most a third, once it has four samples to
a period. A harmonic agrees as well; therefore the slowest line that agrees is the stroke.
"""

import math
from dataclasses import dataclass

import numpy as np

from groundfloor.inconclusive import Inconclusive
from metrology.delivery.delivery_curve import DeliveryCurve, FloatArray
from metrology.delivery.spectrum import Spectrum

LEAST_STROKES = 10
LEAST_SAMPLES_PER_STROKE = 4
LEAST_STEP_SHARE, GREATEST_STEP_SHARE = 0.5, 1.5
"""The step that the amplitude shows, as a share of the volume per period, between which a line is taken for strokes."""

_ASSET = "stroke finder"
_MOST_SAMPLES = 1 << 17
_FALSE_ALARM = 1e-9
_FLOOR_DOUBT = 3.0  # the floor of the slowest octave rests on ten values; found by trial on 12,000 simulated staircases
_MULTIPLES = range(2, 21)
_HARMONICS = 4
_SCALLOPING = 0.8  # between two frequencies of the transform a line looks weaker, by up to 15 %


@dataclass(frozen=True)
class Stroke:
    """What the curve itself tells about the pump's strokes.

    Attributes:
        volume_ul: delivered per period: mean rate × period.
        period_s: from one stroke to the next.
        step_ul: height of a step as its fundamental shows it; less than the volume where a soft catheter rounds it off.
        count: strokes in the stretch that was looked at.
        prominence: power of the line over that of the noise around it.
    """

    volume_ul: float
    period_s: float
    step_ul: float
    count: float
    prominence: float


def find_stroke(curve: DeliveryCurve) -> Stroke:
    """Find stroke volume and period in a stretch at one constant rate.

    Args:
        curve: ten strokes or more, with four samples or more to each; its first 131072 samples are looked at.

    Raises:
        Inconclusive: nothing is delivered, no stroke stands out of the noise, or drift hides which line is the stroke.
    """
    sampled = curve.on_grid(curve.typical_interval_s)
    times_s, volumes_ul = sampled.times_s[:_MOST_SAMPLES] - sampled.times_s[0], sampled.volumes_ul[:_MOST_SAMPLES]
    if len(times_s) < LEAST_STROKES * LEAST_SAMPLES_PER_STROKE:
        raise _refused(f"{len(times_s)} samples", "record longer, or sample more often")
    spectrum = Spectrum.of(times_s, volumes_ul)
    if spectrum.rate_ul_per_s <= 0:
        seen = f"a rate of {3600 * spectrum.rate_ul_per_s:g} µL/h"
        raise _refused(seen, "choose a stretch in which the pump delivers")
    for line in _lines(spectrum):
        stroke = _stroke(spectrum, line)
        if LEAST_STEP_SHARE <= stroke.step_ul / stroke.volume_ul <= GREATEST_STEP_SHARE:
            _refuse_hidden_stroke(spectrum, stroke)
            return stroke
    raise _refused(
        f"no step stands out of the noise among {len(times_s)} samples every {curve.typical_interval_s:g} s",
        f"record {LEAST_STROKES} strokes or more, with {LEAST_SAMPLES_PER_STROKE} samples or more to each",
    )


def _lines(spectrum: Spectrum) -> FloatArray:
    """Return the cycles per record of the lines that noise does not explain and that are strong enough for strokes."""
    cycles = np.arange(len(spectrum.power), dtype=np.float64)
    power = spectrum.power
    is_peak = np.zeros(len(power), dtype=bool)
    is_peak[1:-1] = (power[1:-1] >= power[:-2]) & (power[1:-1] >= power[2:])
    in_reach = (cycles >= LEAST_STROKES) & (cycles <= len(spectrum.times_s) / LEAST_SAMPLES_PER_STROKE)
    stands_out = power > _FLOOR_DOUBT * math.log(len(power) / _FALSE_ALARM) * spectrum.floor(LEAST_STROKES)
    # V/π for a period of record/cycles.
    full_ul = spectrum.rate_ul_per_s * spectrum.record_s / np.maximum(cycles, 1) / math.pi
    is_strong = spectrum.amplitudes_ul >= _SCALLOPING * LEAST_STEP_SHARE * full_ul
    return cycles[is_peak & in_reach & stands_out & is_strong]


def _stroke(spectrum: Spectrum, line: float) -> Stroke:
    from scipy.optimize import minimize_scalar  # takes long to import, and an infusion needs none of it

    cycles = line
    for harmonics, reach in ((1, 1.0), (_HARMONICS, 0.25 / _HARMONICS)):
        kept = min(harmonics, max(1, math.floor(len(spectrum.times_s) / 2 / (cycles + 1))))
        bounds = (cycles - reach, cycles + reach)
        found = minimize_scalar(
            _lacking_power, bounds=bounds, args=(spectrum, kept), method="bounded", options={"xatol": 1e-6}
        )
        cycles = float(found.x)
    period_s = spectrum.record_s / cycles
    return Stroke(
        volume_ul=spectrum.rate_ul_per_s * period_s,
        period_s=period_s,
        step_ul=math.pi * spectrum.amplitude_ul(cycles),
        count=cycles,
        prominence=float(spectrum.power[round(line)] / spectrum.floor(LEAST_STROKES)[round(line)]),
    )


def _lacking_power(cycles: float, spectrum: Spectrum, harmonics: int) -> float:
    return -sum(spectrum.amplitude_ul(number * cycles) ** 2 for number in range(1, harmonics + 1))


def _refuse_hidden_stroke(spectrum: Spectrum, stroke: Stroke) -> None:
    """Refuse a line where drift, or a short record, leaves room for a slower one of which it would be a harmonic."""
    for multiple in _MULTIPLES:
        step_ul = math.pi * spectrum.amplitude_ul(stroke.count / multiple)
        if step_ul >= LEAST_STEP_SHARE * multiple * stroke.volume_ul:
            seen = f"a period of {stroke.period_s:g} s, but one {multiple} times as long could be behind it"
            raise _refused(seen, "record longer, on a quieter balance")


def _refused(seen: str, next_step: str) -> Inconclusive:
    return Inconclusive(_ASSET, "find the stroke", seen, next_step)
