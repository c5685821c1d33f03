# SPDX-License-Identifier: Apache-2.0
"""A fault that was there before it could act: a catheter kinked while the pump stood acts from the start on."""

from dataclasses import dataclass

from bench.injectors.injection import Injection
from metrology.latency.bracket import Bracket


@dataclass(frozen=True)
class ActingInjection:
    """A cause of an alarm: an injection, counted from another instant than its own.

    Attributes:
        injection: the fault.
        began: between which instants of bench time it began to act.
    """

    injection: Injection
    began: Bracket

    @property
    def what(self) -> str:
        """Return what the fault is called."""
        return self.injection.what
