# SPDX-License-Identifier: Apache-2.0
"""One end of a delivery window, and the time between two of them."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from metrology.gravimetry import BalanceMark, Conditions, WeighedSpan


@dataclass(frozen=True)
class TimedMark:
    """One end of a delivery window: balance, pump and air around one instant.

    Attributes:
        mass: the mass at the mark's mean instant, with its scatter.
        device_clock_s: the pump's clock at that instant.
        counter_ul: the pump's own counter at that instant.
        conditions: the air around the balance.
        id: of its line in the journal; empty before it stands there.
    """

    mass: BalanceMark
    device_clock_s: float
    counter_ul: float
    conditions: Conditions
    id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the mark for JSON, without its id."""
        return {name: value for name, value in asdict(self).items() if name != "id"}

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Self:
        """Return the mark that `as_dict` wrote."""
        return cls(
            mass=BalanceMark(**payload["mass"]),
            device_clock_s=payload["device_clock_s"],
            counter_ul=payload["counter_ul"],
            conditions=Conditions(**payload["conditions"]),
            id=payload.get("id", ""),
        )


def span_between(start: TimedMark, end: TimedMark, stroke_volume_ul: float, steps_mg: float) -> WeighedSpan:
    """Return what is known of the time between two marks.

    Args:
        start: the earlier mark.
        end: the later mark.
        stroke_volume_ul: what the pump moves at once; 0 while it is stopped.
        steps_mg: how much of the mass may have come or gone in steps that no pump makes, ±.
    """
    hours = (end.mass.time_s - start.mass.time_s) / 3600
    return WeighedSpan(
        start=start.mass,
        end=end.mass,
        conditions=start.conditions.mean_with(end.conditions),
        stroke_volume_ul=stroke_volume_ul,
        rate_ul_per_h=(end.counter_ul - start.counter_ul) / hours,
        steps_mg=steps_mg,
    )
