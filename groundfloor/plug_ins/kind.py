# SPDX-License-Identifier: Apache-2.0
"""The kinds of plug-in."""

from enum import StrEnum


class Kind(StrEnum):
    """What a plug-in can be; the word is its table in the project file, and ends the group of its entry points."""

    PUMP = "pump"
    RIG = "rig"
    BALANCE = "balance"
    INJECTOR = "injector"
    THERAPY = "therapy"
    CHAPTERS = "chapters"
    DEFECT = "defect"
    CORRECTION = "correction"
    REPORT = "report"

    @property
    def group(self) -> str:
        """Return the group of entry points, such as `pumpbench.pump`."""
        return f"pumpbench.{self.value}"
