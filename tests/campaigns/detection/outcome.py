# SPDX-License-Identifier: Apache-2.0
"""What came of a trial, in a line of JSON."""

from pathlib import Path
from typing import Self

import msgspec

from metrology.verdict import Verdict
from reports.entry import MeasuredValue
from reports.summary import Summary
from tests.campaigns.detection.trial import Group, Trial

_LONGEST_REASON = 300
LOST = "LOST"
"""The verdict of a run that left no summary."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """A trial that is over.

    Attributes:
        group, name, chapter, test: the trial.
        code: hash of the code that made it; another code's outcome is not this one's.
        verdict: of the run; LOST where there is none.
        exit_code: of the process.
        reddened: ids of the requirements that a failed judgement is evidence against.
        undecided: ids of those without a FAIL and with an INCONCLUSIVE or BLOCKED one.
        counts: how many tests ended with each verdict.
        reason: why the first test that did not pass did not.
        cpu_s: of the processor, twin included.
    """

    group: Group
    name: str
    chapter: str = ""
    test: str = ""
    code: str
    verdict: str
    exit_code: int
    reddened: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    counts: dict[str, int] = {}
    reason: str = ""
    cpu_s: float = 0.0

    @classmethod
    def read(cls, trial: Trial, folder: Path | None, exit_code: int, cpu_s: float, code: str) -> Self:
        """Return what a run folder says; None for a run that left none."""
        if folder is None or not (folder / "summary.json").is_file():
            return cls.lost(trial, exit_code, cpu_s, code)
        summary = Summary.load(folder / "summary.json")
        values = [value for test in summary.tests for value in test.values]
        reddened = _ids(values, Verdict.FAIL)
        undecided = [one for one in _ids(values, Verdict.INCONCLUSIVE, Verdict.BLOCKED) if one not in reddened]
        return cls(
            group=trial.group,
            name=trial.name,
            chapter=trial.chapter,
            test=trial.test,
            code=code,
            verdict=str(summary.verdict).upper(),
            exit_code=exit_code,
            reddened=tuple(reddened),
            undecided=tuple(undecided),
            counts={verdict: count for verdict, count in summary.counts.items() if count},
            reason=_first_reason(summary)[:_LONGEST_REASON],
            cpu_s=round(cpu_s, 1),
        )

    @classmethod
    def lost(cls, trial: Trial, exit_code: int, cpu_s: float, code: str) -> Self:
        """Return that a run left nothing that tells how it ended."""
        return cls(
            group=trial.group,
            name=trial.name,
            chapter=trial.chapter,
            test=trial.test,
            code=code,
            verdict=LOST,
            exit_code=exit_code,
            cpu_s=round(cpu_s, 1),
        )

    def is_of(self, trial: Trial) -> bool:
        """Tell whether this is what came of `trial`."""
        return self.key == trial.key

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what tells its trial from every other."""
        return self.group, self.name, self.chapter, self.test


def _ids(values: list[MeasuredValue], *verdicts: Verdict) -> list[str]:
    found = {one.partition("@")[0] for value in values if value.verdict in verdicts for one in value.requirements}
    return sorted(found)


def _first_reason(summary: Summary) -> str:
    not_passed = (test.reason for test in summary.tests if test.verdict is not Verdict.PASS)
    return next((reason for reason in not_passed if reason), "; ".join(summary.troubles))
