# SPDX-License-Identifier: Apache-2.0
"""When the rig moved the catheter's outlet, and by how much: for a moment the catheter fills, or gives what it held.

How much that is only the catheter's compliance tells, of which the profile knows the greatest. So it is neither
programmed nor a fault of the pump: an account lets so much come, or lack, in the phase of the move, and asks for all of
the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from bench.account.infusion_record import InfusionRecord
from bench.account.sample_table import Column
from bench.injectors import Injection, MovedOutlet
from metrology.any_window import Span

EMPTY_AFTER = 5.0
"""Time constants after which a catheter has filled, or emptied, but for a hundredth."""
SURELY = 1.1
"""A lift may go so much further than it was told (assumed: what its two sensors may differ by)."""
LEAST_KPA = 0.5
RETURN_TAKES_S = 5.0
"""Before a return is confirmed, the outlet may be on its way for so long (assumed)."""


@dataclass(frozen=True)
class OutletMove:
    """One move.

    Attributes:
        span: from the order to when the catheter has filled or emptied, in bench time.
        moved_by_s: when the outlet was where it should be.
        kpa: by how much the pressure at the outlet rose; negative where it fell.
        store_ul: the most that the catheter takes up, or gives back.
    """

    span: Span
    moved_by_s: float
    kpa: float
    store_ul: float

    @property
    def fills(self) -> bool:
        """Tell whether the catheter takes liquid up."""
        return self.kpa > 0


def outlet_moves(record: InfusionRecord) -> tuple[OutletMove, ...]:
    """Return the moves of an infusion, each injection's there and back."""
    return tuple(move for one in record.injections for move in _of(record, one))


def moves_the_outlet(injection: Injection) -> bool:
    """Tell whether a fault is an outlet that the rig moved."""
    return isinstance(injection.injector, MovedOutlet)


def outlet_at_rest_kpa(record: InfusionRecord) -> Column:
    """Return what the outlet's sensor told, less what the rig raised it by; without what it told on the way."""
    samples = record.samples
    told_kpa, kept = samples.outlet_kpa.copy(), np.isfinite(samples.outlet_kpa)
    for move in outlet_moves(record):
        told_kpa = np.where(samples.at_s > move.moved_by_s, told_kpa - move.kpa, told_kpa)
        kept &= (samples.at_s < move.span.from_s) | (samples.at_s > move.span.to_s)
    rest_kpa: Column = told_kpa[kept]
    return rest_kpa


def _of(record: InfusionRecord, injection: Injection) -> Iterator[OutletMove]:
    fault = injection.injector
    if not isinstance(fault, MovedOutlet):
        return
    kpa = fault.kpa_of(injection.percent)
    yield _move(record, injection.sent_s, injection.confirmed_s, kpa)
    if injection.released_s is not None:
        back_s = max(injection.confirmed_s, injection.released_s - RETURN_TAKES_S)
        yield _move(record, back_s, injection.released_s, -kpa)


def _move(record: InfusionRecord, from_s: float, confirmed_s: float, kpa: float) -> OutletMove:
    catheter = record.profile.catheter
    settles_s = EMPTY_AFTER * catheter.time_constant_s + record.clocks_half_width_s
    most_kpa = max(LEAST_KPA, SURELY * abs(kpa))
    store_ul = catheter.compliance_max_ul_per_kpa.value * most_kpa
    return OutletMove(Span(from_s, confirmed_s + settles_s), confirmed_s, kpa, store_ul)
