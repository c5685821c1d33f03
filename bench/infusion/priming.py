# SPDX-License-Identifier: Apache-2.0
"""Priming: tubing and catheter are filled without drug or with another one, and the front is seen at the outlet.

The volume that is primed is the programmer's: what the pump takes its own tubing for, and the catheter as the bench
file tells it. The volume that it takes is the rig's: what is weighed until the drug sensor shows the drug.
"""

from dataclasses import dataclass, replace

from bench.infusion.course import Course
from bench.infusion.delivery import Delivery
from bench.infusion.drug_front import DrugFront
from bench.infusion.pump_control import PumpControl
from bench.infusion.sampling_session import SamplingSession
from bench.journal import Result
from bench.profile import PrimingSpecification
from bench.weighing import DeliveryWindow, TimedMark
from groundfloor.errors import BenchFault, PlanError
from instruments.drug_path import Filled, drug_path_of, no_drug_sensor
from instruments.pump import Command, CommandResult
from instruments.tubing_volume import tubing_volume_ul
from metrology.verdict import Limits, Measurement

HALF = 0.5
POLL_UL = 1.0
"""So often the drug sensor is looked at that no more than this comes between two looks."""
MOST_OF_IT = 1.5
"""Where no front has come after so many times the primed volume, none is waited for any more."""
SENSOR_SHARE = 0.1
"""Of the concentration, by which a drug sensor may be off that has to tell two of them apart (assumed)."""
FILLED_WITHIN_S = 60.0
"""A rig that fills a catheter takes no longer than this (assumed)."""
WHOLE_PERCENT = 100.0
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class PrimingBolus:
    """A priming bolus that was given.

    Attributes:
        programmed_ul: its volume, as the programmer computed it.
        start: weighed before it.
        window: what was delivered in it.
        before_ug_per_ml, behind_ug_per_ml: concentration before and behind the front that is looked for.
        front: of the drug at the outlet; None where it had not come when the bolus was over.
    """

    programmed_ul: float
    start: TimedMark
    window: DeliveryWindow
    before_ug_per_ml: float
    behind_ug_per_ml: float
    front: DrugFront | None


class Priming:
    """Primes in one infusion, with the pump stopped."""

    def __init__(self, course: Course, delivery: Delivery, control: PumpControl, session: SamplingSession) -> None:
        self._course = course
        self._delivery = delivery
        self._control = control
        self._session = session
        self._bench = course.setting.bench
        self._in_path_ug_per_ml = self._in_reservoir_ug_per_ml = 0.0

    def require_drug_sensor(self) -> None:
        """Refuse a bench that does not see the drug.

        Raises:
            BenchFault: it does not.
        """
        if not self._bench.rig.abilities().drug_sensor:
            raise no_drug_sensor("rig")

    def volume_ul(self) -> float:
        """Return what the programmer primes: the tubing as it takes it, and the catheter.

        Raises:
            BenchFault: the bench file does not tell the catheter's volume.
            PlanError: the profile promises no priming.
        """
        on_bench = self._bench.file.drug_path
        if on_bench is None:
            next_step = "write its dead volume into the bench file: [drug_path] catheter_ul = 110"
            raise BenchFault("catheter", "compute a priming bolus", "nobody has told its dead volume", next_step)
        told = self._course.setting.activities.do(
            "tubing looked at", lambda: {"tubing_ul": tubing_volume_ul(self._bench.pump)}
        )["tubing_ul"]
        tubing_ul = self._promised.tubing_ul.value if told is None else float(told)
        return tubing_ul + on_bench.catheter_ul

    def fill(self, part: Filled, concentration_ug_per_ml: float) -> None:
        """Have the rig fill a part with another concentration, and wait until it says that it is done.

        A filled catheter proves the drug sensor: it stands at its end.

        Raises:
            BenchFault: the rig cannot, or did not, or its sensor shows something else than was filled.
        """
        self.require_drug_sensor()
        setting = self._course.setting
        setting.step(f"Fill the {part} with {concentration_ug_per_ml:g} µg/mL")
        setting.activities.do("filled", lambda: self._fill(part, concentration_ug_per_ml), f"{part}: {{fillings}}")
        if part is Filled.CATHETER:
            self._in_path_ug_per_ml = concentration_ug_per_ml
        else:
            self._in_reservoir_ug_per_ml = concentration_ug_per_ml

    def give(self, volume_ul: float, name: str, start_in_it: str = "") -> PrimingBolus:
        """Give a priming bolus with the pump stopped, weigh it, and look for the drug at the outlet.

        Args:
            volume_ul: of the bolus.
            name: what a person calls it.
            start_in_it: declared as `<start_in_it>: answer`, a start is asked for halfway, and must be refused.

        Raises:
            PumpFailure: the pump refuses it.
        """
        course, schedule, rate = self._course, self._course.setting.schedule, self._promised.rate_ul_per_h.value
        course.time.run_empty()
        course.setting.step(f"{name}: prime {volume_ul:g} µL")
        start, duration_s = course.marks.take(), volume_ul / rate * SECONDS_PER_HOUR
        begun_s = self._control.prime(volume_ul)
        schedule.prime(begun_s, volume_ul, duration_s)
        self._session.watch_closely()
        front = self._watch(begun_s + HALF * duration_s, rate)
        if start_in_it:
            answer = self._control.ask(Command.START)
            refused = answer is CommandResult.WRONG_STATE
            course.judging.judge_that(f"{start_in_it}: answer", refused, f"it answered {answer}", name, "answer")
        front = front or self._watch(begun_s + duration_s, rate)
        course.time.wait_until(begun_s + duration_s)
        course.time.run_empty()
        window = self._delivery.window(start, course.marks.take(), name)
        return PrimingBolus(volume_ul, start, window, self._in_path_ug_per_ml, self._in_reservoir_ug_per_ml, front)

    def front_volume(self, bolus: PrimingBolus, name: str) -> Measurement:
        """Measure how much was delivered until the drug came, against the primed volume; wait for it where it is late.

        Args:
            bolus: that was to bring it.
            name: what a person calls it.
        """
        front = bolus.front or self._late_front(bolus.programmed_ul)
        return self.front_since(bolus.start, front, bolus.programmed_ul, name)

    def front_since(self, start: TimedMark, front: DrugFront | None, due_ul: float, name: str) -> Measurement:
        """Measure what was delivered from a mark to a front, against what was due; all of it where none came."""
        course, promised = self._course, self._promised
        end = course.marks.take() if front is None else front.mark
        stroke_ul = course.setting.profile.stroke_volume_ul.value
        delivered, window = course.marks.volume(start, end, stroke_ul, name)
        quantity = delivered.quantity if front is None else front.volume(delivered)
        share = promised.dead_volume_percent.value / WHOLE_PERCENT
        source = f"profile {course.setting.profile.name}: priming.dead_volume_percent"
        limits = Limits((1 - share) * due_ul, (1 + share) * due_ul, "µL", source)
        qualifiers = course.marks.qualifiers_of(delivered)
        measurand = "volume until the front of the drug"
        return Measurement(f"{name}: {measurand}", quantity, limits, qualifiers, window, measurand, due_ul)

    def watch_for_front(self, most_ul: float) -> DrugFront | None:
        """Let the therapy run until the front comes, or so much has been delivered."""
        rate = self._course.time.rate_ul_per_h
        now_s = self._course.time.device_clock_s()
        return self._watch(now_s + most_ul / rate * SECONDS_PER_HOUR, rate)

    def watch_until(self, until_device_s: float) -> DrugFront | None:
        """Let the therapy run until the front comes, or until an instant of the pump's clock."""
        front = self._watch(until_device_s, self._course.time.rate_ul_per_h)
        return None if front is None else replace(front, rate_ul_per_h=self._course.time.rate_ul_per_h)

    def _late_front(self, programmed_ul: float) -> DrugFront | None:
        if not self._course.setting.schedule.running:
            return None
        return self.watch_for_front((MOST_OF_IT - 1) * programmed_ul)

    def _watch(self, until_device_s: float, rate_ul_per_h: float) -> DrugFront | None:
        course = self._course
        every_s = POLL_UL / rate_ul_per_h * SECONDS_PER_HOUR
        until_s = course.time.bench_s(until_device_s)
        seen = course.setting.activities.do("drug watched", lambda: self._look_until(until_s, every_s))
        if not seen["came"]:
            return None
        return DrugFront(seen["after_s"], seen["by_s"], rate_ul_per_h, course.marks.take())

    def _look_until(self, until_s: float, every_s: float) -> Result:
        path, clock, scheduler = drug_path_of(self._bench.rig), self._bench.clock, self._bench.scheduler
        halfway = (self._in_path_ug_per_ml + self._in_reservoir_ug_per_ml) / 2
        rising = self._in_reservoir_ug_per_ml > self._in_path_ug_per_ml
        after_s = clock.now_s()
        while True:
            shown, now_s = self._bench.reader.read(path.drug_concentration_ug_per_ml).observed, clock.now_s()
            if (shown >= halfway) is rising:
                return {"came": True, "after_s": after_s, "by_s": now_s, "ug_per_ml": shown}
            if now_s >= until_s:
                return {"came": False, "after_s": now_s, "by_s": now_s, "ug_per_ml": shown}
            after_s = now_s
            scheduler.pass_until(min(until_s, now_s + every_s))

    def _fill(self, part: Filled, concentration_ug_per_ml: float) -> Result:
        path, clock, limit_s = drug_path_of(self._bench.rig), self._bench.clock, FILLED_WITHIN_S
        wanted = (path.drug_fillings() + 1) % 65536
        path.fill_with_drug(part, concentration_ug_per_ml)
        end_s = clock.now_s() + limit_s
        while (done := path.drug_fillings()) != wanted:
            if clock.now_s() >= end_s:
                seen = f"after {limit_s:g} s it has done {done} fillings, {wanted} were wanted"
                raise BenchFault("rig", f"fill the {part}", seen, "check the valves that fill reservoir and catheter")
            self._bench.scheduler.pass_for(1.0)
        if part is Filled.CATHETER:
            self._prove_the_sensor(concentration_ug_per_ml)
        return {"fillings": done}

    def _prove_the_sensor(self, filled_ug_per_ml: float) -> None:
        """Refuse a sensor that does not show what stands at it, because its silence would be taken for the pump's."""
        shown = self._bench.reader.read(drug_path_of(self._bench.rig).drug_concentration_ug_per_ml).observed
        off_ug_per_ml = SENSOR_SHARE * max(filled_ug_per_ml, self._promised.drug_ug_per_ml.value)
        if abs(shown - filled_ug_per_ml) > off_ug_per_ml:
            seen = f"it shows {shown:.4g} µg/mL, the catheter was filled with {filled_ug_per_ml:g} µg/mL"
            raise BenchFault("rig", "prove the drug sensor", seen, "clean and adjust it; see whether the valves fill")

    @property
    def _promised(self) -> PrimingSpecification:
        promised = self._course.setting.profile.priming
        if promised is None:
            seen = f"profile {self._course.setting.profile.name} promises no priming"
            raise PlanError(self._course.setting.name, "prime", seen, "leave the test out with @only_with")
        return promised
