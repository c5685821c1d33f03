# SPDX-License-Identifier: Apache-2.0
"""The blank after the last infusion must be the one before the first: every volume was corrected as if it were."""

import math
from collections.abc import Callable

from bench.bench_file import CheckName, PreflightLimits
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.weighing import Blank
from metrology.gravimetry import Evaporation
from metrology.verdict import Limits

_BY_CHANCE = 2.0
"""Standard uncertainties by which a difference may be over its limit before anybody is told."""


class BlankChangeCheck:
    """Takes the blank before from the blank after, both at the deficit of vapour pressure of the first."""

    name = CheckName.BLANK_CHANGE

    def __init__(self, settings: PreflightLimits, before: Evaporation, after: Callable[[], Blank]) -> None:
        self._most = most = settings.blank_change_mg_per_h
        self.limits = Limits(-most, most, "mg/h", "bench file, [preflight] blank_change_mg_per_h")
        self._before = before
        self._after = after

    def run(self) -> CheckFinding:
        """Return by how much the loss grew."""
        before, measured = self._before, self._after().evaporation
        after = measured.at_the_deficit_of(before)
        grown = after.rate_mg_per_h - before.rate_mg_per_h
        uncertainty = math.hypot(before.standard_uncertainty_mg_per_h, after.standard_uncertainty_mg_per_h)
        state = CheckState.judged(grown, uncertainty, self.limits)
        if state is CheckState.WARN and abs(grown) <= self._most + _BY_CHANCE * uncertainty:
            state = CheckState.OK  # the volumes allow for the limit, and by as much two blanks differ by chance
        seen = f"{before.rate_mg_per_h:.4f} mg/h before, {after.rate_mg_per_h:.4f} mg/h after"
        if after != measured:
            seen += f" ({measured.rate_mg_per_h:.4f} mg/h in air of {measured.deficit_hpa:.2f} hPa deficit)"
        if state is not CheckState.OK:
            seen += f": changed by {grown:.4f} ± {2 * uncertainty:.4f} mg/h (U, k = 2); allowed is {self.limits}"
        next_step = {
            CheckState.BLOCK: "find out what changed (cover, draught, warm-up), then repeat the run",
            CheckState.WARN: "a longer postflight_blank_s would tell",
        }.get(state, "")
        return CheckFinding(
            self.name, "balance", "compare the blanks", state, seen, self.limits, grown, uncertainty, next_step
        )
