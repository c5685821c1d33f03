# SPDX-License-Identifier: Apache-2.0
"""The rates that a pump can be programmed to, the three at which it is tested, and a grid between the ends."""

import random
from collections.abc import Iterable
from itertools import pairwise
from typing import Self

from pydantic import model_validator

from bench.profile.sourced import Sourced
from groundfloor.errors import PlanError
from groundfloor.toml_file import TomlModel

_OVER_THE_LEAST = 2.5
GRID_PLACES = 8
"""Rates of the grid: from 2 to 1000 µL/h each is 2.4 times the one before."""


class Rates(TomlModel):
    """Rates in µL/h: the range, and in it a low, an intermediate and a high one for the tests.

    Attributes:
        step_ul_per_h: rates can be programmed in steps of this; None for any rate.
    """

    least_ul_per_h: Sourced
    low_ul_per_h: Sourced
    intermediate_ul_per_h: Sourced
    high_ul_per_h: Sourced
    greatest_ul_per_h: Sourced
    step_ul_per_h: Sourced | None = None

    @model_validator(mode="after")
    def _rise(self) -> Self:
        tested = [self.low_ul_per_h.value, self.intermediate_ul_per_h.value, self.high_ul_per_h.value]
        inside = 0 < self.least_ul_per_h.value <= tested[0] and tested[-1] <= self.greatest_ul_per_h.value
        if not inside or any(slower >= faster for slower, faster in pairwise(tested)):
            raise ValueError("the rates do not rise from over zero: least <= low < intermediate < high <= greatest")
        return self

    def grid_ul_per_h(self, place: int) -> float:
        """Return a rate of the grid, which rises from the least rate to the greatest by one ratio, to a whole step.

        Args:
            place: which, from 1 to `GRID_PLACES`.

        Raises:
            PlanError: the grid has no such place.
        """
        if not 1 <= place <= GRID_PLACES:
            raise PlanError("profile", f"find rate {place} of the grid", f"it has {GRID_PLACES}", "name one of these")
        return self._by_ratio_ul_per_h(place)

    def between_grid_ul_per_h(self, place: int) -> float:
        """Return the rate in the middle between two neighbours of the grid, by one ratio, to a whole step.

        Args:
            place: that of the lower one, from 1 to one less than `GRID_PLACES`.

        Raises:
            PlanError: the grid has no such neighbours.
        """
        if not 1 <= place < GRID_PLACES:
            seen = f"the last but one place is {GRID_PLACES - 1}"
            raise PlanError("profile", f"find a rate over place {place} of the grid", seen, "name one up to it")
        return self._by_ratio_ul_per_h(place + 0.5)

    def drawn_ul_per_h(self, lot: str, count: int, slow: int) -> tuple[float, ...]:
        """Return rates drawn by lot, rising: one in each of equal ratios.

        Args:
            lot: the same lot draws the same rates.
            count: how many up to the greatest rate, from the middle, by ratio, between the low and the intermediate.
            slow: how many under that, where a balance needs hours for each, from two and a half times the least.
        """
        drawn, low, middle = random.Random(lot), self.low_ul_per_h.value, self.intermediate_ul_per_h.value  # noqa: S311 - no secret
        slowest, slow_end = self.least_ul_per_h.value * _OVER_THE_LEAST, (low * middle) ** 0.5
        fast = _one_in_each(drawn, slow_end, self.greatest_ul_per_h.value, count)
        few = _one_in_each(drawn, slowest, slow_end, slow) if slowest < slow_end else []
        return tuple(self._to_a_step_ul_per_h(rate) for rate in (*few, *fast))

    def _by_ratio_ul_per_h(self, place: float) -> float:
        least, greatest = self.least_ul_per_h.value, self.greatest_ul_per_h.value
        return self._to_a_step_ul_per_h(float(least * (greatest / least) ** ((place - 1) / (GRID_PLACES - 1))))

    def _to_a_step_ul_per_h(self, rate_ul_per_h: float) -> float:
        least, greatest = self.least_ul_per_h.value, self.greatest_ul_per_h.value
        step = self.step_ul_per_h
        if step is None or not step.value:
            return rate_ul_per_h
        return min(max(round(rate_ul_per_h / step.value) * step.value, least), greatest)

    def refuse_others(self, rates_ul_per_h: Iterable[float]) -> None:
        """Refuse a plan that asks for more, or less, than the pump promises; 0 is a pause.

        Raises:
            PlanError: a rate lies outside the range.
        """
        least, greatest = self.least_ul_per_h.value, self.greatest_ul_per_h.value
        outside = [rate for rate in rates_ul_per_h if rate and not least <= rate <= greatest]
        if outside:
            seen = f"{outside[0]:g} µL/h is outside the {least:g} to {greatest:g} µL/h of the profile"
            raise PlanError("therapy", "program the pump", seen, "choose a rate that this pump promises")

    def tested(self, name: str) -> float:
        """Return the `low`, `intermediate` or `high` rate in µL/h.

        Raises:
            PlanError: there is no rate of that name.
        """
        rates = {
            "low": self.low_ul_per_h,
            "intermediate": self.intermediate_ul_per_h,
            "high": self.high_ul_per_h,
        }
        if name not in rates:
            raise PlanError("profile", f"find the rate {name!r}", "it is not tested", f"name one of {', '.join(rates)}")
        return rates[name].value


def _one_in_each(drawn: random.Random, slowest: float, fastest: float, count: int) -> list[float]:
    ratio = fastest / slowest
    return [slowest * ratio ** ((part + drawn.random()) / count) for part in range(count)]
