# SPDX-License-Identifier: Apache-2.0
"""One judgement that a test declares before its first activity."""

from dataclasses import dataclass

from bench.acceptance.declared_limits import DeclaredLimits
from bench.trace import CitedRequirement


@dataclass(frozen=True)
class Declaration:
    """What is going to be judged.

    Attributes:
        name: unique in its test.
        measurand: the quantity or the event.
        requirements: what the judgement is evidence for.
        limits: by which it is judged; None where nobody said, as with a requirement that is only claimed.
        rule: the decision rule in words.
        times: how often it is judged; None for once or more.
    """

    name: str
    measurand: str
    requirements: tuple[CitedRequirement, ...]
    limits: DeclaredLimits | None
    rule: str
    times: int | None = 1
