# SPDX-License-Identifier: Apache-2.0
"""The capability gate: before hours are spent it asks whether this bench can resolve this tolerance at this rate.

A window *resolves* the tolerance if its test uncertainty ratio is at least the profile's: with TUR 3 a pump whose own
error is up to a third of the tolerance passes in 97.7 % of all runs (docs/decisions/0011). What the gate predicts and
what is judged later come out of the same model, so the two cannot disagree about what a window is worth.
"""

from collections.abc import Callable, Hashable, Iterator
from functools import cached_property

from bench.capability.any_window_capability import AnyWindowCapability, any_window_capability
from bench.capability.any_window_means import faster_rates, more_samples, rarer_promises
from bench.capability.better_means import finer_balances, longer_blanks
from bench.capability.capability import Capability
from bench.capability.least_count import least_count
from bench.capability.predicted_window import AIR, predicted_window
from bench.profile import Profile
from bench.therapy import Bridge, MinimumRate, Therapy
from bench.weighing import HALF_SPAN_S, BolusRequest, Weighing
from groundfloor.errors import BenchFault
from groundfloor.time_text import time_text
from instruments.pump import CommandResult
from metrology.verdict import Measurement

MOST_S = 7 * 86400.0
"""No longer window is proposed: a week after its blank nobody knows any more what a balance does."""
FLOW_RATE_S = 3600.0
"""What takes longer to be resolved is no rate of flow any more."""
MARGIN_FOR_THE_UNSEEN = 1.25
"""So much more is demanded of a blank or a balance that nobody has measured yet."""
NO_LONGER_WINDOW = "no longer window helps, because windows of all lengths are judged"
LEAST_SAMPLES = 2
"""A knock between two marks shows only in the samples between them."""
MOST_ANSWERS = 256
_ANSWERED: dict[tuple[Hashable, ...], Capability | None] = {}
"""Each infusion of a run asks, with the same blank and mostly at the same rates; a search makes ten predictions."""


class CapabilityGate:
    """Answers for one infusion; it asks no instrument, and moves none.

    Args:
        weighing: how this bench weighs.
        profile: of the pump.
        interval_s: between two samples.
        margin: so much more is demanded than the profile does.
        between: called before each prediction: a search takes many, and while a pump runs heartbeats come due.
    """

    def __init__(
        self,
        weighing: Weighing,
        profile: Profile,
        interval_s: float,
        margin: float = 1.0,
        between: Callable[[], object] = lambda: None,
    ) -> None:
        self._between = between
        self._demanded = margin * profile.uncertainty_ratio_min.value
        self._weighing = weighing
        self._profile = profile
        self._interval_s = interval_s

    def predict(self, rate_ul_per_h: float, duration_s: float, *, stopped: bool = False) -> Capability:
        """Return what a window would be worth.

        Args:
            rate_ul_per_h: the programmed rate.
            duration_s: between the marks.
            stopped: whether the window shall show that a stopped pump gives nothing of it.
        """
        self._between()
        window = predicted_window(self._weighing, self._profile, rate_ul_per_h, duration_s, stopped=stopped)
        return self._worth(window.volume, duration_s)

    def shortest(self, rate_ul_per_h: float, *, stopped: bool = False) -> Capability | None:
        """Return the shortest window of whole strokes that resolves the tolerance.

        The longest that is tried is a week, or what the reservoir holds above its alarm volume.

        Returns:
            What it would be worth; None when there is none.
        """
        question = *self._asked_with, rate_ul_per_h, stopped
        if question not in _ANSWERED:
            period_s = self._profile.stroke_period_s(rate_ul_per_h)

            def of(strokes: int) -> Capability:
                return self.predict(rate_ul_per_h, strokes * period_s, stopped=stopped)

            found = least_count(lambda strokes: of(strokes).resolves, int(self._most_s(rate_ul_per_h) / period_s))
            if len(_ANSWERED) >= MOST_ANSWERS:
                _ANSWERED.clear()
            _ANSWERED[question] = None if found is None else of(found)
        return _ANSWERED[question]

    @cached_property
    def _asked_with(self) -> tuple[Hashable, ...]:
        """Return all that an answer depends on, beside what is asked."""
        return self._weighing.setup, self._profile.model_dump_json(), self._interval_s, self._demanded

    def judged_as(self, rate_ul_per_h: float) -> str:
        """Return what a verdict at a rate is about: a flow rate where an hour resolves it, or what flowed in longer."""
        shortest = self.shortest(rate_ul_per_h)
        within_an_hour = shortest is not None and shortest.duration_s <= FLOW_RATE_S
        return "a flow rate" if within_an_hour else "accumulated mass"

    def require(self, rate_ul_per_h: float, duration_s: float | None = None, *, stopped: bool = False) -> Capability:
        """Return what a window is worth, or the shortest that resolves the tolerance if no duration is given.

        Raises:
            BenchFault: it does not resolve it; the shortest duration, and the balance, that would do are named.
        """
        found = self._asked(rate_ul_per_h, duration_s, stopped=stopped)
        if found is not None and found.resolves:
            return found
        best = found or self.predict(rate_ul_per_h, self._most_s(rate_ul_per_h), stopped=stopped)
        what = f"resolve ±{self._profile.accuracy_percent.value:g} % of {rate_ul_per_h:g} µL/h"
        next_step = self._what_would_do(rate_ul_per_h, duration_s, stopped=stopped)
        raise BenchFault("balance", f"{what} in {time_text(best.duration_s)}", str(best), next_step)

    def require_bolus(self, basal_ul_per_h: float, volume_ul: float, duration_s: float) -> Capability:
        """Return what the weighing of a patient bolus is worth; no longer window makes it better.

        Args:
            basal_ul_per_h: what runs beside it.
            volume_ul: of the bolus.
            duration_s: over which it runs.

        Raises:
            BenchFault: it does not resolve the accuracy of the bolus; what would do is named.
        """
        bolus = basal_ul_per_h, volume_ul, duration_s
        found = self._bolus(*bolus)
        if found.resolves:
            return found
        what = f"resolve ±{self._profile.patient_bolus.accuracy_percent.value:g} % of a {volume_ul:g} µL bolus"
        means = [advice for advice, other in self._with_finer_balance() if other._bolus(*bolus).resolves]
        raise BenchFault("balance", what, str(found), " or ".join(means[:1]) or "test with a larger bolus")

    def any_window(self, rate_ul_per_h: float) -> AnyWindowCapability:
        """Return which excess and which interruption would be found at a rate, in a window of any length."""
        return any_window_capability(self._weighing, self._profile, rate_ul_per_h, self._interval_s, AIR)

    def require_any_window(self, rate_ul_per_h: float) -> AnyWindowCapability:
        """Return what would be found in a window of any length.

        Raises:
            BenchFault: the profile's promise cannot be held: good pumps would end INCONCLUSIVE.
        """
        found = self.any_window(rate_ul_per_h)
        if found.holds:
            return found
        what = f"tell an excess in any window at {rate_ul_per_h:g} µL/h"
        raise BenchFault("balance", what, str(found), self._what_would_do_in_any_window(rate_ul_per_h))

    def _what_would_do_in_any_window(self, rate_ul_per_h: float) -> str:
        """Name the least of each kind that would let the promise be held."""

        def held_by(better: Iterator[tuple[str, "CapabilityGate"]]) -> Iterator[str]:
            return (advice for advice, other in better if other.any_window(rate_ul_per_h).holds)

        def every(interval_s: float) -> AnyWindowCapability:
            return CapabilityGate(self._weighing, self._profile, interval_s).any_window(rate_ul_per_h)

        kinds = (
            held_by(self._with_longer_blank()),
            held_by(self._with_finer_balance()),
            more_samples(self._interval_s, every),
            faster_rates(rate_ul_per_h, self._profile.rates.greatest_ul_per_h.value, self.any_window),
            rarer_promises(self.any_window(rate_ul_per_h), self._profile),
        )
        means = [one for kind in kinds if (one := next(kind, None)) is not None]
        return f"{NO_LONGER_WINDOW}: {', or '.join(means) or 'weigh on a quieter balance'}"

    def _bolus(self, basal_ul_per_h: float, volume_ul: float, runs_s: float) -> Capability:
        profile, shortest = self._profile, self.shortest(basal_ul_per_h)
        basal_s = shortest.duration_s if shortest is not None else self._most_s(basal_ul_per_h)
        duration_s = runs_s + profile.settling_time_s(basal_ul_per_h) + 2 * HALF_SPAN_S
        before, around = (
            predicted_window(self._weighing, profile, basal_ul_per_h, window_s, bolus_ul=bolus_ul)
            for window_s, bolus_ul in ((basal_s, 0.0), (duration_s, volume_ul))
        )
        accepted = CommandResult.ACCEPTED
        volume = BolusRequest("bolus", 0.0, accepted, ()).volume(around, before, accepted, volume_ul)
        return self._worth(volume, duration_s)

    def _worth(self, predicted: Measurement, duration_s: float) -> Capability:
        return Capability.of(predicted, duration_s, self._demanded, duration_s / self._interval_s, LEAST_SAMPLES)

    def _asked(self, rate_ul_per_h: float, duration_s: float | None, *, stopped: bool) -> Capability | None:
        if duration_s is None:
            return self.shortest(rate_ul_per_h, stopped=stopped)
        return self.predict(rate_ul_per_h, duration_s, stopped=stopped)

    def _what_would_do(self, rate_ul_per_h: float, duration_s: float | None, *, stopped: bool) -> str:
        """Name the least that would do: time, if need be with a longer blank, and a balance for the time asked.

        What would be refused again, because it cannot hold the promise of any window, is not named.
        """
        times = (
            f"{advice}weigh for at least {time_text(shortest.duration_s)}"
            for advice, other in [
                ("", self),
                *((f"{advice} and ", other) for advice, other in self._with_longer_blank()),
            ]
            if other.any_window(rate_ul_per_h).holds
            and (shortest := other.shortest(rate_ul_per_h, stopped=stopped)) is not None
        )
        balances = (
            advice
            for advice, other in self._with_finer_balance()
            if other.any_window(rate_ul_per_h).holds
            and (found := other._asked(rate_ul_per_h, duration_s, stopped=stopped)) is not None
            and found.resolves
        )
        means = [one for one in (next(times, None), next(balances, None)) if one is not None]
        if not means and not self.any_window(rate_ul_per_h).holds:
            return self._what_would_do_in_any_window(rate_ul_per_h)
        return ", or ".join(means) or "test at a higher rate: no longer window and no finer balance would do"

    def _with_longer_blank(self) -> Iterator[tuple[str, "CapabilityGate"]]:
        return ((advice, self._with(weighing)) for advice, weighing in longer_blanks(self._weighing))

    def _with_finer_balance(self) -> Iterator[tuple[str, "CapabilityGate"]]:
        return ((advice, self._with(weighing)) for advice, weighing in finer_balances(self._weighing))

    def _with(self, weighing: Weighing) -> "CapabilityGate":
        return CapabilityGate(weighing, self._profile, self._interval_s, MARGIN_FOR_THE_UNSEEN)

    def _most_s(self, rate_ul_per_h: float) -> float:
        profile = self._profile
        usable_ul = profile.reservoir_ul.value - profile.low_reservoir_alarm_ul.value
        return min(MOST_S, usable_ul / rate_ul_per_h * 3600)


def slowest_rate_ul_per_h(therapy: Therapy) -> float | None:
    """Return the slowest rate at which a therapy makes the pump run; None for one that is a bolus and nothing else."""
    steps = therapy.program(low_reservoir_alarm_ul=0.0).all_steps
    rates = [step.rate_ul_per_h for step in steps if step.rate_ul_per_h > 0]
    if isinstance(therapy, Bridge):
        rates.append(therapy.bridge_rate_ul_per_h)
    if isinstance(therapy, MinimumRate):
        rates.append(therapy.minimum_rate_ul_per_h)
    return min(rates, default=None)
