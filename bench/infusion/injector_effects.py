# SPDX-License-Identifier: Apache-2.0
"""The injectors of one infusion, watched by what they do: a fault that only its own sensor shows is no fault.

Flow at the balance and pressures follow each fault from sample to sample, and each release as well. Where the effect is
contradicted, or cannot be told, nothing is said of the pump: the rig could not make the fault, or could not undo it.
"""

import math

from bench.alarms import Cause
from bench.infusion.effect_tolerance import effect_tolerance
from bench.infusion.setting import Setting
from bench.injectors import (
    ActingInjection,
    EffectFinding,
    EffectPoint,
    EffectState,
    EffectTolerance,
    Injection,
    InjectionEffect,
    LostShare,
    PressureMove,
    ReleaseEffect,
    Supply,
    held_against,
)
from bench.sampling import Sample, Sampling
from bench.weighing import DeliveryWindow
from groundfloor.errors import BenchFault
from groundfloor.inconclusive import Inconclusive

MOST_STEPS = 30.0
"""After so many times what a balance cannot tell, it never will: nobody pumps on for nothing."""
NEXT_STEP = "see whether the actuator moves when its sensor says so"
RELEASED = "released"


class InjectorEffects:
    """Follows the faults of one infusion.

    Attributes:
        contradicted: an effect was missing; what the pump did meanwhile says nothing of it.
        fine_until_s: bench time until which no injector was in doubt; infinite where none is.
    """

    def __init__(self, setting: Setting, sampling: Sampling) -> None:
        self.contradicted = False
        self.fine_until_s = math.inf
        self._setting = setting
        self._injectors = setting.run.injectors
        self._newest: EffectPoint | None = None
        self._counter_ul = self._device_clock_s = math.nan
        self._effect: tuple[Injection, InjectionEffect] | None = None
        self._counted_from_ul = math.nan
        self._lost: list[LostShare] = []
        self._lost_before_any: LostShare | None = None
        self._release: tuple[Injection, ReleaseEffect] | None = None
        sampling.samples.subscribe(self.on_sample)
        sampling.recalled.subscribe(self.on_sample)

    def on_sample(self, sample: Sample) -> None:
        """Follow the fault that stands, or the last one that was released."""
        point = EffectPoint(
            sample.actual_s,
            1000 * sample.mass.mass_g,
            sample.expected_ul,
            (sample.pump.catheter_pressure_kpa, sample.rig.outlet_pressure_kpa),
        )
        self._follow()
        if self._release is not None:
            self._release[1].see(point)
        elif self._effect is not None:
            self._effect[1].see(point)
        self._newest, self._counter_ul = point, sample.pump.counter_ul
        self._device_clock_s = sample.pump.device_clock_s

    def _follow(self) -> None:
        """Begin to follow what began, or what ended, since the newest sample."""
        if self._effect is not None and self._effect[0].released_s is not None and self._release is None:
            self._ended(*self._effect)
        standing = [one for one in self._injectors.standing if not self._feeds_the_pump(one)]
        if len(standing) != 1 or standing[0].promise is None:
            return  # two faults at once promise nothing together
        (injection,) = standing
        if (self._effect is None or self._effect[0] is not injection) and injection.promise is not None:
            effect = InjectionEffect(injection.promise, self._tolerance, injection.confirmed_s, self._newest)
            self._effect, self._release, self._lost = (injection, effect), None, []
            self._counted_from_ul = self._counter_ul

    def _feeds_the_pump(self, injection: Injection) -> bool:
        """Tell whether an injection is a supply that the pump runs on as on its battery, a low one included."""
        if not isinstance(injection.injector, Supply):
            return False
        promised = self._setting.profile.powering
        end = promised.end_of_service_mv
        too_little_mv = promised.brown_out_mv.value if end is None else max(promised.brown_out_mv.value, end.value)
        return injection.injector.millivolts > too_little_mv

    def _ended(self, injection: Injection, effect: InjectionEffect) -> None:
        if not effect.promise.ends_with_it:
            self._effect = None
        elif self._newest is not None:
            released_s = injection.released_s if injection.released_s is not None else self._newest.at_s
            release = ReleaseEffect(effect.promise, self._tolerance, self._newest, self._lost, released_s)
            self._release = (injection, release)

    def refuse_an_alarm_without_effect(self, cause: Cause, onset_s: float) -> None:
        """Refuse an alarm whose fault had no effect until then: whatever the pump alarmed of, it was not that.

        Raises:
            BenchFault: flow at the balance contradicts the fault.
        """
        found = self._found(cause, onset_s)
        if found is not None and found.state is EffectState.CONTRADICTED:
            raise self._fault(cause, "injected", f"its alarm came, yet {found.seen}")

    def require_an_effect(self, cause: Cause) -> None:
        """Let a missing alarm count only of a fault whose effect was seen; look on for as long as the rate needs.

        Raises:
            BenchFault: flow at the balance contradicts the fault.
            Inconclusive: neither flow nor pressure can tell.
        """
        found = self._found(cause)
        if found is None:
            return
        if found.state is EffectState.UNKNOWN and self._may_look_on(cause):
            title = f"Look on for an effect of the {cause.what}: {found.seen}"
            self._setting.step(title)
            self._setting.activities.do("waited", self._look_on)
            found = self._found(cause) or found
        if found.state is EffectState.CONTRADICTED:
            raise self._fault(cause, "injected", found.seen)
        if found.state is EffectState.UNKNOWN:
            seen = f"no alarm came, and whether the fault was there cannot be told: {found.seen}"
            self.fine_until_s = cause.began.after_s
            raise self._told(Inconclusive("rig", f"inject the {cause.what}", seen, NEXT_STEP))

    def without_effect(self, cause: Cause, seen: str) -> BenchFault:
        """Return the fault of a rig whose injector only its own sensor shows; what the pump did since is in doubt.

        Args:
            cause: what was injected.
            seen: what shows that it was not.
        """
        return self._fault(cause, "injected", seen)

    def look_at(self, window: DeliveryWindow) -> None:
        """Hold a weighed window against the fault that stood during all of it, or against the one released last.

        Raises:
            BenchFault: the fault had no effect, or has one still.
        """
        from_s, to_s = window.start.mass.time_s, window.end.mass.time_s
        lost = _lost_in(window)
        self._follow()
        if not self._injectors.faulty_between(from_s, to_s):
            if self._effect is None:
                self._lost_before_any = lost
            self._look_at_the_release(lost)
            return
        if self._effect is None or not self._stood(self._effect[0], from_s, to_s) or lost is None:
            return
        injection, effect = self._effect
        self._lost.append(lost)
        if held_against(effect.promise, lost) is EffectState.CONTRADICTED:
            raise self._fault(injection, "injected", str(lost))

    def _look_at_the_release(self, lost: LostShare | None) -> None:
        if self._release is None or lost is None:
            return
        injection, release = self._release
        accuracy = self._setting.profile.accuracy_percent.value / 100
        if release.still_stands(lost, accuracy):
            raise self._fault(injection, RELEASED, str(lost))
        if (at_first := release.stood_on(accuracy)) is not None:
            raise self._fault(injection, RELEASED, f"just after it only {at_first}, as under the fault")
        if (before := self._lost_before_any) is not None and release.leaves_less_than(before, lost):
            raise self._fault(injection, RELEASED, f"after it only {lost}, where before it {before}")

    def refuse_a_fault_that_holds_back(self) -> None:
        """Refuse to judge a stopped pump behind a fault that was not released: what is stored must have come out.

        Raises:
            BenchFault: it did not.
        """
        self._follow()
        if self._release is None:
            return
        injection, release = self._release
        stored_ul = self._counter_ul - self._counted_from_ul
        if release.holds_back(stored_ul):
            seen = f"{stored_ul:.1f} µL were pressed into the catheter, {release.came_out_ul:.1f} µL came out of it"
            raise self._fault(injection, RELEASED, seen)
        if seen := release.held_up:
            raise self._fault(injection, RELEASED, seen)

    def _found(self, cause: Cause, until_s: float = math.inf) -> EffectFinding | None:
        """Return what is known of a cause that has to show an effect; None of any other."""
        injection = _injection_of(cause)
        if injection is None or injection.promise is None:
            return None
        self._follow()
        if self._effect is None or self._effect[0] is not injection:
            return EffectFinding(EffectState.UNKNOWN, "no sample was taken under it alone")
        return self._effect[1].finding(until_s)

    def _may_look_on(self, cause: Cause) -> bool:
        """Tell whether more of the flow may be waited for; never behind a clamp, where the pressure rises with it."""
        injection = _injection_of(cause)
        promise = injection.promise if injection is not None else None
        stands = self._effect is not None and self._effect[0] is injection and self._release is None
        return stands and promise is not None and promise.pressure is not PressureMove.RISES

    def _look_on(self) -> dict[str, float]:
        """Let samples be taken until enough was due, or until it is clear that nothing will be."""
        bench, interval_s = self._setting.bench, self._setting.interval_s
        rate_ul_per_h = self._setting.schedule.rate_if_running_ul_per_h(self._device_clock_s)
        end_s = bench.clock.now_s() + MOST_STEPS * self._tolerance.of_a_step_ul / max(rate_ul_per_h, 1.0) * 3600
        while self._effect is not None and bench.clock.now_s() < end_s:
            if self._effect[1].tells or not self._setting.schedule.running:
                break
            bench.scheduler.pass_for(interval_s)
        return {"now_s": bench.clock.now_s()}

    def _fault(self, cause: Cause, verb: str, seen: str) -> BenchFault:
        self.contradicted, self.fine_until_s = True, cause.began.after_s
        operation = f"confirm by its effect that the {cause.what} was {verb}"
        fault = BenchFault("rig", operation, f"its sensor shows it, but {seen}", NEXT_STEP)
        if verb == RELEASED:  # it stands in all that comes after it as well
            self._setting.bench.poison(fault.finding)
        return self._told(fault)

    def _told(self, fault: BenchFault) -> BenchFault:
        """Tell of a fault that no activity ends with, as if one did."""
        self._setting.activities.failed.notify(fault)
        return fault

    @staticmethod
    def _stood(injection: Injection, from_s: float, to_s: float) -> bool:
        return injection.confirmed_s <= from_s and (injection.released_s is None or injection.released_s >= to_s)

    @property
    def _tolerance(self) -> EffectTolerance:
        return effect_tolerance(self._setting, self._device_clock_s)


def _injection_of(cause: Cause) -> Injection | None:
    """Return the fault that is a cause, or that acts as one."""
    if isinstance(cause, ActingInjection):
        return cause.injection
    return cause if isinstance(cause, Injection) else None


def _lost_in(window: DeliveryWindow) -> LostShare | None:
    """Return which share of the programmed volume a window lacks, and its expanded uncertainty."""
    if window.expected_ul <= 0:
        return None
    weighed, expected_ul = window.weighed, window.expected_ul
    return LostShare(1 - weighed.value / expected_ul, weighed.expanded_uncertainty() / expected_ul)
