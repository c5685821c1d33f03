# SPDX-License-Identifier: Apache-2.0
"""An injection: a fault that the rig was ordered to make, and that an independent sensor confirmed."""

from dataclasses import dataclass

from bench.injectors.fault import Fault
from bench.injectors.moved_outlet import OUTLET_LOWERED, OUTLET_RAISED
from bench.injectors.promised_effect import PromisedEffect
from bench.profile import Profile
from metrology.latency.bracket import Bracket

KINK = "kink"
MOVED_OUTLET = (OUTLET_RAISED.name, OUTLET_LOWERED.name)


@dataclass
class Injection:
    """One fault, from the order to its release; it is the cause of the alarm that answers it.

    Attributes:
        injector: what makes it.
        percent: how much of it; 100 for one that knows only off and on.
        sent_s: bench time just before the order was given.
        confirmed_s: bench time at which the sensor showed it.
        released_s: bench time at which the sensor showed that it was gone, or grown; None while it is there.
        grown_since_s: bench time just before the first order of a fault that grew to this one; None for one that did
            not.
        grew: whether it ended because it grew, so that nothing was released.
    """

    injector: Fault
    percent: float
    sent_s: float
    confirmed_s: float
    released_s: float | None = None
    grown_since_s: float | None = None
    grew: bool = False

    @property
    def stood_since_s(self) -> float:
        """Return the bench time just before the order from which on there was a fault of its kind."""
        return self.sent_s if self.grown_since_s is None else self.grown_since_s

    @property
    def what(self) -> str:
        """Return what it is called."""
        return self.injector.name

    @property
    def promise(self) -> PromisedEffect | None:
        """Return what it does to flow and pressure; None where neither has to show it."""
        return self.injector.promised(self.percent)

    @property
    def began(self) -> Bracket:
        """Return between which instants of bench time it came about: it was ordered, and it was confirmed."""
        return Bracket(self.sent_s, self.confirmed_s)

    def leaves_delivery(self, profile: Profile) -> bool:
        """Tell whether the profile promises delivery as programmed under it: a partial kink, a moved outlet."""
        if self.what in MOVED_OUTLET:
            return True
        return self.what == KINK and self.percent <= profile.catheter.partial_kink_percent.value

    def overlaps(self, from_s: float, to_s: float) -> bool:
        """Tell whether the fault was there at any time between two instants."""
        return self.sent_s <= to_s and (self.released_s is None or self.released_s >= from_s)
