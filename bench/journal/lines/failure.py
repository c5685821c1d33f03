# SPDX-License-Identifier: Apache-2.0
"""An activity that ended with an error: whoever replays the test meets the same error at the same place."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, Self

from bench.journal.lines.line import LineOfTest
from groundfloor.errors import BenchFault, NoAnswer, PumpFailure
from groundfloor.inconclusive import Inconclusive

_SORTS: Mapping[str, type[BenchFault] | type[PumpFailure]] = MappingProxyType(
    {"inconclusive": Inconclusive, "no-answer": NoAnswer, "pump-failure": PumpFailure, "bench-fault": BenchFault}
)
"""From the narrowest to the widest."""


class ActivityFailed(LineOfTest, frozen=True, kw_only=True):
    """An activity was begun, and ended with an error.

    Attributes:
        activity: which.
        error: its sort: `inconclusive`, `no-answer`, `pump-failure` or `bench-fault`.
        asset, operation, seen, next_step: what it says; `groundfloor.errors` tells what they mean.
    """

    kind: ClassVar[str] = "activity-failed"
    done: ClassVar[bool] = True

    activity: str
    error: str
    asset: str
    operation: str
    seen: str
    next_step: str = ""

    @classmethod
    def of(cls, activity: str, error: BenchFault | PumpFailure) -> Self:
        """Return the line of an error."""
        sort = next(name for name, kind in _SORTS.items() if isinstance(error, kind))
        told = (error.asset, error.operation, error.seen, error.next_step)
        return cls(activity=activity, error=sort, **dict(zip(_TOLD, told, strict=True)))

    def again(self) -> BenchFault | PumpFailure:
        """Return the error, to be raised again."""
        return _SORTS.get(self.error, BenchFault)(self.asset, self.operation, self.seen, self.next_step)


_TOLD = ("asset", "operation", "seen", "next_step")
