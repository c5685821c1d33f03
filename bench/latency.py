# SPDX-License-Identifier: Apache-2.0
"""How long something took from its cause, when both instants are known only within brackets."""

from bench.bracket import Bracket
from bench.influence import Influence
from bench.quantity import Quantity, quantity_from


def latency(cause: Bracket, onset: Bracket) -> Quantity:
    """Return the time from `cause` (an injection, sent and confirmed) to `onset` (of an alarm), in s.

    Each instant lies anywhere in its bracket: a rectangular component each. The value may be negative; an alarm that
    `surely_precedes` its cause is a false alarm and no latency.
    """
    began = Influence.rectangular("instant of the cause", cause.middle_s, "s", cause.half_width_s)
    showed = Influence.rectangular("instant of the onset", onset.middle_s, "s", onset.half_width_s)
    return quantity_from(showed.number - began.number, "s", (began, showed))
