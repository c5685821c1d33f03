# SPDX-License-Identifier: Apache-2.0
"""Interaction: what an event leaves behind in a function that it has nothing to do with."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from bench.account import HOURS_AFTER
from bench.infusion import Infusion
from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous, Flex
from fixtures.public import InfusionFactory
from instruments.program import Step
from instruments.pump import Alarm, Command, CommandResult
from test_plans.criteria import (
    accuracy,
    answered_as_promised,
    bolus_given,
    bolus_refused,
    disconnect_latency,
    kept_over_a_reset,
    low_reservoir_latency,
    no_flow,
    occlusion_latency,
    reset_latency,
    told_as_promised,
)
from test_plans.markers import HOUR_S, MINUTE_S, judges, only_with
from test_plans.patient_requests import judges_requests

DIP_S = 5.0
"""A supply that is gone for so short a time takes the system down."""
UNDER_UL = 100.0
"""So little under its alarm the reservoir is filled where the alarm is to come at once."""
FASTER = 1.2
"""So many times the rate, after a change of program."""
STEP_MINUTES, STEPS = 120, 12
BEFORE_A_STEP_S = 10 * MINUTE_S
"""So long before a step something begins that is over only after it."""

EDGE_S = 1.0
"""So near to the end of the lockout the patient asks."""

Event = Callable[[Infusion, Profile], None]


def basal(profile: Profile) -> Continuous:
    """Return what runs before an event."""
    return Continuous(profile.rates.tested("intermediate"))


def refilled(run: Infusion, profile: Profile) -> None:
    """Stop the pump, fill its reservoir, and start it."""
    run.reservoir.refilling.require_port()
    run.stop()
    run.reservoir.fill(profile.reservoir_ul.value)
    run.start()


def refilled_and_primed(run: Infusion, profile: Profile) -> None:
    """Stop the pump, fill its reservoir, prime its path where the profile says how, and start it."""
    run.reservoir.refilling.require_port()
    run.stop()
    run.reservoir.fill(profile.reservoir_ul.value)
    if profile.priming is not None:
        run.priming.give(run.priming.volume_ul(), "priming bolus after a refill")
    run.start()


def primed(run: Infusion, _profile: Profile) -> None:
    """Stop the pump, prime its path, and start it."""
    run.stop()
    run.priming.give(run.priming.volume_ul(), "priming bolus")
    run.start()


def reprogrammed(run: Infusion, profile: Profile) -> None:
    """Load a faster program while the pump infuses."""
    run.change_program(Continuous(FASTER * profile.rates.tested("intermediate")))


BEFORE_A_KINK: Mapping[str, Event] = {"refill": refilled_and_primed, "priming": primed, "program_change": reprogrammed}


def every_two_hours(profile: Profile) -> Flex:
    """Return a day schedule whose rate changes every two hours, up and down."""
    rate_ul_per_h = profile.rates.tested("intermediate")
    return Flex(tuple(Step(number * STEP_MINUTES, rate_ul_per_h * (1 + number % 3)) for number in range(STEPS)))


def tells_an_occlusion(run: Infusion, catheter: Catheter, declared: str) -> None:
    """Kink the catheter and wait for the alarm; release, let what was stored come out, acknowledge and start."""
    run.settle()
    with catheter.kinked() as kink:
        run.expect_alarm(declared, Alarm.OCCLUSION, kink)
    run.settle()
    run.resume()
    run.settle()


@judges("CAT-014", "alarm after it", occlusion_latency)
@judges("CAT-014", "hours after it", accuracy)
@only_with("catheter_sensor")
@pytest.mark.parametrize("event", [pytest.param(one, marks=only_with(one)) for one in BEFORE_A_KINK])
def test_an_occlusion_is_told_as_before_after_a_visit(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, event: str
) -> None:
    """A refill, a priming bolus or another program comes before a kink: the alarm comes all the same.

    Purpose: find the pump that a clinician's visit leaves without its occlusion alarm, and the one that gives another
    rate in the hours after it.

    Method: intermediate rate; refill the pump and prime it, prime it alone, or load a faster program. Kink the
    catheter, wait for the alarm, release, acknowledge, start. Weigh the hours after.

    Acceptance: the alarm within the limit; the hours after within the accuracy.
    """
    with infusion(basal(profile), shortest_window_s=HOUR_S) as run:
        run.settle()
        BEFORE_A_KINK[event](run, profile)
        tells_an_occlusion(run, catheter, "alarm after it")
        run.judge("hours after it", run.deliver((HOURS_AFTER + 1) * HOUR_S, "hours after it").volume)


@judges("DIS-001", "catheter off before it", disconnect_latency)
@judges(("PWR-002", "ALM-014"), "reset: alarm", reset_latency)
@judges("PWR-003", "reset: kept", kept_over_a_reset)
@judges("CAT-014", "alarm after it", occlusion_latency)
@judges("CAT-014", "hours after it", accuracy)
@only_with("catheter_sensor")
@only_with("power")
def test_an_occlusion_is_told_as_before_after_a_loss_of_power(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The supply goes while an alarm stands, and the pump is started again: it tells of the loss, and of a kink then.

    Purpose: find the pump that forgets its limits with its power, the one that stands in silence because another alarm
    stood before, and the one whose rate is another one hours later.

    Method: intermediate rate; take the catheter off, wait for its alarm, connect it, and leave the alarm standing. Take
    the supply away for a moment, wait for the alarm of the reset, acknowledge, start. Kink the catheter, wait for the
    alarm, release, acknowledge, start. Weigh the hours after.

    Acceptance: all three alarms within their limits; the hours after within the accuracy.
    """
    with infusion(basal(profile), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.disconnected() as off:
            run.expect_alarm("catheter off before it", Alarm.DISCONNECT, off)
        run.settle()
        run.power.interrupt(DIP_S, "reset")
        run.resume()
        tells_an_occlusion(run, catheter, "alarm after it")
        run.judge("hours after it", run.deliver((HOURS_AFTER + 1) * HOUR_S, "hours after it").volume)


@judges("SCH-001", "before the kinks", accuracy)
@judges("CAT-014", "alarm at body temperature", occlusion_latency)
@judges("CAT-014", "alarm in a day schedule", occlusion_latency)
@judges("RES-001", "low-reservoir alarm in time", low_reservoir_latency)
@judges("CAT-014", "alarm beside another", occlusion_latency)
@only_with("catheter_sensor")
@only_with("flex")
@only_with("refill")
@only_with("low_reservoir_alarm")
def test_an_occlusion_is_told_in_a_schedule_at_body_temperature_and_beside_another_alarm(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The catheter is kinked at body temperature, in a day schedule, and while a low-reservoir alarm stands.

    Purpose: find the pump that looks for an occlusion only where it is tested: on the table, at a constant rate, and
    while nothing else is wrong.

    Method: a day schedule; weigh in one of its steps. In a chamber at body temperature kink the catheter; release,
    acknowledge, start. Do the same in the room. Stop, fill a little less than the volume of the low-reservoir alarm,
    start, wait for that alarm and leave it standing; kink the catheter, release, acknowledge, start. Fill the
    reservoir.

    Acceptance: the step within the accuracy; each alarm within its limit.
    """
    with infusion(every_two_hours(profile), shortest_window_s=HOUR_S / 2) as run:
        run.reservoir.refilling.require_port()
        run.environment.require_chamber()
        run.settle()
        run.begin_in_a_step()
        run.judge("before the kinks", run.deliver(HOUR_S / 2, "before the kinks").volume)
        with run.environment.held(temperature_c=profile.environs.body_c.value):
            tells_an_occlusion(run, catheter, "alarm at body temperature")
        tells_an_occlusion(run, catheter, "alarm in a day schedule")
        run.stop()
        run.reservoir.fill(profile.low_reservoir_alarm_ul.value - UNDER_UL)
        run.start()
        run.reservoir.run_down_to_alarm("low-reservoir alarm in time")
        tells_an_occlusion(run, catheter, "alarm beside another")
        run.stop()
        run.reservoir.fill(profile.reservoir_ul.value)


@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("ALM-012", "occlusion told again", occlusion_latency)
@judges("CAT-004", "after the kink", accuracy)
@only_with("catheter_sensor")
def test_an_occlusion_alarm_that_is_acknowledged_too_early_comes_again(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """Somebody acknowledges the alarm and starts the pump while the catheter is still kinked.

    Purpose: find the pump that takes an acknowledged occlusion for one that is gone, and pumps against it in silence.

    Method: intermediate rate; kink the catheter and wait for the alarm. Acknowledge and start under the kink, and wait
    for the alarm again. Release, let what was stored come out, acknowledge, start, and weigh an hour.

    Acceptance: both alarms within the limit, the second one counted from the start; then delivery within the accuracy.
    """
    with infusion(basal(profile), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
            run.resume()
            run.expect_alarm("occlusion told again", Alarm.OCCLUSION, run.last(Command.START))
        run.settle()
        run.resume()
        run.settle()
        run.judge("after the kink", run.deliver(HOUR_S, "after the kink").volume)


@judges("DIS-001", "alarm in time", disconnect_latency)
@judges("ALM-012", "disconnection told again", disconnect_latency)
@judges("DIS-003", "catheter back on", accuracy)
@only_with("catheter_sensor")
def test_a_disconnect_alarm_that_is_acknowledged_too_early_comes_again(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """Somebody acknowledges the alarm while the catheter is still off.

    Purpose: find the pump that takes an acknowledged disconnection for one that is mended.

    Method: intermediate rate; take the catheter off and wait for the alarm. Acknowledge it with the catheter off, and
    wait for it again. Connect the catheter, acknowledge, and weigh an hour.

    Acceptance: both alarms within the limit, the second one counted from the acknowledge; then delivery within the
    accuracy.
    """
    with infusion(basal(profile), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.disconnected() as loss:
            run.expect_alarm("alarm in time", Alarm.DISCONNECT, loss)
            run.resume()
            run.expect_alarm("disconnection told again", Alarm.DISCONNECT, run.last(Command.ACKNOWLEDGE))
        run.resume()
        run.settle()
        run.judge("catheter back on", run.deliver(HOUR_S, "catheter back on").volume)


@judges("DEL-002", "basal rate", accuracy)
@judges_requests("SCH-003", "given", bolus_given)
@judges("PTB-008", "interrogated", answered_as_promised)
@judges_requests("PTB-008", "after an interrogation and another program", bolus_refused)
@judges_requests("PTB-008", "after a refill", bolus_refused)
@only_with("patient_bolus")
@only_with("program_change")
@only_with("refill")
def test_no_visit_ends_a_lockout(infusion: InfusionFactory, profile: Profile) -> None:
    """A bolus is followed by an interrogation, another program and a refill: its lockout holds all the same.

    Purpose: find the pump that forgets a bolus when a clinician does something, and so lets the patient have another.

    Method: intermediate rate, with boluses of half the volume and half the lockout; weigh the basal rate. Load a
    program with the whole ones, and weigh one bolus. Interrogate the pump and load its program again; ask for another
    bolus and weigh that none comes. Stop, fill the reservoir, start, and ask once more a second before the lockout
    ends.

    Acceptance: refused and logged for the lockout each time, and nothing comes of it.
    """
    therapy = profile.with_patient_bolus(basal(profile))
    lockout_s = max(therapy.ptm_lockout_s // 2, therapy.ptm_duration_s)
    half = replace(therapy, ptm_volume_ul=therapy.ptm_volume_ul / 2, ptm_lockout_s=lockout_s)
    with infusion(half, shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.reservoir.refilling.require_port()
        run.settle()
        before = run.deliver(HOUR_S, "basal before the bolus")
        run.judge("basal rate", before.volume)
        run.change_program(therapy)
        run.patient_boluses.request("given", CommandResult.ACCEPTED, before, "bolus before the visit")
        run.interrogate("interrogated", "interrogation in a lockout")
        run.change_program(therapy)
        again = "after an interrogation and another program"
        run.patient_boluses.request(again, CommandResult.LOCKOUT, before, f"bolus asked for {again}")
        refilled(run, profile)
        run.settle()
        late_s = run.patient_boluses.lockout_ends_s() - EDGE_S
        run.patient_boluses.request(
            "after a refill", CommandResult.LOCKOUT, before, "bolus asked for after a refill", late_s
        )


@judges("DEL-002", "basal rate", accuracy)
@judges_requests("SCH-003", "given", bolus_given)
@judges("CAT-001", "alarm in time", occlusion_latency)
@judges_requests("PTB-008", "after an alarm", bolus_refused)
@only_with("patient_bolus")
@only_with("catheter_sensor")
def test_no_alarm_ends_a_lockout(infusion: InfusionFactory, catheter: Catheter, profile: Profile) -> None:
    """A bolus is followed by a kink, and its alarm is acknowledged: the lockout holds all the same.

    Purpose: find the pump that forgets a bolus with an alarm.

    Method: intermediate rate; weigh the basal rate and one bolus. Kink the catheter, wait for the alarm, release,
    acknowledge, start. Ask for another bolus and weigh that none comes.

    Acceptance: the alarm in time; the request refused and logged for the lockout, and nothing comes of it.
    """
    with infusion(profile.with_patient_bolus(basal(profile)), shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.settle()
        before = run.deliver(HOUR_S, "basal before the bolus")
        run.judge("basal rate", before.volume)
        run.patient_boluses.request("given", CommandResult.ACCEPTED, before, "bolus before the alarm")
        tells_an_occlusion(run, catheter, "alarm in time")
        run.patient_boluses.request("after an alarm", CommandResult.LOCKOUT, before, "bolus asked for after an alarm")


@judges("SCH-010", "after a stop over a step", accuracy)
@judges_requests("SCH-010", "over a step", None)
@judges("PRG-011", "interrogated in the bolus", answered_as_promised)
@judges("SCH-010", "after a bolus over a step", accuracy)
@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("SCH-010", "after an alarm over a step", accuracy)
@only_with("flex")
@only_with("patient_bolus")
@only_with("catheter_sensor")
def test_a_schedule_goes_by_the_clock_whatever_lies_over_its_steps(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A stop, a bolus and an alarm each lie over the beginning of a step: the step is in force afterwards.

    Purpose: find the pump that takes a step only if it watches it begin, and the one that begins a day anew with each
    start.

    Method: a day schedule with a step every two hours. Stop the pump before a step, start it after that has begun, and
    weigh. Ask for a patient bolus before the next step, so that it runs over that, interrogate the pump in it, and
    weigh. Kink the catheter before
    the step after that, wait for the alarm, and let the pump stand until that has begun; acknowledge, start, weigh.

    Acceptance: the rate of the step that the clock is in each time; each volume within the accuracy.
    """
    therapy = profile.with_patient_bolus(every_two_hours(profile))
    with infusion(therapy, shortest_window_s=HOUR_S / 2, patient_boluses=1) as run:
        run.settle()
        run.begin_in_a_step()
        step_s = next_step_s(run)
        run.wait_until(step_s - BEFORE_A_STEP_S)
        run.stop()
        run.wait_until(step_s + BEFORE_A_STEP_S)
        run.start()
        run.settle()
        run.judge("after a stop over a step", run.deliver(HOUR_S / 2, "after a stop over a step").volume)
        step_s = next_step_s(run)
        run.wait_until(step_s - profile.patient_bolus.duration_s.value / 2)
        run.patient_boluses.ask("over a step", CommandResult.ACCEPTED, "bolus over a step")
        run.interrogate("interrogated in the bolus", "interrogation in a bolus")
        run.wait_until(step_s + BEFORE_A_STEP_S)
        run.settle()
        run.judge("after a bolus over a step", run.deliver(HOUR_S / 2, "after a bolus over a step").volume)
        step_s = next_step_s(run)
        run.wait_until(step_s - HOUR_S / 2)
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
        run.wait_until(step_s + BEFORE_A_STEP_S)
        run.resume()
        run.settle()
        run.judge("after an alarm over a step", run.deliver(HOUR_S / 2, "after an alarm over a step").volume)


@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("ALM-013", "stands over the loss", told_as_promised)
@judges("ALM-013", "no flow after the loss", no_flow)
@judges("CAT-004", "after the kink", accuracy)
@only_with("catheter_sensor")
@only_with("power")
def test_an_alarm_outlives_a_loss_of_power(infusion: InfusionFactory, catheter: Catheter, profile: Profile) -> None:
    """The supply goes for a moment while an alarm stands that stopped the pump: it stands on.

    Purpose: find the pump whose alarm is gone before anybody has seen it.

    Method: intermediate rate; kink the catheter, wait for the alarm, release, let what was stored come out. Take the
    supply away for a moment. Look at the alarm, and weigh that nothing comes. Acknowledge, start, and weigh an hour.

    Acceptance: the alarm within its limit; it stands after the loss; no flow; then delivery within the accuracy.
    """
    with infusion(basal(profile), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.kinked() as kink:
            found = run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
        run.settle()
        run.power.interrupt_while_it_stands(DIP_S)
        run.heard.judge_stands("stands over the loss", found, stands=True)
        run.judge("no flow after the loss", run.no_flow(run.duration_that_resolves_s(HOUR_S / 2, stopped=True)))
        run.resume()
        run.settle()
        run.judge("after the kink", run.deliver(HOUR_S, "after the kink").volume)


@judges("PWR-002", "reset: alarm", reset_latency)
@judges("PWR-003", "reset: kept", kept_over_a_reset)
@judges("SCH-010", "step after it", accuracy)
@only_with("flex")
@only_with("power")
def test_after_a_loss_of_power_the_next_step_comes_in_its_time(infusion: InfusionFactory, profile: Profile) -> None:
    """The supply goes for a moment in a day schedule, and the pump is started again: the next step comes in its time.

    Purpose: find the pump that keeps its clock over a loss of power, and runs its schedule by another.

    Method: a day schedule with a step every two hours. Take the supply away for a moment, wait for the alarm of the
    reset, acknowledge, start. Wait until the next step has begun, and weigh.

    Acceptance: the alarm in time, and nothing forgotten; the rate of the step that the clock is in; its volume within
    the accuracy.
    """
    with infusion(every_two_hours(profile), shortest_window_s=HOUR_S / 2) as run:
        run.settle()
        run.begin_in_a_step()
        run.power.interrupt(DIP_S, "reset")
        run.resume()
        run.wait_until(next_step_s(run) + BEFORE_A_STEP_S)
        run.settle()
        run.judge("step after it", run.deliver(HOUR_S / 2, "step after a loss of power").volume)


def next_step_s(run: Infusion) -> float:
    """Return when the next step begins, by the pump's clock."""
    now_s = run.device_clock_s()
    return run.rate_changes_s(now_s, now_s + 2 * STEP_MINUTES * MINUTE_S)[0]
