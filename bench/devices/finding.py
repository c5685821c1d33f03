# SPDX-License-Identifier: Apache-2.0
"""What came of opening one instrument."""

from dataclasses import dataclass

from groundfloor.errors import BenchFault
from instruments.balance import BalanceIdentity
from instruments.pump import PumpIdentity
from instruments.rig import RigIdentity

TWIN_MARK = "-twin"
SECOND = "second measure"
"""What the second measure of the flow is called as an asset."""
Identity = PumpIdentity | RigIdentity | BalanceIdentity


@dataclass(frozen=True)
class Finding:
    """What came of opening one instrument: who answered, or the trouble."""

    asset: str
    address: str
    identity: Identity | None
    trouble: BenchFault | None

    @property
    def tells_what_it_is(self) -> bool:
        """Tell whether what answered has a word for its firmware or its model; a twin is known by them."""
        who = self.identity
        return who is not None and bool(who.firmware_version or who.model)

    @property
    def is_twin(self) -> bool:
        """Tell whether a twin answered."""
        who = self.identity  # not every dialect of a balance has a word for its version
        return who is not None and any(name.endswith(TWIN_MARK) for name in (who.firmware_version, who.model))
