# SPDX-License-Identifier: Apache-2.0
"""Judging: every finding of an infusion goes through here into the assessment of its test."""

from bench.acceptance import Declaration, Standing
from bench.account import Finding
from bench.run import Run
from groundfloor.notifier import Notifier
from metrology.verdict import Judgement, Measurement, forbidden, required, undecided


class Judging:
    """Judges for the test that runs now; the test goes on whatever the verdict.

    Attributes:
        measurements: tells of each measurement that is judged.
    """

    def __init__(self, run: Run) -> None:
        self.measurements: Notifier[Measurement] = Notifier()
        self._run = run

    def declared(self, name: str) -> Declaration | None:
        """Return what the test declared under a name; None in a script.

        Raises:
            PlanError: nothing of this name was declared.
        """
        return self._run.assessment.declared(name)

    def judge(self, declared: str, measurement: Measurement) -> Judgement:
        """Judge a measurement by the profile's decision rule, under the name that the test declared for it."""
        self.measurements.notify(measurement)
        return self._run.assessment.judge(declared, measurement, self._run.profile.decision_rule)

    def bring_in(self, standing: Standing) -> None:
        """Declare what is judged on an occasion, before the occasion comes."""
        self._run.assessment.bring_in(standing)

    def take(self, finding: Finding) -> Judgement:
        """Judge what an examiner found."""
        if isinstance(finding.found, Measurement):
            return self.judge_standing(finding.standing, finding.found)
        return self.add_standing(finding.standing, finding.found)

    def judge_that(self, declared: str, happened: bool, reason: str, name: str = "", measurand: str = "") -> Judgement:
        """Judge that something required happened.

        Args:
            declared: the name that the test declared for it.
            happened: whether it did.
            reason: one sentence for a person.
            name: what people read; `declared` by default.
            measurand: what is judged, the same each time; `name` by default.
        """
        return self._run.assessment.add(declared, required(name or declared, happened, reason, measurand))

    def leave_undecided(self, declared: str, reason: str, name: str, measurand: str) -> Judgement:
        """Judge what cannot be shown any more as INCONCLUSIVE; arguments as `judge_that`."""
        return self._run.assessment.add(declared, undecided(name, reason, measurand))

    def judge_standing(self, standing: Standing, measurement: Measurement) -> Judgement:
        """Judge a measurement that every infusion judges."""
        self.measurements.notify(measurement)
        return self._run.assessment.judge_standing(standing, measurement, self._run.profile.decision_rule)

    def standing_required(self, standing: Standing, name: str, happened: bool, reason: str) -> Judgement:
        """Judge that something happened that must happen in every infusion."""
        return self._run.assessment.add_standing(standing, required(name, happened, reason, standing.words))

    def standing_forbidden(self, standing: Standing, name: str, happened: bool, reason: str) -> Judgement:
        """Judge that something did not happen that must not happen in any infusion."""
        return self._run.assessment.add_standing(standing, forbidden(name, happened, reason, standing.words))

    def add_standing(self, standing: Standing, judgement: Judgement) -> Judgement:
        """Keep a judgement that was made already, of what every infusion judges."""
        return self._run.assessment.add_standing(standing, judgement)
