# SPDX-License-Identifier: Apache-2.0
"""One bolus that the pump gives: a volume at an even rate, in the pump's own time."""

from dataclasses import dataclass
from enum import StrEnum


class BolusKind(StrEnum):
    """The programmer's single bolus, the patient's, or a prime of the catheter; one of each kind may run at a time."""

    SINGLE = "single"
    PATIENT = "patient"
    PRIME = "prime"


@dataclass
class Bolus:
    """A bolus that was accepted; `stopped_s` is when it was cut short, None unless it was."""

    kind: BolusKind
    volume_ul: float
    duration_s: float
    start_s: float
    stopped_s: float | None = None

    @property
    def rate_ul_per_h(self) -> float:
        """Return the rate that the bolus adds."""
        return self.volume_ul / self.duration_s * 3600.0

    @property
    def end_s(self) -> float:
        """Return when it ends by itself."""
        return self.start_s + self.duration_s

    def given_ul(self, clock_s: float) -> float:
        """Return the volume given until `clock_s`, as the pump believes it."""
        end_s = clock_s if self.stopped_s is None else self.stopped_s
        share = (end_s - self.start_s) / self.duration_s
        return self.volume_ul * min(max(share, 0.0), 1.0)
