# SPDX-License-Identifier: Apache-2.0
"""What comes of an accepted bolus when the pump is stopped in it: a part until the stop, and the rest or nothing."""

from collections.abc import Sequence

from bench.therapy.accepted_bolus import AcceptedBolus


def bolus_parts(
    bolus: AcceptedBolus, spans_s: Sequence[tuple[float, float]], *, resumed: bool
) -> tuple[AcceptedBolus, ...]:
    """Return the parts in which a bolus comes; none of one that began while the pump stood.

    Args:
        bolus: whole, as it was accepted.
        spans_s: from when to when the pump ran, in order.
        resumed: whether a start takes up what the stop before it left; otherwise a stop ends the bolus.
    """
    parts: list[AcceptedBolus] = []
    left = bolus
    for from_s, to_s in spans_s:
        if not parts and not from_s <= left.started_s < to_s:
            continue
        if parts:
            left = left.taken_up(parts[-1].ends_s, from_s)
        parts.append(left.until(to_s))
        if not resumed or to_s >= left.ends_s:
            break
    return tuple(part for part in parts if part.duration_s > 0)
