# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about a rotor that a magnetic field holds."""

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class StallSpecification(TomlModel):
    """A stall in a magnetic field, such as that of an MRI scanner.

    Attributes:
        recovers_max_s: the greatest time from the end of the field until the rotor turns again by itself, with nothing
            given on top for what was missed.
    """

    recovers_max_s: Sourced
