# SPDX-License-Identifier: Apache-2.0
"""The pump's clock was set, and what it showed just before and just after."""

import msgspec

from bench.journal.lines.activity import ActivityTold
from bench.journal.lines.line import Number


class ClockFound(msgspec.Struct, frozen=True, kw_only=True):
    """What the pump answered, what its clock was set to, and what it showed, with the bench time between."""

    answer: str
    set_to_s: Number
    before_s: Number
    after_s: Number
    took_s: Number


class ClockSet(ActivityTold, frozen=True, kw_only=True, tag="clock set"):
    """The pump's clock was set while it stood."""

    result: ClockFound
