# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises of its minimum rate, at which it runs rather than stop."""

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class MinimumRateSpecification(TomlModel):
    """The pump's own lowest rate; its mode is `minimum_rate`.

    Attributes:
        rate_ul_per_h: the rate.
    """

    rate_ul_per_h: Sourced
