# SPDX-License-Identifier: Apache-2.0
"""How long something took from its cause, when both instants are known only within brackets."""

import math

from metrology.latency.bracket import Bracket
from metrology.uncertainty import Influence, Quantity, quantity_from


def latency(cause: Bracket, onset: Bracket, clocks_half_width_s: float = 0.0) -> Quantity:
    """Return the time from `cause` (an injection, sent and confirmed) to `onset` (of an alarm), in s.

    Each instant lies anywhere in its bracket, with the standard uncertainty of a rectangle. The coverage factor is that
    of a normal distribution all the same: it makes U of one wide bracket reach to its end and beyond, and no alarm
    passes because its last twentieth was left out.

    Args:
        cause: in bench time.
        onset: in bench time, turned from the pump's.
        clocks_half_width_s: how far that turning may be off; what two looks at two clocks take.

    Returns:
        The latency. It may be negative; an alarm that `surely_precedes` its cause is a false alarm and no latency.
    """
    began = _instant("instant of the cause", cause.middle_s, cause.half_width_s)
    showed = _instant("instant of the onset", onset.middle_s, onset.half_width_s)
    turned = _instant("pump's clock against the bench's", 0.0, clocks_half_width_s)
    return quantity_from(showed.number + turned.number - began.number, "s", (began, showed, turned))


def _instant(name: str, middle_s: float, half_width_s: float) -> Influence:
    return Influence.type_b(name, middle_s, "s", half_width_s / math.sqrt(3))
