# SPDX-License-Identifier: Apache-2.0
"""A therapy as it goes on at a start: of a bridge only what is left of it."""

import math
from collections.abc import Sequence
from dataclasses import replace

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.bridge import Bridge
from bench.therapy.changed_therapy import ChangedTherapy
from bench.therapy.interval import SECONDS_PER_HOUR, overlap_s
from bench.therapy.therapy import Therapy


def taken_up(
    therapy: Therapy, started_s: float, ran_s: Sequence[tuple[float, float]], primes: Sequence[AcceptedBolus]
) -> Therapy:
    """Return what a start gives.

    Args:
        therapy: as it was programmed, every change of it included.
        started_s: instant of the start, in seconds of the device clock.
        ran_s: from when to when the pump ran its therapy; only what lies before the start counts.
        primes: the priming boluses, which move the old drug on as well.
    """
    if isinstance(therapy, Bridge):
        return _left_of(therapy, -math.inf, started_s, ran_s, primes)
    if not isinstance(therapy, ChangedTherapy) or not any(isinstance(one, Bridge) for one in therapy.parts):
        return therapy
    ends_s = (*therapy.changed_s, math.inf)
    in_force_s = (-math.inf, *therapy.changed_s)
    first, *others = (
        _left_of(part, from_s, min(started_s, end_s), ran_s, primes) if isinstance(part, Bridge) else part
        for part, from_s, end_s in zip(therapy.parts, in_force_s, ends_s, strict=True)
    )
    return replace(therapy, first=first, later=tuple(zip(therapy.changed_s, others, strict=True)))


def _left_of(
    bridge: Bridge,
    in_force_s: float,
    until_s: float,
    ran_s: Sequence[tuple[float, float]],
    primes: Sequence[AcceptedBolus],
) -> Therapy:
    """Return the rest of a bridge: until it is over the pump runs at its rate, so time is all that counts."""
    before_s = math.fsum(overlap_s(in_force_s, until_s, from_s, min(to_s, until_s)) for from_s, to_s in ran_s)
    primed_ul = math.fsum(one.between_ul(in_force_s, until_s) for one in primes)
    given_ul = bridge.bridge_rate_ul_per_h * before_s / SECONDS_PER_HOUR + primed_ul
    return bridge.left_after(given_ul) if given_ul > 0 else bridge
