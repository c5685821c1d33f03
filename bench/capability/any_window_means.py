# SPDX-License-Identifier: Apache-2.0
"""What would let a promise of any window be held: never a longer window, for windows of all lengths are judged.

Each is tried with the very gate that refused, and is told in the words that a file or a plan takes.
"""

import math
from collections.abc import Callable, Iterator

from bench.capability.any_window_capability import AnyWindowCapability
from bench.profile import AnyWindowLimits, Profile
from metrology.verdict import Limits

INTERVALS_S = (15.0, 10.0, 5.0, 2.0, 1.0)
"""How often a bench could sample."""
FASTER = 1.05
MOST_S = 86400.0
"""A promise of more than a day's delivery promises nothing."""


def rarer_promises(found: AnyWindowCapability, profile: Profile) -> Iterator[str]:
    """Yield what the profile would have to allow; nothing where no promise could be held."""
    rate_ul_per_s = found.rate_ul_per_h / 3600
    limits = AnyWindowLimits(profile)
    asked = []
    if found.holdable_ul > found.excess_max_ul:
        if profile.excess_max_ul is None:
            asked.append(("excess_max_s", limits.excess_ul, profile.excess_max_s.value, rate_ul_per_s))
        else:
            asked.append(("excess_max_ul", limits.excess_ul, profile.excess_max_ul.value, 1.0))
    if found.holdable_ul > found.shortfall_max_ul:
        per_s = (1 - limits.accuracy) * rate_ul_per_s
        asked.append(("interruption_max_s", limits.shortfall_ul, profile.interruption_max_s.value, per_s))
    told = [(key, _enough(found, limit, *rest)) for key, limit, *rest in asked]
    if told and all(value / rate_ul_per_s <= MOST_S if key.endswith("_ul") else value <= MOST_S for key, value in told):
        words = " and ".join(f'{key} = {{ value = {value:g}, source = "…" }}' for key, value in told)
        yield f"let the profile say {words}"


def faster_rates(
    rate_ul_per_h: float, most_ul_per_h: float, any_window: Callable[[float], AnyWindowCapability]
) -> Iterator[str]:
    """Yield the least rate at which the promise can be held; nothing where it cannot up to the fastest."""
    faster = rate_ul_per_h
    while (faster := _rounded_up(FASTER * faster)) <= most_ul_per_h:
        if any_window(faster).holds:
            yield f"test at {faster:g} µL/h or more"
            return


def more_samples(interval_s: float, any_window_every: Callable[[float], AnyWindowCapability]) -> Iterator[str]:
    """Yield the longest time between samples at which the promise can be held."""
    for shorter_s in INTERVALS_S:
        if shorter_s < interval_s and any_window_every(shorter_s).holds:
            yield f"sample more often: interval_s={shorter_s:g}"
            return


def _enough(found: AnyWindowCapability, limit: Callable[[float], Limits], value: float, ul_per_unit: float) -> float:
    missing_ul = found.holdable_ul - (limit(found.rate_ul_per_h).upper or 0.0)
    return _rounded_up(value + missing_ul / ul_per_unit)


def _rounded_up(value: float) -> float:
    """Return the next figure of two digits that is not less; infinity stays."""
    if not math.isfinite(value) or value <= 0:
        return value
    digit = 10.0 ** (math.floor(math.log10(value)) - 1)
    return round(math.ceil(round(value / digit, 6)) * digit, 9)
