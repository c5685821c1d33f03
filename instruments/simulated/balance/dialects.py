# SPDX-License-Identifier: Apache-2.0
"""The dialects that the simulated balance speaks, by the names that a bench file calls them."""

from collections.abc import Mapping

from instruments.simulated.balance.dialect import MakeDialect
from instruments.simulated.balance.sics_dialect import SicsDialect

DEFAULT_DIALECT = "mt-sics"
SIMULATED_DIALECTS: Mapping[str, MakeDialect] = {DEFAULT_DIALECT: SicsDialect}
