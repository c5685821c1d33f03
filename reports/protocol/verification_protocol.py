# SPDX-License-Identifier: Apache-2.0
"""All that the verification protocol of one pump on one bench says."""

import hashlib
import json
from dataclasses import asdict, dataclass

from reports.protocol.planned_judgement import PlannedJudgement
from reports.protocol.planned_test import PlannedState, PlannedTest


@dataclass(frozen=True)
class PlannedRequirement:
    """A requirement of the baseline.

    Attributes:
        label: id and revision.
        text: what the pump shall do.
        risks: the risk controls that it is part of, each with its hazard.
        tests: titles of the tests that are evidence for it.
        planned: whether any of them is going to run.
    """

    label: str
    text: str
    risks: tuple[str, ...]
    tests: tuple[str, ...]
    planned: bool


@dataclass(frozen=True)
class PlannedChapter:
    """A chapter.

    Attributes:
        name: of its file.
        purpose: first line of its docstring.
        tests: in their order.
    """

    name: str
    purpose: str
    tests: tuple[PlannedTest, ...]

    @property
    def seconds(self) -> float:
        """Return the bench time of all its tests, as far as it is known."""
        return sum(test.seconds for test in self.tests)

    @property
    def all_known(self) -> bool:
        """Tell whether the time of every case that is going to run is known."""
        return not any(case.unknown for test in self.tests for case in test.cases)


@dataclass(frozen=True)
class ProfileNumber:
    """A figure of the profile, with where it comes from.

    Attributes:
        key: its place in the profile.
        value: as written.
        source: a document, or why it is assumed.
        assumed: whether no document stands behind all of it.
    """

    key: str
    value: str
    source: str
    assumed: bool


@dataclass(frozen=True)
class ResolvedRate:
    """What the bench can tell at a rate.

    Attributes:
        rate: name and µL/h.
        window: the shortest that resolves the accuracy, in words; or why none does.
    """

    rate: str
    window: str


@dataclass(frozen=True)
class VerificationProtocol:
    """The protocol.

    Attributes:
        profile, title: name of the profile, and what people call the pump.
        bench: name of the bench.
        simulated: whether the bench is a twin.
        baseline: id and revision of the requirements.
        decision_rule: in words.
        chapters: with their tests.
        requirements: those that the tests are evidence for; all of the baseline where the whole plan is told.
        standing: what every infusion judges.
        not_promised: what the profile does not promise, a sentence each.
        rates: what the bench can tell at the profile's rates.
        once_s: bench time of the checks before the first infusion and after the last.
        numbers: all figures of the profile.
    """

    profile: str
    title: str
    bench: str
    simulated: bool
    baseline: str
    decision_rule: str
    chapters: tuple[PlannedChapter, ...]
    requirements: tuple[PlannedRequirement, ...]
    standing: tuple[PlannedJudgement, ...]
    not_promised: tuple[str, ...]
    rates: tuple[ResolvedRate, ...]
    once_s: float
    numbers: tuple[ProfileNumber, ...]

    @property
    def sha256(self) -> str:
        """Return the hash of all that it says: a report of another protocol shows by it."""
        told = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def tests(self) -> tuple[PlannedTest, ...]:
        """Return the tests of all chapters."""
        return tuple(test for chapter in self.chapters for test in chapter.tests)

    @property
    def seconds(self) -> float:
        """Return the bench time of all tests, as far as it is known."""
        return sum(chapter.seconds for chapter in self.chapters)

    @property
    def all_known(self) -> bool:
        """Tell whether the time of everything that is going to run is known."""
        return all(chapter.all_known for chapter in self.chapters)

    @property
    def assumed(self) -> tuple[ProfileNumber, ...]:
        """Return the figures that no document stands behind."""
        return tuple(one for one in self.numbers if one.assumed)

    @property
    def uncovered(self) -> tuple[PlannedRequirement, ...]:
        """Return the requirements that no test is evidence for."""
        return tuple(one for one in self.requirements if not one.tests)

    def cases_that_are(self, state: PlannedState) -> tuple[tuple[PlannedTest, str, str], ...]:
        """Return of each case in a state its test, its name and the reason."""
        return tuple(
            (test, case.name, case.reason) for test in self.tests for case in test.cases if case.state is state
        )

    @property
    def without_parts(self) -> tuple[PlannedTest, ...]:
        """Return the tests whose docstring lacks a part of a protocol."""
        return tuple(test for test in self.tests if test.missing)
