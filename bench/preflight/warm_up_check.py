# SPDX-License-Identifier: Apache-2.0
"""A balance that was switched on this morning drifts; nobody can ask it since when it is on, so it is watched."""

from bench.bench_file import BalanceDevice, CheckName, PreflightLimits
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.weighing import BalanceSeries
from metrology.gravimetry import StraightLine
from metrology.verdict import Limits

SPANS = 10
READINGS_PER_SPAN = 20
COVERAGE = 2.0


class WarmUpCheck:
    """Waits until the drift of two neighbouring spans of readings is the same, or until the time is over."""

    name = CheckName.WARM_UP

    def __init__(self, device: BalanceDevice, settings: PreflightLimits, series: BalanceSeries) -> None:
        most_mg_per_h = device.drift_mg_per_day / 24
        self.limits = Limits(-most_mg_per_h, most_mg_per_h, "mg/h", "bench file, drift of the balance")
        self._warm_up_s = settings.warm_up_s
        self._series = series

    def run(self) -> CheckFinding:
        """Return by how much the drift still changed at the end; it warns, the blank decides."""
        operation = "warm up"
        if not self._warm_up_s:
            return CheckFinding(self.name, "balance", operation, CheckState.OK, "no waiting asked for")
        spans = [self._span()]
        while len(spans) < SPANS:
            spans.append(self._span())
            change_mg_per_h, uncertainty_mg_per_h = _change(*spans[-2:])
            if abs(change_mg_per_h) <= (self.limits.upper or 0.0) + COVERAGE * uncertainty_mg_per_h:
                state, next_step = CheckState.OK, ""
                break
        else:
            state, next_step = CheckState.WARN, "leave the balance switched on overnight"
        waited_s = len(spans) * self._warm_up_s / SPANS
        seen = f"the drift still changed by {change_mg_per_h:.3f} mg/h after {waited_s / 60:.3g} min"
        return CheckFinding(
            self.name, "balance", operation, state, seen, self.limits, change_mg_per_h, uncertainty_mg_per_h, next_step
        )

    def _span(self) -> StraightLine:
        spacing_s = self._warm_up_s / SPANS / READINGS_PER_SPAN
        return self._series.read(READINGS_PER_SPAN, spacing_s, after_s=spacing_s).line


def _change(before: StraightLine, after: StraightLine) -> tuple[float, float]:
    uncertainty = (before.slope_uncertainty_mg_per_h**2 + after.slope_uncertainty_mg_per_h**2) ** 0.5
    return after.slope_mg_per_h - before.slope_mg_per_h, uncertainty
