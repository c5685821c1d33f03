# SPDX-License-Identifier: Apache-2.0
"""What was done to the drug's way through tubing and catheter, and what was seen of the drug."""

import msgspec

from bench.journal.lines.activity import Activity, ActivityTold
from bench.journal.lines.line import Number


class TubingTold(msgspec.Struct, frozen=True, kw_only=True):
    """What the programmer takes the pump's tubing for; None where the pump does not tell."""

    tubing_ul: Number | None


class TubingAsked(Activity, frozen=True, kw_only=True, tag="tubing looked at"):
    """The pump was asked for the dead volume of its tubing."""

    result: TubingTold


class FillingsDone(msgspec.Struct, frozen=True, kw_only=True):
    """How many fillings the rig has done."""

    fillings: int


class Filled(ActivityTold, frozen=True, kw_only=True, tag="filled"):
    """The rig filled catheter or reservoir with another concentration."""

    result: FillingsDone


class DrugSeen(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the front of the drug came to the outlet, between which looks in bench time, and what the last showed."""

    came: bool
    after_s: Number
    by_s: Number
    ug_per_ml: Number


class DrugWatched(Activity, frozen=True, kw_only=True, tag="drug watched"):
    """The drug sensor was looked at until the front came, or for as long as was asked."""

    result: DrugSeen
