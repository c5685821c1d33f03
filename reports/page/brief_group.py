# SPDX-License-Identifier: Apache-2.0
"""Judgements that passed and that nobody had to ask for, a line each under what they have in common."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Self

from reports.page.recorded_judgement import RecordedJudgement


@dataclass(frozen=True)
class BriefGroup:
    """Judgements of one kind.

    Attributes:
        kind: what is judged.
        limits_source: who says so.
        requirements: labels such as `DEL-009@1`.
        judgements: in the order of the journal.
    """

    kind: str
    limits_source: str
    requirements: tuple[str, ...]
    judgements: tuple[RecordedJudgement, ...]

    @classmethod
    def all_of(cls, judgements: Iterable[RecordedJudgement]) -> tuple[Self, ...]:
        """Return groups by kind, source of the limits and requirements; kinds in the order of their first judgement."""
        kinds: dict[str, list[RecordedJudgement]] = {}
        for one in judgements:
            kinds.setdefault(one.standing, []).append(one)
        return tuple(
            cls(kind, source, requirements, tuple(same))
            for kind, of_kind in kinds.items()
            for (source, requirements), same in groupby(sorted(of_kind, key=_in_common), _in_common)
        )

    @cached_property
    def common_risk(self) -> str:
        """Return how sure most of them are, but for the TUR; empty for what is a yes or a no."""
        (most, _), *_ = Counter(map(risk_of, self.judgements)).most_common(1)
        return most


def risk_of(judgement: RecordedJudgement) -> str:
    """Return how sure a judgement is, without the TUR."""
    return judgement.risk.rpartition("; ")[2]


def _in_common(judgement: RecordedJudgement) -> tuple[str, tuple[str, ...]]:
    return judgement.limits_source, judgement.requirements
