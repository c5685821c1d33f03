# SPDX-License-Identifier: Apache-2.0
"""Prime: what a stopped pump gives once to fill tubing and catheter; no therapy, and so nothing that is programmed."""

from dataclasses import dataclass

from bench.therapy.basal_therapy import BasalTherapy
from bench.therapy.interval import SECONDS_PER_HOUR, overlap_s


@dataclass(frozen=True)
class Prime(BasalTherapy):
    """`volume_ul_due` at an even rate over `duration_s` from its start."""

    volume_ul_due: float
    duration_s: float

    def _scheduled_volume_ul(self, from_s: float, to_s: float, started_s: float, /) -> float:
        return self.volume_ul_due * overlap_s(from_s, to_s, started_s, started_s + self.duration_s) / self.duration_s

    def _scheduled_rate_ul_per_h(self, at_s: float, started_s: float, /) -> float:
        over = at_s >= started_s + self.duration_s
        return 0.0 if over else self.volume_ul_due * SECONDS_PER_HOUR / self.duration_s

    def _scheduled_changes_s(self, _from_s: float, _to_s: float, started_s: float, /) -> tuple[float, ...]:
        return (started_s + self.duration_s,)
