# SPDX-License-Identifier: Apache-2.0
"""How a check of the bench can end, and when an uncertain value is beyond doubt outside its limits."""

from enum import StrEnum
from typing import Self

from metrology.verdict import Limits

BEYOND_DOUBT = 4.0
"""Standard uncertainties by which a value must miss a limit before it blocks: by chance 1 good bench in 30 000 does."""


class CheckState(StrEnum):
    """The end of one check."""

    OK = "OK"
    WARN = "WARN"
    """Nothing is wrong beyond doubt, but somebody should know."""
    BLOCK = "BLOCK"
    """With this the bench cannot test."""
    SKIPPED = "SKIPPED"
    """Not done, because it takes long and the bench is blocked already."""
    OFF = "OFF"
    """Switched off in the bench file."""

    @classmethod
    def judged(cls, value: float, standard_uncertainty: float, limits: Limits) -> Self:
        """Return OK for a value inside its limits, BLOCK for one that is outside beyond doubt, else WARN.

        What stays in doubt lets no bad pump pass: the uncertainty of a blank goes into every volume that it corrects.
        """
        room = min(
            value - limits.lower if limits.lower is not None else float("inf"),
            limits.upper - value if limits.upper is not None else float("inf"),
        )
        if room >= 0:
            return cls("OK")
        return cls("BLOCK") if room < -BEYOND_DOUBT * standard_uncertainty else cls("WARN")
