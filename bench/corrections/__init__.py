# SPDX-License-Identifier: Apache-2.0
"""A lab's own corrections of what was weighed: plug-ins that a bench file names."""

from bench.corrections.correction import Correction
from bench.corrections.table import (
    CORRECTIONS,
    LoadedCorrection,
    accepted_correction,
    corrections_named,
    corrections_of,
)

__all__ = [
    "CORRECTIONS",
    "Correction",
    "LoadedCorrection",
    "accepted_correction",
    "corrections_named",
    "corrections_of",
]
