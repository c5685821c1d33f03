# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about priming boluses."""

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class PrimingSpecification(TomlModel):
    """The priming bolus that fills tubing and catheter, and what the programmer computes it from.

    Attributes:
        tubing_ul: dead volume of the pump's own tubing, for a pump that does not tell it itself.
        rate_ul_per_h: at which a priming bolus comes.
        dead_volume_percent: how far the volume that the programmer primes may be off the one that fills the path.
        drug_ug_per_ml: a concentration in use, for the tests.
    """

    tubing_ul: Sourced
    rate_ul_per_h: Sourced
    dead_volume_percent: Sourced
    drug_ug_per_ml: Sourced
