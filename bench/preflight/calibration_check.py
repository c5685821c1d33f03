# SPDX-License-Identifier: Apache-2.0
"""The balance's calibration must be valid on the day on which the run begins; each mark asks again how it is then."""

import datetime

from bench.bench_file import Calibration, CheckName
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from metrology.verdict import Limits


class CalibrationCheck:
    """Counts the days to the date on which the balance's calibration is due."""

    name = CheckName.CALIBRATION

    def __init__(self, calibration: Calibration, warning_days: int, today: datetime.date) -> None:
        self.limits = Limits(0.0, None, "d", f"certificate {calibration.certificate}")
        self._calibration = calibration
        self._warning_days = warning_days
        self._today = today

    def run(self) -> CheckFinding:
        """Return how many days are left; it blocks when the date has passed or the certificate is of the future."""
        due, made = self._calibration.due, self._calibration.date
        left = (due - self._today).days
        state, seen, next_step = CheckState.OK, f"due on {due}", ""
        if left < 0:
            state, seen, next_step = CheckState.BLOCK, f"it was due on {due}", "have it calibrated"
        elif made > self._today:
            seen, next_step = f"it is dated {made}, today is {self._today}", "correct the bench file or the clock"
            state = CheckState.BLOCK
        elif left <= self._warning_days:
            state, next_step = CheckState.WARN, "plan the calibration"
            until = f"{self._calibration.ends_utc:%Y-%m-%d %H:%M} UTC"
            seen = f"it is due on {due}, in {left} days; what would be weighed from {until} on is refused"
        operation = "check the calibration"
        return CheckFinding(self.name, "balance", operation, state, seen, self.limits, float(left), next_step=next_step)
