# SPDX-License-Identifier: Apache-2.0
"""A quantity on its way to be judged."""

from dataclasses import dataclass

from metrology.uncertainty import Quantity
from metrology.verdict.limits import Limits
from metrology.verdict.worst_of_many import WorstOfMany


@dataclass(frozen=True)
class Measurement:
    """A named quantity and what it may be.

    Attributes:
        name: what was measured, in words for a person.
        quantity: the result with its uncertainty.
        limits: what the profile allows.
        qualifiers: what spoils the evidence (a gap in the samples, an excursion), a phrase each; with any of them the
            verdict is INCONCLUSIVE at best, unless the value fails clearly.
        window: id of the weighed volume that the quantity comes from; empty where it comes from none, or from several.
        measurand: what is measured, the same in every window; empty where `name` is that already.
        reference: what limits in per cent are a share of, such as the programmed volume; None where there is nothing.
        worst_of_many: the two sides of a value that is the worst of many, such as of all windows of an infusion; limits
            then have an upper one only. None for a value that nothing chose.
    """

    name: str
    quantity: Quantity
    limits: Limits
    qualifiers: tuple[str, ...] = ()
    window: str = ""
    measurand: str = ""
    reference: float | None = None
    worst_of_many: WorstOfMany | None = None
