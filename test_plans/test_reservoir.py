# SPDX-License-Identifier: Apache-2.0
"""Reservoir and refill: run down to the alarm and to the last drop, emptied by needle, filled again."""

import pytest

from bench.profile import Profile
from bench.therapy import Continuous, Flex
from fixtures.public import InfusionFactory
from instruments.program import Step
from instruments.pump import CommandResult
from test_plans.criteria import (
    accuracy,
    bolus_given,
    bolus_refused,
    empty_latency,
    faster_ul_per_h,
    left_at_the_alarm,
    left_when_empty,
    low_reservoir_latency,
    no_alarm_of_it,
    no_flow,
    no_more_than_it_holds,
    refill_date_as_computed,
    refused_as_promised,
    shown_as_told,
    told_as_promised,
    withdrawn_as_computed,
)
from test_plans.inner_alarm_steps import UNDER_UL, reservoir_empty, reservoir_low
from test_plans.markers import HOUR_S, MINUTE_S, depends_on, judges, only_with
from test_plans.patient_requests import judges_requests

LONG_INTERVAL_S = 60.0
"""Between samples of a test that takes more than a day."""
SHARES = (0.9, 0.5, 0.3)
LEVELS_UL = (6000.0, 4000.0, 3500.0, 3000.0, 2700.0, 2400.0)
"""Where the rate is weighed: shares of the reservoir, and where field reports have it fade."""
AT_A_LEVEL_S = 15 * MINUTE_S
NEAR_UL = 400.0
"""So little over its alarm the reservoir is filled where only the alarm is looked at."""
LOW_FOR_S = 4 * HOUR_S
"""So long a low reservoir is used on."""
TWICE = 2
OVERFILLED_BY_PERCENT = 20.0
OVERFILLED_HOURS = 3
LEFT_UL = 60.0
"""So little is left where the pump believes that it has far more."""
USED = 0.2
"""Of a filling, before the rest is taken out."""
WRONG_BY_UL = 2000.0
"""So much more than went in a clinician enters by mistake."""


def levels_ul(profile: Profile) -> tuple[float, ...]:
    """Return the levels at which the rate is weighed, falling: where a pump inside its accuracy is not dry yet."""
    longest_s = AT_A_LEVEL_S + 2 * LONG_INTERVAL_S  # a window begins and ends with a sample
    full_ul, used_ul = profile.reservoir_ul.value, profile.rates.greatest_ul_per_h.value * longest_s / HOUR_S
    dry_ul = full_ul - full_ul / (1 + profile.accuracy_percent.value / 100)
    least_ul = max(profile.low_reservoir_alarm_ul.value, dry_ul) + used_ul
    levels = {*(share * full_ul for share in SHARES), *LEVELS_UL}
    return tuple(sorted((one for one in levels if least_ul <= one <= SHARES[0] * full_ul), reverse=True))


def how_many_levels(profile: Profile) -> int:
    """Return at how many levels the rate is weighed."""
    return len(levels_ul(profile))


@judges("RES-007", "shown after the filling", shown_as_told)
@judges("RES-003", "at each level", accuracy, times=how_many_levels)
@judges("RES-006", "interrogated at each level", no_alarm_of_it, times=how_many_levels)
@judges("RES-001", "low-reservoir alarm in time", low_reservoir_latency)
@judges("RES-002", "left at the alarm", left_at_the_alarm)
@judges("RES-003", "at the lowest level", accuracy)
@judges("RES-004", "empty alarm in time", empty_latency)
@judges("RES-004", "left when empty", left_when_empty)
@judges("RES-007", "shown after the refill", shown_as_told)
@judges("RES-007", "after the refill", accuracy)
@only_with("refill")
@only_with("low_reservoir_alarm")
@only_with("reservoir_empty_alarm")
@depends_on("reservoir_ul")
def test_a_full_reservoir_gives_its_rate_down_to_the_alarm_and_the_alarm_comes_before_it_is_dry(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A full reservoir is run down at the greatest rate, to its alarm and to the last drop, and filled again.

    Purpose: find the pump whose alarm is late or missing, the one that is dry before its alarm because it gives more
    than it counts, the one whose flow fades before it is empty, and the one that runs on dry.

    Method: fill the reservoir with its whole volume. Infuse at the greatest rate. At each level interrogate the pump
    and weigh a quarter of an hour. Wait for the low-reservoir alarm and account for what is left by weight; the margin
    is told in the record. Acknowledge, weigh at the lowest level, and go on until the balance shows no flow. Fill
    again, start, and weigh an hour.

    Acceptance: delivery within the accuracy at each level; no alarm of an interrogation; the low-reservoir alarm in
    time, with as much left as promised; the empty alarm in time, with no more left than promised; after the refill the
    volume that was told, and delivery within the accuracy.
    """
    full_ul = profile.reservoir_ul.value
    rate_ul_per_h = profile.rates.greatest_ul_per_h.value
    with infusion(Continuous(rate_ul_per_h), interval_s=LONG_INTERVAL_S, shortest_window_s=AT_A_LEVEL_S) as run:
        run.stop()
        run.reservoir.fill(full_ul, declared="shown after the filling")
        run.start()
        run.settle()
        for level_ul in levels_ul(profile):
            name = f"at {level_ul / 1000:.3g} mL"
            run.reservoir.interrogate_at(level_ul)
            run.judge("at each level", run.reservoir.deliver_at(level_ul, AT_A_LEVEL_S, name).volume)
            run.reservoir.judge_quiet("interrogated at each level")
        run.reservoir.run_down_to_alarm("low-reservoir alarm in time", left="left at the alarm")
        run.resume()
        lowest_ul = profile.refilling.full_rate_down_to_ul.value
        lowest = run.reservoir.deliver_at(lowest_ul, AT_A_LEVEL_S, "at the lowest level")
        run.judge("at the lowest level", lowest.volume)
        run.reservoir.run_dry("empty alarm in time", left="left when empty")
        run.reservoir.fill(full_ul, declared="shown after the refill")
        run.resume()
        run.settle()
        run.judge("after the refill", run.deliver(HOUR_S, "after the refill").volume)


@judges("RES-001", "alarm in time", low_reservoir_latency)
@judges("RES-007", "within the accuracy", accuracy)
@only_with("refill")
@only_with("low_reservoir_alarm")
@pytest.mark.parametrize("end", ["least", "greatest"])
def test_the_low_reservoir_alarm_comes_where_it_is_set_at_both_ends_of_its_range(
    infusion: InfusionFactory, profile: Profile, end: str
) -> None:
    """The low-reservoir alarm is set to the least and to the greatest volume that the profile names.

    Purpose: find the pump that takes a setting of its alarm and keeps to another one.

    Method: greatest rate, with the alarm set. Stop; fill the reservoir a little over the volume of the alarm, start and
    weigh a quarter of an hour; wait for the alarm. Fill the reservoir.

    Acceptance: the alarm in time; delivery within the accuracy.
    """
    alarm_ul = profile.refilling.low_alarms_ul(profile.reservoir_ul.value)[end]
    therapy = Continuous(profile.rates.greatest_ul_per_h.value)
    with infusion(therapy, shortest_window_s=AT_A_LEVEL_S, low_reservoir_alarm_ul=alarm_ul) as run:
        run.reservoir.refilling.require_port()
        run.stop()
        run.reservoir.fill(alarm_ul + NEAR_UL)
        run.start()
        run.settle()
        run.judge("within the accuracy", run.reservoir.deliver_now(AT_A_LEVEL_S, "over the alarm").volume)
        run.reservoir.run_down_to_alarm("alarm in time")
        run.stop()
        run.reservoir.fill(profile.reservoir_ul.value)


@judges("RES-007", "basal rate", accuracy)
@judges("RES-001", "low-reservoir alarm in time", low_reservoir_latency)
@judges_requests("RES-005", "at a low reservoir", bolus_given)
@judges("RES-004", "empty alarm in time", empty_latency)
@judges("RES-004", "left when empty", left_when_empty)
@judges_requests("RES-005", "at an empty reservoir", bolus_refused)
@judges("RES-007", "shown after the refill", shown_as_told)
@judges("RES-007", "after the refill", accuracy)
@only_with("refill")
@only_with("patient_bolus")
@only_with("low_reservoir_alarm")
@only_with("reservoir_empty_alarm")
def test_a_bolus_is_given_at_a_low_reservoir_and_refused_at_one_that_is_empty_unknown_to_the_pump(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A patient asks at a low reservoir and at an empty one, which holds far less than the pump believes.

    Purpose: find the pump that takes a bolus with nothing to give, or gives it after the refill, and the one that looks
    at its computed volume alone and so runs dry in silence.

    Method: intermediate rate. Stop; fill the reservoir a little under the volume of its alarm, and start. Wait for the
    low-reservoir alarm; weigh the basal rate, ask for a bolus and weigh it. Take nearly all out by needle and tell the
    pump nothing. Wait until the balance shows no flow; ask for a bolus and weigh that nothing comes. Fill the
    reservoir, start, and weigh an hour.

    Acceptance: the bolus at the low reservoir given; the empty alarm in time although the computed volume is far from
    zero; the bolus at the empty one refused and logged with that reason; after the refill the delivery within the
    accuracy, so without that bolus.
    """
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    therapy = profile.with_patient_bolus(basal_therapy)
    with infusion(therapy, shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.reservoir.refilling.require_port()
        run.stop()
        run.reservoir.fill(profile.low_reservoir_alarm_ul.value - UNDER_UL)
        run.start()
        run.reservoir.run_down_to_alarm("low-reservoir alarm in time")
        run.settle()
        basal = run.reservoir.deliver_now(HOUR_S, "basal at a low reservoir")
        run.judge("basal rate", basal.volume)
        run.patient_boluses.request("at a low reservoir", CommandResult.ACCEPTED, basal, "bolus at a low reservoir")
        run.reservoir.leave_only(LEFT_UL)
        run.reservoir.run_dry("empty alarm in time", left="left when empty")
        empty = "bolus asked for at an empty reservoir"
        run.patient_boluses.request("at an empty reservoir", CommandResult.RESERVOIR_EMPTY, None, empty)
        run.reservoir.fill(profile.reservoir_ul.value, declared="shown after the refill")
        run.resume()
        run.settle()
        run.judge("after the refill", run.deliver(HOUR_S, "after the refill").volume)


@judges("RES-004", "alarm in time", empty_latency)
@judges("RES-004", "left when empty", left_when_empty)
@judges("RES-011", "acknowledge refused", told_as_promised, times=TWICE)
@judges("RES-011", "start refused", told_as_promised, times=TWICE)
@judges("RES-011", "nothing while it is empty", no_flow)
@judges("RES-011", "stands until it is filled", told_as_promised)
@judges("RES-007", "after the refill", accuracy)
@only_with("refill")
@only_with("reservoir_empty_alarm")
@only_with("reservoir_empty_alarm_held")
def test_an_empty_reservoir_is_neither_acknowledged_nor_started_before_it_is_filled(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """An empty reservoir is acknowledged and started, at once and hours later, and then filled.

    Purpose: find the pump that lets somebody take its alarm away and leaves the patient without drug, and the one that
    starts with nothing to give.

    Method: intermediate rate. Fill hardly anything, tell the pump that it is full, and wait until nothing flows. Ask it
    to acknowledge its alarm, and to start; weigh; ask again, and look whether the alarm stands. Fill the reservoir,
    acknowledge, start, and weigh.

    Acceptance: the alarm in time; each acknowledge and each start refused; no flow; the alarm stands until the
    reservoir is filled; then delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.settle()
        empty = reservoir_empty(run, profile)
        run.heard.judge_acknowledge_refused("acknowledge refused", empty)
        run.heard.judge_start_refused("start refused")
        run.judge("nothing while it is empty", run.no_flow(run.duration_that_resolves_s(HOUR_S, stopped=True)))
        run.heard.judge_acknowledge_refused("acknowledge refused", empty)
        run.heard.judge_start_refused("start refused")
        run.heard.judge_stands("stands until it is filled", empty, stands=True)
        run.reservoir.fill(profile.reservoir_ul.value)
        run.resume()
        run.settle()
        run.judge("after the refill", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the refill").volume)


@judges("RES-001", "alarm in the first filling", low_reservoir_latency)
@judges("RES-012", "not again in this filling", no_alarm_of_it)
@judges("RES-007", "at the low reservoir", accuracy)
@judges("RES-012", "alarm in the next filling", low_reservoir_latency)
@only_with("refill")
@only_with("low_reservoir_alarm")
@only_with("low_reservoir_alarm_once")
def test_a_low_reservoir_is_told_once_in_a_filling_and_again_in_the_next(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A reservoir is run down to its alarm, which is acknowledged; it is used for hours more, and filled as low again.

    Purpose: find the pump that tells of the same filling again and again, until nobody listens, and the one that tells
    of one filling and not of the next.

    Method: some times the intermediate rate. Fill a little less than the volume of the low-reservoir alarm, wait for it
    and acknowledge it. Interrogate the pump, weigh four hours, and look how many alarms were logged since. Stop, fill
    as much again, start, and wait for the alarm.

    Acceptance: the alarm in time in both fillings, and none between; delivery within the accuracy.
    """
    with infusion(Continuous(faster_ul_per_h(profile)), shortest_window_s=HOUR_S) as run:
        run.settle()
        reservoir_low(run, profile, "alarm in the first filling")
        run.resume()
        run.reservoir.interrogate_at(profile.low_reservoir_alarm_ul.value - UNDER_UL)
        run.judge("at the low reservoir", run.reservoir.deliver_now(LOW_FOR_S, "at a low reservoir").volume)
        run.reservoir.judge_quiet("not again in this filling")
        reservoir_low(run, profile, "alarm in the next filling")
        run.stop()
        run.reservoir.fill(profile.reservoir_ul.value)


@judges("RES-013", "what went in", no_more_than_it_holds)
@judges("RES-013", "after the overfilling", accuracy, times=OVERFILLED_HOURS)
@only_with("refill")
@only_with("overfill")
@depends_on("reservoir_ul")
def test_a_reservoir_takes_no_more_than_it_holds_and_the_pump_gives_what_is_programmed_then(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """Somebody tries to put in a fifth more than the reservoir holds; the pump is started.

    Purpose: find the reservoir that takes more than it holds, and the pump that gives too much once it was strained so.

    Method: high rate. Stop; empty the reservoir, try to put in a fifth more than it holds, and tell the pump that it is
    full; start. Weigh hour by hour.

    Acceptance: no more goes in than the profile allows; each hour within the accuracy, with no alarm.
    """
    with infusion(Continuous(profile.rates.tested("high")), shortest_window_s=HOUR_S) as run:
        run.reservoir.refilling.require_port()
        run.stop()
        run.reservoir.overfill("what went in", OVERFILLED_BY_PERCENT)
        run.start()
        run.settle()
        for number in range(1, OVERFILLED_HOURS + 1):
            run.judge("after the overfilling", run.deliver(HOUR_S, f"hour {number} after it").volume)


@judges("RES-007", "shown after each filling", shown_as_told, times=3)
@judges("RES-008", "withdrawn as computed", withdrawn_as_computed)
@judges("RES-007", "delivery", accuracy)
@judges("RES-009", "more than it holds", refused_as_promised)
@judges("RES-009", "nothing", refused_as_promised)
@judges("RES-001", "alarm by what was entered", low_reservoir_latency)
@only_with("refill")
@only_with("low_reservoir_alarm")
def test_what_a_needle_takes_out_is_what_the_pump_computes_and_a_refill_is_what_it_is_told(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A reservoir is filled, partly used, emptied by needle, and filled again with a right and a wrong entry.

    Purpose: find the pump whose computed volume is not what a syringe finds, the one that adds a refill to what it
    computed before, the one that keeps what it computed, and the one that takes an impossible entry.

    Method: greatest rate. Stop; fill the whole volume, start, and weigh until a fifth is used. Stop; empty by needle.
    Fill half of the volume, and enter far more than went in. Enter more than the reservoir holds, and nothing. Fill a
    little less than the volume of the alarm and enter a little more than it; start, and wait for the alarm. Fill the
    reservoir.

    Acceptance: withdrawn as computed, within the accuracy of what was programmed; after each filling the volume that
    was told; impossible entries refused, without a change; the alarm by what was entered.
    """
    full_ul, alarm_ul = profile.reservoir_ul.value, profile.low_reservoir_alarm_ul.value
    rate_ul_per_h = profile.rates.greatest_ul_per_h.value
    with infusion(Continuous(rate_ul_per_h), interval_s=LONG_INTERVAL_S, shortest_window_s=HOUR_S) as run:
        run.reservoir.refilling.require_port()
        run.stop()
        run.reservoir.fill(full_ul, declared="shown after each filling")
        run.start()
        run.settle()
        run.judge("delivery", run.deliver(USED * full_ul / rate_ul_per_h * HOUR_S, "a part of the filling").volume)
        run.stop()
        run.reservoir.empty_by_needle("withdrawn as computed")
        wrong_ul = full_ul / 2 + WRONG_BY_UL
        run.reservoir.fill(full_ul / 2, told_ul=wrong_ul, declared="shown after each filling")
        run.reservoir.refuse_a_volume("more than it holds", full_ul + WRONG_BY_UL)
        run.reservoir.refuse_a_volume("nothing", 0.0)
        entered_ul = alarm_ul + NEAR_UL
        run.reservoir.fill(entered_ul - WRONG_BY_UL / 2, told_ul=entered_ul, declared="shown after each filling")
        run.start()
        run.reservoir.run_down_to_alarm("alarm by what was entered")
        run.stop()
        run.reservoir.fill(full_ul)


@judges("RES-007", "shown after a filling", shown_as_told, times=2)
@judges("RES-010", "refill date", refill_date_as_computed, times=5)
@judges("RES-007", "delivery", accuracy)
@judges_requests("SCH-003", "bolus before the date", None)
@only_with("refill_date")
@only_with("flex")
@only_with("patient_bolus")
def test_the_refill_date_follows_program_bolus_and_refill(infusion: InfusionFactory, profile: Profile) -> None:
    """The date of the next refill is asked for after a filling, an hour, a bolus, a change of program and a refill.

    Purpose: find the pump that tells a patient to come when the reservoir is long dry, because it reckons with an old
    program, with a full reservoir, or without the boluses that it allows.

    Method: fill the reservoir with its whole volume. Intermediate rate with patient boluses; ask the pump for its
    refill date. Weigh an hour, and ask for the date again; ask for a bolus, and an hour later for the date. Stop the
    pump, load a day schedule without boluses, start, and ask again. Stop it, fill half of the reservoir, start, and ask
    again.

    Acceptance: each time the date that follows from the program in force and from what the pump was told of its
    reservoir, within the tolerance.
    """
    full_ul, rate_ul_per_h = profile.reservoir_ul.value, profile.rates.tested("intermediate")
    therapy = profile.with_patient_bolus(Continuous(rate_ul_per_h))
    schedule = Flex((Step(6 * 60, 2 * rate_ul_per_h), Step(20 * 60, 3 * rate_ul_per_h)))
    with infusion(therapy, shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.reservoir.refilling.require_port()
        run.stop()
        run.reservoir.fill(full_ul, declared="shown after a filling")
        run.start()
        run.settle()
        run.reservoir.judge_refill_date("refill date", "after the filling")
        run.judge("delivery", run.deliver(HOUR_S, "hour before the bolus").volume)
        run.reservoir.judge_refill_date("refill date", "after an hour")
        run.patient_boluses.ask("bolus before the date", CommandResult.ACCEPTED, "bolus before the date")
        run.wait(HOUR_S)
        run.reservoir.judge_refill_date("refill date", "after a bolus")
        run.stop()
        run.change_program(schedule)
        run.start()
        run.reservoir.judge_refill_date("refill date", "after a change of program")
        run.stop()
        run.reservoir.fill(full_ul / 2, declared="shown after a filling")
        run.start()
        run.reservoir.judge_refill_date("refill date", "after a refill")
