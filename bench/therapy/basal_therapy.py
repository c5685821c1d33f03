# SPDX-License-Identifier: Apache-2.0
"""What the modes without a patient bolus share: a bolus that a pump accepted all the same was not scheduled."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.interval import between


class BasalTherapy(ABC):
    """A therapy whose schedule nobody changes once it runs; a mode fills in the three `_scheduled` methods."""

    def volume_ul(
        self,
        from_s: float,
        to_s: float,
        started_s: float,
        boluses: Sequence[AcceptedBolus] = (),  # noqa: ARG002 - the protocol's; see the module's first line
    ) -> float:
        """Return the volume scheduled from `from_s` to `to_s`.

        Raises:
            ValueError: `from_s` lies after `to_s`.
        """
        if from_s > to_s:
            raise ValueError(f"the interval from {from_s} s to {to_s} s runs backwards")
        begins_s = max(from_s, started_s)
        return self._scheduled_volume_ul(begins_s, to_s, started_s) if begins_s < to_s else 0.0

    def rate_ul_per_h(
        self,
        at_s: float,
        started_s: float,
        boluses: Sequence[AcceptedBolus] = (),  # noqa: ARG002 - the protocol's; see the module's first line
    ) -> float:
        """Return the scheduled rate from `at_s` on; zero before the start."""
        return self._scheduled_rate_ul_per_h(at_s, started_s) if at_s >= started_s else 0.0

    def boundaries_s(
        self,
        from_s: float,
        to_s: float,
        started_s: float,
        boluses: Sequence[AcceptedBolus] = (),  # noqa: ARG002 - the protocol's; see the module's first line
    ) -> tuple[float, ...]:
        """Return the instants strictly inside the interval at which the rate changes, the start among them."""
        changes = [instant for instant in self._scheduled_changes_s(from_s, to_s, started_s) if instant > started_s]
        return between(from_s, to_s, started_s, *changes)

    @abstractmethod
    def _scheduled_volume_ul(self, from_s: float, to_s: float, started_s: float, /) -> float:
        """Return the volume of an interval that begins at or after the start and is not empty."""

    @abstractmethod
    def _scheduled_rate_ul_per_h(self, at_s: float, started_s: float, /) -> float:
        """Return the rate at an instant at or after the start."""

    @abstractmethod
    def _scheduled_changes_s(self, from_s: float, to_s: float, started_s: float, /) -> Sequence[float]:
        """Return at least those instants after the start and inside the interval at which the rate changes."""
