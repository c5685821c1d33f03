# SPDX-License-Identifier: Apache-2.0
"""The balance watch: what the display must not do while a volume is weighed.

A mass that cannot be qualifies everything that is weighed in this infusion; in a mark it ends the test. So do answers
that are one behind, without ending it. A step that no pump makes goes into the uncertainty with its whole size. A
display that is held ends the test: what it hides cannot be told from what did not come. None of it says anything about
the pump, so none of it is a failure.
"""

from dataclasses import asdict

from bench.bench import Bench
from bench.journal import Journal, JournalLine
from bench.journal.lines import AnswersLate, ImpossibleMass, MassStepped
from bench.sampling.creep_watch import CreepWatch
from bench.sampling.held_display import HeldDisplay
from bench.sampling.late_answers import LateAnswers
from bench.sampling.mass_steps import MassStep, MassSteps
from bench.sampling.sample import Sample
from groundfloor.inconclusive import Inconclusive
from metrology.gravimetry import AirCourse, BalanceMark
from metrology.uncertainty import is_possible, refuse_impossible


class BalanceWatch:
    """Looks at the balance with each sample and each mark of one infusion.

    Args:
        bench: whose balance it is.
        journal: where events go.
        infusion: its name.
        noise_mg: standard deviation of a reading on this day.
        stroke_volume_ul: what the pump moves at once.
        interval_s: planned between two regular samples.

    Attributes:
        qualifiers: a phrase for each thing that was noticed and is in no uncertainty.
        air: its course from sample to sample, in which the load floats and evaporates.
    """

    def __init__(
        self,
        bench: Bench,
        journal: Journal,
        infusion: str,
        noise_mg: float,
        stroke_volume_ul: float,
        interval_s: float = 0.0,
    ) -> None:
        self.qualifiers: tuple[str, ...] = ()
        self.air = AirCourse()
        self._journal = journal
        self._infusion = infusion
        self._noise_mg = noise_mg
        self._capacity_g = bench.balance.identify().capacity_g
        readability_mg = bench.file.balance.readability_mg
        most_noise_mg = max(noise_mg, bench.file.balance.repeatability_mg)
        self._held = HeldDisplay(noise_mg, readability_mg)
        self._steps = MassSteps(most_noise_mg, readability_mg, stroke_volume_ul, interval_s)
        self._late = LateAnswers(most_noise_mg, stroke_volume_ul)
        self._creep: CreepWatch | None = None
        self._raised = False
        self._impossible = False
        self._told_late = False

    def watch_creep(self, creep: CreepWatch) -> None:
        """Let `creep` take each sample from now on."""
        self._creep = creep

    def on_sample(self, sample: Sample) -> None:
        """Look at a sample that was just taken; once it has raised it leaves the ending alone.

        Raises:
            Inconclusive: the display is held.
        """
        self._follow_the_air(sample)
        mass_g = sample.mass.mass_g
        if not is_possible(mass_g, self._capacity_g):
            if not self._impossible:
                phrase = f"the balance showed {mass_g:g} g, its range ends at {self._capacity_g:g} g"
                self._write("impossible-mass", f"Impossible mass: {phrase}", qualifier=phrase)
                self._impossible = True
                self.qualifiers += (phrase,)
            return
        self._late.see(sample.actual_s, mass_g)
        self._follow_the_creep(sample)
        self._refuse_a_held_display(sample.actual_s, mass_g)
        if (step := self._steps.see(sample)) is not None:
            step = MassStep(round(step.from_s, 6), round(step.to_s, 6), round(step.step_mg, 5))
            self._steps.found.append(step)
            title = (
                f"Step of {step.step_mg:+.2f} mg between {step.from_s:.0f} s and {step.to_s:.0f} s: no pump makes that"
            )
            self._write("mass-step", title, **asdict(step))

    def weighed(self, at_s: float, mass_g: float) -> None:
        """Look at one reading of a mark.

        Raises:
            Inconclusive: it cannot be, or the display is held.
        """
        refuse_impossible(mass_g, self._capacity_g, "weigh a mark")
        self._late.see(at_s, mass_g)
        self._refuse_a_held_display(at_s, mass_g)

    @property
    def steps(self) -> tuple[MassStep, ...]:
        """Return the steps that no pump makes, so far."""
        return tuple(self._steps.found)

    def mark_taken(self, first_s: float) -> None:
        """Look at the readings of a mark that is complete; its first was asked for at `first_s`."""
        if self._told_late or not (seen := self._late.found_since(first_s)):
            return
        phrase = f"the balance answers one question late: in the mark at {first_s:.0f} s {seen}"
        self._write("answers-late", f"Late answers: {phrase}", qualifier=phrase)
        self._keep_late(phrase)

    def _keep_late(self, phrase: str) -> None:
        self._told_late = True
        self.qualifiers += (phrase,)

    def steps_mg(self, start: BalanceMark, end: BalanceMark) -> float:
        """Return how much of the mass between two marks may have come or gone in steps, or between strokes, ±."""
        crept_mg = 0.0 if self._creep is None else self._creep.between_mg(start.time_s, end.time_s) / 3**0.5
        return self._steps.half_width_mg(start, end) + crept_mg

    def recall(self, line: JournalLine) -> None:
        """Take an event from the journal, as if it had just come up."""
        match line.body:
            case ImpossibleMass(qualifier=qualifier):
                self._impossible = True
                self.qualifiers += (qualifier,)
            case AnswersLate(qualifier=qualifier):
                self._keep_late(qualifier)
            case MassStepped(from_s=from_s, to_s=to_s, step_mg=step_mg):
                self._steps.found.append(MassStep(from_s, to_s, step_mg))

    def recall_sample(self, sample: Sample) -> None:
        """Take a sample from the journal: what was to be said of it stands there already."""
        self._follow_the_air(sample)
        if is_possible(sample.mass.mass_g, self._capacity_g):
            self._steps.see(sample)
            self._follow_the_creep(sample)

    def _follow_the_creep(self, sample: Sample) -> None:
        if self._creep is not None:
            self._creep.see(sample)

    def _follow_the_air(self, sample: Sample) -> None:
        rig = sample.rig
        self.air.see(sample.actual_s, rig.temperature_c, rig.air_pressure_hpa, rig.humidity_percent)

    def _refuse_a_held_display(self, at_s: float, mass_g: float) -> None:
        seen = self._held.see(at_s, mass_g)
        if not seen or self._raised:
            return
        self._raised = True
        seen += f", though readings scatter by {self._noise_mg:.3g} mg"
        self._write("held-display", f"The display of the balance is held: {seen}")
        raise Inconclusive("balance", "watch its display", seen, "see what holds it, then run this test again")

    def _write(self, what: str, title: str, **more: object) -> None:
        self._journal.write("event", what=what, title=title, infusion=self._infusion, **more)


RECALLED = ("impossible-mass", "mass-step", "answers-late")
"""Events that a resumed run has to know of."""
