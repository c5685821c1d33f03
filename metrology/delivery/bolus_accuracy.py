# SPDX-License-Identifier: Apache-2.0
"""Accuracy over consecutive boluses, what comes late included.

A soft catheter swells while a bolus is pushed into it and gives the last part back after the nominal end; 9 to 14 % of
a 1 U insulin bolus was seen to arrive then (doi 10.1177/19322968221115749). Volume that arrives within a stated waiting
time belongs to its bolus, and its share is told. IEC 60601-2-24 weighs 25 boluses one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from groundfloor.errors import PlanError
from metrology.delivery.delivery_curve import DeliveryCurve, FloatArray

CONSECUTIVE_BOLUSES = 25
_ASSET = "bolus accuracy"


@dataclass(frozen=True)
class BolusSpan:
    """When one bolus was delivered, on the delivery curve's own time.

    Attributes:
        start_s: the bolus begins.
        nominal_end_s: the pump's schedule says that it is over.
        collect_until_s: what arrives until then still belongs to it; the nominal end where nothing is waited for.

    Raises:
        PlanError: the three are not in order.
    """

    start_s: float
    nominal_end_s: float
    collect_until_s: float

    def __post_init__(self) -> None:
        if not self.start_s < self.nominal_end_s <= self.collect_until_s:
            raise PlanError(_ASSET, "order the instants of a bolus", f"{self}", "give start, nominal end, end of wait")


@dataclass(frozen=True)
class BolusAccuracy:
    """The errors of consecutive boluses.

    Attributes:
        nominal_volume_ul: what each of them should be.
        volumes_ul: what each of them was, from its start to the end of the wait, less the basal delivery.
        late_volumes_ul: what of it arrived after the nominal end.
        mean_error_percent: error of the mean volume, in % of the nominal one.
        greatest_error_percent: of the largest bolus, sign included.
        least_error_percent: of the smallest.
        late_share_percent: late volume of all boluses in % of the volume of all; None where nothing was delivered.
        greatest_wait_s: the longest time waited after a nominal end.
    """

    nominal_volume_ul: float
    volumes_ul: tuple[float, ...]
    late_volumes_ul: tuple[float, ...]
    mean_error_percent: float
    greatest_error_percent: float
    least_error_percent: float
    late_share_percent: float | None
    greatest_wait_s: float

    @property
    def count(self) -> int:
        """Return how many boluses there are."""
        return len(self.volumes_ul)


def bolus_accuracy(
    curve: DeliveryCurve,
    basal_rate_ul_per_h: float,
    boluses: Sequence[BolusSpan],
    nominal_volume_ul: float,
    *,
    consecutive: int = CONSECUTIVE_BOLUSES,
    longest_gap_s: float | None = None,
) -> BolusAccuracy:
    """Compute volume and error of each bolus.

    Args:
        curve: spans all the boluses, waiting times included.
        basal_rate_ul_per_h: what goes on beside the boluses and is taken off; 0 where a bolus takes its place.
        boluses: in the order of delivery.
        nominal_volume_ul: of each.
        consecutive: how many there must be. None may be left out: the worst one is part of the answer.
        longest_gap_s: as for `DeliveryCurve.volumes_at`.

    Raises:
        PlanError: their number is not `consecutive`, two of them overlap, or the nominal volume is not over zero.
        Inconclusive: the curve does not reach a bolus, or one begins or ends in a gap.
    """
    _refuse(boluses, nominal_volume_ul, basal_rate_ul_per_h, consecutive)
    instants_s = np.array([[one.start_s, one.nominal_end_s, one.collect_until_s] for one in boluses])
    seen_ul = curve.volumes_at(instants_s.ravel(), longest_gap_s).reshape(instants_s.shape)
    bolus_ul = seen_ul - basal_rate_ul_per_h / 3600 * instants_s
    volumes_ul, late_ul = bolus_ul[:, 2] - bolus_ul[:, 0], bolus_ul[:, 2] - bolus_ul[:, 1]
    errors_percent: FloatArray = 100 * (volumes_ul / nominal_volume_ul - 1)
    whole_ul = float(volumes_ul.sum())
    return BolusAccuracy(
        nominal_volume_ul=nominal_volume_ul,
        volumes_ul=tuple(volumes_ul.tolist()),
        late_volumes_ul=tuple(late_ul.tolist()),
        mean_error_percent=float(errors_percent.mean()),
        greatest_error_percent=float(errors_percent.max()),
        least_error_percent=float(errors_percent.min()),
        late_share_percent=100 * float(late_ul.sum()) / whole_ul if whole_ul > 0 else None,
        greatest_wait_s=float(np.max(instants_s[:, 2] - instants_s[:, 1])),
    )


def _refuse(
    boluses: Sequence[BolusSpan], nominal_volume_ul: float, basal_rate_ul_per_h: float, consecutive: int
) -> None:
    if not boluses or len(boluses) != consecutive:
        seen = f"{len(boluses)} boluses of {consecutive}"
        raise PlanError(_ASSET, "count boluses", seen, "give all of them, and at least one")
    for before, after in pairwise(boluses):
        if after.start_s < before.collect_until_s:
            seen = (
                f"one begins at {after.start_s:g} s, the one before it is collected until {before.collect_until_s:g} s"
            )
            raise PlanError(_ASSET, "tell boluses apart", seen, "wait less, or leave more time between them")
    if not (np.isfinite(nominal_volume_ul) and nominal_volume_ul > 0 and np.isfinite(basal_rate_ul_per_h)):
        seen = f"a nominal volume of {nominal_volume_ul:g} µL beside a basal rate of {basal_rate_ul_per_h:g} µL/h"
        raise PlanError(_ASSET, "take an error in per cent", seen, "give a nominal volume over zero and a finite rate")
