# SPDX-License-Identifier: Apache-2.0
"""A patient bolus that was accepted: the one kind of event that changes a scheduled volume."""

from dataclasses import dataclass

from bench.therapy.interval import SECONDS_PER_HOUR


@dataclass(frozen=True)
class AcceptedBolus:
    """A patient bolus that a pump must deliver.

    Attributes:
        started_s: instant of the request, in seconds of the device clock.
        volume_ul: the volume that was *programmed*, never the pump's own account of it.
        duration_s: the time over which it runs.
    """

    started_s: float
    volume_ul: float
    duration_s: float

    @property
    def ends_s(self) -> float:
        """Return the instant from which nothing more comes of it."""
        return self.started_s + self.duration_s

    @property
    def rate_ul_per_h(self) -> float:
        """Return the rate that it adds while it runs."""
        return self.volume_ul * SECONDS_PER_HOUR / self.duration_s
