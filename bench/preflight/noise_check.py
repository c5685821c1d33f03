# SPDX-License-Identifier: Apache-2.0
"""The balance must repeat as well as its bench file says, here and now, with the vessel on it.

What is found is the repeatability that every volume of this day is judged with.
"""

import math
from dataclasses import replace

from bench.bench_file import BalanceDevice, CheckName, PreflightLimits
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.weighing import BalanceSeries
from bench.weighing.mass_series import MassSeries
from metrology.gravimetry import Repeatability
from metrology.verdict import Limits

WARN_SHARE = 0.75
"""Share of the limit from which on a warning is given."""
LEAST_READINGS = 3
"""So many have a straight line and scatter about it."""


class NoiseCheck:
    """Reads the balance at a steady pace; its scatter about a straight line is the noise, a drift is none.

    Attributes:
        measured: what it found; None before it was made.
    """

    name = CheckName.BALANCE_NOISE

    def __init__(self, device: BalanceDevice, settings: PreflightLimits, series: BalanceSeries) -> None:
        # A display that steps scatters by its step alone.
        expected_mg = math.hypot(device.repeatability_mg, device.readability_mg / math.sqrt(12))
        source = f"bench file, {settings.noise_factor:g} × repeatability of {device.repeatability_mg:g} mg"
        self.limits = Limits(0.0, settings.noise_factor * expected_mg, "mg", source)
        self._must_scatter = device.repeatability_mg >= device.readability_mg
        self.measured: Repeatability | None = None
        self._settings = settings
        self._series = series

    def run(self) -> CheckFinding:
        """Return the standard deviation of one reading.

        It blocks over the limit. It blocks as well when a balance that must scatter shows the same figure each time:
        a display that is held would call any pump a stopped one.
        """
        series = self._series.read(self._settings.noise_readings, self._settings.noise_spacing_s)
        line, masses_g = series.line, series.masses_g
        self.measured = Repeatability.about(line)
        noise_mg = line.scatter_mg
        finding = f"standard deviation {noise_mg:.4f} mg of {len(masses_g)} readings in {line.span_s:.3g} s"
        state, next_step = CheckState.OK, ""
        if noise_mg > self._most_mg:
            state, next_step = CheckState.BLOCK, "shield it from draughts and vibration, let it warm up, have it tested"
            if self._but_for_the_first(series):
                finding += ", and of all but the first not too much: as if each answer were that to the question before"
                next_step = "switch it off and on; see what stands between it and the bench, and what moved at first"
        elif self._must_scatter and len(set(masses_g)) == 1:
            finding += ", every one the same to the last digit"
            state, next_step = CheckState.BLOCK, "see whether its display is held, or its filter is set too slow"
        elif noise_mg > WARN_SHARE * self._most_mg:
            state, next_step = CheckState.WARN, "look for draughts and vibration"
        if state is CheckState.BLOCK:
            finding += f"; allowed are {self._most_mg:.4f} mg ({self.limits.source})"
        uncertainty_mg = noise_mg / math.sqrt(2 * line.dof)
        return CheckFinding(
            self.name, "balance", "measure the noise", state, finding, self.limits, noise_mg, uncertainty_mg, next_step
        )

    def _but_for_the_first(self, series: MassSeries) -> bool:
        rest = replace(series, times_s=series.times_s[1:], masses_g=series.masses_g[1:])
        return len(rest.times_s) >= LEAST_READINGS and rest.line.scatter_mg <= self._most_mg

    @property
    def _most_mg(self) -> float:
        return self.limits.upper or 0.0
