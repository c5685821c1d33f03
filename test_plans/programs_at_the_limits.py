# SPDX-License-Identifier: Apache-2.0
"""Programs at the limits that a profile promises, just inside them and just outside, each with a name."""

from bench.profile import Profile
from bench.therapy import Continuous, Flex, Therapy
from instruments.program import Mode, Program, Step

JUST = 0.01
"""So far inside or outside of a limit, as a share of it."""
LAST_MINUTE = 1439
MINUTES_OF_A_DAY = 1440
HOUR_S = 3600.0


def taken(profile: Profile) -> dict[str, Therapy]:
    """Return what the pump must take: at each limit and just inside of it."""
    least, greatest = profile.rates.least_ul_per_h.value, profile.rates.greatest_ul_per_h.value
    middle = profile.rates.tested("intermediate")
    programs: dict[str, Therapy] = {
        "the least rate": Continuous(least),
        "just over the least rate": Continuous((1 + JUST) * least),
        "just under the greatest rate": Continuous((1 - JUST) * greatest),
        "the greatest rate": Continuous(greatest),
    }
    if "flex" in profile.modes:
        programs["a day of the most steps"] = Flex(full_day(profile))
        programs["steps at the first and the last minute"] = Flex((Step(0, middle), Step(LAST_MINUTE, 2 * middle)))
    return programs


def refused(profile: Profile) -> dict[str, Program]:
    """Return what the pump must refuse: just outside of each limit, and programs that are none."""
    least, greatest = profile.rates.least_ul_per_h.value, profile.rates.greatest_ul_per_h.value
    middle = profile.rates.tested("intermediate")
    programs = {
        "a rate just under the least": _of_steps(Step(0, (1 - JUST) * least)),
        "a rate just over the greatest": _of_steps(Step(0, (1 + JUST) * greatest)),
        "ten times the greatest rate": _of_steps(Step(0, 10 * greatest)),
        "no rate at all": _of_steps(Step(0, 0.0)),
        "no step": _of_steps(),
        "two steps of one rate": _of_steps(Step(0, middle), Step(60, middle)),
    }
    if "flex" in profile.modes:
        programs |= {
            "a day without a step": Program(Mode.FLEX),
            "steps that do not rise": Program(Mode.FLEX, (Step(60, middle), Step(60, 2 * middle))),
            "a step after the end of the day": Program(Mode.FLEX, (Step(0, middle), Step(MINUTES_OF_A_DAY, middle))),
            "a day with one rate over the greatest": Program(
                Mode.FLEX, (Step(0, middle), Step(720, (1 + JUST) * greatest))
            ),
        }
    return programs | _refused_boluses(profile)


def _refused_boluses(profile: Profile) -> dict[str, Program]:
    programming, bolus = profile.programming, profile.patient_bolus
    if programming is None or programming.greatest_bolus_rate_ul_per_h is None:
        return {}
    most_ul = programming.greatest_bolus_rate_ul_per_h.value * bolus.duration_s.value / HOUR_S
    over_ul, basal = (1 + JUST) * most_ul, (Step(0, profile.rates.tested("intermediate")),)
    found = {}
    if "single_bolus" in profile.modes:
        duration_s = bolus.duration_s.value
        single = Program(Mode.SINGLE_BOLUS, bolus_volume_ul=over_ul, bolus_duration_s=duration_s)
        found["a single bolus just over the greatest rate of a bolus"] = single
        found["a single bolus of nothing"] = Program(Mode.SINGLE_BOLUS, bolus_duration_s=duration_s)
    if "patient_bolus" in profile.modes:
        found["a patient bolus just over the greatest rate of a bolus"] = Program(
            Mode.CONTINUOUS,
            basal,
            ptm_volume_ul=over_ul,
            ptm_duration_s=bolus.duration_s.value,
            ptm_lockout_s=bolus.lockout_s.value,
            ptm_max_per_day=bolus.max_per_day.value,
        )
    return found


def full_day(profile: Profile, share: float = 1.0) -> tuple[Step, ...]:
    """Return the most steps that a day may have, evenly over it, their rates from the given share of the middle on."""
    steps, rate_ul_per_h = profile.flex_steps_max.value, share * profile.rates.tested("intermediate")
    every = MINUTES_OF_A_DAY // steps
    return tuple(Step(number * every, (1 + number / steps) * rate_ul_per_h) for number in range(steps))


def _of_steps(*steps: Step) -> Program:
    return Program(Mode.CONTINUOUS, steps)


def refused_count(profile: Profile) -> int:
    """Return how many programs must be refused."""
    return len(refused(profile))
