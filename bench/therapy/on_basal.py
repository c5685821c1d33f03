# SPDX-License-Identifier: Apache-2.0
"""What the modes share in which boluses come on top of a basal therapy."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from bench.therapy.accepted_bolus import AcceptedBolus
from bench.therapy.interval import between
from bench.therapy.therapy import Therapy

NOT_ON_A_BRIDGE = "a bolus on top would move the old drug on, and the bridge would end too late"
"""Why no bolus is allowed while a bridge runs: its volume is what has to be given at the rate of the old drug."""


class OnBasal(ABC):
    """A basal therapy with boluses on top of it.

    Attributes:
        basal: what runs beside them.
    """

    basal: Therapy

    @property
    @abstractmethod
    def one_bolus(self) -> tuple[float, int]:
        """Return volume in µL and duration in s of one bolus."""

    def volume_ul(self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the basal volume and what the boluses add between the two instants.

        Raises:
            ValueError: `from_s` lies after `to_s`.
        """
        volume_ul = self.basal.volume_ul(from_s, to_s, started_s)
        begins_s = max(from_s, started_s)
        return volume_ul + sum(bolus.between_ul(begins_s, to_s) for bolus in boluses)

    def rate_ul_per_h(self, at_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()) -> float:
        """Return the basal rate and what the boluses running at `at_s` add to it."""
        rate = self.basal.rate_ul_per_h(at_s, started_s)
        if at_s < started_s:
            return rate
        return rate + sum(bolus.rate_at_ul_per_h(at_s) for bolus in boluses)

    def boundaries_s(
        self, from_s: float, to_s: float, started_s: float, boluses: Sequence[AcceptedBolus] = ()
    ) -> tuple[float, ...]:
        """Return the basal therapy's boundaries and the start and end of each bolus."""
        edges_s = [edge for bolus in boluses for edge in bolus.edges_s if edge > started_s]
        return between(from_s, to_s, *self.basal.boundaries_s(from_s, to_s, started_s), *edges_s)
