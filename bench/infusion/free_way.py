# SPDX-License-Identifier: Apache-2.0
"""Is the way from the pump to the vessel free while no injector is asked for?

A clamp that is half shut while its sensor shows it open makes a good pump alarm and give too little. Two witnesses that
know nothing of each other tell such a way from such a pump: the pressure is higher than flow through a free catheter
makes it, and of what the pump counted more is missing on the balance than a free catheter holds. Where strokes are too
slow for that, and where no sensor tells the pressure, what it held comes out of it late (`trickle.py`). Either is the
rig's trouble; a pump of which only one of them is told is judged for it. A partial kink that leaves the delivery as it
is may raise the pressure, by far less than to the alarm; one that holds flow back is narrower than was asked for.
"""

import math
from collections import deque

from bench.infusion.catheter_off import OFF_STEP, CatheterOff
from bench.infusion.count_against_mass import CountAgainstMass
from bench.infusion.effect_tolerance import EffectTolerances
from bench.infusion.setting import Setting
from bench.infusion.trickle import Trickle, most_held_back_ul
from bench.sampling import Sample
from groundfloor.errors import BenchFault

UL_PER_G = 1000.0
"""1 µL of any liquid counts as 1 mg here."""
KINK = "kink"
NEXT_STEP = "see whether the clamp is open when its sensor says so, and whether the catheter is kinked elsewhere"


class FreeWay:
    """Looks at each sample of one infusion; subscribe its `on_sample`, and `recall` to those of the journal.

    Attributes:
        narrowed: the way was found not to be free; what the pump did meanwhile says nothing of it.
        fine_until_s: bench time until which it was free for sure; infinite where nothing speaks against it.
    """

    def __init__(self, setting: Setting) -> None:
        self.narrowed = False
        self.fine_until_s = math.inf
        self._setting = setting
        self._profile = setting.profile
        self._rates: deque[tuple[float, float]] = deque()
        catheter = self._profile.catheter
        self._settles_s = self._profile.settling.catheter_time_constants.value * catheter.time_constant_s
        self._narrow_since_s = math.inf
        self._flow_shows_s = setting.shortest_settling_s + setting.interval_s
        self._tolerances = EffectTolerances(setting)
        self._relaxed_s = 0.0
        self._count = CountAgainstMass(self._profile.accuracy_percent.value / 100, self._settles_s)
        self._trickle = Trickle(self._settles_s, self._doubt_kpa)
        self._off = CatheterOff(self._settles_s, catheter.pressure_error_max_kpa.value)

    def on_sample(self, sample: Sample) -> None:
        """Look at a sample that was just taken; once it has raised it leaves the ending alone.

        Raises:
            BenchFault: the way is not free.
        """
        if (seen := self._see(sample)) and not self.narrowed:
            self.narrowed, self.fine_until_s = True, min(self._count.fine_until_s, self._relaxed_s)
            next_step = OFF_STEP if self._off.told else NEXT_STEP
            fault = BenchFault("rig", "watch the way out of the catheter", seen, next_step)
            self._setting.bench.poison(fault.finding)
            raise fault

    def recall(self, sample: Sample) -> None:
        """Take a sample from the journal."""
        self._see(sample)

    def _see(self, sample: Sample) -> str:
        """Take a sample; return what shows that the way is not free, empty for nothing."""
        standing = self._setting.run.injectors.standing
        is_partial = bool(standing) and all(one.leaves_delivery(self._profile) for one in standing)
        if standing and not is_partial:
            self._begin_anew()
            return ""
        if not math.isfinite(sample.mass.mass_g):
            return ""
        tolerance = self._tolerances.at(sample.pump.device_clock_s)
        count, counter_ul, mass_mg = self._count, sample.pump.counter_ul, UL_PER_G * sample.mass.mass_g
        count.see(sample.actual_s, counter_ul, mass_mg, tolerance)
        most_kpa, pressure_kpa = self._most_kpa(sample, is_partial=is_partial), sample.pump.catheter_pressure_kpa
        if self._stays(count.missing_ul > tolerance.of_a_step_ul and pressure_kpa > most_kpa, sample.actual_s):
            way = "one that leaves the delivery as it is" if is_partial else "a free catheter"
            told = f"the pressure is {pressure_kpa:.1f} kPa, {way} has {most_kpa:.1f} kPa"
            return f"{told} at most, and {count.missing_ul:.1f} µL and more that the pump counted did not arrive"
        outlet_kpa = self._outlet_kpa(sample)
        if off := self._off.see(sample.actual_s, pressure_kpa, outlet_kpa, count.missing_ul, tolerance):
            return off
        if is_partial:
            self._trickle.begin_anew()  # it may let out late what it held
            return ""
        if count.surplus_ul > most_held_back_ul(count.held_ul, tolerance):
            count.forget_the_surplus()
            self._trickle.begin_anew()
        return self._trickle.see(
            sample.actual_s, counter_ul, mass_mg, pressure_kpa - outlet_kpa, count.held_ul, tolerance
        )

    def _stays(self, is_narrow: bool, at_s: float) -> bool:
        """Tell whether the way looks narrow for longer than a free catheter holds what a burst left in it."""
        self._narrow_since_s = min(self._narrow_since_s, at_s) if is_narrow else math.inf
        return at_s - self._narrow_since_s >= self._settles_s

    def _begin_anew(self) -> None:
        self._narrow_since_s = math.inf
        self._count.begin_anew()
        self._trickle.begin_anew()
        self._off.begin_anew()

    def _most_kpa(self, sample: Sample, *, is_partial: bool) -> float:
        """Return what the pressure may be, by what flowed until a while ago; a partial kink may add half an alarm's."""
        catheter, schedule = self._profile.catheter, self._setting.schedule
        now_s, at_s = sample.actual_s, sample.pump.device_clock_s
        rate = schedule.rate_ul_per_h(max(at_s, schedule.started_s)) if schedule.running else 0.0
        self._rates.append((now_s, max(rate, sample.pump.active_rate_ul_per_h)))
        while self._rates[0][0] < now_s - self._flow_shows_s:
            self._rates.popleft()
        flow_kpa = catheter.resistance_max_kpa_h_per_ul.value * max(each for _, each in self._rates)
        stroke_kpa = self._profile.stroke_volume_ul.value / catheter.least_compliance_ul_per_kpa
        relaxed_kpa = self._outlet_kpa(sample) + flow_kpa + self._doubt_kpa
        if not sample.pump.catheter_pressure_kpa > relaxed_kpa:
            self._relaxed_s = now_s
        threshold = catheter.occlusion_threshold_max_kpa
        kinked_kpa = threshold.value / 2 if is_partial and threshold is not None else 0.0
        return relaxed_kpa + max(stroke_kpa, kinked_kpa)

    @staticmethod
    def _outlet_kpa(sample: Sample) -> float:
        outlet_kpa = sample.rig.outlet_pressure_kpa
        return outlet_kpa if math.isfinite(outlet_kpa) else 0.0

    @property
    def _doubt_kpa(self) -> float:
        return 2 * self._profile.catheter.pressure_error_max_kpa.value
