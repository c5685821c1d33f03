# SPDX-License-Identifier: Apache-2.0
"""`mt-sics`: the whole of MT-SICS, in the files beside this folder that begin with `sics`."""

from instruments.simulated.balance.dialect import MakeDialect
from instruments.simulated.balance.sics_dialect import SicsDialect

DIALECT: MakeDialect = SicsDialect
