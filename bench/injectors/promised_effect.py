# SPDX-License-Identifier: Apache-2.0
"""What an injector does to flow and pressure when it does its work: the promise that its effect is held against."""

from dataclasses import dataclass
from enum import StrEnum


class PressureMove(StrEnum):
    """What the pressure in the catheter does."""

    RISES = "rises"
    FALLS = "falls"


@dataclass(frozen=True)
class PromisedEffect:
    """The effect of one injector at one position.

    Attributes:
        share_lost: share of the flow that does not reach the vessel any more, from 0 to 1.
        least_share_lost: with less than this missing, the injector has not done its work. It lies between what a pump
            within any accuracy may leave out by itself and what the injector takes.
        pressure: what the pressure does as well; None where it tells nothing.
        ends_with_it: whether the effect ends with the fault; False where the pump takes its own time for that.
    """

    share_lost: float
    least_share_lost: float
    pressure: PressureMove | None = None
    ends_with_it: bool = True

    @property
    def stops_the_flow(self) -> bool:
        """Tell whether nothing reaches the vessel."""
        return self.share_lost >= 1.0


def no_flow(pressure: PressureMove) -> PromisedEffect:
    """Return the effect of what lets nothing reach the vessel.

    A fifth may go on: a clamp that lets more of it pass may keep the pressure under any alarm (assumed).
    """
    return PromisedEffect(1.0, 0.8, pressure)
