# SPDX-License-Identifier: Apache-2.0
"""Judging: every finding of an infusion goes through here into the assessment of its test."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from bench.acceptance import Declaration, Standing
from bench.account import Finding
from bench.run import Run
from groundfloor.notifier import Notifier
from metrology.verdict import Judgement, Measurement, Verdict, forbidden, judge, required, undecided


class Judging:
    """Judges for the test that runs now; the test goes on whatever the verdict.

    Attributes:
        measurements: tells of each measurement that is judged.
        failed: whether anything was judged FAIL.
    """

    def __init__(self, run: Run) -> None:
        self.measurements: Notifier[Measurement] = Notifier()
        self.failed = False
        self._run = run
        self._doubt = ""

    def doubt(self, reason: str) -> None:
        """Decide nothing from now on: what is judged is INCONCLUSIVE for this reason; the first one counts."""
        self._doubt = self._doubt or reason

    @contextmanager
    def beyond_doubt(self) -> Iterator[None]:
        """Judge, while the block runs, what the reason for a doubt does not touch."""
        doubt, self._doubt = self._doubt, ""
        try:
            yield
        finally:
            self._doubt = doubt

    def declared(self, name: str) -> Declaration | None:
        """Return what the test declared under a name; None in a script.

        Raises:
            PlanError: nothing of this name was declared.
        """
        return self._run.assessment.declared(name)

    def judge(self, declared: str, measurement: Measurement) -> Judgement:
        """Judge a measurement by the profile's decision rule, under the name that the test declared for it."""
        self.measurements.notify(measurement)
        return self._measured(declared, measurement)

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
        return self._add(declared, required(name or declared, happened, reason, measurand))

    def leave_undecided(self, declared: str, reason: str, name: str, measurand: str) -> Judgement:
        """Judge what cannot be shown any more as INCONCLUSIVE; arguments as `judge_that`."""
        return self._run.assessment.add(declared, undecided(name, reason, measurand))

    def judge_standing(self, standing: Standing, measurement: Measurement) -> Judgement:
        """Judge a measurement that every infusion judges."""
        self.measurements.notify(measurement)
        return self._measured(standing.words, measurement)

    def standing_required(self, standing: Standing, name: str, happened: bool, reason: str) -> Judgement:
        """Judge that something happened that must happen in every infusion."""
        return self._add(standing.words, required(name, happened, reason, standing.words))

    def standing_forbidden(self, standing: Standing, name: str, happened: bool, reason: str) -> Judgement:
        """Judge that something did not happen that must not happen in any infusion."""
        return self._add(standing.words, forbidden(name, happened, reason, standing.words))

    def add_standing(self, standing: Standing, judgement: Judgement) -> Judgement:
        """Keep a judgement that was made already, of what every infusion judges."""
        return self._add(standing.words, judgement)

    def would_fail(self, finding: Finding) -> bool:
        """Tell whether a finding is a FAIL by itself."""
        found = finding.found
        judged = judge(found, self._run.profile.decision_rule) if isinstance(found, Measurement) else found
        return judged.verdict is Verdict.FAIL

    def _measured(self, declared: str, measurement: Measurement) -> Judgement:
        rule = self._run.profile.decision_rule
        if self._doubt:
            measurement = replace(measurement, qualifiers=(*measurement.qualifiers, self._doubt))
            if (judged := judge(measurement, rule)).verdict is Verdict.FAIL:
                return self._add(declared, judged)
        return self._kept(declared, self._run.assessment.judge(declared, measurement, rule))

    def _add(self, declared: str, judgement: Judgement) -> Judgement:
        if self._doubt and judgement.verdict is not Verdict.INCONCLUSIVE:
            reason = f"{self._doubt}; {judgement.reason}"
            judgement = undecided(judgement.name, reason, judgement.measurand)
        return self._kept(declared, self._run.assessment.add(declared, judgement))

    def _kept(self, declared: str, judgement: Judgement) -> Judgement:
        if self._run.assessment.passes_over(declared):
            return judgement
        self.failed = self.failed or judgement.verdict is Verdict.FAIL
        return judgement
