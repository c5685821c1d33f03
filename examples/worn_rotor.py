# SPDX-License-Identifier: Apache-2.0
"""A defect: every stroke delivers less by a share, as with a worn rotor.

    [plugins.defect]
    worn_rotor = "plugins/worn_rotor.py:DEFECT"

`pumpbench run simulated --defect worn_rotor=0.3` must then end with FAIL.
"""

from dataclasses import replace

from instruments.simulated.specimen.catalogue.where import AT_HIGH_RATE, red
from instruments.simulated.specimen.defect import Asset, Defect
from instruments.simulated.specimen.twin_specification import TwinSpecification

PUMPBENCH_INTERFACE = 1


def worn(good: TwinSpecification, share: float) -> TwinSpecification:
    """Return a twin whose strokes lack `share` of their volume."""
    return replace(good, rate_gain=1.0 - share)


DEFECT = Defect(
    name="worn_rotor",
    asset=Asset.PUMP,
    description="every stroke delivers less by this fraction",
    default=0.3,
    least=0.0,
    most=1.0,
    change=worn,
    shows=red(AT_HIGH_RATE, "DEL-003", "DEL-004", "DEL-006", "DEL-009"),
)
