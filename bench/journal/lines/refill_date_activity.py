# SPDX-License-Identifier: Apache-2.0
"""The refill date that the pump was asked for."""

import msgspec

from bench.journal.lines.activity import Activity
from bench.journal.lines.line import Number


class RefillDue(msgspec.Struct, frozen=True, kw_only=True):
    """When the refill is due, in seconds of the device clock."""

    due_s: Number


class RefillDateLookedAt(Activity, frozen=True, kw_only=True, tag="refill date looked at"):
    """The pump was asked for its refill date."""

    result: RefillDue
