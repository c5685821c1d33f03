# SPDX-License-Identifier: Apache-2.0
"""The criteria of acceptance that the chapters name; their figures stand in the pump's profile."""

from bench.acceptance import PERCENT, Criterion, DeclaredLimits, Standing
from bench.profile import Profile
from bench.weighing import LEAK_MAY_BE
from instruments.pump import Alarm

PROGRAMMED = "programmed volume"
WHOLE_PERCENT = 100.0


def _share(profile: Profile, lower: float | None, upper: float | None, relative_to: str) -> DeclaredLimits:
    return DeclaredLimits(lower, upper, PERCENT, f"profile {profile.name}: accuracy_percent", relative_to)


def _accuracy(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.accuracy_percent.value
    return _share(profile, WHOLE_PERCENT - percent, WHOLE_PERCENT + percent, PROGRAMMED)


def _rate_accuracy(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.accuracy_percent.value
    return _share(profile, -percent, percent, "")


def _missing(most_percent: float) -> Criterion:
    def limits(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
        percent = profile.accuracy_percent.value
        return _share(profile, percent, most_percent + percent, PROGRAMMED)

    return Criterion("volume missing from the balance", limits)


def _no_flow(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    percent = profile.accuracy_percent.value
    return _share(profile, -percent, percent, "volume that it would have given")


def _unintended_bolus(profile: Profile, rate_ul_per_h: float) -> DeclaredLimits:
    source = f"profile {profile.name}: C_max·ΔP_max, margin"
    return DeclaredLimits(None, profile.unintended_bolus_limit_ul(rate_ul_per_h), "µL", source)


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


def _latency(alarm: Alarm) -> Criterion:
    def limits(profile: Profile, rate_ul_per_h: float) -> DeclaredLimits:
        most_s = (
            profile.occlusion_time_limit_s(rate_ul_per_h) if alarm is Alarm.OCCLUSION else profile.time_limit_s(alarm)
        )
        return DeclaredLimits(None, most_s, "s", f"profile {profile.name}: time to the {alarm} alarm at this rate")

    return Criterion(f"latency of the {alarm} alarm", limits, implies=(Standing.AFTER_ALARM,))


def _incomplete_update_latency(profile: Profile, _rate_ul_per_h: float) -> DeclaredLimits:
    programming = profile.programming
    most = None if programming is None else programming.incomplete_alarm_max_s
    source = f"profile {profile.name}: programming.incomplete_alarm_max_s"
    return DeclaredLimits(None, None if most is None else most.value, "s", source)


def leaked_volume(percent: float) -> Criterion:
    """Return the criterion for what is missing behind a leak of so many per cent."""
    return _missing(min(WHOLE_PERCENT, LEAK_MAY_BE * percent))


def boluses_per_day(profile: Profile) -> int:
    """Return how many patient boluses the profile's example allows in a day."""
    return profile.patient_bolus.max_per_day.value


def later_boluses_per_day(profile: Profile) -> int:
    """Return how many patient boluses the profile's example allows in a day after the first."""
    return boluses_per_day(profile) - 1


def flex_steps_most(profile: Profile) -> int:
    """Return how many steps a day schedule may have."""
    return profile.flex_steps_max.value


def flex_changes_most(profile: Profile) -> int:
    """Return between how many steps of a full day, weighed once, the rate changes."""
    return flex_steps_most(profile) - 1


accuracy = Criterion("delivered volume, balance against program", _accuracy)
rate_accuracy = Criterion("error of the mean rate", _rate_accuracy)
missing_volume = _missing(WHOLE_PERCENT)
no_flow = Criterion("volume while stopped", _no_flow)
unintended_bolus = Criterion("unintended bolus on release", _unintended_bolus)
change_of_rate = Criterion("lateness of a change of rate", _change_of_rate)
bolus_given = _bolus_volume(1.0)
bolus_refused = _bolus_volume(0.0)
filling_bolus_given = _bolus_volume(1.0, filling=True)
filling_bolus_refused = _bolus_volume(0.0, filling=True)
answered_as_promised = Criterion("answer of the pump, or the line in its log", _yes_or_no)
occlusion_latency = _latency(Alarm.OCCLUSION)
disconnect_latency = _latency(Alarm.DISCONNECT)
incomplete_update_latency = Criterion(
    "latency of the alarm of an incomplete update", _incomplete_update_latency, implies=(Standing.AFTER_ALARM,)
)
