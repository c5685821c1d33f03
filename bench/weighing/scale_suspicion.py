# SPDX-License-Identifier: Apache-2.0
"""A balance that shows another unit than it says: program and counter agree, and it shows one multiple of both.

In one window a pump may do that. In two that do not overlap, by the factor that lies between a gram and another unit of
mass, the balance is the likelier one; but a pump can be wrong by any factor, and then it must fail. So this decides
nothing: it is told, and counts only where nothing shows afterwards that the balance is right (`bench.preflight`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.weighing.delivery_window import DeliveryWindow

PER_GRAM: Mapping[str, float] = {
    "mg": 1000.0,
    "kg": 0.001,
    "carat": 5.0,
    "grain": 15.43236,
    "pennyweight": 0.6430149,
    "momme": 0.2666667,
    "mesghal": 0.2170,
    "tola": 0.08573532,
    "baht": 0.06578947,
    "ounce": 0.03527396,
    "troy ounce": 0.03215075,
    "tael": 0.02666667,
    "newton": 0.00980665,
    "pound": 0.002204623,
}
"""What one gram is in the units that laboratory balances offer."""
SAME = 0.01
"""Two windows show one factor where they differ by no more than this and three standard uncertainties."""
_SIGMAS = 3.0


@dataclass(frozen=True)
class Suspicion:
    """What the balance seems to show.

    Attributes:
        factor: what it shows per what program and counter say.
        unit: of mass.
        windows: names of the two windows.
    """

    factor: float
    unit: str
    windows: tuple[str, str]

    @property
    def told(self) -> str:
        """Return it in words."""
        first, second = self.windows
        return (
            f"in {first} and {second} the balance shows {self.factor:.4g} times what program and counter agree on, "
            f"as if it weighed in another unit ({self.unit})"
        )


class ScaleSuspicion:
    """Compares the windows of one infusion that had no fault in them."""

    def __init__(self) -> None:
        self._odd: list[DeliveryWindow] = []
        self._told = False

    def add(self, window: DeliveryWindow) -> Suspicion | None:
        """Take a window; return the first suspicion, once."""
        if self._told or _unit_of(window) is None:
            return None
        other = next((one for one in self._odd if _apart(one, window) and _of_one_factor(one, window)), None)
        self._odd.append(window)
        if other is None:
            return None
        self._told = True
        weighed_ul, counted_ul = other.weighed.value + window.weighed.value, other.counter_ul + window.counter_ul
        return Suspicion(weighed_ul / counted_ul, str(_unit_of(window)), (other.name, window.name))


def _unit_of(window: DeliveryWindow) -> str | None:
    """Return the unit that would make a good pump of what was weighed; None where there is none, or no need for one."""
    counter_ul, accuracy = window.counter_ul, window.profile.accuracy_percent.value / 100
    if counter_ul <= 0 or abs(counter_ul - window.expected_ul) > window.tolerance_ul:
        return None
    factor = window.weighed.value / counter_ul
    if abs(factor - 1.0) <= accuracy:
        return None
    near = {unit: abs(factor / per_gram - 1.0) for unit, per_gram in PER_GRAM.items()}
    nearest = min(near, key=lambda unit: near[unit])
    return nearest if near[nearest] <= accuracy else None


def _apart(one: DeliveryWindow, other: DeliveryWindow) -> bool:
    return one.end.mass.time_s <= other.start.mass.time_s or other.end.mass.time_s <= one.start.mass.time_s


def _of_one_factor(one: DeliveryWindow, other: DeliveryWindow) -> bool:
    factors = [each.weighed.value / each.counter_ul for each in (one, other)]
    doubts = [_SIGMAS * each.weighed.standard_uncertainty / each.counter_ul for each in (one, other)]
    return abs(factors[0] - factors[1]) <= SAME * abs(factors[0]) + sum(doubts)
