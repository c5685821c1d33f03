# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises of an update of its firmware."""

from typing import Literal

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class FirmwareUpdateSpecification(TomlModel):
    """An update over the link, after implant.

    Attributes:
        meanwhile: what the therapy does: it goes on, with the old firmware and then with the new one.
        runs_within_s: the greatest time from the last message until the new firmware runs.
    """

    meanwhile: Literal["therapy_goes_on"]
    runs_within_s: Sourced
