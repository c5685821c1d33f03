# SPDX-License-Identifier: Apache-2.0
"""The marks of one infusion, the volumes between them, and what spoils either.

A mark is an activity; a volume follows from two of them, and its whole chain of corrections goes into the journal.
"""

from bench.infusion.injector_effects import InjectorEffects
from bench.infusion.odd_mass import OddMass
from bench.infusion.sampling_session import SamplingSession
from bench.infusion.setting import Setting
from bench.sampling import BalanceWatch, CreepWatch, MassStep, Sample
from bench.weighing import HALF_SPAN_S, Certificate, TimedMark, Weighing
from metrology.any_window import strokes_stand_apart
from metrology.gravimetry import BalanceMark, DeliveredVolume, WeighingSetup


class Marks:
    """Weighs for one infusion; made when the run's blank is known.

    Attributes:
        taken: every mark so far, in order.
    """

    def __init__(self, setting: Setting, session: SamplingSession) -> None:
        run = setting.run
        evaporation, repeatability = run.evaporation(), run.repeatability()
        stroke_ul, noise_mg = setting.profile.stroke_volume_ul.value, repeatability.standard_deviation_mg
        self._setting = setting
        self._session = session
        self._watch = BalanceWatch(setting.bench, run.journal, setting.name, noise_mg, stroke_ul, setting.interval_s)
        self._weighing = Weighing(setting.bench, evaporation, repeatability, self._watch)
        self._certificate = Certificate.of_balance(setting.bench)
        self.taken: list[TimedMark] = []
        settles_s = setting.profile.settling.catheter_time_constants.value * setting.profile.catheter.time_constant_s
        self._watch.watch_creep(CreepWatch(self._weighing.setup, stroke_ul, settles_s, self._strokes_stand_apart))
        session.watch_balance(self._watch)
        odd = OddMass(setting, session, noise_mg)
        session.sampling.samples.subscribe(odd.on_sample)
        session.sampling.recalled.subscribe(odd.recall)

    def _strokes_stand_apart(self, sample: Sample) -> bool:
        setting = self._setting
        at_s, schedule = sample.pump.device_clock_s, setting.schedule
        if setting.run.injectors.standing or not schedule.running:
            return False
        rate_ul_per_h = schedule.rate_ul_per_h(max(at_s, schedule.started_s))
        stroke_ul = setting.profile.stroke_volume_ul.value
        return rate_ul_per_h > 0 and strokes_stand_apart(stroke_ul, rate_ul_per_h, setting.interval_s)

    def take(self) -> TimedMark:
        """Weigh around this moment.

        Raises:
            BenchFault: a device does not answer, or the balance's certificate has run out.
            Inconclusive: a reading cannot be, the display is held, or a sensor of the air gives no number.
        """
        title = "mark at {mass[mass_g]:.5f} g"
        result = self._setting.activities.do(
            "mark", lambda: self._weighing.mark().as_dict(), title, infusion=self._setting.name
        )
        mark = TimedMark.from_dict(result)
        self.taken.append(mark)
        return mark

    def refuse_past_the_certificate(self, duration_s: float) -> None:
        """Refuse a window that begins now and would end when the balance's certificate has run out.

        Raises:
            BenchFault: it would.
        """
        if not self._setting.activities.replaying:  # what was done once was not refused then
            operation = f"weigh for {duration_s / 3600:.4g} h"
            self._certificate.refuse_after(duration_s + 2 * HALF_SPAN_S, operation)

    def volume(
        self, start: TimedMark, end: TimedMark, stroke_volume_ul: float, name: str
    ) -> tuple[DeliveredVolume, str]:
        """Return what reached the vessel and its id; the whole chain is in the journal, named after what it is for.

        Args:
            start: the earlier mark.
            end: the later mark.
            stroke_volume_ul: what the pump moves at once; 0 while it is stopped.
            name: what the volume is for.
        """
        delivered = self._weighing.volume(start, end, stroke_volume_ul)
        ends = {"start_mark": start.id, "end_mark": end.id}
        payload = {"infusion": self._setting.name, "name": name, **ends, **delivered.as_dict()}
        return delivered, self._setting.activities.note("volume", **payload)

    def qualifiers_of(self, delivered: DeliveredVolume) -> tuple[str, ...]:
        """Return what spoils a volume as evidence: of its own, and of everything weighed in this infusion."""
        return delivered.qualifiers + self._session.qualifiers

    @property
    def setup(self) -> WeighingSetup:
        """Return balance, evaporation, liquid and vessel of all its volumes."""
        return self._weighing.setup

    @property
    def steps(self) -> tuple[MassStep, ...]:
        """Return the steps of the display that no pump makes, so far."""
        return self._watch.steps

    @property
    def effects(self) -> InjectorEffects:
        """Return what the injectors of this infusion are held against."""
        return self._session.effects

    def steps_mg(self, start: BalanceMark, end: BalanceMark) -> float:
        """Return how much of the mass between two marks may have come in steps that no pump makes, ±."""
        return self._watch.steps_mg(start, end)
