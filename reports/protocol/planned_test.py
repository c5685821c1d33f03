# SPDX-License-Identifier: Apache-2.0
"""One test of the protocol before it is run."""

from dataclasses import dataclass
from enum import StrEnum

from reports.protocol.planned_judgement import PlannedJudgement

PARTS = ("Purpose", "Method", "Acceptance")


class PlannedState(StrEnum):
    """Whether a test is going to run."""

    PLANNED = "PLANNED"
    NOT_APPLICABLE = "NOT APPLICABLE"
    """The profile does not promise what it tests."""
    BLOCKED = "BLOCKED"
    """This bench cannot test it."""


@dataclass(frozen=True)
class PlannedCase:
    """A test for one set of its parameters.

    Attributes:
        name: as pytest has it in brackets; empty where there is one case.
        state: whether it is going to run.
        reason: why not.
        hours: bench time in words.
        seconds: the same, as far as it is known before; 0 where it does not run.
        unknown: what of it only a run will tell.
        needs: outputs of the rig that it asks for.
    """

    name: str
    state: PlannedState
    reason: str
    hours: str
    seconds: float
    unknown: str
    needs: tuple[str, ...]


@dataclass(frozen=True)
class PlannedTest:
    """A test.

    Attributes:
        node: pytest's id without parameters.
        title: first line of its docstring.
        parts: what the docstring says under `Purpose:`, `Method:`, `Acceptance:` and other headings, in its order.
        requirements: ids and revisions of what its own judgements are evidence for; not of what every infusion judges.
        cases: for each set of parameters whether it runs, and how long.
        judgements: what it is going to judge.
    """

    node: str
    title: str
    parts: tuple[tuple[str, str], ...]
    requirements: tuple[str, ...]
    cases: tuple[PlannedCase, ...]
    judgements: tuple[PlannedJudgement, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return which parts of a protocol its docstring does not have."""
        there = {heading for heading, text in self.parts if text}
        return tuple(one for one in PARTS if one not in there)

    @property
    def state(self) -> PlannedState:
        """Return PLANNED if any of its cases is going to run, else why none is."""
        states = [case.state for case in self.cases]
        return next((one for one in PlannedState if one in states), PlannedState.PLANNED)

    @property
    def seconds(self) -> float:
        """Return the bench time of all its cases, as far as it is known."""
        return sum(case.seconds for case in self.cases)

    @property
    def own_judgements(self) -> tuple[PlannedJudgement, ...]:
        """Return what the plan itself declares; the others every infusion judges."""
        return tuple(one for one in self.judgements if not one.standing)
