# SPDX-License-Identifier: Apache-2.0
"""Telemetry: what the pump makes of a bad link, and what its logs hold after many events."""

from functools import partial

from bench.infusion.bad_frames import OldFrame, UnprovenFrame, random_frames
from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm, Command, CommandResult
from instruments.session_code import ShownCode
from test_plans.alarm_steps import cause_of
from test_plans.criteria import (
    accuracy,
    alarms_over_the_log,
    answered_as_promised,
    bolus_given,
    no_flow,
    occlusion_latency,
    told_as_promised,
)
from test_plans.inner_alarm_steps import DIP_S
from test_plans.markers import HOUR_S, judges, only_with
from test_plans.patient_requests import judges_requests

EVENTS = 200
ALARMS_OF_SEVERAL_KINDS = 203
"""No whole number of rounds of the order in which the kinds come, or of a log of sixteen lines."""
FRAMES = 200
SEED = 1
NEEDLESS_TO_ONE_THAT_INFUSES = (Command.START, Command.ACKNOWLEDGE, Command.SILENCE)
NEEDLESS_TO_ONE_THAT_STANDS = (Command.STOP, Command.ACKNOWLEDGE, Command.SILENCE)
A_DAY_OF_COMMANDS = 20
"""So far back a command may have been that comes again."""


PRIMED_UL = 10.0


def unproven(*commands: Command) -> list[UnprovenFrame]:
    """Return commands as somebody gives them who has no right to: without a code, and with a wrong one."""
    return [UnprovenFrame(command, shown, PRIMED_UL) for command in commands for shown in ShownCode]


def replayed(*commands: Command) -> list[OldFrame]:
    """Return commands that come again: under the last number, the one before, and one of long ago."""
    return [OldFrame(command, behind) for command in commands for behind in (0, 1, A_DAY_OF_COMMANDS)]


@judges("TEL-001", "start", answered_as_promised)
@judges("TEL-001", "started once", accuracy)
@judges("TEL-001", "stop", answered_as_promised)
@judges("TEL-001", "stopped", no_flow)
def test_a_command_whose_answer_is_lost_is_carried_out_once(infusion: InfusionFactory, profile: Profile) -> None:
    """The link is lost between a command and its answer: the command counts, once, and the state tells it.

    Purpose: find the pump that carries out a command again when it cannot answer, or tells another state.

    Method: stop the pump. Give the start, and do not take its answer; weigh an hour. Give the stop in the same way, and
    weigh an hour of nothing.

    Acceptance: infusing after the start and stopped after the stop, by the pump's own state; the first hour within the
    accuracy, no flow in the second.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.stop()
        run.bad_link.lose_the_answer("start", Command.START)
        run.settle()
        run.judge("started once", run.deliver(HOUR_S, "after a start whose answer is lost").volume)
        run.bad_link.lose_the_answer("stop", Command.STOP)
        run.settle()
        run.judge("stopped", run.no_flow(HOUR_S))


@judges("TEL-002", "while it infuses", answered_as_promised)
@judges("TEL-002", "infused as before", accuracy)
@judges("TEL-002", "while it stands", answered_as_promised)
@judges("TEL-002", "stood as before", no_flow)
@judges("TEL-005", "by chance, while it infuses", answered_as_promised)
@judges("TEL-005", "infused on", accuracy)
@judges("TEL-005", "by chance, while it stands", answered_as_promised)
@judges("TEL-005", "stood on", no_flow)
def test_commands_that_come_again_or_by_chance_move_nothing(infusion: InfusionFactory, profile: Profile) -> None:
    """Frames under old numbers: commands that come again, in another order, and such as chance makes.

    Purpose: find the pump that takes a command twice, or an old one after a new one: a start after a stop, a bolus.

    Method: intermediate rate. Send start, stop, both kinds of bolus and an acknowledge again, under the last number,
    the one before and an old one; weigh an hour. Send two hundred commands as chance makes them, all under numbers that
    were used; weigh an hour. Stop the pump and do both once more.

    Acceptance: state, rate, alarms and logs as before each time; the hours within the accuracy, and no flow while the
    pump stands.
    """
    again = (Command.START, Command.STOP, Command.SINGLE_BOLUS, Command.PATIENT_BOLUS, Command.ACKNOWLEDGE)
    by_chance = random_frames(FRAMES, SEED)
    therapy = Continuous(profile.rates.tested("intermediate"))
    with infusion(therapy, shortest_window_s=HOUR_S) as run:
        run.settle()
        run.bad_link.send_old_frames("while it infuses", replayed(*again), "commands come again")
        run.judge("infused as before", run.deliver(HOUR_S, "after commands that came again").volume)
        run.bad_link.send_old_frames("by chance, while it infuses", by_chance, "frames come by chance")
        run.judge("infused on", run.deliver(HOUR_S, "after frames by chance").volume)
        run.stop()
        run.bad_link.send_old_frames("while it stands", replayed(*again), "commands come again to a pump that stands")
        run.judge("stood as before", run.no_flow(HOUR_S))
        run.bad_link.send_old_frames(
            "by chance, while it stands", by_chance, "frames come by chance to a pump that stands"
        )
        run.judge("stood on", run.no_flow(HOUR_S))


@judges("TEL-008", "while it infuses", told_as_promised, times=len(NEEDLESS_TO_ONE_THAT_INFUSES))
@judges("TEL-008", "infused as before", accuracy)
@judges("TEL-008", "while it stands", told_as_promised, times=len(NEEDLESS_TO_ONE_THAT_STANDS))
@judges("TEL-008", "infused as programmed", accuracy)
def test_a_command_that_has_nothing_to_do_moves_nothing(infusion: InfusionFactory, profile: Profile) -> None:
    """A start of a pump that infuses, a stop of one that stands, an acknowledge and a silence without an alarm.

    Purpose: find the pump that gives something, forgets something or stores something up when it is told what is
    already so.

    Method: intermediate rate. Tell the pump to start, to acknowledge and to be silent; weigh an hour. Stop it, tell it
    to stop, to acknowledge and to be silent; start it, and weigh an hour.

    Acceptance: state, rate, alarms and their log right after each as right before, whether it is refused or not; both
    hours within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        for command in NEEDLESS_TO_ONE_THAT_INFUSES:
            run.needless_commands.give("while it infuses", command)
        run.judge("infused as before", run.deliver(HOUR_S, "after commands that have nothing to do").volume)
        run.stop()
        for command in NEEDLESS_TO_ONE_THAT_STANDS:
            run.needless_commands.give("while it stands", command)
        run.start()
        run.settle()
        run.judge("infused as programmed", run.deliver(HOUR_S, "after a start that follows them").volume)


@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("TEL-003", "interrogated in the alarm", answered_as_promised)
@judges("TEL-003", "nothing in the alarm", no_flow)
@judges("TEL-003", "after the alarm", accuracy)
@only_with("catheter_sensor")
def test_an_interrogation_in_an_alarm_leaves_the_alarm_as_it_is(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The pump is interrogated while an alarm stands: the alarm stands on, and the pump stays stopped.

    Purpose: find the pump that takes an alarm back when it is looked at, or starts again.

    Method: intermediate rate; kink the catheter until the alarm stops the pump, release. Interrogate; weigh an hour of
    nothing. Acknowledge, start, and weigh an hour.

    Acceptance: alarm in time; state, rate, alarm and log the same before and after the interrogation; no flow; then
    within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
        run.wait(HOUR_S / 6)
        run.interrogate("interrogated in the alarm", "interrogation in an alarm")
        run.judge("nothing in the alarm", run.no_flow(HOUR_S))
        run.resume()
        run.settle()
        run.judge("after the alarm", run.deliver(HOUR_S, "after the alarm").volume)


@judges("TEL-004", "log", answered_as_promised)
@judges("DEL-002", "afterwards", accuracy)
@judges_requests("TEL-004", "given after them", bolus_given)
@only_with("patient_bolus")
def test_a_log_holds_the_newest_of_two_hundred_events_in_order(infusion: InfusionFactory, profile: Profile) -> None:
    """Two hundred requests for a bolus to a pump that stands: the log tells of each, round after round of its lines.

    Purpose: find the log that loses lines or mixes up their order once it is full.

    Method: a program that allows patient boluses; stop the pump. Ask for two hundred boluses, two seconds apart; read
    the log. Start, weigh the basal rate, and ask for one more.

    Acceptance: each refused; the count of the log two hundred more; the lines that it holds are those of the newest
    requests, each with its time and its reason; the basal rate within the accuracy; the last bolus given and logged.
    """
    therapy = profile.with_patient_bolus(Continuous(profile.rates.tested("intermediate")))
    with infusion(therapy, shortest_window_s=HOUR_S, patient_boluses=1) as run:
        run.stop()
        run.bolus_log.fill("log", EVENTS)
        run.start()
        run.settle()
        basal = run.deliver((1 + 1 / 4) * HOUR_S, "afterwards")
        run.judge("afterwards", basal.volume)
        run.patient_boluses.request(
            "given after them", CommandResult.ACCEPTED, basal, "bolus after two hundred requests"
        )


@judges("TEL-006", "without the code, while it infuses", answered_as_promised)
@judges("TEL-006", "infused as before", accuracy)
@judges("TEL-006", "without the code, while it stands", answered_as_promised)
@judges("TEL-006", "stood as before", no_flow)
@judges("TEL-006", "with the code again", accuracy)
@only_with("session_code")
def test_commands_without_the_session_code_move_nothing(infusion: InfusionFactory, profile: Profile) -> None:
    """Commands that are due come from a sender who shows no session code, or a wrong one.

    Purpose: find the pump that takes a whole frame for a right one: a checksum tells that nothing was lost on the way,
    not who sent it.

    Method: intermediate rate. Send a bolus of both kinds, an acknowledge, a refill and another load, each without a
    code and with a wrong one, under the number that is due; weigh an hour. Stop the pump; send start, priming bolus and
    both kinds of bolus in the same way; weigh an hour of nothing. Start with the right code, and weigh an hour.

    Acceptance: state, rate, alarms and logs as before each time; the hours within the accuracy, and no flow while the
    pump stands; the start with the right code is carried out.
    """
    boluses = (Command.SINGLE_BOLUS, Command.PATIENT_BOLUS)
    infuses = unproven(*boluses, Command.ACKNOWLEDGE, Command.REFILL_DONE, Command.LOAD_PROGRAM)
    stands = unproven(Command.START, Command.PRIME, *boluses)
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.bad_link.send_unproven_frames("without the code, while it infuses", infuses, "commands without the code")
        run.judge("infused as before", run.deliver(HOUR_S, "after commands without the code").volume)
        run.stop()
        run.bad_link.send_unproven_frames("without the code, while it stands", stands, "commands to a pump that stands")
        run.judge("stood as before", run.no_flow(HOUR_S))
        run.start()
        run.settle()
        run.judge("with the code again", run.deliver(HOUR_S, "after a start with the code").volume)


@judges("TEL-007", "alarm log", answered_as_promised)
@judges("DEL-002", "afterwards", accuracy)
@only_with("alarm_log_lines")
@only_with("alarm_log")
def test_the_alarm_log_holds_the_newest_alarms_in_order_when_it_wraps(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """An alarm that comes each time is brought about more often than the alarm log has lines.

    Purpose: find the log that wraps early, that keeps its oldest lines when it is full, or that repeats itself then.

    Method: intermediate rate. Bring the cause of an alarm about until the alarm stands, take the cause away,
    acknowledge; do so more often than the log has lines. Read the log, and weigh an hour.

    Acceptance: the count of the log so many more; its lines, as many as promised, are those of the newest alarms, each
    once, in order and with the instant at which its bit was seen to come; the hour within the accuracy.
    """
    alarm, often = profile.alarm_that_comes_again, alarms_over_the_log(profile)
    assert alarm is not None
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        cause = partial(cause_of, alarm, run, catheter)
        run.alarm_log.fill("alarm log", [(alarm, cause)] * often)
        run.settle()
        run.judge("afterwards", run.deliver(HOUR_S, "afterwards").volume)


@judges("TEL-009", "alarm log", answered_as_promised)
@judges("DEL-003", "afterwards", accuracy)
@only_with("alarm_log_lines")
@only_with("alarm_log")
@only_with("catheter_sensor")
@only_with("power")
def test_the_alarm_log_holds_the_newest_of_two_hundred_alarms_of_several_kinds(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """More than two hundred alarms of three kinds come, one after the other, round after round of the log.

    Purpose: find the log that keeps a line of one kind for another's, that mixes up the order of kinds, or that loses
    count when it has gone round many times.

    Method: high rate. Take the supply away for a moment, disconnect the catheter, kink it, in
    an order that does not fit into the rounds of the log, until more than two hundred alarms have come; acknowledge
    each, and start. Read the log, and weigh an hour.

    Acceptance: the count of the log so many more; its lines, as many as promised, are those of the newest alarms, each
    once, of its kind, in order and with the instant at which its bit was seen to come; the hour within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("high")), shortest_window_s=HOUR_S) as run:
        run.settle()
        failed = (Alarm.MEMORY, partial(run.power.back_after, DIP_S))
        off = (Alarm.DISCONNECT, partial(cause_of, Alarm.DISCONNECT, run, catheter))
        kinked = (Alarm.OCCLUSION, partial(cause_of, Alarm.OCCLUSION, run, catheter))
        order = (failed, off, failed, failed, kinked, failed, failed)
        run.alarm_log.fill("alarm log", [order[number % len(order)] for number in range(ALARMS_OF_SEVERAL_KINDS)])
        run.settle()
        run.judge("afterwards", run.deliver(HOUR_S, "afterwards").volume)
