# SPDX-License-Identifier: Apache-2.0
"""A way to the safe state that failed on a twin: there is no pump that a person could stop."""

from groundfloor.errors import BenchFault

NEXT_STEP = "nobody needs to stop anything: the pump is simulated. See why its twin does not answer, then start anew"


def twin_fault(fault: BenchFault) -> BenchFault:
    """Return `fault` with what to do next where pump and rig are simulated; what was seen stays as it was."""
    told = BenchFault(fault.asset, fault.operation, fault.seen, NEXT_STEP)
    told.__cause__ = fault.__cause__
    return told
