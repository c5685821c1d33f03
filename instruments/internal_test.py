# SPDX-License-Identifier: Apache-2.0
"""A balance that can test its own sensitivity: with a weight that is built in, on the load that lies on it.

Not every balance can, so this is no verb of `Balance`: a driver has it or has it not, and is asked with `isinstance`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True)
class InternalTest:
    """What came of one test.

    Attributes:
        deviation_g: what the balance showed for its weight, less what the weight is marked with.
        weight_g: what the weight is marked with; None where the balance does not tell.
    """

    deviation_g: float
    weight_g: float | None


@runtime_checkable
class SelfTestingBalance(Protocol):
    """A balance with a weight of its own."""

    def test_internally(self, wait: Callable[[], bool]) -> InternalTest | None:
        """Make the internal test; load, zero and tare are afterwards as they were.

        Args:
            wait: lets a moment of bench time pass; False when nobody wants to wait longer.

        Returns:
            What came of it; None where this balance, though its driver can ask for it, has no such test.

        Raises:
            BalanceBusy: it did not carry it out, mostly because the load was not stable.
            BenchFault: there is no answer beyond doubt, or tare or zero are not what they were.
        """
        ...
