# SPDX-License-Identifier: Apache-2.0
"""The trace matrix as the page shows it: requirement × judgement × test, and risk controls."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TracedJudgement:
    """One planned judgement as evidence for a requirement.

    Attributes:
        ids: of the judgements; empty where none was made.
        name: what was judged.
        state: PASS, FAIL … or why there is no verdict.
        reason: why there is no verdict; empty otherwise.
        test: node id.
        test_anchor: where the test stands in the page; empty where it is not there.
    """

    ids: tuple[str, ...]
    name: str
    state: str
    reason: str
    test: str
    test_anchor: str


@dataclass(frozen=True)
class RequirementRow:
    """One requirement with its evidence."""

    id: str
    revision: int | None
    text: str
    risk_controls: tuple[str, ...]
    state: str
    evidence: tuple[TracedJudgement, ...]


@dataclass(frozen=True)
class RiskControlRow:
    """One risk control with the requirements that it consists of."""

    id: str
    hazard: str
    state: str
    requirements: tuple[str, ...]


@dataclass(frozen=True)
class MatrixView:
    """All requirements of the baseline.

    Attributes:
        baseline: its id and revision.
        requirements: in the order of the baseline, then orphans.
        risk_controls: in the order of the baseline.
        bound: whether each judgement names its own requirements; else those of its test stand for it.
    """

    baseline: str
    requirements: tuple[RequirementRow, ...]
    risk_controls: tuple[RiskControlRow, ...]
    bound: bool

    @property
    def counts(self) -> dict[str, int]:
        """Return how many requirements are in each state that occurs, the gravest first."""
        states = [one.state for one in self.requirements]
        return {state: states.count(state) for state in STATES if state in states}


STATES = (
    "FAIL",
    "BLOCKED",
    "INCONCLUSIVE",
    "STALE",
    "ORPHAN",
    "NOT RUN",
    "UNCOVERED",
    "PASS",
    "NOT APPLICABLE",
)
"""Of a requirement, the gravest first."""
