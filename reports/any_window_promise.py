# SPDX-License-Identifier: Apache-2.0
"""What a profile promises of any window at a rate, to be drawn into a trumpet."""

from dataclasses import dataclass
from typing import Self

from bench.profile import AnyWindowLimits, Profile


@dataclass(frozen=True)
class AnyWindowPromise:
    """The greatest excess and the greatest shortfall of any window.

    Attributes:
        accuracy_percent: beyond which either begins.
        excess_ul, shortfall_ul: how much.
    """

    accuracy_percent: float
    excess_ul: float
    shortfall_ul: float

    @classmethod
    def of(cls, profile: Profile, rate_ul_per_h: float) -> Self:
        """Return the promise of a profile at a rate."""
        limits = AnyWindowLimits(profile)
        excess_ul, shortfall_ul = limits.excess_ul(rate_ul_per_h).upper, limits.shortfall_ul(rate_ul_per_h).upper
        return cls(profile.accuracy_percent.value, excess_ul or 0.0, shortfall_ul or 0.0)
