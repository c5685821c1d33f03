# SPDX-License-Identifier: Apache-2.0
"""A therapy: the schedule that is programmed, and the only source of the volume that must come out.

Each mode gives the scheduled volume in closed form, so an expectation is exact for a minute and for a year, and owes
nothing to the pump or to its twin. Instants are seconds of the *device clock*, whose days start at multiples of
86400 s. A therapy speaks of a pump that was started at `started_s` and ran without a stop since; before that instant
nothing is scheduled. Rates hold from their instant on: the rate *at* a boundary is the new one.
"""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bench.therapy.accepted_bolus import AcceptedBolus
from instruments.program import Program


@runtime_checkable
class Therapy(Protocol):
    """One mode with its numbers. A mode without patient bolus schedules none, whatever a pump may have accepted."""

    @property
    def name(self) -> str:
        """Return the mode's name, as in profiles and journals."""
        ...

    def program(self, low_reservoir_alarm_ul: float) -> Program:
        """Return what a pump is programmed with so that it delivers this therapy."""
        ...

    def volume_ul(self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the volume scheduled from `from_s` to `to_s`.

        Raises:
            ValueError: `from_s` lies after `to_s`.
        """
        ...

    def rate_ul_per_h(self, at_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the scheduled rate from `at_s` on, boluses included."""
        ...

    def boundaries_s(
        self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()
    ) -> tuple[float, ...]:
        """Return the instants strictly between the two at which the rate changes, in order.

        From each of them to the next the rate is constant.
        """
        ...

    def describe(self) -> dict[str, object]:
        """Return the therapy in words and numbers that JSON can hold; `therapy_from` makes it a therapy again."""
        ...
