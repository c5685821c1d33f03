# SPDX-License-Identifier: Apache-2.0
"""The vessel may lose a little by evaporation while the pump stands still, and may gain nothing beyond drift."""

from collections.abc import Callable

from bench.bench_file import BalanceDevice, CheckName, PreflightLimits
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.weighing import Blank
from metrology.verdict import Limits


class BlankCheck:
    """Holds the slope of the blank against what evaporation and the balance's drift explain.

    Evaporation and drift cannot be told apart, so the loss may be the sum of both. A gain can only be drift: more of
    it means that the balance drifts more than its bench file says, or that the stopped pump still delivers.
    """

    name = CheckName.BLANK

    def __init__(self, device: BalanceDevice, settings: PreflightLimits, blank: Callable[[], Blank]) -> None:
        drift_mg_per_h, steady_mg_per_h = device.drift_mg_per_day / 24, device.steady_drift_mg_per_day / 24
        source = "bench file: drift_mg_per_day of the balance, [preflight] evaporation_mg_per_h"
        most_mg_per_h = drift_mg_per_h + settings.evaporation_mg_per_h
        self.limits = Limits(-drift_mg_per_h - steady_mg_per_h, most_mg_per_h - steady_mg_per_h, "mg/h", source)
        self._blank = blank

    def run(self) -> CheckFinding:
        """Return the loss; it is negative for a vessel that gets heavier."""
        loss = self._blank().evaporation
        value, uncertainty = loss.rate_mg_per_h, loss.standard_uncertainty_mg_per_h
        state = CheckState.judged(value, uncertainty, self.limits)
        gains = value < 0
        seen = f"the vessel {'gains' if gains else 'loses'} {abs(value):.4f} ± {2 * uncertainty:.4f} mg/h (U, k = 2)"
        if state is not CheckState.OK:
            seen += f" in {loss.blank_h * 60:.3g} min; allowed is a loss of {_span(self.limits)}"
        return CheckFinding(
            self.name, "balance", "weigh with the pump stopped", state, seen, self.limits, value, uncertainty,
            _next_step(state, gains=gains),
        )  # fmt: skip


def _span(limits: Limits) -> str:
    return f"{limits.lower:.3g} to {limits.upper:.3g} {limits.unit}"


def _next_step(state: CheckState, *, gains: bool) -> str:
    if state is CheckState.OK:
        return ""
    if state is CheckState.WARN:
        return "a longer blank_s would tell"
    if gains:
        return "see whether the stopped pump still delivers, then let the balance warm up"
    return "cover the vessel, see that it does not leak, and let the balance warm up"
