# SPDX-License-Identifier: Apache-2.0
"""What the bench can ask of a balance, whatever dialect it speaks."""

from dataclasses import dataclass
from typing import Protocol

from groundfloor.errors import BenchFault


class BalanceRestarted(BenchFault):
    """The balance came up anew by itself: its zero and tare are gone, the run is void. Find out why."""


class RestartNotExcluded(BalanceRestarted):
    """Nothing of this balance could show that it has not restarted: it tells no tare, or none was taken."""


class BalanceOverload(BenchFault):
    """The load is over the weighing range. Take the vessel off or empty it."""


class BalanceUnderload(BenchFault):
    """The load is under the weighing range. Put the pan and the vessel on."""


class BalanceBusy(BenchFault):
    """The balance could not carry out the command now (`I`), mostly because the load is not stable. Wait, ask again."""


class BalanceRefused(BenchFault):
    """The balance does not know or does not accept the command (`ES`, `ET`, `EL`, `L`). Check model and settings."""


@dataclass(frozen=True)
class BalanceIdentity:
    """Who the balance says it is; a twin's `firmware_version` ends in `-twin`."""

    model: str
    serial_number: str
    firmware_version: str
    capacity_g: float


@dataclass(frozen=True)
class MassReading:
    """One net mass in grams as the balance sent it; `stable` is the balance's own flag."""

    mass_g: float
    stable: bool


class Balance(Protocol):
    """A balance on the bench."""

    def identify(self) -> BalanceIdentity:
        """Return who the balance said it was when the line was opened."""
        ...

    def read_mass_g(self) -> MassReading:
        """Return the mass of this moment, stable or not, without waiting."""
        ...

    def read_stable_mass_g(self) -> MassReading:
        """Wait for stability as long as the balance itself does.

        Raises:
            BalanceBusy: it did not become stable.
        """
        ...

    def tare(self) -> None:
        """Make the present stable load the tare.

        Raises:
            BalanceBusy: the load is not stable.
        """
        ...

    def zero(self) -> None:
        """Set zero with the pan empty; this clears the tare as well.

        Raises:
            BalanceBusy: the load is not stable.
        """
        ...

    def close(self) -> None:
        """Let the line go."""
        ...
