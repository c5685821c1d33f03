# SPDX-License-Identifier: Apache-2.0
"""A cause: what an alarm must answer, and when it began.

A kink that the rig made is one. So is a battery that fell below its threshold between two samples, a motor that stalled
between an order and its confirmation, a reservoir that was counted down.
"""

from typing import Protocol

from metrology.latency.bracket import Bracket


class Cause(Protocol):
    """Something that began for sure."""

    @property
    def what(self) -> str:
        """Return what it is, as a sentence names it: "kink"."""
        ...

    @property
    def began(self) -> Bracket:
        """Return between which instants of bench time it began; before the first it was not there."""
        ...
