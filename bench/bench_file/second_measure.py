# SPDX-License-Identifier: Apache-2.0
"""`[second_measure]`: a second, independent measure of the same flow."""

from typing import Literal

from pydantic import Field

from bench.bench_file.balance_device import BalanceDevice
from groundfloor.toml_file import TomlModel


class SecondMeasure(TomlModel):
    """What measures the flow beside the balance under the vessel.

    Attributes:
        shows: `pump`: it is a balance that the pump stands on, and loses what the pump gives; `passed`: it is a flow
            sensor that shows the mass that has passed it, by a dialect of its own.
        expanded_uncertainty_percent: of a volume, from its calibration, with coverage factor 2.
        expanded_uncertainty_ul: of each volume whatever its size, with coverage factor 2: what tubes pull, what the
            air carries of the pump, what is on its way between the two.
        instrument: where it hangs, and what its display is worth; as the balance.
    """

    shows: Literal["pump", "passed"] = "pump"
    expanded_uncertainty_percent: float = Field(gt=0, le=50)
    expanded_uncertainty_ul: float = Field(ge=0)
    instrument: BalanceDevice
