# SPDX-License-Identifier: Apache-2.0
"""One bolus that the pump gives: a volume at an even rate, in the pump's own time."""

import math
from dataclasses import dataclass, field
from enum import StrEnum


class BolusKind(StrEnum):
    """The programmer's single bolus, the patient's, or a prime of the catheter; one of each kind may run at a time."""

    SINGLE = "single"
    PATIENT = "patient"
    PRIME = "prime"


@dataclass
class Bolus:
    """A bolus that was accepted; `stopped_s` is when it was cut short, None unless it was; `rest` then takes it up.

    It is given at its programmed rate, or at another pace from some instant on; then its end moves.
    """

    kind: BolusKind
    volume_ul: float
    duration_s: float
    start_s: float
    stopped_s: float | None = None
    rest: "Bolus | None" = None
    _pace_ul_per_h: float | None = field(default=None, init=False)
    _paced_since_s: float = field(default=0.0, init=False)
    _given_before_ul: float = field(default=0.0, init=False)

    @property
    def programmed_ul_per_h(self) -> float:
        """Return the rate that the program asks for."""
        return self.volume_ul / self.duration_s * 3600.0

    @property
    def rate_ul_per_h(self) -> float:
        """Return the rate that the bolus adds."""
        return self.programmed_ul_per_h if self._pace_ul_per_h is None else self._pace_ul_per_h

    @property
    def end_s(self) -> float:
        """Return when it ends by itself; infinite while it waits."""
        if self._pace_ul_per_h is None:
            return self.start_s + self.duration_s
        if self._pace_ul_per_h == 0.0:
            return math.inf
        return self._paced_since_s + (self.volume_ul - self._given_before_ul) / self._pace_ul_per_h * 3600.0

    def give_at(self, rate_ul_per_h: float, clock_s: float) -> None:
        """Go on at this rate; what was given before stays given."""
        if rate_ul_per_h == self.rate_ul_per_h:
            return
        self._given_before_ul = self.given_ul(clock_s)
        self._paced_since_s, self._pace_ul_per_h = clock_s, rate_ul_per_h

    def clock_set_back(self, by_s: float) -> None:
        """Take note that the clock which its instants are told by shows so much less from now on."""
        self.start_s -= by_s
        self._paced_since_s -= by_s

    def given_ul(self, clock_s: float) -> float:
        """Return the volume given until `clock_s`, as the pump believes it; what took up the rest counts as well."""
        own_ul = self._own_ul(clock_s)
        return own_ul if self.rest is None else own_ul + self.rest.given_ul(clock_s)

    def _own_ul(self, clock_s: float) -> float:
        end_s = clock_s if self.stopped_s is None else self.stopped_s
        if self._pace_ul_per_h is None:
            share = (end_s - self.start_s) / self.duration_s
            return self.volume_ul * min(max(share, 0.0), 1.0)
        since_ul = self._pace_ul_per_h * max(0.0, end_s - self._paced_since_s) / 3600.0
        return min(self.volume_ul, self._given_before_ul + since_ul)
