# SPDX-License-Identifier: Apache-2.0
"""What lies on a weighing cell."""

from typing import Protocol


class Load(Protocol):
    """A load that changes; masses in mg."""

    def followed_mg(self, when_s: float) -> float:
        """Return what a balance with a lag shows for what it had followed at `when_s`, now or a moment ago."""
        ...

    def lag_mg(self, when_s: float) -> float:
        """Return how much of the load the balance has not yet followed at `when_s`."""
        ...

    def settled_at_s(self, from_s: float, most_lag_mg: float) -> float:
        """Return from when on the lag is below `most_lag_mg` if nothing changes; infinite if it never is."""
        ...

    def air_temperature_c(self) -> float:
        """Return the true temperature of the air around it."""
        ...
