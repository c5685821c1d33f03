# SPDX-License-Identifier: Apache-2.0
"""Disconnect: the catheter comes off the pump."""

from bench.alarms import AlarmObservation
from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm, CommandResult
from test_plans.criteria import (
    accuracy,
    answered_as_promised,
    at_the_faster_rate,
    counted_volume,
    disconnect_latency,
    faster_ul_per_h,
    missing_volume,
    no_later_off_than_the_first,
)
from test_plans.markers import HOUR_S, MINUTE_S, at_three_rates, judges, only_with

TIMES_OFF = 4


@judges("DIS-001", "alarm in time", disconnect_latency)
@judges("DIS-002", "catheter off", missing_volume)
@judges("DIS-003", "catheter back on", accuracy)
@judges("DIS-004", "counted while it is off", counted_volume)
@only_with("catheter_sensor")
@at_three_rates
def test_a_disconnected_catheter_raises_its_alarm_and_its_volume_is_missing(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, rate: str
) -> None:
    """A catheter that comes off raises the disconnect alarm; what is lost is found by the balance.

    Purpose: show that drug which goes elsewhere is noticed, by the pump and by the bench.

    Method: infuse, open the disconnect valve (confirmed by its own sensor), wait for the alarm. The pump goes on, so
    weigh with the catheter off, and read what it counts; connect it again, acknowledge, weigh again.

    Acceptance: alarm within its promised time; the pump does what the profile says, and counts what was programmed; the
    programmed volume is missing from the balance, and no more than that; delivery within the accuracy after the
    catheter is back.
    """
    rate_ul_per_h = profile.rates.tested(rate)
    with infusion(Continuous(rate_ul_per_h)) as run:
        run.settle()
        long_enough_s = run.duration_that_resolves_s(HOUR_S)
        with catheter.disconnected() as loss:
            run.expect_alarm("alarm in time", Alarm.DISCONNECT, loss)
            off = run.deliver(long_enough_s, "catheter off")
            run.judge("catheter off", off.missing)
            run.judge("counted while it is off", off.counted)
        run.resume()
        run.settle()
        run.judge("catheter back on", run.deliver(long_enough_s, "catheter back on").volume)


@judges("DIS-002", "catheter off", missing_volume)
@judges("DIS-002", "catheter back on", accuracy)
@only_with("no_catheter_sensor")
def test_the_balance_finds_what_a_disconnected_catheter_loses(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A pump without a catheter sensor loses its catheter: the balance finds the missing volume.

    Purpose: show that the bench sees what such a pump cannot.

    Method: intermediate rate; open the disconnect valve, weigh, close it, weigh again.

    Acceptance: more than the tolerance is missing, no more than was programmed, then nothing is; no alarm is counted.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.disconnected():
            run.settle()
            run.judge("catheter off", run.deliver(HOUR_S, "catheter off").missing)
        run.settle()
        run.judge("catheter back on", run.deliver(HOUR_S, "catheter back on").volume)


@judges("DIS-005", "asked before: answer", answered_as_promised)
@judges("DIS-005", "asked before: log", answered_as_promised)
@judges("DIS-005", "asked in the fault: answer", answered_as_promised)
@judges("DIS-005", "asked in the fault: log", answered_as_promised)
@judges("DIS-005", "alarm in the bolus", disconnect_latency)
@judges("DIS-005", "bolus and basal, missing", missing_volume)
@judges("DIS-005", "bolus and basal, counted", counted_volume)
@judges("DIS-003", "catheter back on", accuracy)
@only_with("catheter_sensor", "patient_bolus")
def test_a_catheter_that_comes_off_in_a_bolus_raises_its_alarm_and_the_bolus_is_missing(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A bolus runs into the pocket: the alarm comes, and nobody takes the bolus for given.

    Purpose: find the pump that watches the catheter only between boluses, when a patient asks for one because the drug
    does not arrive.

    Method: intermediate rate; ask for a bolus and let it run. When the next one may come, ask for it and take the
    catheter off in it, wait for the alarm. Weigh until the bolus is long over, and read what the pump counts. Connect
    the catheter again, acknowledge, weigh.

    Acceptance: each request accepted and logged; the alarm in its time; bolus and basal rate counted as programmed, and
    missing from the balance; delivery within the accuracy after the catheter is back.
    """
    therapy = profile.with_patient_bolus(Continuous(profile.rates.tested("intermediate")))
    with infusion(therapy, shortest_window_s=HOUR_S, patient_boluses=2) as run:
        run.settle()
        run.patient_boluses.ask("asked before", CommandResult.ACCEPTED, "bolus with the catheter on")
        run.patient_boluses.wait_for_lockout_end(MINUTE_S)
        run.patient_boluses.ask("asked in the fault", CommandResult.ACCEPTED, "bolus that is cut by the fault")
        with catheter.disconnected() as loss:
            run.expect_alarm("alarm in the bolus", Alarm.DISCONNECT, loss)
            off = run.deliver(HOUR_S, "bolus and basal rate into the pocket")
            run.judge("bolus and basal, missing", off.missing)
            run.judge("bolus and basal, counted", off.counted)
        run.resume()
        run.settle()
        run.judge("catheter back on", run.deliver(HOUR_S, "catheter back on").volume)


@judges("DIS-006", "torn, missing", missing_volume)
@judges("DIS-006", "torn, counted", counted_volume)
@judges("DIS-006", "mended", accuracy)
@at_three_rates
def test_the_balance_finds_what_a_catheter_torn_in_its_middle_loses(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, rate: str
) -> None:
    """A catheter that tears in its middle: nothing arrives, and the pump may not notice.

    Purpose: show that the bench finds the loss, for half of the catheter still holds the pressure that a pump would
    miss at its connector, and find the pump that counts something else meanwhile.

    Method: infuse, open the valve in the middle of the catheter (confirmed by its own sensor), weigh, and read what the
    pump counts. Close it, acknowledge what the pump may have raised, settle, weigh again.

    Acceptance: the programmed volume is missing from the balance, and no more than that; the pump counts what was
    programmed; a disconnect alarm may come, for none is promised; delivery within the accuracy afterwards.
    """
    with infusion(Continuous(profile.rates.tested(rate))) as run:
        run.settle()
        long_enough_s = run.duration_that_resolves_s(HOUR_S)
        with catheter.torn_in_the_middle() as tear:
            run.settle()
            torn = run.deliver(long_enough_s, "torn")
            run.judge("torn, missing", torn.missing)
            run.judge("torn, counted", torn.counted)
            run.allow_alarm(Alarm.DISCONNECT, tear)
        run.resume()
        run.settle()
        run.judge("mended", run.deliver(long_enough_s, "mended").volume)


@judges("DIS-007", "each alarm in time", disconnect_latency, times=TIMES_OFF)
@judges("DIS-007", "no later than the first", at_the_faster_rate(no_later_off_than_the_first), times=TIMES_OFF - 1)
@judges("DIS-003", "catheter back on", accuracy)
@only_with("catheter_sensor")
def test_each_of_several_disconnections_raises_its_alarm_as_soon_as_the_first(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The catheter comes off four times: the last alarm comes as the first did.

    Purpose: find the pump that takes longer to tell with each alarm, or tells only a few times.

    Method: some times the intermediate rate, at which strokes leave little open of a latency; four times in a row take
    the catheter off, wait for the alarm, connect it, let the flow settle, acknowledge. Weigh afterwards.

    Acceptance: each latency within the profile's limit, and none longer than the first by more than what strokes leave
    open; delivery within the accuracy afterwards.
    """
    alarms: list[AlarmObservation] = []
    with infusion(Continuous(faster_ul_per_h(profile))) as run:
        for _ in range(TIMES_OFF):
            run.settle()
            with catheter.disconnected() as off:
                alarms.append(run.expect_alarm("each alarm in time", Alarm.DISCONNECT, off))
            if len(alarms) > 1:
                run.judge("no later than the first", run.later_than(alarms[0], alarms[-1]))
            run.settle()
            run.resume()
        run.settle()
        run.judge("catheter back on", run.deliver(run.duration_that_resolves_s(), "catheter back on").volume)
