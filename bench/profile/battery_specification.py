# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about its battery: how fast it falls at most, and where it counts as low."""

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel

FALL_OF_A_GOOD_PUMP = Sourced(value=1, source="assumed: twenty times the mean fall of a battery that lasts five years")
LOW_OF_A_GOOD_PUMP = Sourced(value=10, source="assumed: half a year of a battery that lasts five")


class BatterySpecification(TomlModel):
    """The battery, by what the pump tells of it.

    Attributes:
        fall_max_percent_per_day: the fastest fall at the greatest rate.
        low_percent: from this level down the low-battery alarm stands, if it is promised.
    """

    fall_max_percent_per_day: Sourced = FALL_OF_A_GOOD_PUMP
    low_percent: Sourced = LOW_OF_A_GOOD_PUMP
