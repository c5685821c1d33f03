# SPDX-License-Identifier: Apache-2.0
"""What came of the parts of one trial that were made, together."""

from collections.abc import Iterable, Sequence
from typing import Self

import msgspec

from metrology.verdict import Verdict
from tests.campaigns.detection.outcome import LOST, Outcome
from tests.campaigns.detection.parts import can_no_longer_pass, parts_of
from tests.campaigns.detection.trial import Group, Trial
from tests.campaigns.detection.trials import may_pass, surprise

_WORST_FIRST = (LOST, Verdict.FAIL, Verdict.BLOCKED, Verdict.INCONCLUSIVE)


class PartOutcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What came of one part, as it is kept: see `Outcome`."""

    verdict: str
    code: str
    exit_code: int = 0
    reddened: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    reason: str = ""


class WholeOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """The whole protocol of one twin, as far as it was made.

    Attributes:
        group, name: the trial.
        parts: what came of each, by its chapter and, for one test of it, a slash and the test.
    """

    group: Group
    name: str
    parts: dict[str, PartOutcome]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Self:
        """Join what came of parts of one trial."""
        parts = {
            f"{one.chapter}/{one.test}".rstrip("/"): PartOutcome(
                verdict=one.verdict,
                code=one.code,
                exit_code=one.exit_code,
                reddened=one.reddened,
                undecided=one.undecided,
                reason="" if one.verdict == Verdict.PASS else one.reason,
            )
            for one in outcomes
        }
        return cls(group=outcomes[0].group, name=outcomes[0].name, parts=parts)

    def with_later(self, later: Self) -> Self:
        """Return both together; what was made again counts as it was the last time."""
        return msgspec.structs.replace(self, parts=self.parts | later.parts)

    @property
    def trial(self) -> Trial:
        """Return what it is of."""
        if self.group is Group.GOOD:
            return Trial(self.group, seed=int(self.name.removeprefix("seed ")))
        return Trial(self.group, tuple(self.name.split("+")))

    @property
    def outcomes(self) -> list[Outcome]:
        """Return the parts as they were made."""
        return [
            Outcome(
                group=self.group,
                name=self.name,
                chapter=key.partition("/")[0],
                test=key.partition("/")[2],
                code=part.code,
                verdict=part.verdict,
                exit_code=part.exit_code,
                reddened=part.reddened,
                undecided=part.undecided,
                reason=part.reason,
            )
            for key, part in self.parts.items()
        ]

    @property
    def verdict(self) -> str:
        """Return the worst that a part ended with."""
        ended = {part.verdict for part in self.parts.values()}
        return next((str(one) for one in _WORST_FIRST if one in ended), str(Verdict.PASS))

    @property
    def reddened(self) -> list[str]:
        """Return the requirements that a failed judgement is evidence against."""
        return sorted({one for part in self.parts.values() for one in part.reddened})

    @property
    def undecided(self) -> list[str]:
        """Return those that were not decided, and did not fail elsewhere."""
        return sorted({one for part in self.parts.values() for one in part.undecided} - set(self.reddened))

    @property
    def is_over(self) -> bool:
        """Tell whether nothing is left to be made: each part, or so many that the whole can no longer pass."""
        return can_no_longer_pass(self.trial, self.outcomes) or len(self.parts) >= len(parts_of(self.trial))

    def surprises(self) -> list[str]:
        """Return what must not be, each with its part."""
        parts = ((part, surprise(self.trial, part)) for part in self.outcomes)
        found = [f"{why} in {part.chapter}" for part, why in parts if why is not None]
        passed = self.is_over and self.verdict == Verdict.PASS and not may_pass(self.trial)
        return [*found, "a bad pump passed the whole protocol"] if passed else found


def whole_outcomes(outcomes: Iterable[Outcome]) -> list[WholeOutcome]:
    """Join what came of parts, trial by trial, in the order in which the trials come."""
    of_each: dict[tuple[Group, str], list[Outcome]] = {}
    for one in outcomes:
        of_each.setdefault((one.group, one.name), []).append(one)
    return [WholeOutcome.of(parts) for parts in of_each.values()]
