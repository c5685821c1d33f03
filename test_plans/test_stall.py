# SPDX-License-Identifier: Apache-2.0
"""Stall: a magnetic field, as that of an MRI scanner, holds the rotor and lets it go; and a part that fails."""

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm, Command
from test_plans.criteria import (
    accuracy,
    counts_no_more,
    kept_over_a_reset,
    no_flow,
    nothing_on_top,
    reset_latency,
    sensor_failure_latency,
    stall_latency,
    told_as_promised,
)
from test_plans.inner_alarm_steps import system_failed
from test_plans.markers import HOUR_S, MINUTE_S, judges, only_with

SHORT_S = 5 * MINUTE_S
"""A field that is gone before most pumps tell of it."""
FIELDS = 2


@judges("STL-001", "alarm in time", stall_latency)
@judges("STL-002", "counted while the rotor stands", counts_no_more)
@judges("STL-004", "no flow while stopped", no_flow)
@judges("STL-004", "nothing on top", nothing_on_top)
@judges("STL-005", "end of the stall logged", told_as_promised)
@judges("STL-003", "after the field", accuracy)
@only_with("stall")
def test_a_stalled_pump_says_so_stops_counts_nothing_and_recovers(infusion: InfusionFactory, profile: Profile) -> None:
    """A field holds the rotor: the alarm comes in time, and after the field the pump gives what is programmed.

    Purpose: find the pump that stands in silence, the one that counts what it does not give, and the one that does not
    turn again, or gives on top what it has missed.

    Method: high rate. Hold a magnet to the pump, which its own sensor confirms, and wait for the alarm; hold what the
    pump counted meanwhile against the balance. Take the magnet away, wait for as long as the rotor may bind, and weigh
    that nothing comes. Acknowledge, start, weigh the first hour; look up the stall in the log; weigh another.

    Acceptance: latency within the profile's limit, and the pump stops; nothing counted; nothing given while it is
    stopped; the first hour no more than programmed within the accuracy; the end of the stall in the log; then
    delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("high")), shortest_window_s=MINUTE_S) as run:
        run.settle()
        with run.stalls.under_a_field() as field:
            stall = run.expect_alarm("alarm in time", Alarm.STALL, field)
            run.judge("counted while the rotor stands", run.stalls.counted_while_held())
        run.wait(profile.rotor_back_s)
        run.judge("no flow while stopped", run.no_flow(run.duration_that_resolves_s(HOUR_S / 2, stopped=True)))
        run.resume()
        run.judge("nothing on top", run.stalls.on_top(run.deliver(HOUR_S, "first hour after the stall")))
        run.stalls.judge_recovery_logged("end of the stall logged", stall)
        run.settle()
        run.judge("after the field", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the stall").volume)


@judges("STL-004", "nothing on top of each", nothing_on_top, times=FIELDS)
@judges("STL-003", "after each field", accuracy, times=FIELDS)
@only_with("stall")
def test_a_short_field_is_outlived_and_nothing_is_caught_up(infusion: InfusionFactory, profile: Profile) -> None:
    """A field of some minutes: whether the pump tells of it or not, it goes on as programmed, and catches up nothing.

    Purpose: find the pump that gives in a burst what a short stall has kept back, and the one that never recovers.

    Method: high rate. Twice hold a magnet to the pump for five minutes and take it away. Weigh from then on for an
    hour; acknowledge and start if it had stopped with its alarm. When the rotor has to turn, weigh another hour.

    Acceptance: no more than programmed in the hour after the field; then delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("high")), shortest_window_s=MINUTE_S) as run:
        for number in range(1, FIELDS + 1):
            run.settle()
            with run.stalls.under_a_field() as field:
                run.wait(SHORT_S)
            run.resume_after(Alarm.STALL, field)
            after = run.deliver(max(HOUR_S, profile.rotor_back_s), f"after field {number}")
            run.judge("nothing on top of each", run.stalls.on_top(after))
            run.judge("after each field", run.deliver(HOUR_S, f"later after field {number}").volume)


@judges("STL-001", "alarm in the field", stall_latency)
@judges("STL-006", "alarm after a start in the field", stall_latency)
@judges("STL-005", "ends of both stalls logged", told_as_promised, times=2)
@judges("STL-003", "after the field", accuracy)
@only_with("stall")
def test_a_pump_that_is_started_in_a_field_raises_the_alarm_again(infusion: InfusionFactory, profile: Profile) -> None:
    """The alarm is acknowledged and the pump started while the field is still there: it stalls again, and says so.

    Purpose: find the pump whose stall alarm comes once, and the one that stands in silence when it is started with its
    rotor held.

    Method: high rate. Hold a magnet to the pump and wait for the alarm. Acknowledge and start under the field, and wait
    for the alarm again. Take the magnet away, wait for as long as the rotor may bind, acknowledge, start, and weigh.

    Acceptance: both latencies within the profile's limit; a line in the log for each, with its end; then delivery
    within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("high")), shortest_window_s=MINUTE_S) as run:
        run.settle()
        with run.stalls.under_a_field() as field:
            first = run.expect_alarm("alarm in the field", Alarm.STALL, field)
            run.resume()
            again = run.expect_alarm("alarm after a start in the field", Alarm.STALL, run.stalls.last_start())
        run.wait(profile.rotor_back_s)
        run.settle()
        run.resume()
        for stall in (first, again):
            run.stalls.judge_recovery_logged("ends of both stalls logged", stall)
        run.settle()
        run.judge("after the field", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the stalls").volume)


@judges("PWR-002", "failure: alarm", reset_latency)
@judges("PWR-003", "failure: kept", kept_over_a_reset)
@judges("MEM-001", "start refused", told_as_promised)
@judges("MEM-001", "no flow after it", no_flow)
@judges("DEL-003", "acknowledged and started", accuracy)
@only_with("power")
@only_with("memory_alarm")
def test_after_a_system_failure_nothing_is_given_until_it_is_acknowledged(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """The supply goes for a moment, so that the system fails: a start is refused while its alarm stands.

    Purpose: find the pump that infuses again after a failure of its system which nobody has seen.

    Method: high rate. Take the supply away for a moment and wait for the alarm. Ask the pump to start, and weigh that
    nothing comes. Acknowledge, start, and weigh.

    Acceptance: the alarm in time; the start refused, and no flow; then delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("high")), shortest_window_s=MINUTE_S) as run:
        run.settle()
        system_failed(run, profile)
        run.heard.judge_start_refused("start refused")
        run.settle()
        run.judge("no flow after it", run.no_flow(run.duration_that_resolves_s(HOUR_S / 2, stopped=True)))
        run.resume()
        run.settle()
        run.judge("acknowledged and started", run.deliver(HOUR_S, "after the failure").volume)


@judges("PWR-002", "first failure: alarm", reset_latency)
@judges("PWR-003", "first failure: kept", kept_over_a_reset)
@judges("DEL-003", "after the first", accuracy)
@judges("MEM-002", "second failure: alarm", reset_latency)
@judges("MEM-002", "second failure: kept", kept_over_a_reset)
@judges("MEM-002", "stands like the first", told_as_promised)
@judges("DEL-003", "after the second", accuracy)
@only_with("power")
@only_with("memory_alarm")
def test_each_failure_of_the_system_raises_an_alarm_of_its_own(infusion: InfusionFactory, profile: Profile) -> None:
    """The system fails, is acknowledged and started, and fails again: it says so both times.

    Purpose: find the pump that tells of the first failure and stands in silence after the next.

    Method: high rate. Take the supply away for a moment and wait for the alarm; acknowledge, start, and weigh. Do so
    again, and ask the pump to start before the second alarm is acknowledged.

    Acceptance: both alarms in time, each with a line in the log, and nothing forgotten; the start refused while the
    second stands; then delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("high")), shortest_window_s=MINUTE_S) as run:
        run.settle()
        system_failed(run, profile, "first failure")
        run.resume()
        run.settle()
        run.judge("after the first", run.deliver(HOUR_S, "after the first failure").volume)
        system_failed(run, profile, "second failure")
        run.heard.judge_start_refused("stands like the first")
        run.resume()
        run.settle()
        run.judge("after the second", run.deliver(HOUR_S, "after the second failure").volume)


@judges("MEM-003", "alarm in time", sensor_failure_latency)
@judges("MEM-004", "start refused", told_as_promised)
@judges("MEM-004", "no flow while it has failed", no_flow)
@judges("MEM-003", "alarm after a start", sensor_failure_latency)
@judges("MEM-004", "no flow until it is acknowledged", no_flow)
@judges("MEM-004", "with the sensor back", accuracy)
@only_with("sensor_failure")
def test_a_pump_whose_sensor_fails_stops_tells_of_it_and_gives_nothing_until_it_works_again(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """The line of the sensor by which the pump sees its rotor turn is opened: it stops, says so, and stands.

    Purpose: find the pump that infuses blindly when a sensor of its own has failed, the one that stands in silence, the
    one that tells of it once, and the one that goes on by itself.

    Method: high rate. Open the line of the sensor, which its continuity confirms, and wait for the alarm. Ask the pump
    to start, and weigh that nothing comes. Acknowledge and start it with the line still open, and wait for the alarm
    again. Close the line, and weigh that nothing comes; acknowledge, start, and weigh.

    Acceptance: both alarms within the profile's limit, each with a line in the log, and the pump stops; the start
    refused while the first stands, and no flow, nor when the sensor is back; then delivery within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("high")), shortest_window_s=MINUTE_S) as run:
        run.rotor_sensor.require()
        run.settle()
        with run.rotor_sensor.failed() as failure:
            run.expect_alarm("alarm in time", Alarm.MEMORY, failure)
            run.heard.judge_start_refused("start refused")
            run.settle()
            no_flow_s = run.duration_that_resolves_s(HOUR_S / 2, stopped=True)
            run.judge("no flow while it has failed", run.no_flow(no_flow_s))
            run.resume()
            run.expect_alarm("alarm after a start", Alarm.MEMORY, run.last(Command.START))
        run.settle()
        run.judge("no flow until it is acknowledged", run.no_flow(no_flow_s))
        run.resume()
        run.settle()
        run.judge("with the sensor back", run.deliver(HOUR_S, "after the failure of a sensor").volume)
