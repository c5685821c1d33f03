# SPDX-License-Identifier: Apache-2.0
r"""Kern KCP: MT-SICS under another name, so the driver of MT-SICS speaks it, fences and tare memory included.

Documented (Kern, KIB-TM and CKE manuals; KERN Communications Protocol): commands end in CR LF and are upper case; `@`
`I0` to `I5` `S` `SI` `SIR` `SR` `Z` `ZI` `T` `TA` `TAC` `TI` `D` `K`; `I2` tells type and capacity; a balance whose
serial number nobody has set says `K123456`; some want 100 ms between two requests.

*Assumed*: replies have the layout of MT-SICS, character by character; there is no `SIC1`, no setting can be asked for,
and there is no internal test. 9600 8-N-1. `I2` may come without a capacity: then that of the bench file is taken.
"""

from instruments.balance_access import BalanceAccess
from instruments.balances.dialogue import Explain
from instruments.sics.balance import SicsBalance


def open_kcp(access: BalanceAccess, explain: Explain | None = None) -> SicsBalance:
    """Open a balance that speaks KCP; see `SicsBalance.open` for what it raises."""
    return SicsBalance.open(access, use_checksum=False, explain=explain)
