# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises of a failure of a sensor of its own."""

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class SensorFailureSpecification(TomlModel):
    """A failure of the sensor by which the pump sees its rotor turn.

    Attributes:
        told_max_s: the greatest time until a pump that infuses has raised its memory alarm, which tells of a failure of
            its system, and stands.
    """

    told_max_s: Sourced
