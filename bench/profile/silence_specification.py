# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises about an alarm that somebody has silenced."""

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class SilenceSpecification(TomlModel):
    """A silence of the alarms that stand when it is asked for.

    Attributes:
        lasts_s: for so long nothing of them is heard; then what still stands is heard again.
    """

    lasts_s: Sourced
