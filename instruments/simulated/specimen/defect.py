# SPDX-License-Identifier: Apache-2.0
"""One row of the catalogue of bad pumps and bad instruments."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from instruments.simulated.specimen.showing import Showing
from instruments.simulated.specimen.twin_specification import TwinSpecification

Change = Callable[[TwinSpecification, float], TwinSpecification]


class Asset(StrEnum):
    """Whose defect it is."""

    PUMP = "pump"
    INSTRUMENT = "instrument"


@dataclass(frozen=True)
class Defect:
    """One way in which a twin can be bad.

    Attributes:
        name: how it is asked for.
        asset: whether the pump or an instrument is bad.
        description: one line for a person.
        default: its magnitude unless one is given; None when it has none.
        least: smallest magnitude that makes sense.
        most: greatest magnitude that makes sense.
        change: makes a bad specification of a good one.
        shows: where it shows, and as what.
        source: where such a one was met; its magnitude is assumed in any case.
        also: further magnitudes that the campaign tries.
    """

    name: str
    asset: Asset
    description: str
    default: float | None
    least: float
    most: float
    change: Change
    shows: Showing
    source: str = "assumed"
    also: tuple[float, ...] = ()

    @property
    def example(self) -> str:
        """Return how it is asked for where it shows."""
        return self.name if self.shows.at is None else f"{self.name}={self.shows.at:g}"

    @property
    def usual(self) -> str:
        """Return it with the magnitude that it shows at, whether or not that is the usual one."""
        magnitude = self.default if self.shows.at is None else self.shows.at
        return self.name if magnitude is None else f"{self.name}={magnitude:g}"
