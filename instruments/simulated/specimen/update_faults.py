# SPDX-License-Identifier: Apache-2.0
"""Everything that can be wrong with how a pump takes another firmware; the defaults are a good pump."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UpdateFaults:
    """One field per fault; a defect of the catalogue sets exactly one of them.

    Attributes:
        half_image_runs: whether a loss of power in an update leaves the part of the image that had come to run.
        clears_counter: whether a new firmware begins with a counter of zero.
        clears_program: whether it begins without a program to read back.
        stops_therapy: whether the pump stands from then on, and no alarm says so.
        says_new_runs_old: whether the new version is shown and the old image runs.
        clears_alarms: whether the alarms that stand are gone with a new firmware.
        takes_older: whether an image older than the one that runs is taken from anybody.
        takes_any: whether an image is taken that was altered, cut short, or made for another model.
    """

    half_image_runs: bool = False
    clears_counter: bool = False
    clears_program: bool = False
    stops_therapy: bool = False
    says_new_runs_old: bool = False
    clears_alarms: bool = False
    takes_older: bool = False
    takes_any: bool = False
