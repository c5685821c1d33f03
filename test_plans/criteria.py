# SPDX-License-Identifier: Apache-2.0
"""The criteria of acceptance that the chapters name; their figures stand in the pump's profile."""

from dataclasses import replace

from bench.acceptance import PERCENT, Criterion, DeclaredLimits, Standing
from bench.profile import Profile
from bench.profile.alarm_specification import ToneName
from bench.weighing import LEAK_MAY_BE
from instruments.pump import Alarm
from instruments.pump_feature import PumpFeature

PROGRAMMED = "programmed volume"
WHOLE_PERCENT = 100.0
FASTER = 5.0
"""So many times the intermediate rate."""


def _share(profile: Profile, lower: float | None, upper: float | None, relative_to: str) -> DeclaredLimits:
    return DeclaredLimits(lower, upper, PERCENT, f"profile {profile.name}: accuracy_percent", relative_to)


def _accuracy(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.accuracy_percent.value
    return _share(profile, WHOLE_PERCENT - percent, WHOLE_PERCENT + percent, PROGRAMMED)


def _nothing_on_top(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    return _share(profile, None, WHOLE_PERCENT + profile.accuracy_percent.value, PROGRAMMED)


def _smallest_leak(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    return _share(profile, None, profile.accuracy_percent.value, "")


def _rate_accuracy(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.accuracy_percent.value
    return _share(profile, -percent, percent, "")


def _missing(most_percent: float) -> Criterion:
    def limits(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
        percent = profile.accuracy_percent.value
        return _share(profile, percent, most_percent + percent, PROGRAMMED)

    return Criterion("volume missing from the balance", limits, needs=PumpFeature.COUNTER)


def _no_flow(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.accuracy_percent.value
    return _share(profile, -percent, percent, "volume that it would have given")


def _unintended_bolus(profile: Profile, rate_ul_per_h: float) -> DeclaredLimits:
    source = f"profile {profile.name}: C_max·ΔP_max, margin"
    return DeclaredLimits(None, profile.unintended_bolus_limit_ul(rate_ul_per_h), "µL", source)


def _pressure_at_alarm(profile: Profile, rate_ul_per_h: float) -> DeclaredLimits:
    source = f"profile {profile.name}: ΔP_max + (v + Q·latency)/C_min"
    return DeclaredLimits(None, profile.occlusion_pressure_limit_kpa(rate_ul_per_h), "kPa", source)


def _change_of_rate(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    tolerance_s = profile.flex_step_tolerance_s.value
    return DeclaredLimits(-tolerance_s, tolerance_s, "s", f"profile {profile.name}: flex_step_tolerance_s")


def _bolus_volume(share_given: float, *, filling: bool = False) -> Criterion:
    def limits(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
        bolus = profile.filling_bolus if filling else profile.patient_bolus
        tolerance_ul = bolus.volume_ul.value * bolus.accuracy_percent.value / WHOLE_PERCENT
        programmed_ul = share_given * bolus.volume_ul.value
        source = f"profile {profile.name}: patient_bolus.accuracy_percent"
        return DeclaredLimits(programmed_ul - tolerance_ul, programmed_ul + tolerance_ul, "µL", source)

    return Criterion("volume on top of the basal rate", limits, implies=(Standing.BOLUS_COURSE,))


def _yes_or_no(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    return DeclaredLimits.yes_or_no(f"profile {profile.name}")


def _primed_path(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.priming.dead_volume_percent.value if profile.priming is not None else 0.0
    source = f"profile {profile.name}: priming.dead_volume_percent"
    return DeclaredLimits(WHOLE_PERCENT - percent, WHOLE_PERCENT + percent, PERCENT, source, "volume of the path")


def _dose(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.accuracy_percent.value
    return _share(profile, WHOLE_PERCENT - percent, WHOLE_PERCENT + percent, "programmed dose")


def _latency(alarm: Alarm) -> Criterion:
    def limits(profile: Profile, rate_ul_per_h: float) -> DeclaredLimits:
        most_s = (
            profile.occlusion_time_limit_s(rate_ul_per_h) if alarm is Alarm.OCCLUSION else profile.time_limit_s(alarm)
        )
        return DeclaredLimits(None, most_s, "s", f"profile {profile.name}: time to the {alarm} alarm at this rate")

    return Criterion(f"latency of the {alarm} alarm", limits, implies=(Standing.AFTER_ALARM,))


def _against_the_first(alarm: Alarm) -> Criterion:
    def limits(profile: Profile, rate_ul_per_h: float) -> DeclaredLimits:
        source = f"profile {profile.name}: 2 v/Q, registers_follow_s"
        return DeclaredLimits(None, profile.alarm_spread_limit_s(rate_ul_per_h), "s", source)

    return Criterion(f"latency of the {alarm} alarm against the first", limits)


def faster_ul_per_h(profile: Profile) -> float:
    """Return some times the intermediate rate, at which strokes leave little open of when an alarm comes."""
    return min(FASTER * profile.rates.tested("intermediate"), profile.rates.tested("high"))


def at_the_faster_rate(criterion: Criterion) -> Criterion:
    """Return a criterion with the limits that hold at that rate, whatever rate the test is called by."""
    return replace(criterion, limits=lambda profile, _rate: criterion.limits(profile, faster_ul_per_h(profile)))


def first_tone_of(name: ToneName) -> Criterion:
    """Return the criterion for when an alarm of this tone is heard first."""

    def limits(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
        return DeclaredLimits(None, profile.tones[name].begins_max_s.value, "s", f"profile {profile.name}: tones")

    return Criterion("time from the alarm to its tone", limits)


def spacing_of(name: ToneName) -> Criterion:
    """Return the criterion for how often an alarm of this tone is heard."""

    def limits(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
        tone = profile.tones[name]
        every_s, share = tone.repeats_every_s.value, tone.timing_percent.value / WHOLE_PERCENT
        return DeclaredLimits(every_s * (1 - share), every_s * (1 + share), "s", f"profile {profile.name}: tones")

    return Criterion("time from tone to tone", limits)


def level_of(name: ToneName) -> Criterion:
    """Return the criterion for how loud an alarm of this tone is."""

    def limits(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
        least = profile.tones[name].level_min_db
        return DeclaredLimits(None if least is None else least.value, None, "dB", f"profile {profile.name}: tones")

    return Criterion("level of the tones", limits)


def _incomplete_update_latency(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    programming = profile.programming
    most = None if programming is None else programming.incomplete_alarm_max_s
    source = f"profile {profile.name}: programming.incomplete_alarm_max_s"
    return DeclaredLimits(None, None if most is None else most.value, "s", source)


def _sensor_failure_told(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    return DeclaredLimits(None, profile.sensor_failure_told_s, "s", f"profile {profile.name}: sensor_failure")


def _latency_in_a_bolus(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    return occlusion_latency.limits(profile, profile.rates.greatest_ul_per_h.value)


def occlusion_latency_after(step_s: float) -> Criterion:
    """Return the criterion for an alarm that may come in a step of so long, or after the catheter is shut."""

    def limits(profile: Profile, rate_ul_per_h: float) -> DeclaredLimits:
        most_s = step_s + profile.occlusion_time_limit_s(rate_ul_per_h)
        return DeclaredLimits(
            None, most_s, "s", f"profile {profile.name}: the step, and the time to the alarm at this rate"
        )

    return replace(occlusion_latency, limits=limits)


def dead_time(move: str, window_s: float) -> Criterion:
    """Return the criterion for how long the flow seems to stand after a move of the outlet, in a window of so long."""

    def limits(profile: Profile, rate_ul_per_h: float) -> DeclaredLimits:
        most_s = profile.dead_time_limit_s(rate_ul_per_h, profile.outlet_moved_by_kpa(move), window_s)
        return DeclaredLimits(-most_s, most_s, "s", f"profile {profile.name}: (C_max·ΔP + 2 v)/Q, accuracy")

    return Criterion("dead time after a step of the outlet", limits)


def leaked_volume(percent: float) -> Criterion:
    """Return the criterion for what is missing behind a leak of so many per cent."""
    return _missing(min(WHOLE_PERCENT, LEAK_MAY_BE * percent))


def boluses_per_day(profile: Profile) -> int:
    """Return how many patient boluses the profile's example allows in a day."""
    return profile.patient_bolus.max_per_day.value


def later_boluses_per_day(profile: Profile) -> int:
    """Return how many patient boluses the profile's example allows in a day after the first."""
    return boluses_per_day(profile) - 1


def alarms_over_the_log(profile: Profile) -> int:
    """Return how many alarms go a quarter of a round over what the log holds."""
    return profile.alarm_log_lines_least * 5 // 4


def flex_steps_most(profile: Profile) -> int:
    """Return how many steps a day schedule may have."""
    return profile.flex_steps_max.value


def flex_changes_most(profile: Profile) -> int:
    """Return between how many steps of a full day, weighed once, the rate changes."""
    return flex_steps_most(profile) - 1


def _share_of_programmed(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.accuracy_percent.value
    return _share(profile, -percent, percent, "volume programmed since the filling")


def _least_left(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    return DeclaredLimits(
        profile.refilling.left_at_low_alarm_least_ul.value, None, "µL", f"profile {profile.name}: refill"
    )


def _most_left(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    return DeclaredLimits(None, profile.refilling.residual_max_ul.value, "µL", f"profile {profile.name}: refill")


def _most_put_in(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    most = profile.refilling.holds_most_percent
    most_ul = None if most is None else profile.reservoir_ul.value * most.value / WHOLE_PERCENT
    return DeclaredLimits(None, most_ul, "µL", f"profile {profile.name}: refill")


accuracy = Criterion("delivered volume, balance against program", _accuracy)
rate_accuracy = Criterion("error of the mean rate", _rate_accuracy)
counted_volume = Criterion("counted volume, counter against program", _accuracy)
smallest_leak = Criterion("share that the smallest leak found takes", _smallest_leak)
missing_volume = _missing(WHOLE_PERCENT)
no_flow = Criterion("volume while stopped", _no_flow)
unintended_bolus = Criterion("unintended bolus on release", _unintended_bolus)
nothing_on_top = Criterion("volume after a stall", _nothing_on_top)
counts_no_more = Criterion("counted less weighed while the rotor stands", _no_flow)
told_as_promised = Criterion("what the pump tells, or its log", _yes_or_no)
change_of_rate = Criterion("lateness of a change of rate", _change_of_rate)
bolus_given = _bolus_volume(1.0)
bolus_refused = _bolus_volume(0.0)
filling_bolus_given = _bolus_volume(1.0, filling=True)
filling_bolus_refused = _bolus_volume(0.0, filling=True)
answered_as_promised = Criterion("answer of the pump, or the line in its log", _yes_or_no)
logged_as_answered = Criterion(answered_as_promised.measurand, _yes_or_no, needs=PumpFeature.BOLUS_LOG)
low_reservoir_latency = _latency(Alarm.LOW_RESERVOIR)
empty_latency = _latency(Alarm.RESERVOIR_EMPTY)
left_at_the_alarm = Criterion("left in the reservoir at the alarm", _least_left)
no_more_than_it_holds = Criterion("what went into the reservoir", _most_put_in)
left_when_empty = Criterion("left in the empty reservoir", _most_left)
withdrawn_as_computed = Criterion("withdrawn less computed volume", _share_of_programmed)
shown_as_told = Criterion("reservoir volume that the pump shows", _yes_or_no)
refill_date_as_computed = Criterion("refill date that the pump tells", _yes_or_no)
refused_as_promised = Criterion("answer of the pump, and what it shows then", _yes_or_no)
no_alarm_of_it = Criterion("alarms after an interrogation", _yes_or_no)
low_battery_latency = _latency(Alarm.LOW_BATTERY)
end_of_service_latency = _latency(Alarm.END_OF_SERVICE)
reset_latency = _latency(Alarm.MEMORY)
sensor_failure_latency = replace(reset_latency, limits=_sensor_failure_told)
shown_as_low = Criterion("battery that the pump shows", _yes_or_no)
kept_over_a_reset = Criterion("clock, logs, counter and reservoir over a reset", _yes_or_no)
occlusion_latency = _latency(Alarm.OCCLUSION)
occlusion_latency_in_a_bolus = replace(occlusion_latency, limits=_latency_in_a_bolus)
no_later_than_the_first = _against_the_first(Alarm.OCCLUSION)
no_later_off_than_the_first = _against_the_first(Alarm.DISCONNECT)
pressure_at_alarm = Criterion("pressure at the occlusion alarm", _pressure_at_alarm)
stall_latency = _latency(Alarm.STALL)
disconnect_latency = _latency(Alarm.DISCONNECT)
primed_path = Criterion("volume until the front of the drug", _primed_path)
runs_whole_firmware = Criterion("firmware that runs, by its version and its CRC", _yes_or_no)
kept_over_an_update = Criterion("program, clock, logs, counter and reservoir over an update", _yes_or_no)
dose_of_both = Criterion("dose of both concentrations", _dose)
incomplete_update_latency = Criterion(
    "latency of the alarm of an incomplete update", _incomplete_update_latency, implies=(Standing.AFTER_ALARM,)
)
