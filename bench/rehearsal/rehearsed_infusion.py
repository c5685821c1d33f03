# SPDX-License-Identifier: Apache-2.0
"""An infusion that is only gone through: it lets the time of its plan pass, and no other.

It has the verbs of `bench.infusion.Infusion` of which a plan knows how long they take. Another verb ends the rehearsal:
what comes after it is unknown until run.
"""

import math
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from bench.bench_file.run_limits import RunLimits
from bench.capability import CapabilityGate, slowest_rate_ul_per_h
from bench.profile import Profile
from bench.rehearsal.finding_to_come import FindingToCome
from bench.rehearsal.rehearsed_power import RehearsedPower
from bench.rehearsal.unknown_until_run import UnknownUntilRun
from bench.therapy import RunningSchedule, SingleBolus, Therapy, WithPatientBolus, guarded_therapy
from bench.therapy.interval import SECONDS_PER_DAY
from bench.weighing import HALF_SPAN_S
from instruments.pump import Alarm, CommandResult

MARK_S = 2 * HALF_SPAN_S
CLEARANCE = 2.0
"""Of the tolerance of a change of rate: so far windows keep away from it."""
BUTTON_POINTS = ("press_token", "press_number", "button_presses")
_REFILL_ORDER = ("refill_token", "refill_number", "refill_needle", "refill_volume_ul")
_REFILL_SENSORS = ("refill_needle_in", "refill_moved_ul", "refill_busy")
NEEDED_FOR: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "reservoir": ("refill port", (*_REFILL_ORDER, *_REFILL_SENSORS)),
    "power": ("supply", ("supply_voltage_mv", "supply_voltage_measured_mv")),
    "under_a_field": ("magnet", ("magnet_field", "magnet_field_present")),
}
"""Parts of an infusion that ask the rig for an output, and the points that its map must have for it."""
TAKE_NO_TIME = frozenset(
    {
        "pressure_at_alarm",
        "counted_while_held",
        "on_top",
        "last",
        "last_start",
        "judge_recovery_logged",
        "under_a_field",
        "give_needlessly",
        "heard",
    }
)
"""Verbs that measure what was weighed, or judge it; under a field only what is done there takes time."""


class RehearsedInfusion:
    """One infusion.

    Attributes:
        taken_s: how much time has passed, from programming to the end of the run-down.
    """

    def __init__(
        self,
        therapy: Therapy,
        profile: Profile,
        limits: RunLimits,
        gate: CapabilityGate,
        need: Callable[[str, tuple[str, ...]], None],
        shortest_window_s: float | None,
    ) -> None:
        self.taken_s = 0.0
        self.schedule = RunningSchedule(therapy)
        self._therapy = guarded_therapy(therapy)
        self._profile = profile
        self._limits = limits
        self._gate = gate
        self._need = need
        self._shortest_window_s = shortest_window_s

    def __enter__(self) -> Self:
        if (rate_ul_per_h := slowest_rate_ul_per_h(self._therapy)) is not None:
            self._gate.require(rate_ul_per_h, self._shortest_window_s)
            if isinstance(self._therapy, WithPatientBolus):
                self._gate.require_bolus(rate_ul_per_h, self._therapy.ptm_volume_ul, self._therapy.ptm_duration_s)
            self._gate.require_any_window(rate_ul_per_h)
        self.taken_s += self._limits.lead_in_s
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.taken_s += self._limits.run_down_s

    def __getattr__(self, verb: str) -> Callable[..., object]:
        if verb.startswith("_"):
            raise AttributeError(verb)
        if verb in NEEDED_FOR:
            self._need(*NEEDED_FOR[verb])
        if verb in TAKE_NO_TIME:
            return FindingToCome(verb)
        raise UnknownUntilRun(verb)

    # --- time -------------------------------------------------------------------------------------------------------

    def device_clock_s(self) -> float:
        """Return the pump's clock, which begins at midnight."""
        return self.taken_s

    def wait(self, duration_s: float) -> None:
        """Let time pass."""
        self.taken_s += duration_s

    def wait_until(self, device_clock_s: float) -> None:
        """Let time pass until the pump's clock shows it."""
        self.taken_s = max(self.taken_s, device_clock_s)

    def settle(self) -> None:
        """Let the flow settle."""
        self.wait(self._profile.settling_time_s(self._rate_ul_per_h))

    @property
    def rate_ul_per_h(self) -> float:
        """Return the programmed rate of this moment."""
        return self.schedule.rate_ul_per_h(self.taken_s) if self.schedule.running else 0.0

    @property
    def _rate_ul_per_h(self) -> float:
        """Return the rate that counts for a window: of a pump that stands, that of its therapy."""
        return self.rate_ul_per_h or self.schedule.rate_if_running_ul_per_h(self.taken_s)

    # --- start and stop ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the pump."""
        self.schedule.start(self.taken_s)

    def stop(self) -> None:
        """Stop the pump, and let the catheter run empty."""
        self.schedule.stop(self.taken_s)
        self._run_empty()

    def resume_after(self, _alarm: Alarm, _cause: object) -> None:
        """Go on, whether or not an alarm came."""
        self.resume()

    def resume(self) -> None:
        """Acknowledge, and start again where an alarm has stopped the pump."""
        if not self.schedule.running:
            self.start()

    def acknowledge(self) -> None:
        """Take no time."""

    @property
    def power(self) -> RehearsedPower:
        """Return its power, which needs the rig's supply."""
        self._need(*NEEDED_FOR["power"])
        return RehearsedPower(self.wait, self.expect_alarm)

    def _run_empty(self) -> None:
        self.wait(self._profile.settling_time_s(self._profile.rates.tested("high")))

    # --- windows ----------------------------------------------------------------------------------------------------

    def duration_that_resolves_s(self, at_least_s: float = 0.0, *, stopped: bool = False) -> float:
        """Return how long a window must be on this bench.

        Raises:
            BenchFault: no window resolves the accuracy.
        """
        return max(at_least_s, self._gate.require(self._rate_ul_per_h, stopped=stopped).duration_s)

    def deliver(self, at_least_s: float, name: str) -> FindingToCome:
        """Let a window of whole strokes pass.

        Raises:
            BenchFault: so short a window resolves nothing.
        """
        duration_s = self._profile.window_of_whole_strokes_s(self._rate_ul_per_h, at_least_s)
        self._gate.require(self._rate_ul_per_h, duration_s)
        self.wait(MARK_S + duration_s)
        return FindingToCome(name)

    def deliver_unread(self, at_least_s: float, name: str) -> FindingToCome:
        """Let a window of whole strokes pass, in which nobody reads the pump."""
        return self.deliver(at_least_s, name)

    def no_flow(self, duration_s: float) -> FindingToCome:
        """Let a window without flow pass.

        Raises:
            BenchFault: so short a window resolves nothing.
        """
        self._gate.require(self._rate_ul_per_h, duration_s, stopped=True)
        self.wait(MARK_S + duration_s)
        return FindingToCome("no flow")

    def window(self, *_ends: object) -> FindingToCome:
        """Return a window between two marks."""
        return FindingToCome("window")

    # --- schedule ---------------------------------------------------------------------------------------------------

    def rate_changes_s(self, from_s: float, to_s: float) -> tuple[float, ...]:
        """Return the instants at which the schedule changes the rate."""
        return tuple(self.schedule.changes_s(from_s, to_s))

    def begin_in_a_step(self) -> float:
        """Wait for the next change where too little is left of the step that runs."""
        clear_s = CLEARANCE * self._profile.flex_step_tolerance_s.value
        changes_s = self.rate_changes_s(self.taken_s, self.taken_s + SECONDS_PER_DAY)
        needed_s = self.duration_that_resolves_s() + self._profile.stroke_period_s(self._rate_ul_per_h) + MARK_S
        if changes_s and changes_s[0] - clear_s - self.taken_s < needed_s:
            self.wait_until(changes_s[0] + clear_s)
            self.settle()
        return self.taken_s

    def deliver_until(self, change_device_s: float, name: str) -> FindingToCome:
        """Weigh until shortly before a change of rate, and go on until the new one is steady."""
        self.wait_until(change_device_s + CLEARANCE * self._profile.flex_step_tolerance_s.value)
        self.settle()
        return FindingToCome(name)

    def change_of_rate(self, *_windows: object) -> FindingToCome:
        """Return how late the rate changed."""
        return FindingToCome("change of rate")

    # --- alarms -----------------------------------------------------------------------------------------------------

    def expect_alarm(self, declared: str, alarm: Alarm, _cause: object, within_s: float | None = None) -> FindingToCome:
        """Wait as long as the alarm may take; it stops the pump where the profile says so."""
        promised_s = (
            self._profile.occlusion_time_limit_s(self._rate_ul_per_h)
            if alarm is Alarm.OCCLUSION
            else self._profile.time_limit_s(alarm)
        )
        self.wait(MARK_S + (promised_s if within_s is None else within_s))
        if self._profile.alarms[alarm].then_does == "stops":
            self.schedule.stop(self.taken_s)
        return FindingToCome(declared)

    def later_than(self, *_observations: object) -> FindingToCome:
        """Return by how much later an alarm came than the first."""
        return FindingToCome("later than the first")

    def drawn_rates_ul_per_h(self, count: int, slow: int) -> tuple[float, ...]:
        """Return such rates as a run may draw."""
        return self._profile.rates.drawn_ul_per_h("rehearsal", count, slow)

    def start_under(self, _fault: object) -> FindingToCome:
        """Start the pump."""
        self.start()
        return FindingToCome("start under a fault")

    def pressure_at_alarm(self) -> FindingToCome:
        """Take no time."""
        return FindingToCome("pressure at the alarm")

    def allow_alarm(self, _alarm: Alarm, _cause: object) -> None:
        """Take no time."""

    def deliver_unless_alarm(
        self, _alarm: Alarm, _cause: object, settles_s: float, at_least_s: float, name: str
    ) -> FindingToCome:
        """Weigh as if no alarm came, which takes the longest."""
        self.wait(settles_s)
        return self.deliver(at_least_s, name)

    def unintended_bolus(self) -> FindingToCome:
        """Let what was stored come out."""
        self._run_empty()
        self.wait(MARK_S)
        return FindingToCome("unintended bolus")

    # --- boluses ----------------------------------------------------------------------------------------------------

    def single_bolus(self, name: str, at_once: str = "") -> FindingToCome:  # noqa: ARG002  as the infusion has it
        """Give one bolus, and let the catheter run empty before and after."""
        therapy = self._therapy
        if not isinstance(therapy, SingleBolus):
            raise UnknownUntilRun("`single_bolus` of another therapy")
        if self.schedule.running:
            self._end_bolus(therapy)
        self.start()
        self._end_bolus(therapy)
        self.wait(MARK_S)
        return FindingToCome(name)

    def _end_bolus(self, therapy: SingleBolus) -> None:
        self.wait_until(self.schedule.started_s + therapy.bolus_duration_s)
        self._run_empty()
        self.stop()

    def request_bolus(
        self,
        declared: str,  # noqa: ARG002
        wanted: CommandResult,
        basal: object,
        name: str,  # noqa: ARG002
        at_device_s: float | None = None,
        by: str = "command",
    ) -> None:
        """Ask for a patient bolus, and wait until it is over."""
        if by == "button":
            self.require_patient_button()
        self._ask(wanted, at_device_s)
        if basal is None:
            self._run_empty()
        self.wait(self._with_bolus.ptm_duration_s + self._profile.settling_time_s(self._rate_ul_per_h) + MARK_S)

    def ask_for_bolus(self, declared: str, wanted: CommandResult, name: str) -> None:  # noqa: ARG002
        """Ask for a patient bolus."""
        self._ask(wanted, None)

    def _ask(self, wanted: CommandResult, at_device_s: float | None) -> None:
        self.wait(MARK_S)
        if at_device_s is not None:
            self.wait_until(at_device_s)
        if wanted is CommandResult.ACCEPTED:
            self.schedule.boluses.append(self._with_bolus.accepted(self.taken_s, self.schedule.started_s))

    def require_patient_button(self) -> None:
        """Note that the rig must have a button.

        Raises:
            BenchFault: it has none.
        """
        self._need("patient button", BUTTON_POINTS)

    def wait_for_lockout_end(self, later_s: float) -> None:
        """Let the lockout pass."""
        self.wait_until(self.lockout_ends_s() + later_s)

    def lockout_ends_s(self) -> float:
        """Return when the lockout of the last bolus ends."""
        return self._bolus_s(-1) + self._with_bolus.ptm_lockout_s

    def day_of_boluses_ends_s(self) -> float:
        """Return when the first bolus counts no more."""
        return self._bolus_s(0) + SECONDS_PER_DAY

    def wait_for_the_last_before_midnight(self) -> None:
        """Let time pass until a day's boluses begin before midnight."""
        therapy = self._with_bolus
        ahead_s = (therapy.ptm_max_per_day - 1) * (therapy.ptm_lockout_s + 2 * MARK_S) + therapy.ptm_duration_s / 2
        midnight_s = math.ceil((self.taken_s + ahead_s) / SECONDS_PER_DAY) * SECONDS_PER_DAY
        self.wait_until(midnight_s - ahead_s)

    def _bolus_s(self, place: int) -> float:
        if not self.schedule.boluses:
            raise UnknownUntilRun("the end of a lockout")
        return self.schedule.boluses[place].started_s

    @property
    def _with_bolus(self) -> WithPatientBolus:
        if not isinstance(self._therapy, WithPatientBolus):
            raise UnknownUntilRun("a patient bolus of another therapy")
        return self._therapy

    # --- judging ----------------------------------------------------------------------------------------------------

    def judge(self, declared: str, measurement: object) -> None:
        """Judge nothing."""

    def judge_that(self, declared: str, happened: object, reason: object) -> None:
        """Judge nothing."""
