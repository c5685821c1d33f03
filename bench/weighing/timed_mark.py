# SPDX-License-Identifier: Apache-2.0
"""One end of a delivery window, and the time between two of them."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from groundfloor.json_number import json_number
from metrology.gravimetry import BalanceMark, Conditions, WeighedSpan

UL_PER_G = 1000.0
"""As water: where the pump counts nothing, the balance tells the flow at a mark, well enough for its budget."""


@dataclass(frozen=True)
class TimedMark:
    """One end of a delivery window: balance, pump and air around one instant.

    Attributes:
        mass: the mass at the mark's mean instant, with its scatter.
        device_clock_s: the pump's clock at that instant.
        counter_ul: the pump's own counter at that instant; NaN for a pump that has none.
        conditions: the air around the balance.
        second: the same of the second measure of the flow; None on a bench without one.
        id: of its line in the journal; empty before it stands there.
        times_s, masses_g: the readings of the balance that `mass` was made of; older journals do not tell them.
    """

    mass: BalanceMark
    device_clock_s: float
    counter_ul: float
    conditions: Conditions
    second: BalanceMark | None = None
    id: str = ""
    times_s: tuple[float, ...] = ()
    masses_g: tuple[float, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the mark for JSON, without its id."""
        left_out = {"id", *(name for name in ("second", "times_s", "masses_g") if not getattr(self, name))}
        told = {name: value for name, value in asdict(self).items() if name not in left_out}
        return {**told, "counter_ul": json_number(self.counter_ul)}

    @classmethod
    def from_dict(cls, payload: Mapping[str, Any]) -> Self:
        """Return the mark that `as_dict` wrote."""
        return cls(
            mass=BalanceMark(**payload["mass"]),
            device_clock_s=payload["device_clock_s"],
            counter_ul=math.nan if payload["counter_ul"] is None else payload["counter_ul"],
            conditions=Conditions(**payload["conditions"]),
            second=None if (second := payload.get("second")) is None else BalanceMark(**second),
            id=payload.get("id", ""),
            times_s=tuple(payload.get("times_s", ())),
            masses_g=tuple(payload.get("masses_g", ())),
        )

    def mass_made_again(self) -> BalanceMark | None:
        """Return the mass as its readings give it; None where an older journal does not tell them.

        Raises:
            Inconclusive: they make no line.
        """
        return BalanceMark.fit(self.times_s, self.masses_g, self.mass.reading_takes_s) if self.times_s else None


def span_between(start: TimedMark, end: TimedMark, stroke_volume_ul: float, steps_mg: float) -> WeighedSpan:
    """Return what is known of the time between two marks.

    Args:
        start: the earlier mark.
        end: the later mark.
        stroke_volume_ul: what the pump moves at once; 0 while it is stopped.
        steps_mg: how much of the mass may have come or gone in steps that no pump makes, ±.
    """
    hours = (end.mass.time_s - start.mass.time_s) / 3600
    counted_ul, weighed_ul = end.counter_ul - start.counter_ul, UL_PER_G * (end.mass.mass_g - start.mass.mass_g)
    return WeighedSpan(
        start=start.mass,
        end=end.mass,
        conditions=start.conditions.mean_with(end.conditions),
        stroke_volume_ul=stroke_volume_ul,
        rate_ul_per_h=counted_ul / hours if math.isfinite(counted_ul) else max(weighed_ul / hours, 0.0),
        steps_mg=steps_mg,
    )
