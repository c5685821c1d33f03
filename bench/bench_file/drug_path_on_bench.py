# SPDX-License-Identifier: Apache-2.0
"""The drug's way on this bench: what the lab has measured of the catheter that hangs on it."""

from pydantic import Field

from groundfloor.toml_file import TomlModel


class DrugPathOnBench(TomlModel):
    """The catheter between pump and outlet.

    Attributes:
        catheter_ul: its dead volume in µL, from the connector to the outlet, without the pump's own tubing; a clinician
            has it from length and bore, a lab fills it and weighs.
    """

    catheter_ul: float = Field(gt=0)
