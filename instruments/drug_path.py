# SPDX-License-Identifier: Apache-2.0
"""The drug's way through pump tubing and catheter, as a rig may see and change it.

A sensor at the outlet tells the concentration that arrives; a valve block fills the catheter, or the reservoir, with
another concentration. Not every rig has them; what `RigAbilities.drug_sensor` says is asked first.
"""

from enum import StrEnum
from typing import Protocol, runtime_checkable

from groundfloor.errors import BenchFault

NAME = "drug sensor"
"""What it is called where it is missing."""


class Filled(StrEnum):
    """What can be filled with another concentration, by the names that register maps use."""

    CATHETER = "catheter"
    """Pump tubing and catheter: all between reservoir and outlet."""
    RESERVOIR = "reservoir"


@runtime_checkable
class DrugPath(Protocol):
    """A rig that sees and changes the drug."""

    def drug_concentration_ug_per_ml(self) -> float:
        """Return the concentration at the catheter's outlet.

        Raises:
            BenchFault: there is no sensor, it gives no number, or the rig does not answer.
        """
        ...

    def fill_with_drug(self, part: Filled, concentration_ug_per_ml: float) -> None:
        """Fill a part under the fencing token; 0 µg/mL is a liquid without drug.

        Raises:
            WriteRefused: the token is stale, or the rig is in its safe state.
            BenchFault: the rig cannot, or nobody can tell whether it was taken.
        """
        ...

    def drug_fillings(self) -> int:
        """Return how many fillings are done, modulo 65536.

        Raises:
            BenchFault: the rig cannot fill, or does not answer.
        """
        ...


def drug_path_of(rig: object) -> DrugPath:
    """Return what a rig sees and changes of the drug.

    Raises:
        BenchFault: it can do neither.
    """
    if isinstance(rig, DrugPath):
        return rig
    raise no_drug_sensor("rig")


def no_drug_sensor(asset: str) -> BenchFault:
    """Return the fault of a rig without a sensor."""
    return BenchFault(asset, "look at the drug", f"this rig has no {NAME}", f"run it on a bench with a {NAME}")
