# SPDX-License-Identifier: Apache-2.0
"""A round of checks: each is made whatever the others found, and all that blocks is told at once."""

from collections.abc import Callable, Collection, Iterable, Mapping

from bench.acceptance import Standing
from bench.bench_file import CheckName
from bench.preflight.check import Check
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from groundfloor.errors import BenchFault, PumpFailure

Note = Callable[[str, Mapping[str, object]], object]
"""Takes what a line of the journal is about, and its data."""


def look_at(check: Check, off: Collection[CheckName]) -> CheckFinding:
    """Make one check; a fault on the way is a finding too, and so is a pump that does not stand when it should."""
    if check.name in off:
        return without_looking(check, CheckState.OFF, "switched off in the bench file")
    try:
        return check.run()
    except BenchFault as fault:
        return CheckFinding.of_fault(check.name, fault)
    except PumpFailure as failure:
        return CheckFinding.of_failure(check.name, failure, Standing.STATE)


def without_looking(check: Check, state: CheckState, why: str) -> CheckFinding:
    """Return the finding of a check that was not made."""
    return CheckFinding(check.name, "bench", f"check {check.name}", state, why, check.limits)


def trouble_of(findings: Iterable[CheckFinding], bench: str, operation: str) -> BenchFault | None:
    """Return one fault that names everything that blocks; None where nothing does."""
    # one dead clamp stops two checks, and is told once
    blocking = [one.fault for one in findings if one.state is CheckState.BLOCK and one.against_pump is None]
    faults = list({str(one): one for one in blocking}.values())
    if len(faults) < 2:
        return faults[0] if faults else None
    seen = "\n".join(f"  {fault}" for fault in faults)
    group = BenchFault(f"bench {bench}", operation, f"{len(faults)} checks block:\n{seen}")
    group.__cause__ = ExceptionGroup("checks that block", faults)
    return group
