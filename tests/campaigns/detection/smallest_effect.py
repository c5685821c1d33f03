# SPDX-License-Identifier: Apache-2.0
"""What the campaign of any window found: the smallest effects, what was asked for, and good pumps accused."""

import msgspec


class SmallestEffect(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the table.

    Attributes:
        effect: what a pump does.
        rate_ul_per_h: programmed rate.
        unit: of its size; empty for an effect of one size.
        smallest: the smallest size of which as many FAILed as `share_fail` says; None where none was.
        smallest_not_pass: the smallest that as rarely passed; None where none was.
        share_fail: share that ended FAIL.
        share_not_pass: share that did not end PASS.
        n: how many were tried.
    """

    effect: str
    rate_ul_per_h: float
    unit: str = ""
    smallest: float | None = None
    smallest_not_pass: float | None = None
    share_fail: float
    share_not_pass: float
    n: int


class GoodPumps(msgspec.Struct, frozen=True, kw_only=True):
    """Good pumps at one rate.

    Attributes:
        durations: who they are, and how long their infusions last.
        rate_ul_per_h: programmed rate.
        n: how many infusions.
        fails, inconclusives: how many of them ended so.
        bound: upper 95 % bound of the share that did not pass.
    """

    durations: str
    rate_ul_per_h: float
    n: int
    fails: int
    inconclusives: int
    bound: float


class AnyWindowFigures(msgspec.Struct, frozen=True, kw_only=True):
    """All that the campaign keeps."""

    effects: tuple[SmallestEffect, ...] = ()
    asked: tuple[SmallestEffect, ...] = ()
    nuisance: tuple[GoodPumps, ...] = ()
