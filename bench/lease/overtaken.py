# SPDX-License-Identifier: Apache-2.0
"""The rig's word on whether somebody came after us: its fencing token is higher than ours."""

from groundfloor.errors import BenchFault
from groundfloor.wall_clock import time_limit
from instruments.rig import Rig

LIMIT_S = 2.0


def overtaken(rig: Rig) -> str:
    """Return what the rig says if it has seen a higher token than ours; empty if it has not, or is silent.

    A rig that is silent has let in nobody else that we could know of, and then the bench is still ours to make safe.
    """
    try:
        with time_limit(LIMIT_S):
            highest = rig.guard_state().fencing_token
    except BenchFault:
        return ""
    return (
        f"the rig has seen fencing token {highest}, ours is {rig.fencing_token}" if highest > rig.fencing_token else ""
    )
