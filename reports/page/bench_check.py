# SPDX-License-Identifier: Apache-2.0
"""One check of the bench before or after the run, as the page shows it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BenchCheck:
    """A check.

    Attributes:
        name: which.
        state: OK, WARN, BLOCK, SKIPPED or OFF.
        observed: what was found, as a phrase.
        lower, upper: limits in `unit`; None for none.
        unit: of the limits.
        next_step: what to do if it is not OK.
    """

    name: str
    state: str
    observed: str
    lower: float | None
    upper: float | None
    unit: str
    next_step: str = ""
