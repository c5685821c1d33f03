# SPDX-License-Identifier: Apache-2.0
"""Judging: every finding of an infusion goes through here into the assessment of its test."""

from bench.run import Run
from groundfloor.notifier import Notifier
from metrology.verdict import Judgement, Measurement, forbidden, judge, required


class Judging:
    """Judges for the test that runs now; the test goes on whatever the verdict.

    Attributes:
        measurements: tells of each measurement that is judged.
    """

    def __init__(self, run: Run) -> None:
        self.measurements: Notifier[Measurement] = Notifier()
        self._run = run

    def judge(self, measurement: Measurement) -> Judgement:
        """Judge a measurement by the profile's decision rule."""
        self.measurements.notify(measurement)
        return self.add(judge(measurement, self._run.profile.decision_rule))

    def judge_that(self, name: str, happened: bool, reason: str, declared: str = "") -> Judgement:
        """Judge that something required happened; `declared` is what, where the name says more."""
        return self.add(required(name, happened, reason, declared))

    def judge_that_not(self, name: str, happened: bool, reason: str, declared: str = "") -> Judgement:
        """Judge that something forbidden did not happen; `declared` is what, where the name says more."""
        return self.add(forbidden(name, happened, reason, declared))

    def add(self, judgement: Judgement) -> Judgement:
        """Keep a judgement that was made already."""
        return self._run.assessment.add(judgement)
