# SPDX-License-Identifier: Apache-2.0
"""A second measure of the flow that a twin may have; nobody has one unless it is asked for."""

from dataclasses import dataclass
from enum import StrEnum


class Shows(StrEnum):
    """What it shows."""

    PUMP = "pump"
    """The weight of the pump that stands on it."""
    PASSED = "passed"
    """The mass that has passed the outlet."""


@dataclass(frozen=True)
class SecondInstrument:
    """The second measure of a twin.

    Attributes:
        shows: what; None for none at all.
        scale_gain: what it shows per what there is.
    """

    shows: Shows | None = None
    scale_gain: float = 1.0
