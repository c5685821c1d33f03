# SPDX-License-Identifier: Apache-2.0
"""A bridge between two concentrations: weighed while it runs, its end and the front of the new drug found.

The old drug fills tubing and catheter, the new one the reservoir. A bridge of the right length ends when the new drug
arrives at the outlet; what has come of each by then, and since, is the dose.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bench.dose import BridgedPrescription, TwoConcentrations
from bench.infusion.course import Course
from bench.infusion.delivery import CHANGE_CLEARANCE, Delivery
from bench.infusion.drug_front import DrugFront
from bench.infusion.priming import Priming, PrimingBolus
from bench.infusion.program_change import ProgramChange
from bench.weighing import DeliveryWindow, TimedMark
from groundfloor.errors import PlanError
from metrology.uncertainty import quantity_from
from metrology.verdict import Limits, Measurement

LATEST_FRONT = 1.2
"""Where no front has come when so many times the volume of the path is due, none is waited for any more."""
WHOLE_PERCENT = 100.0
SECONDS_PER_HOUR = 3600.0
A_YEAR_S = 3.2e7
DOSE = "dose of both concentrations"


@dataclass(frozen=True)
class BridgeUnderWay:
    """A bridge that was begun.

    Attributes:
        bridged: what was prescribed.
        start: weighed before it.
        steady: weighed since the flow is steady; before a start that takes it up, the last one.
        front: of the new drug at the outlet; None while it has not come.
    """

    bridged: BridgedPrescription
    start: TimedMark
    steady: TimedMark
    front: DrugFront | None = None

    def primed(self, bolus: PrimingBolus) -> "BridgeUnderWay":
        """Return it after a priming bolus, which may have brought the front."""
        return replace(self, front=self.front or bolus.front)


@dataclass(frozen=True)
class BridgeGiven:
    """A bridge that is over.

    Attributes:
        bridge: how it began, and the front.
        during: weighed while it ran, at its rate.
        after: weighed at the new rate.
        change_device_s: when it was to end, by the pump's clock.
    """

    bridge: BridgeUnderWay
    during: DeliveryWindow
    after: DeliveryWindow
    change_device_s: float


class Bridging:
    """Gives bridges in one infusion, and weighs them.

    Args:
        start: starts the pump with the program it has.
    """

    def __init__(
        self,
        course: Course,
        delivery: Delivery,
        priming: Priming,
        change: ProgramChange,
        start: Callable[[], None],
    ) -> None:
        self._course = course
        self._delivery = delivery
        self._priming = priming
        self._change = change
        self._start = start

    def begin(self, bridged: BridgedPrescription) -> BridgeUnderWay:
        """Load a bridge between two concentrations into a pump that stands, and start it.

        Raises:
            BenchFault: this bench cannot resolve its rates.
            PumpFailure: the pump refuses it, or reads back another one.
        """
        self._change.to(bridged.therapy(), self._course.resolution)
        start = self._course.marks.take()
        self._start()
        self._course.time.settle()
        return BridgeUnderWay(bridged, start, self._course.marks.take())

    def go_on(self, bridge: BridgeUnderWay, share: float) -> BridgeUnderWay:
        """Let a bridge run until a share of its volume was given, with an eye on the outlet.

        Raises:
            PlanError: it is over by then.
        """
        begun_s = self._course.setting.schedule.started_s
        until_s = begun_s + share * (self._change_s() - begun_s)
        bridge = self._watched(bridge, until_s)
        self._course.time.wait_until(until_s)
        return bridge

    def take_up(self, bridge: BridgeUnderWay) -> BridgeUnderWay:
        """Start a pump that was stopped in a bridge: it gives the rest; one that refuses is a PumpFailure."""
        self._start()
        self._course.time.settle()
        return replace(bridge, steady=self._course.marks.take())

    def end(self, bridge: BridgeUnderWay, at_least_s: float, name: str) -> BridgeGiven:
        """Weigh what is left of a bridge, wait for its end, and weigh the new rate.

        Args:
            bridge: that runs.
            at_least_s: so long the new rate is weighed.
            name: what a person calls it.

        Raises:
            PlanError: it is over already.
        """
        course, change_s = self._course, self._change_s()
        clear_s = CHANGE_CLEARANCE * course.setting.profile.flex_step_tolerance_s.value
        bridge = self._watched(bridge, change_s - clear_s)
        course.time.wait_until(change_s - clear_s)
        during = self._delivery.window(bridge.steady, course.marks.take(), f"{name}: bridge")
        late_ul = (LATEST_FRONT - 1.0) * bridge.bridged.path_ul
        new_ul_per_h = course.setting.schedule.rate_steps(change_s, change_s + clear_s)[0][1]
        bridge = self._watched(bridge, change_s + late_ul / new_ul_per_h * SECONDS_PER_HOUR)
        course.time.wait_until(change_s + clear_s)
        course.time.settle()
        after = self._delivery.deliver(course.resolution.shortest_s(at_least_s, stopped=False), f"{name}: new rate")
        return BridgeGiven(bridge, during, after, change_s)

    def end_of(self, given: BridgeGiven) -> Measurement:
        """Return how late a bridge ended, by the balance alone."""
        return self._delivery.change_of_rate(given.during, given.after, given.change_device_s)

    def front_of(self, given: BridgeGiven, name: str) -> Measurement:
        """Measure how much was delivered until the new drug came, against the volume of the bridge."""
        bridge = given.bridge
        return self._priming.front_since(bridge.start, bridge.front, bridge.bridged.path_ul, name)

    def dose_of_both(self, given: BridgeGiven, name: str) -> Measurement:
        """Measure the dose of both concentrations from the begin of a bridge on, against what was prescribed.

        What was delivered until the front is the old drug, what came since the new one. Where no front came all of it
        is the old one.

        Args:
            given: a bridge that is over, with a window at the new rate.
            name: what a person calls it.
        """
        course, bridge, profile = self._course, given.bridge, self._course.setting.profile
        stroke_ul, end = profile.stroke_volume_ul.value, given.after.end
        whole, window = course.marks.volume(bridge.start, end, stroke_ul, f"{name}: both drugs")
        until_front = whole.quantity
        if bridge.front is not None:
            until_mark, _ = course.marks.volume(bridge.start, bridge.front.mark, stroke_ul, f"{name}: old drug")
            until_front = bridge.front.volume(until_mark)
        old, new = bridge.bridged.old.concentration, bridge.bridged.new.concentration
        number = until_front.number * old.ug_per_ul + (whole.quantity.number - until_front.number) * new.ug_per_ul
        dose = quantity_from(number, "µg", (until_front, whole.quantity))
        due_ul = course.setting.schedule.volume_ul(bridge.start.device_clock_s, end.device_clock_s)
        due_ug = TwoConcentrations(old, new, bridge.bridged.path_ul).doses(0.0, due_ul).ug
        share = profile.accuracy_percent.value / WHOLE_PERCENT
        source = f"profile {profile.name}: accuracy_percent"
        limits = Limits((1 - share) * due_ug, (1 + share) * due_ug, "µg", source)
        qualifiers = course.marks.qualifiers_of(whole)
        return Measurement(f"{name}: {DOSE}", dose, limits, qualifiers, window, DOSE, due_ug)

    def _watched(self, bridge: BridgeUnderWay, until_device_s: float) -> BridgeUnderWay:
        """Look at the outlet until the front comes, or until an instant; where it has come nobody looks any more."""
        return bridge if bridge.front else replace(bridge, front=self._priming.watch_until(until_device_s))

    def _change_s(self) -> float:
        now_s = self._course.time.device_clock_s()
        changes_s = self._course.setting.schedule.changes_s(now_s, now_s + A_YEAR_S)
        if not changes_s:
            raise PlanError(self._course.setting.name, "weigh a bridge", "it is over", "begin one before")
        return changes_s[0]
