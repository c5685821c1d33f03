# SPDX-License-Identifier: Apache-2.0
"""A criterion of acceptance: what a plan names, and a profile fills with figures."""

from collections.abc import Callable
from dataclasses import dataclass

from bench.acceptance.declared_limits import DeclaredLimits
from bench.acceptance.standing import Standing
from bench.profile import Profile
from instruments.pump_feature import PumpFeature


@dataclass(frozen=True)
class Criterion:
    """What has to be shown.

    Attributes:
        measurand: the quantity or the event, in the field's words.
        limits: returns the limits for a profile and the rate in µL/h that the test runs at.
        implies: what is judged with it, bound to requirements of its own.
        needs: what a pump must tell or keep for it; of one that does not promise that, it is not judged.
    """

    measurand: str
    limits: Callable[[Profile, float], DeclaredLimits]
    implies: tuple[Standing, ...] = ()
    needs: PumpFeature | None = None
