# SPDX-License-Identifier: Apache-2.0
"""The spectrum of what is left of a delivery curve once the straight line through it is taken out."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Self

import numpy as np

from metrology.delivery.delivery_curve import FloatArray

_QUARTILE = 0.25
_MEAN_OVER_QUARTILE = float(-1 / np.log(1 - _QUARTILE))  # the power of noise is distributed exponentially


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Amplitudes over frequency, the latter in cycles per record.

    Attributes:
        times_s: evenly spaced from 0; shape (n,).
        rate_ul_per_s: slope of the line.
        tapered_ul: volume less the line, times a Hann window, so that a strong line does not leak over the others.
        taper: the window.
        amplitudes_ul: of each whole number of cycles per record; shape (n // 2 + 1,).
    """

    times_s: FloatArray
    rate_ul_per_s: float
    tapered_ul: FloatArray
    taper: FloatArray
    amplitudes_ul: FloatArray

    @classmethod
    def of(cls, times_s: FloatArray, volumes_ul: FloatArray) -> Self:
        """Compute the spectrum of evenly spaced samples."""
        line = np.polynomial.Polynomial.fit(times_s, volumes_ul, 1)
        taper = np.hanning(len(times_s) + 1)[:-1]
        tapered_ul = (volumes_ul - line(times_s)) * taper
        amplitudes_ul = 2 * np.abs(np.fft.rfft(tapered_ul)) / taper.sum()
        return cls(times_s, float(line.deriv()(0.0)), tapered_ul, taper, amplitudes_ul)

    @property
    def record_s(self) -> float:
        """Return the length of the record: all samples, the interval after the last one included."""
        return float(self.times_s[1]) * len(self.times_s)

    @property
    def power(self) -> FloatArray:
        """Return the squares of the amplitudes."""
        return self.amplitudes_ul**2

    def amplitude_ul(self, cycles: float) -> float:
        """Return the amplitude at any number of cycles per record, whole or not."""
        turns = np.exp((-2j * np.pi * cycles / self.record_s) * self.times_s)
        return float(2 * np.abs(self.tapered_ul @ turns) / self.taper.sum())

    def floor(self, from_cycles: int) -> FloatArray:
        """Return the mean power of the noise at each whole number of cycles, lines left out of account.

        Octave by octave from `from_cycles` on, the lower quartile stands for the noise: the few lines do not move it.
        In between it is interpolated as a power law, which noise that grows towards low frequencies follows.
        """
        edges = [from_cycles]
        while 2 * edges[-1] <= len(self.amplitudes_ul):
            edges.append(2 * edges[-1])
        edges[-1] = len(self.amplitudes_ul)
        octaves = [slice(*pair) for pair in pairwise(edges)]
        levels = [float(np.quantile(self.power[octave], _QUARTILE)) for octave in octaves]
        centres = [np.sqrt(octave.start * octave.stop) for octave in octaves]
        tiny = np.finfo(np.float64).tiny
        cycles = np.maximum(np.arange(len(self.amplitudes_ul)), 1)
        log_levels = np.log(np.maximum(levels, tiny))
        return _MEAN_OVER_QUARTILE * np.exp(np.interp(np.log(cycles), np.log(centres), log_levels))
