# SPDX-License-Identifier: Apache-2.0
"""An infusion that is only gone through: it lets the time of its plan pass, and no other.

It has the verbs of `bench.infusion.Infusion` of which a plan knows how long they take. Another verb ends the rehearsal:
what comes after it is unknown until run.
"""

from collections.abc import Callable, Mapping
from functools import partial
from types import TracebackType
from typing import Self

from bench.bench_file.run_limits import RunLimits
from bench.capability import CapabilityGate, slowest_rate_ul_per_h
from bench.profile import Profile
from bench.rehearsal.finding_to_come import FindingToCome
from bench.rehearsal.rehearsed_patient_boluses import RehearsedPatientBoluses
from bench.rehearsal.rehearsed_power import RehearsedPower
from bench.rehearsal.rehearsed_single_boluses import RehearsedSingleBoluses
from bench.rehearsal.rehearsed_time import MARK_S, RehearsedTime
from bench.rehearsal.unknown_until_run import UnknownUntilRun
from bench.therapy import RunningSchedule, Therapy, WithPatientBolus, guarded_therapy
from bench.therapy.interval import SECONDS_PER_DAY
from instruments.pump import Alarm

CLEARANCE = 2.0
"""Of the tolerance of a change of rate: so far windows keep away from it."""
_REFILL_ORDER = ("refill_token", "refill_number", "refill_needle", "refill_volume_ul")
_REFILL_SENSORS = ("refill_needle_in", "refill_moved_ul", "refill_busy")
NEEDED_FOR: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "reservoir": ("refill port", (*_REFILL_ORDER, *_REFILL_SENSORS)),
    "patient_button": ("patient button", ("press_token", "press_number", "button_presses")),
    "power": ("supply", ("supply_voltage_mv", "supply_voltage_measured_mv")),
    "rotor_sensor": ("sensor relay", ("line_token", "line_number", "sensor_relay", "sensor_line_open")),
    "stalls": ("magnet", ("magnet_field", "magnet_field_present")),
}
"""Parts of an infusion that ask the rig for an output, and the points that its map must have for it."""
TAKE_NO_TIME = frozenset(
    {
        "alarm_pressure",
        "last",
        "needless_commands",
        "rotor_sensor",
        "stalls",
        "heard",
    }
)
"""What measures what was weighed, or judges it; under a field only what is done there takes time."""


class RehearsedInfusion:
    """One infusion.

    Attributes:
        schedule: what the therapy asks for, from start to start.
        patient_boluses, single_boluses: what is given on top of the basal rate.
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
        self.schedule = RunningSchedule(therapy)
        therapy = guarded_therapy(therapy)
        time = self._time = RehearsedTime(profile, self.schedule)
        button = partial(need, *NEEDED_FOR["patient_button"])
        self.patient_boluses = RehearsedPatientBoluses(time, self.schedule, therapy, button)
        self.single_boluses = RehearsedSingleBoluses(time, self.schedule, therapy)
        self._therapy = therapy
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
        self.wait(self._limits.lead_in_s)
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.wait(self._limits.run_down_s)

    def __getattr__(self, verb: str) -> Callable[..., object]:
        if verb.startswith("_"):
            raise AttributeError(verb)
        if verb in NEEDED_FOR:
            self._need(*NEEDED_FOR[verb])
        if verb in TAKE_NO_TIME:
            return FindingToCome(verb)
        raise UnknownUntilRun(verb)

    # --- time -------------------------------------------------------------------------------------------------------

    @property
    def taken_s(self) -> float:
        """Return how much time has passed."""
        return self._time.taken_s

    def device_clock_s(self) -> float:
        """Return the pump's clock, which begins at midnight."""
        return self.taken_s

    def wait(self, duration_s: float) -> None:
        """Let time pass."""
        self._time.wait(duration_s)

    def wait_until(self, device_clock_s: float) -> None:
        """Let time pass until the pump's clock shows it."""
        self._time.wait_until(device_clock_s)

    def settle(self) -> None:
        """Let the flow settle."""
        self._time.settle()

    @property
    def rate_ul_per_h(self) -> float:
        """Return the programmed rate of this moment."""
        return self._time.rate_ul_per_h

    # --- start and stop ---------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the pump."""
        self.schedule.start(self.taken_s)

    def stop(self) -> None:
        """Stop the pump, and let the catheter run empty."""
        self.schedule.stop(self.taken_s)
        self._time.run_empty()

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

    # --- windows ----------------------------------------------------------------------------------------------------

    def duration_that_resolves_s(self, at_least_s: float = 0.0, *, stopped: bool = False) -> float:
        """Return how long a window must be on this bench.

        Raises:
            BenchFault: no window resolves the accuracy.
        """
        return max(at_least_s, self._gate.require(self._time.weighed_rate_ul_per_h, stopped=stopped).duration_s)

    def deliver(self, at_least_s: float, name: str) -> FindingToCome:
        """Let a window of whole strokes pass.

        Raises:
            BenchFault: so short a window resolves nothing.
        """
        duration_s = self._profile.window_of_whole_strokes_s(self._time.weighed_rate_ul_per_h, at_least_s)
        self._gate.require(self._time.weighed_rate_ul_per_h, duration_s)
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
        self._gate.require(self._time.weighed_rate_ul_per_h, duration_s, stopped=True)
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
        needed_s = (
            self.duration_that_resolves_s() + self._profile.stroke_period_s(self._time.weighed_rate_ul_per_h) + MARK_S
        )
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
            self._profile.occlusion_time_limit_s(self._time.weighed_rate_ul_per_h)
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
        self._time.run_empty()
        self.wait(MARK_S)
        return FindingToCome("unintended bolus")

    # --- judging ----------------------------------------------------------------------------------------------------

    def judge(self, declared: str, measurement: object) -> None:
        """Judge nothing."""

    def judge_that(self, declared: str, happened: object, reason: object) -> None:
        """Judge nothing."""
