# SPDX-License-Identifier: Apache-2.0
"""What a check of the bench found: the value, its limits, the state, and what to do next."""

from dataclasses import dataclass

import msgspec

from bench.acceptance import Standing
from bench.bench_file import CheckName
from bench.journal.lines import CheckMade
from bench.preflight.check_state import CheckState
from groundfloor.errors import BenchFault, PumpFailure
from groundfloor.json_number import json_number
from metrology.verdict import Limits


@dataclass(frozen=True)
class CheckFinding:
    """One check, done.

    Attributes:
        check: which.
        asset, operation: what was looked at, and how; the first words of the trouble if it is one.
        state: how it ended.
        seen: what was seen, as a phrase for a person.
        limits: what the value is held against; None where there is no figure.
        value: in the unit of the limits; None where there is no figure.
        standard_uncertainty: of the value.
        next_step: what a person should do if the state is not OK.
        deviation: what the run does without because of it, a sentence for the summary; empty for nothing.
        against_pump: what it is evidence against: the pump's own lie or failure, which is a FAIL of it and no fault of
            the bench; None where it is the bench's, or nobody's.
    """

    check: CheckName
    asset: str
    operation: str
    state: CheckState
    seen: str
    limits: Limits | None = None
    value: float | None = None
    standard_uncertainty: float = 0.0
    next_step: str = ""
    deviation: str = ""
    against_pump: Standing | None = None

    @classmethod
    def of_fault(cls, check: CheckName, fault: BenchFault) -> "CheckFinding":
        """Return a check that broke off: it blocks with the words of the fault."""
        told = (fault.asset, fault.operation, CheckState.BLOCK, fault.seen)
        return cls(check, *told, next_step=fault.next_step)

    @classmethod
    def of_failure(cls, check: CheckName, failure: PumpFailure, standing: Standing) -> "CheckFinding":
        """Return a check that a failure of the pump broke off: nothing can be tested, and the pump fails."""
        told = (failure.asset, failure.operation, CheckState.BLOCK, failure.seen)
        return cls(check, *told, next_step=failure.next_step, against_pump=standing)

    @property
    def failure(self) -> PumpFailure:
        """Return the finding in the words of a failure of the pump."""
        return PumpFailure(self.asset, self.operation, self.seen, self.next_step)

    @property
    def fault(self) -> BenchFault:
        """Return the trouble in the words of a bench fault."""
        return BenchFault(self.asset, self.operation, self.seen, self.next_step)

    def line(self) -> CheckMade:
        """Return the finding as the line of a journal."""
        return msgspec.convert(self.as_dict(), CheckMade)

    def as_dict(self) -> dict[str, object]:
        """Return the flat form that the journal keeps."""
        limits = self.limits
        return {
            "title": f"{self.check}: {self.state}, {self.seen}",
            "check": self.check,
            "state": self.state,
            "value": None if self.value is None else json_number(self.value),
            "standard_uncertainty": json_number(self.standard_uncertainty),
            "unit": limits.unit if limits is not None else "",
            "lower": limits.lower if limits is not None else None,
            "upper": limits.upper if limits is not None else None,
            "asset": self.asset,
            "operation": self.operation,
            "seen": self.seen,
            "next_step": self.next_step,
        }
