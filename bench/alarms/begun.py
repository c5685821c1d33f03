# SPDX-License-Identifier: Apache-2.0
"""A cause that is no order to the rig: a start under a fault that stands, a part that failed."""

from dataclasses import dataclass

from metrology.latency.bracket import Bracket


@dataclass(frozen=True)
class Begun:
    """Something that began between two instants; see `Cause`.

    Attributes:
        what: what it is, as a sentence names it.
        began: between which instants of bench time.
    """

    what: str
    began: Bracket
