# SPDX-License-Identifier: Apache-2.0
"""Patient bolus: what the patient may ask for, and what the pump must not give."""

from bench.account import HOURS_AFTER
from bench.infusion.button_press import AskedBy
from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm, CommandResult
from test_plans.criteria import (
    accuracy,
    bolus_given,
    bolus_refused,
    boluses_per_day,
    filling_bolus_given,
    filling_bolus_refused,
    later_boluses_per_day,
    occlusion_latency,
)
from test_plans.markers import HOUR_S, MINUTE_S, judges, only_with
from test_plans.patient_requests import judges_requests

EDGE_S = 1.0
"""So near to the end of the lockout, and of the 24 hours, the patient asks."""
BASAL_SHARE = 0.4
"""Of the greatest rate, beside a bolus at the greatest rate: three fifths are left for that."""
BEFORE_THE_KINK = 0.2
"""Share of its time for which a bolus comes before the catheter is kinked."""
LONG_INTERVAL_S = 60.0
"""Between samples of a test that takes more than a day."""
GIVEN_AFTER_A_REFUSAL = {"answer": ("SCH-003", "PTB-009"), "log": "SCH-003", "volume": "SCH-003"}
REFUSED_TO_THE_LAST_SECOND = {"answer": ("SCH-004", "PTB-001"), "log": "SCH-004", "volume": "SCH-004"}
GIVEN_AT_THE_END = {"answer": ("SCH-003", "PTB-001"), "log": "SCH-003", "volume": "SCH-003"}
ONE_PRESS_ONE_BOLUS = {"answer": "PTB-006", "log": "PTB-006", "volume": "SCH-003"}
ONE_PRESS_REFUSED = {"answer": "PTB-006", "log": "PTB-006", "volume": "SCH-004"}


@judges("DEL-002", "basal rate", accuracy)
@judges_requests("SCH-003", "given", bolus_given)
@judges_requests(REFUSED_TO_THE_LAST_SECOND, "in the lockout", bolus_refused)
@judges_requests(GIVEN_AT_THE_END, "at its end", bolus_given, times=later_boluses_per_day)
@judges_requests("SCH-004", "over the maximum", bolus_refused)
@only_with("patient_bolus")
def test_a_bolus_is_given_refused_to_the_last_second_of_the_lockout_and_given_at_its_end(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A patient asks for boluses: the first is given, one inside the lockout is not, the next at its end is.

    Purpose: show that a bolus gives its volume, that the lockout holds to its last second and no longer, and that a
    refusal gives nothing.

    Method: basal infusion with the profile's example bolus allowed. Weigh the basal rate, ask for a bolus, weigh it.
    Ask again a second before the lockout ends and weigh that nothing was added. Ask a second after the end of each
    lockout until the daily maximum is reached, and once more. Then let three hours pass.

    Acceptance: answers and log lines as programmed; each bolus within its accuracy, in its time and at its rate; the
    refused ones within the basal schedule; nothing on top of that in the hours after any of them.
    """
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(profile.with_patient_bolus(basal_therapy), shortest_window_s=HOUR_S) as run:
        run.settle()
        basal = run.deliver(HOUR_S, "basal before the boluses")
        run.judge("basal rate", basal.volume)
        run.patient_boluses.request("given", CommandResult.ACCEPTED, basal, "bolus 1")
        early = "bolus asked for a second before the lockout ends"
        run.patient_boluses.request(
            "in the lockout", CommandResult.LOCKOUT, basal, early, run.patient_boluses.lockout_ends_s() - EDGE_S
        )
        for number in range(2, boluses_per_day(profile) + 1):
            ends_s = run.patient_boluses.lockout_ends_s()
            run.patient_boluses.request("at its end", CommandResult.ACCEPTED, basal, f"bolus {number}", ends_s + EDGE_S)
        run.patient_boluses.wait_for_lockout_end(MINUTE_S)
        over = "bolus asked for over the daily maximum"
        run.patient_boluses.request("over the maximum", CommandResult.DAILY_MAXIMUM, basal, over)
        run.wait(HOURS_AFTER * HOUR_S)


@judges("DEL-002", "basal rate", accuracy)
@judges_requests(GIVEN_AFTER_A_REFUSAL, "given", bolus_given, times=boluses_per_day)
@judges_requests("PTB-009", "in the first lockout", None)
@judges_requests("PTB-002", "after midnight", bolus_refused)
@judges_requests("PTB-002", "before the day is over", bolus_refused)
@judges_requests("PTB-002", "when the day is over", bolus_given)
@only_with("patient_bolus")
def test_the_maximum_of_a_day_is_of_any_24_hours_and_not_of_the_calendar(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """The maximum of a day is reached in the evening: midnight gives nothing back, the end of 24 hours does.

    Purpose: find the pump that counts boluses by the calendar, and so gives up to twice the maximum around midnight;
    the one that gives a bolus twice, or half of it, over midnight; and the one that counts what it refused.

    Method: wait until a day's boluses can begin before midnight of the pump's clock. Ask for all of them, a lockout
    apart, and once more in the lockout of the first; the last one runs over midnight. Ask again after midnight when the
    last lockout is over, a second before 24 hours have passed since the first bolus, and a second after that.

    Acceptance: all of the evening given; nothing after midnight and nothing to the last second of the 24 hours; then
    one more is given.
    """
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(
        profile.with_patient_bolus(basal_therapy), interval_s=LONG_INTERVAL_S, shortest_window_s=HOUR_S
    ) as run:
        run.settle()
        basal = run.deliver(HOUR_S, "basal before the boluses")
        run.judge("basal rate", basal.volume)
        run.patient_boluses.wait_for_the_last_before_midnight()
        run.patient_boluses.request("given", CommandResult.ACCEPTED, basal, "bolus 1")
        run.patient_boluses.ask("in the first lockout", CommandResult.LOCKOUT, "bolus asked for in the first lockout")
        for number in range(2, boluses_per_day(profile) + 1):
            ends_s = run.patient_boluses.lockout_ends_s()
            run.patient_boluses.request("given", CommandResult.ACCEPTED, basal, f"bolus {number}", ends_s + EDGE_S)
        over, ends_s = CommandResult.DAILY_MAXIMUM, run.patient_boluses.lockout_ends_s()
        day_ends_s = run.patient_boluses.day_ends_s()
        run.patient_boluses.request("after midnight", over, basal, "bolus asked for after midnight", ends_s + EDGE_S)
        last = "bolus asked for a second before 24 hours have passed"
        run.patient_boluses.request("before the day is over", over, basal, last, day_ends_s - EDGE_S)
        next_s = day_ends_s + EDGE_S
        run.patient_boluses.request(
            "when the day is over", CommandResult.ACCEPTED, basal, "bolus of the next day", next_s
        )
        run.wait(HOURS_AFTER * HOUR_S)


@judges("DEL-002", "basal rate", accuracy)
@judges_requests("SCH-003", "given", bolus_given)
@judges_requests("PTB-003", "while it stands", bolus_refused)
@judges("PTB-003", "after the start", accuracy)
@judges_requests("PTB-007", "after a stop and a start", bolus_refused)
@only_with("patient_bolus")
def test_a_stopped_pump_refuses_a_bolus_and_forgets_none(infusion: InfusionFactory, profile: Profile) -> None:
    """A bolus is asked for while the pump is stopped: nothing comes, then or later, and the lockout still holds.

    Purpose: find the pump that gives at the next start what it was asked for while it stood, and the one whose lockout
    a stop and a start would end.

    Method: intermediate rate; weigh the basal rate and one bolus. Stop the pump, ask for a bolus, weigh that nothing
    comes. Start it and weigh an hour. Ask once more, still inside the lockout of the first bolus.

    Acceptance: refused and logged as stopped, no flow; the hour after the start within the accuracy; then refused for
    the lockout.
    """
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(profile.with_patient_bolus(basal_therapy), shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.settle()
        basal = run.deliver(HOUR_S, "basal before the boluses")
        run.judge("basal rate", basal.volume)
        run.patient_boluses.request("given", CommandResult.ACCEPTED, basal, "bolus before the stop")
        run.stop()
        stopped = "bolus asked for while the pump stands"
        run.patient_boluses.request("while it stands", CommandResult.WRONG_STATE, None, stopped)
        run.start()
        run.judge("after the start", run.deliver(HOUR_S, "after the start").volume)
        again = "bolus asked for after a stop and a start"
        run.patient_boluses.request("after a stop and a start", CommandResult.LOCKOUT, basal, again)


@judges("PTB-004", "basal rate", accuracy)
@judges_requests("PTB-004", "asked at first", None)
@judges("PTB-004", "at the greatest rate", accuracy)
@judges_requests("PTB-004", "slowed down", filling_bolus_given)
@only_with("slowed_bolus")
def test_a_bolus_near_the_greatest_rate_comes_slower_and_whole(infusion: InfusionFactory, profile: Profile) -> None:
    """A bolus that would bring the pump over its greatest rate takes longer, and all of it comes.

    Purpose: find the pump that goes over its greatest rate when the patient asks, and the one that then gives too
    little.

    Method: two fifths of the greatest rate as basal rate, and a bolus programmed at the greatest rate, so that it takes
    five thirds of its time. Weigh the basal rate. Ask for a bolus, and weigh what comes in the time that it was
    programmed to take. After the lockout ask again, and weigh all of the bolus. Let three hours pass.

    Acceptance: accepted and logged; at first the volume of the greatest rate, within the accuracy; then the volume of
    one bolus on top of the basal rate, in its longer time; the rate that the pump tells never over the greatest.
    """
    basal_therapy = Continuous(BASAL_SHARE * profile.rates.greatest_ul_per_h.value)
    with infusion(profile.with_filling_bolus(basal_therapy), shortest_window_s=HOUR_S, patient_boluses=2) as run:
        run.settle()
        basal = run.deliver(HOUR_S, "basal before the bolus")
        run.judge("basal rate", basal.volume)
        run.patient_boluses.ask("asked at first", CommandResult.ACCEPTED, "bolus asked for at first")
        first = run.deliver(profile.patient_bolus.duration_s.value, "in the programmed time of the bolus")
        run.judge("at the greatest rate", first.volume)
        run.patient_boluses.wait_for_lockout_end(MINUTE_S)
        run.patient_boluses.request("slowed down", CommandResult.ACCEPTED, basal, "bolus near the greatest rate")
        run.wait(HOURS_AFTER * HOUR_S)


@judges("DEL-002", "basal rate", accuracy)
@judges_requests("SCH-003", "before the kink", None)
@judges("CAT-001", "alarm in time", occlusion_latency)
@judges_requests("PTB-003", "while the alarm stands", filling_bolus_refused)
@judges("PTB-005", "after the alarm", accuracy)
@only_with("patient_bolus")
@only_with("ended_bolus")
@only_with("catheter_sensor")
def test_an_alarm_ends_a_bolus_and_its_rest_does_not_come(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A kink stops the pump in the middle of a bolus: the rest of it is gone.

    Purpose: find the pump that gives the rest of a bolus after the alarm, when nobody expects it any more, and the one
    that takes a request while the alarm stands.

    Method: intermediate rate; weigh the basal rate. Ask for a bolus at the greatest rate and kink the catheter in it
    until the alarm stops the pump. Release, let what was stored come out, ask again while the alarm stands and weigh
    that nothing comes. Acknowledge, start, and weigh an hour.

    Acceptance: the alarm in time; the second request refused and logged with the alarm as its reason; the hour after
    the start within the accuracy, so without the rest of the bolus.
    """
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(profile.with_filling_bolus(basal_therapy), shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.settle()
        basal = run.deliver(HOUR_S, "basal before the kink")
        run.judge("basal rate", basal.volume)
        run.patient_boluses.ask("before the kink", CommandResult.ACCEPTED, "bolus asked for before the kink")
        run.wait(BEFORE_THE_KINK * profile.patient_bolus.duration_s.value)
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
        standing = "bolus asked for while the alarm stands"
        run.patient_boluses.request("while the alarm stands", CommandResult.ALARM_STANDING, None, standing)
        run.resume()
        run.settle()
        run.judge("after the alarm", run.deliver(HOUR_S, "after the alarm").volume)


@judges("DEL-002", "basal rate", accuracy)
@judges_requests(ONE_PRESS_ONE_BOLUS, "pressed", bolus_given)
@judges_requests(ONE_PRESS_REFUSED, "pressed in the lockout", bolus_refused)
@only_with("patient_bolus")
@only_with("bolus_log")
def test_a_press_of_the_patients_button_is_one_request(infusion: InfusionFactory, profile: Profile) -> None:
    """The rig presses the patient's button: each press is one request, answered as one by command is.

    Purpose: find the controller whose key bounces, and the pump that takes a press otherwise than a command.

    Method: intermediate rate; weigh the basal rate. Press the button, which its own sensor confirms, and weigh the
    bolus. Press it again inside the lockout and weigh that nothing comes.

    Acceptance: one line in the log for each press, accepted and then refused for the lockout; the volume of one bolus,
    and of none.
    """
    basal_therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(profile.with_patient_bolus(basal_therapy), shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.patient_boluses.require_button()
        run.settle()
        basal = run.deliver(HOUR_S, "basal before the presses")
        run.judge("basal rate", basal.volume)
        run.patient_boluses.request("pressed", CommandResult.ACCEPTED, basal, "bolus by the button", by=AskedBy.BUTTON)
        again = "button pressed in the lockout"
        run.patient_boluses.request("pressed in the lockout", CommandResult.LOCKOUT, basal, again, by=AskedBy.BUTTON)
