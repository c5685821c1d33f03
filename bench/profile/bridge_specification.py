# SPDX-License-Identifier: Apache-2.0
"""What a pump model promises of a bridge between two concentrations."""

from bench.profile.sourced import Sourced
from groundfloor.toml_file import TomlModel


class BridgeSpecification(TomlModel):
    """The bridge after a refill with another concentration; its mode is `bridge`.

    Attributes:
        weaker_ug_per_ml, stronger_ug_per_ml: two concentrations in use of the drug, for the tests.
    """

    weaker_ug_per_ml: Sourced
    stronger_ug_per_ml: Sourced
