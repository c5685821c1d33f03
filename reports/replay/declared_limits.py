# SPDX-License-Identifier: Apache-2.0
"""The limits that a test declares under a profile, and what they make of the limits of one judgement."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bench.journal.lines import Judgement, JudgementDeclared

_AGREES_TO = 1e-6
_PERCENT = 100.0


@dataclass(frozen=True)
class DeclaredLimits:
    """Limits as a test declares them.

    Attributes:
        lower, upper: in `unit`; None for none.
        unit: `%` where they are a share.
        relative_to: what they are a share of; empty for absolute ones.
        source: where they come from.
    """

    lower: float | None
    upper: float | None
    unit: str
    relative_to: str
    source: str

    @classmethod
    def of(cls, declared: JudgementDeclared) -> "DeclaredLimits":
        """Return those of a line of the journal."""
        return cls(declared.lower, declared.upper, declared.unit, declared.relative_to, declared.limits_source)

    def in_place_of(self, then: "DeclaredLimits", judged: Judgement) -> tuple[float | None, float | None] | None:
        """Return the limits that a judgement would have had by these.

        Args:
            then: what was declared when it was judged.
            judged: the judgement.

        Returns:
            None where the limits of the judgement do not follow from what was declared: the test made them.
        """
        if (self.unit, self.relative_to) != (then.unit, then.relative_to):
            return None
        if (self.lower is None, self.upper is None) != (then.lower is None, then.upper is None):
            return None
        scale = _scale(then, judged)
        if scale is None:
            return None
        lower = None if self.lower is None else scale * self.lower
        upper = None if self.upper is None else scale * self.upper
        return lower, upper


Declarations = Mapping[tuple[str, str], DeclaredLimits]
"""By node id of the test and name of the judgement."""


def _scale(then: DeclaredLimits, judged: Judgement) -> float | None:
    """Return by what the declared limits were multiplied; None where they were made otherwise."""
    pairs = [
        (made, declared)
        for made, declared in ((judged.lower, then.lower), (judged.upper, then.upper))
        if made is not None or declared is not None
    ]
    if not pairs or any(made is None or declared is None for made, declared in pairs):
        return None
    numbers = [(float(made or 0.0), float(declared or 0.0)) for made, declared in pairs]
    if not then.relative_to:
        same = all(math.isclose(made, declared, rel_tol=_AGREES_TO, abs_tol=1e-12) for made, declared in numbers)
        return 1.0 if same and judged.unit == then.unit else None
    shares = [made / declared for made, declared in numbers if declared]
    if then.unit != "%" or len(shares) != len(numbers):
        return None
    if any(not math.isclose(share, shares[0], rel_tol=_AGREES_TO) for share in shares):
        return None
    return shares[0]
