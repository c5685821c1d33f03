# SPDX-License-Identifier: Apache-2.0
"""The three ways a run can go wrong, and whose trouble each is.

`BenchFault` is the rig's trouble and never a product failure: the verdict is BLOCKED.
`PumpFailure` is the product's: the verdict is FAIL.
`PlanError` is ours: a wrong file, option or plan; nothing was run, exit code 2.

Each message names the asset, the operation, what was seen and what to do next. What a device or a file wrote into it is
shown and never obeyed: no escape sequence gets through.
"""

from groundfloor.printable import printable


class _Told(Exception):
    """An error that names asset, operation, what was seen and what to do next.

    Attributes:
        asset: the thing on the bench, or the file, that the trouble is with.
        operation: what was being done.
        seen: what came back instead.
        next_step: what a person should do now; may be empty.
    """

    def __init__(self, asset: str, operation: str, seen: str, next_step: str = "") -> None:
        self.asset = printable(asset)
        self.operation = printable(operation)
        self.seen = printable(seen)
        self.next_step = printable(next_step)
        super().__init__(self.asset, self.operation, self.seen, self.next_step)

    @property
    def finding(self) -> str:
        """Return asset, operation and what was seen, for an error that tells of this one and has its own next step."""
        return f"{self.asset}: {self.operation}: {self.seen}"

    def __str__(self) -> str:
        return f"{self.finding}. Next: {self.next_step}" if self.next_step else self.finding


class BenchFault(_Told):
    """The rig's trouble: an instrument, a wire, an injector. Never a product failure. Repair the bench, run again."""


class NoAnswer(BenchFault):
    """No proper answer came within the driver's own attempts. Nothing was moved; the same may be asked again."""


class PlanError(_Told):
    """Our trouble: a file, an option or a plan that cannot be right. Mend what the message names."""


class PumpFailure(_Told, AssertionError):
    """The product's trouble: the pump did what it must not, or did not do what it must."""
