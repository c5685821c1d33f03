# SPDX-License-Identifier: Apache-2.0
"""Alarms: each as its profile has it, from the tone to the acknowledge."""

from bench.infusion import Infusion
from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm, Command
from test_plans.alarm_steps import each_alarm, is_heard_silenced_and_heard_again, stands_until_acknowledged
from test_plans.criteria import (
    accuracy,
    disconnect_latency,
    faster_ul_per_h,
    low_battery_latency,
    low_reservoir_latency,
    occlusion_latency,
    shown_as_low,
    stall_latency,
    told_as_promised,
)
from test_plans.inner_alarm_steps import (
    UNDER_UL,
    each_inner_alarm,
    inner_alarm_is_heard_silenced_and_heard_again,
    inner_alarm_stands_until_acknowledged,
)
from test_plans.markers import HOUR_S, MINUTE_S, judges, only_with

CHAIN = 4
"""Alarms that stand beside each other."""
OVER_H = 1.5
"""So long before its alarm the reservoir is filled: longer than the alarms of catheter and battery may take."""


@each_alarm(heard=False)
def test_an_alarm_stands_until_it_is_acknowledged_whatever_else_is_done(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, alarm: Alarm
) -> None:
    """The cause of an alarm comes and goes: an acknowledge alone takes the alarm away, whatever else is done.

    Purpose: find the alarm that goes with its cause, so that nobody learns of it; the one that a silence, an
    interrogation, a stop or another program takes away; and the one that stays.

    Method: intermediate rate. Bring the cause about and wait for the alarm. Interrogate the pump, silence the alarm,
    and look at state, rate, bits and log right before and after each. Take the cause away, let as much time pass as a
    rotor may bind, and look whether the alarm stands. Stop the pump; where the alarm had not stopped it, load a program
    as well; and look. Acknowledge, look again, start, and weigh.

    Acceptance: the alarm in time, and the pump then does what its profile says; interrogation and silence change
    nothing; the alarm stands when its cause has gone, after a stop and after another program, and is gone when it is
    acknowledged; then delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        stands_until_acknowledged(run, catheter, profile, alarm)


@each_alarm(heard=True)
def test_an_alarm_is_heard_silenced_and_heard_again(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, alarm: Alarm
) -> None:
    """The cause of an alarm comes: the alarm is heard, at once and again; silenced, it is quiet for its time.

    Purpose: find the alarm that nobody can hear, the one that a silence ends for good, the one that is heard when it
    was silenced, and the one that is silent because somebody asked for a silence before it came.

    Method: intermediate rate. Ask for a silence while no alarm stands. Bring the cause about, wait for the alarm, and
    listen while it is to come twice more, with an interrogation before. Silence it; listen for as long as the silence
    lasts and for two tones more. Take the cause away, acknowledge, start if it had stopped, and weigh.

    Acceptance: the first silence changes nothing; the first tone in time, the time from tone to tone and the level as
    promised; nothing in the silence; the tone again when it is over; in all of the infusion no tone without an alarm
    and no alarm without a tone. No public figure limits the level of an implant's tone: the limit is the profile's.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        is_heard_silenced_and_heard_again(run, catheter, profile, alarm)


@each_inner_alarm(heard=False)
def test_an_alarm_of_reservoir_or_system_stands_until_it_is_acknowledged_however_long_it_is_left(
    infusion: InfusionFactory, profile: Profile, alarm: Alarm
) -> None:
    """A reservoir is low, or empty, or the system fails, and nobody comes for hours: the alarm stands.

    Purpose: find the alarm that goes by itself, or with the refill that ends its cause, so that nobody learns of it;
    the one that a silence or an interrogation takes away; and the one that stays.

    Method: intermediate rate. Fill a little less than the volume of the low-reservoir alarm; or hardly anything, and
    run it dry; or take the supply away for a moment. Wait for the alarm. Interrogate the pump, silence the alarm, and
    look at state, rate, bits and log right before and after each. Leave it alone for six hours; fill a reservoir that
    is empty; look whether the alarm stands. Acknowledge, start if it had stopped, look again, and weigh.

    Acceptance: the alarm in time, and the pump then does what its profile says; interrogation and silence change
    nothing; the alarm stands hours later, after the refill as well, and is gone when it is acknowledged; then delivery
    within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        inner_alarm_stands_until_acknowledged(run, profile, alarm)


@each_inner_alarm(heard=True)
def test_an_alarm_of_reservoir_or_system_is_heard_silenced_and_heard_again(
    infusion: InfusionFactory, profile: Profile, alarm: Alarm
) -> None:
    """A reservoir is low, or empty, or the system fails: the alarm is heard, at once and again; silenced, it is quiet.

    Purpose: find the alarm of reservoir or system that nobody can hear, the one that a silence ends for good, and the
    one that is heard when it was silenced.

    Method: intermediate rate. Bring the alarm about as above, and listen while it is to come twice more, with an
    interrogation before. Silence it; listen for as long as the silence lasts and for two tones more. Fill a reservoir
    that is empty; acknowledge, start if it had stopped, and weigh.

    Acceptance: the first tone in time, the time from tone to tone and the level as promised; nothing in the silence;
    the tone again when it is over; in all of the infusion no tone without an alarm and no alarm without a tone; then
    delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        inner_alarm_is_heard_silenced_and_heard_again(run, profile, alarm)


@judges("DIS-001", "first alarm in time", disconnect_latency)
@judges("ALM-007", "first one silenced", told_as_promised)
@judges("STL-001", "second alarm in time", stall_latency)
@judges("ALM-008", "heard in the silence of the first", told_as_promised)
@judges("ALM-008", "both stand", told_as_promised, times=2)
@judges("DEL-002", "after the alarms", accuracy)
@only_with("catheter_sensor")
@only_with("stall")
@only_with("silence")
def test_an_alarm_that_comes_in_the_silence_of_another_is_heard_and_shown_beside_it(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The catheter is off and its alarm is silenced; then the rotor stalls: that alarm is heard, and both stand.

    Purpose: find the pump whose silence is of all alarms to come, and the one that shows, or logs, only one of two.

    Method: intermediate rate. Take the catheter off, wait for its alarm, and silence it. Hold a magnet to the pump,
    wait for the stall alarm in the silence of the first, and listen. Put everything back, acknowledge, start, and
    weigh.

    Acceptance: both alarms in time; the second heard at once; both bits set; then delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.heard.require()
        run.settle()
        with catheter.disconnected() as off:
            first = run.expect_alarm("first alarm in time", Alarm.DISCONNECT, off)
            with run.stalls.under_a_field() as field:
                run.heard.leaves_all("first one silenced", Command.SILENCE)
                second = run.expect_alarm("second alarm in time", Alarm.STALL, field)
                run.wait(MINUTE_S)
                run.heard.judge_heard_in_silence("heard in the silence of the first", second)
                for one in (first, second):
                    run.heard.judge_stands("both stand", one, stands=True)
        run.wait(profile.rotor_back_s)
        run.settle()
        run.resume()
        run.settle()
        run.judge("after the alarms", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the alarms").volume)


@judges("PWR-001", "shown as low", shown_as_low)
@judges("PWR-001", "lower alarm in time", low_battery_latency)
@judges("CAT-001", "higher alarm in time", occlusion_latency)
@judges("ALM-011", "the higher one is heard", told_as_promised)
@judges("ALM-011", "both stand", told_as_promised, times=2)
@judges("DEL-002", "after the alarms", accuracy)
@only_with("power")
@only_with("occlusion_alarm")
def test_of_two_alarms_the_higher_is_heard_and_both_are_shown(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The battery is low, and then the catheter is kinked: the critical tone is heard, and both alarms stand.

    Purpose: find the pump that goes on with the tone of an alarm that can wait, or that shows only one of two.

    Method: intermediate rate. Feed the pump as a low battery does, and wait for its alarm. Kink the catheter, wait for
    the occlusion alarm, and listen for the time of a tone and a half. Put everything back, acknowledge, start, and
    weigh.

    Acceptance: both alarms in time; from the occlusion alarm on nothing but the critical tone; both bits set; then
    delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.heard.require()
        run.settle()
        with run.power.battery_low("shown as low") as low:
            lower = run.expect_alarm("lower alarm in time", Alarm.LOW_BATTERY, low)
            with catheter.kinked() as kink:
                higher = run.expect_alarm("higher alarm in time", Alarm.OCCLUSION, kink)
                run.wait(3 / 2 * profile.tones["critical"].repeats_every_s.value)
                run.heard.judge_highest("the higher one is heard", higher)
                for one in (lower, higher):
                    run.heard.judge_stands("both stand", one, stands=True)
        run.settle()
        run.resume()
        run.settle()
        run.judge("after the alarms", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the alarms").volume)


@judges("DIS-001", "first: catheter off", disconnect_latency)
@judges("ALM-014", "second: battery low", low_battery_latency)
@judges("ALM-014", "third: reservoir low", low_reservoir_latency)
@judges("ALM-014", "fourth: rotor held", stall_latency)
@judges("ALM-014", "all stand", told_as_promised, times=CHAIN)
@judges("DEL-002", "after the alarms", accuracy)
@only_with("catheter_sensor")
@only_with("power")
@only_with("refill")
@only_with("low_reservoir_alarm")
@only_with("stall")
def test_alarms_of_battery_reservoir_and_rotor_come_beside_that_of_a_catheter_that_is_off(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The catheter comes off, the battery is low, the reservoir is nearly empty, the rotor is held: four alarms stand.

    Purpose: find the pump that looks for one alarm at a time, so that the first hides the next, and the one that takes
    an alarm away when another comes.

    Method: some times the intermediate rate. Fill a little more than the volume of the low-reservoir alarm. Take the
    catheter off, wait for its alarm and connect it; feed the pump as a low battery does and wait for that alarm; wait
    for that of the reservoir; hold a magnet to the pump and wait for the stall alarm. Nothing is acknowledged between
    them. Put everything back, acknowledge, start, fill, and weigh.

    Acceptance: each alarm within its limit; at the end all four stand; then delivery within the accuracy.
    """
    rate_ul_per_h = faster_ul_per_h(profile)
    with infusion(Continuous(rate_ul_per_h)) as run:
        run.reservoir.refilling.require_port()
        run.settle()
        run.stop()
        run.reservoir.fill(profile.low_reservoir_alarm_ul.value + OVER_H * rate_ul_per_h)
        run.start()
        run.settle()
        with catheter.disconnected() as off:
            found = [run.expect_alarm("first: catheter off", Alarm.DISCONNECT, off)]
        run.settle()
        with run.power.supplied_low() as low:
            found.append(run.expect_alarm("second: battery low", Alarm.LOW_BATTERY, low))
            found.append(run.reservoir.run_down_to_alarm("third: reservoir low"))
            with run.stalls.under_a_field() as field:
                found.append(run.expect_alarm("fourth: rotor held", Alarm.STALL, field))
                for one in found:
                    run.heard.judge_stands("all stand", one, stands=True)
        run.wait(profile.rotor_back_s)
        run.settle()
        _acknowledged_filled_and_weighed(run, profile)


@judges("RES-001", "first: reservoir low", low_reservoir_latency)
@judges("ALM-014", "second: battery low", low_battery_latency)
@judges("ALM-014", "third: catheter off", disconnect_latency)
@judges("ALM-014", "fourth: catheter kinked", occlusion_latency)
@judges("ALM-014", "all stand", told_as_promised, times=CHAIN)
@judges("DEL-002", "after the alarms", accuracy)
@only_with("catheter_sensor")
@only_with("power")
@only_with("refill")
@only_with("low_reservoir_alarm")
def test_alarms_of_the_catheter_come_beside_those_of_reservoir_and_battery(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The reservoir is nearly empty, the battery is low, the catheter comes off and is kinked: four alarms stand.

    Purpose: find the pump that is silent of its catheter while an alarm stands that can wait, and the one that takes an
    alarm away when another comes.

    Method: intermediate rate. Fill a little less than the volume of the low-reservoir alarm and wait for it; feed the
    pump as a low battery does and wait for that alarm; take the catheter off and wait for its alarm; connect it, let
    the flow settle, kink it and wait for the occlusion alarm. Nothing is acknowledged between them. Put everything
    back, acknowledge, start, fill, and weigh.

    Acceptance: each alarm within its limit; at the end all four stand; then delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.reservoir.refilling.require_port()
        run.settle()
        run.stop()
        run.reservoir.fill(profile.low_reservoir_alarm_ul.value - UNDER_UL)
        run.start()
        found = [run.reservoir.run_down_to_alarm("first: reservoir low")]
        with run.power.supplied_low() as low:
            found.append(run.expect_alarm("second: battery low", Alarm.LOW_BATTERY, low))
            with catheter.disconnected() as off:
                found.append(run.expect_alarm("third: catheter off", Alarm.DISCONNECT, off))
            run.settle()
            with catheter.kinked() as kink:
                found.append(run.expect_alarm("fourth: catheter kinked", Alarm.OCCLUSION, kink))
                for one in found:
                    run.heard.judge_stands("all stand", one, stands=True)
        run.settle()
        _acknowledged_filled_and_weighed(run, profile)


def _acknowledged_filled_and_weighed(run: Infusion, profile: Profile) -> None:
    run.resume()
    run.stop()
    run.reservoir.fill(profile.reservoir_ul.value)
    run.start()
    run.settle()
    run.judge("after the alarms", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the alarms").volume)
