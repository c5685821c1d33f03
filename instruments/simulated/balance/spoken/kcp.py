# SPDX-License-Identifier: Apache-2.0
"""`kcp`: Kern, MT-SICS without what only Mettler-Toledo has: checksum, settings, internal test, temperature.

Source: Kern, KIB-TM manual, for the list of commands; that their answers are those of MT-SICS is assumed.
"""

from functools import partial

from instruments.simulated.balance.dialect import MakeDialect
from instruments.simulated.balance.sics_dialect import SicsDialect

KNOWN = frozenset(
    ("@", "D", "DW", "I0", "I1", "I2", "I3", "I4", "I5", "S", "SI", "SIR", "SR", "T", "TA", "TAC", "TI", "Z", "ZI")
)
DIALECT: MakeDialect = partial(SicsDialect, known=KNOWN)
