# SPDX-License-Identifier: Apache-2.0
"""The doses that a profile allows of a drug: what lies outside is a slip, and is refused before anything is sent."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DoseLimits:
    """What may be prescribed.

    Attributes:
        least_ug_per_day: a day with less is refused.
        greatest_ug_per_day: a day with more is refused, the boluses that it allows counted in.
        greatest_ug_per_bolus: a bolus with more is refused.
        source: where they come from.
    """

    least_ug_per_day: float
    greatest_ug_per_day: float
    greatest_ug_per_bolus: float
    source: str
