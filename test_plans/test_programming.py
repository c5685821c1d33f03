# SPDX-License-Identifier: Apache-2.0
"""Programming: what the pump takes, what it refuses, and what runs while it is being programmed."""

import pytest

from bench.dose import Slip, WholeStrokes, slipped
from bench.infusion.clock_setting import CLOCK_SET
from bench.infusion.session_step import MeantPump, session_of_parts, session_until, whole_session
from bench.profile import Profile
from bench.therapy import Continuous, Flex, Therapy
from fixtures.public import InfusionFactory
from instruments.program import Step
from instruments.programming_session import SessionPart
from test_plans.criteria import (
    accuracy,
    answered_as_promised,
    change_of_rate,
    incomplete_update_latency,
    no_flow,
    told_as_promised,
)
from test_plans.markers import DAY_S, HOUR_S, MINUTE_S, judges, only_with
from test_plans.programs_at_the_limits import MINUTES_OF_A_DAY, full_day, refused, refused_count, taken

FASTER = 2.5
"""So many times the intermediate rate, after a change."""
CLOCK_SET_BY_S = 3.5 * HOUR_S
"""So much the clock is set by, forward and then back."""
MINUTES_OF_A_TURN, TURNS = 120, (0.5, 2.0)
"""How long each rate of a day by turns lasts, and what it is of the intermediate rate."""
CALIBRATIONS = (0.8, 1.25)
"""Of the pump's own constant: clearly more than its accuracy."""
FOREIGN = 1.5
"""So many times the intermediate rate, in a session for another pump."""
LEFT_FOR_S = 2 * DAY_S
"""So long nobody comes back to a session that broke off; pumps were found stopped after that and more."""
LONG_INTERVAL_S, STANDING_INTERVAL_S = 300.0, 120.0
"""Between samples of such days, and of days in which the pump stands: what the vessel loses to the air counts then."""
CHANGES = 41
"""An odd number, so that the slower of the two rates lasts."""
CHANGED_EVERY_S = 0.5 * MINUTE_S
"""Less than the time of a stroke at the intermediate rate, so that no stroke is whole between two changes."""
INTERROGATIONS = 12
LOW_RATES = (1.0, 1.5, 2.0)
"""Of the low rate."""
BEFORE_IT_IS_LOADED = (SessionPart.STAGE_FIRST, SessionPart.STAGE_REST)
TO_ITS_END = (SessionPart.LOAD, SessionPart.READ_BACK)


def left_alone(profile: Profile) -> tuple[Continuous, Continuous]:
    """Return the low rate, which runs before a session that breaks off, and what that would have programmed."""
    rate_ul_per_h = profile.rates.tested("low")
    return Continuous(rate_ul_per_h), Continuous(FASTER * rate_ul_per_h)


def slow(profile: Profile) -> Continuous:
    """Return what runs before a change."""
    return Continuous(profile.rates.tested("intermediate"))


def fast(profile: Profile) -> Continuous:
    """Return what runs after it."""
    return Continuous(FASTER * profile.rates.tested("intermediate"))


def by_turns(profile: Profile) -> Flex:
    """Return a day schedule whose rate is low and high by turns, so that a wrong time of day is a wrong rate."""
    rate_ul_per_h = profile.rates.tested("intermediate")
    starts = range(0, MINUTES_OF_A_DAY, MINUTES_OF_A_TURN)
    return Flex(tuple(Step(start, rate_ul_per_h * TURNS[number % 2]) for number, start in enumerate(starts)))


@judges("DEL-002", "before the limits", accuracy)
@judges("PRG-005", "out of the limits", answered_as_promised, times=refused_count)
@judges("DEL-002", "after the limits", accuracy)
def test_each_limit_is_taken_and_what_lies_just_outside_is_refused(infusion: InfusionFactory, profile: Profile) -> None:
    """Programs at each limit and just inside are taken and read back; those just outside are refused.

    Purpose: find the pump that takes ten times the greatest rate, the one that quietly drives another rate than it was
    told, and the one that does not take what its labelling promises.

    Method: intermediate rate, weighed for an hour; stop. Load, one after the other, programs at each limit of the
    profile and just inside: rates, steps, the first and the last minute of a day. Offer programs just outside of each,
    and programs that are none: no step, steps out of order, boluses over the greatest rate. Load the first program
    again, start, weigh an hour.

    Acceptance: the first ones taken and read back in every value; of the others each refused, and the program from
    before still in force in every value; both hours within the accuracy.
    """
    with infusion(slow(profile), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("before the limits", run.deliver(HOUR_S, "before the limits").volume)
        run.stop()
        for therapy in taken(profile).values():
            run.change_program(therapy)
        for name, program in refused(profile).items():
            run.programmer.refuse_program("out of the limits", program, name)
        run.change_program(slow(profile))
        run.start()
        run.settle()
        run.judge("after the limits", run.deliver(HOUR_S, "after the limits").volume)


@judges("PRG-006", "with an error in its checksum", answered_as_promised)
@judges("PRG-006", "half of it written", answered_as_promised)
@judges("DEL-002", "afterwards", accuracy)
def test_a_program_with_an_error_or_half_written_never_comes_into_force(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A program whose checksum is wrong, and one of which half was written, are loaded: neither is taken.

    Purpose: find the pump that starts with a program that nobody wrote as a whole.

    Method: stop the pump. Send another program with one bit of its checksum wrong, and load it. Write the first half of
    another program, and load that. Start, weigh an hour.

    Acceptance: both refused, the read-back in every value that of before; the hour within the accuracy of the program
    from before.
    """
    old, new = slow(profile), fast(profile)
    with infusion(old, shortest_window_s=HOUR_S) as run:
        run.stop()
        wrong = whole_session(new, checksum_error=True)
        run.programmer.session("with an error in its checksum", wrong, [old], "a program with a checksum error")
        half = session_of_parts(new, SessionPart.STAGE_FIRST, SessionPart.LOAD)
        run.programmer.session("half of it written", half, [old], "half a program")
        run.start()
        run.settle()
        run.judge("afterwards", run.deliver(HOUR_S, "afterwards").volume)


@judges("PRG-007", "in force and running", answered_as_promised)
@judges("PRG-007", "two days later", accuracy)
@only_with("update_runs_on")
@pytest.mark.parametrize("last", list(SessionPart), ids=[part.name.lower() for part in SessionPart])
def test_the_link_is_lost_in_a_session_and_the_therapy_runs_on(
    infusion: InfusionFactory, profile: Profile, last: SessionPart
) -> None:
    """The link is lost after a message of a session, and nobody comes back for two days.

    Purpose: find the pump that a session which broke off leaves stopped without a sound, or with a program that nobody
    finished.

    Method: low rate. Send a session for another program up to one of its messages, and nothing more. Look at what is in
    force and at what the pump does, and weigh two days.

    Acceptance: up to the loading the old program in force, from there on the new one, in every value; the pump
    infusing; two days within the accuracy of the program in force; no alarm, and never a silent stop.
    """
    old, new = left_alone(profile)
    with infusion(old, interval_s=LONG_INTERVAL_S) as run:
        run.settle()
        broken = session_until(new, last)
        allowed = [new if last in TO_ITS_END else old]
        run.programmer.session("in force and running", broken, allowed, f"the link is lost after: {last}")
        run.settle()
        run.judge("two days later", run.deliver(LEFT_FOR_S, "two days without a link").volume)


@judges("PRG-007", "stopped for the session", answered_as_promised)
@judges("PRG-007", "alarm in time", incomplete_update_latency)
@judges("PRG-007", "two days later", no_flow)
@judges("PRG-007", "stands two days later", told_as_promised)
@judges("PRG-007", "started again", accuracy)
@only_with("update_stops")
@pytest.mark.parametrize("last", BEFORE_IT_IS_LOADED, ids=[part.name.lower() for part in BEFORE_IT_IS_LOADED])
def test_the_link_is_lost_in_a_session_that_stops_the_pump_and_an_alarm_tells_it(
    infusion: InfusionFactory, profile: Profile, last: SessionPart
) -> None:
    """The link is lost in a session for which the pump stops: an alarm must tell of it, for two days if need be.

    Purpose: find the pump that is left stopped by a session which broke off, and stays silent; such pumps were found
    after two days and after three weeks.

    Method: infuse. Send a session for another program up to a message before the loading, and nothing more. Wait for
    the alarm; leave it so for two days, and look whether the alarm stands. Acknowledge, start, and weigh as long as the
    balance needs.

    Acceptance: stopped from the first message that is written; the alarm in time, and logged; nothing flows for two
    days, at the end of which the alarm stands; then the old program runs within the accuracy.
    """
    old, new = slow(profile), fast(profile)
    promised = profile.programming
    with infusion(old, interval_s=STANDING_INTERVAL_S) as run:
        run.settle()
        long_enough_s = run.duration_that_resolves_s(HOUR_S)
        broken = session_until(new, last)
        cause = run.programmer.session("stopped for the session", broken, [old], f"the link is lost after: {last}")
        assert promised is not None
        assert promised.incomplete_alarm is not None
        found = run.expect_alarm("alarm in time", promised.incomplete_alarm, cause)
        run.judge("two days later", run.no_flow(LEFT_FOR_S))
        run.heard.judge_stands("stands two days later", found, stands=True)
        run.resume()
        run.settle()
        run.judge("started again", run.deliver(long_enough_s, "started again").volume)


@judges("PRG-008", "one session in the other", answered_as_promised)
@judges("PRG-008", "one session before the other is loaded", answered_as_promised)
@judges("PRG-008", "what is in force", accuracy)
@only_with("flex")
def test_two_programmers_at_once_never_make_one_program_of_two(infusion: InfusionFactory, profile: Profile) -> None:
    """Two programmers write at the same time: what is in force then is one program in whole, and it is told which.

    Purpose: find the pump that makes one program of two halves.

    Method: stop the pump. Write the first half of one program, the whole of another, the rest of the first, and load.
    Then write one program, the whole of another, and load. Look at what is in force, start, and weigh an hour.

    Acceptance: first the program from before, or one of the two, in every value; then the same; the hour within the
    accuracy of the program that the read-back tells.
    """
    old, one, other = slow(profile), Flex(full_day(profile)), Flex(full_day(profile, share=2.0))
    staged = (SessionPart.STAGE_FIRST, SessionPart.STAGE_REST)
    with infusion(old, shortest_window_s=HOUR_S) as run:
        run.stop()
        inside = (
            *session_of_parts(one, SessionPart.STAGE_FIRST),
            *session_of_parts(other, *staged),
            *session_of_parts(one, SessionPart.STAGE_REST, SessionPart.LOAD),
        )
        programs: list[Therapy] = [old, one, other]
        run.programmer.session("one session in the other", inside, programs, "a session in the middle of another")
        before = (*session_of_parts(one, *staged), *session_of_parts(other, *staged))
        loaded = (*before, *session_of_parts(one, SessionPart.LOAD))
        name = "a session between another and its loading"
        run.programmer.session("one session before the other is loaded", loaded, programs, name)
        run.start()
        run.begin_in_a_step()
        run.settle()
        run.judge("what is in force", run.deliver(HOUR_S, "what is in force").volume)


@judges("PRG-012", "for this pump", answered_as_promised)
@judges("PRG-012", "for another while it infuses", answered_as_promised)
@judges("PRG-012", "infused on", accuracy)
@judges("PRG-012", "for another while it stands", answered_as_promised)
@judges("PRG-012", "stood on", no_flow)
@only_with("named_session")
def test_a_session_that_was_opened_for_another_pump_programs_nothing(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A programmer that was opened for one pump meets another: that one refuses its program.

    Purpose: find the pump that takes the program of the patient in the next room.

    Method: intermediate rate. Load another program in a session that names this pump. Send the whole session for a
    third program that names another pump; weigh an hour. Stop the pump, send that session once more, and weigh an hour
    of nothing.

    Acceptance: the session for this pump taken; each for another one refused, and the read-back in every value that of
    before; the first hour within the accuracy of the program in force, no flow in the second.
    """
    before, own, foreign = slow(profile), fast(profile), Continuous(FOREIGN * profile.rates.tested("intermediate"))
    with infusion(before, shortest_window_s=HOUR_S) as run:
        run.settle()
        run.programmer.session(
            "for this pump", whole_session(own), [own], "a session for this pump", meant=MeantPump.THIS
        )
        strange = whole_session(foreign)
        name = "a session for another pump"
        run.programmer.session("for another while it infuses", strange, [own], name, meant=MeantPump.ANOTHER)
        run.settle()
        run.judge("infused on", run.deliver(HOUR_S, "after a session for another pump").volume)
        run.stop()
        run.programmer.session(
            "for another while it stands", strange, [own], f"{name} that stands", meant=MeantPump.ANOTHER
        )
        run.settle()
        run.judge("stood on", run.no_flow(HOUR_S))


@judges("CLK-003", CLOCK_SET, answered_as_promised)
@judges("CLK-003", "volume of each step", accuracy, times=2)
@judges("CLK-003", "instant of the change", change_of_rate)
@only_with("settable_clock")
@only_with("flex")
@pytest.mark.parametrize("by_s", [CLOCK_SET_BY_S, -CLOCK_SET_BY_S], ids=["forward", "back"])
def test_when_the_clock_is_set_the_schedule_goes_by_it(
    infusion: InfusionFactory, profile: Profile, by_s: float
) -> None:
    """The programmer sets the pump's clock, forward and back again: the day schedule goes by the new time.

    Purpose: find the pump that takes the new time for show, or for the schedule alone, and the one whose clock drifts
    once it was set.

    Method: while the pump stands, set its clock by hours, then load a day schedule of steps and start it. Weigh a
    window of whole strokes in two steps. The instant at which the rate changed follows from the balance alone.

    Acceptance: the clock shows what it was set to, and keeps its rate against the bench's clock from then on; the
    volume of each step within the accuracy; the change within the profile's tolerance of its minute by the new time.
    """
    with infusion(by_turns(profile), clock_set_by_s=by_s) as run:
        run.settle()
        now_s = run.begin_in_a_step()
        ends_s = [now_s, *run.rate_changes_s(now_s, now_s + DAY_S)][1:3]
        before, after = (run.deliver_until(end_s, f"step {number}") for number, end_s in enumerate(ends_s, start=1))
        for window in (before, after):
            run.judge("volume of each step", window.volume)
        run.judge("instant of the change", run.change_of_rate(before, after, ends_s[0]))


@judges("PRG-013", "too large or too small", answered_as_promised, times=len(CALIBRATIONS))
@judges("PRG-013", "delivered as before", accuracy)
@only_with("calibration_check")
def test_a_wrong_calibration_constant_is_refused(infusion: InfusionFactory, profile: Profile) -> None:
    """The programmer has another calibration constant than the pump's label: the program is refused.

    Purpose: find the pump that takes whatever constant is entered, so that every volume and dose is wrong by it.

    Method: intermediate rate; stop the pump. Send another program with a constant that is too small, and one that is
    too large. Start, and weigh an hour.

    Acceptance: both refused, and the read-back in every value that of before; the hour within the accuracy of the
    program from before.
    """
    old, new = slow(profile), fast(profile)
    with infusion(old, shortest_window_s=HOUR_S) as run:
        run.stop()
        for share in CALIBRATIONS:
            name, whole = f"{share:g} times its calibration constant", whole_session(new)
            run.programmer.session("too large or too small", whole, [old], name, calibration_share=share)
        run.start()
        run.settle()
        run.judge("delivered as before", run.deliver(HOUR_S, "delivered as before").volume)


@judges("DEL-002", "before the change", accuracy)
@judges("PRG-003", "across the change", accuracy)
@judges("PRG-003", "after the change", accuracy)
@judges("PRG-003", "across the change back", accuracy)
@only_with("program_change")
def test_a_change_of_program_in_mid_infusion_loses_and_doubles_nothing(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """The program is changed while the pump infuses: up to here the old one, from here on the new one.

    Purpose: find the pump that pauses at a change of program, gives both programs for a while, or goes on with the old
    one after it has said that the new one is in force.

    Method: intermediate rate; weigh an hour. Load two and a half times the rate while the pump infuses; weigh the hour
    in which that happened and one after it. Load the old rate again, and weigh the hour in which that happened.

    Acceptance: taken and read back; the volume of each hour within the accuracy of what both programs make together;
    no excess and no shortfall in any window.
    """
    with infusion(slow(profile), shortest_window_s=HOUR_S) as run:
        run.settle()
        before = run.deliver(HOUR_S, "before the change")
        run.judge("before the change", before.volume)
        run.change_program(fast(profile))
        after = run.deliver(HOUR_S, "after the change")
        run.judge("across the change", run.window(before.start, after.end, "across the change").volume)
        run.judge("after the change", after.volume)
        run.change_program(slow(profile))
        back = run.deliver(HOUR_S, "after the change back")
        run.judge("across the change back", run.window(after.start, back.end, "across the change back").volume)


@judges("PRG-004", "across many changes", accuracy)
@only_with("program_change")
def test_the_part_of_a_stroke_that_is_under_way_survives_many_changes(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """The program is changed so often that no stroke is whole between two changes: all of the volume comes.

    Purpose: find the pump that forgets at each change what it owes, a part of a stroke.

    Method: two rates in turn around the intermediate one, changed forty times and more, each after half a
    minute, which is less than a stroke takes. Weigh all of it as one window, between an hour before and an hour after.

    Acceptance: the volume within the accuracy of what all the programs make together, by the balance and by the pump's
    own counter.
    """
    rate_ul_per_h = profile.rates.tested("intermediate")
    in_turn = (Continuous(0.9 * rate_ul_per_h), Continuous(1.1 * rate_ul_per_h))
    with infusion(in_turn[1], shortest_window_s=HOUR_S) as run:
        run.settle()
        before = run.deliver(HOUR_S, "before the changes")
        for number in range(CHANGES):
            run.change_program(in_turn[number % 2])
            run.wait(CHANGED_EVERY_S)
        after = run.deliver(HOUR_S, "after the changes")
        run.judge("across many changes", run.window(before.end, after.start, "across many changes").volume)


@judges("PRG-009", "refused or shown", answered_as_promised, times=len(Slip))
@judges("PRG-009", "what was meant", accuracy)
@only_with("drug")
def test_a_slip_of_dose_is_refused_or_shown_by_the_read_back(infusion: InfusionFactory, profile: Profile) -> None:
    """A dose is entered with a slip: the pump refuses it, or reads back what was entered and not what was meant.

    Purpose: find the pump that drives what was entered and shows what was meant: ten times the dose, the dose of a day
    in an hour, milligrams for micrograms, the wrong concentration.

    Method: prescribe a dose a day of the profile's drug, load it, stop. Enter the same with each slip and load that.
    Load at last what was meant, start, and weigh an hour.

    Acceptance: each slip refused, or read back in every value as it was entered; the hour within the accuracy of what
    was meant.
    """
    drug = profile.drug
    assert drug is not None
    meant = drug.at_rate(profile.rates.tested("intermediate"))
    therapy = meant.therapy(drug.limits)
    with infusion(therapy, shortest_window_s=HOUR_S) as run:
        run.stop()
        for slip in Slip:
            entered = slipped(meant, slip).therapy()
            run.programmer.session("refused or shown", whole_session(entered), [therapy, entered], slip)
            run.change_program(therapy)
        run.start()
        run.settle()
        run.judge("what was meant", run.deliver(HOUR_S, "what was meant").volume)


@judges("PRG-010", "dose at a low rate", accuracy, times=len(LOW_RATES))
@judges("PRG-010", "in whole strokes", answered_as_promised, times=len(LOW_RATES))
@only_with("drug")
@only_with("program_change")
def test_the_achievable_dose_is_the_programmed_one_to_a_stroke_at_low_rates(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """At three low rates the dose that whole strokes can give is the programmed one, to a stroke, over a day and more.

    Purpose: find the pump that rounds a dose to whole strokes again and again, and so gives another one.

    Method: the least rate, and one and a half and twice of it, changed while the pump infuses. At each weigh a day, or
    as long as the balance needs; print programmed, achievable and counted dose.

    Acceptance: each volume within the accuracy; by the pump's own counter no more than a stroke from the programmed
    dose, beside what its strokes may be off.
    """
    drug = profile.drug
    assert drug is not None
    rates = [share * profile.rates.tested("low") for share in LOW_RATES]
    first, *later = (drug.at_rate(rate).therapy(drug.limits) for rate in rates)
    with infusion(first, interval_s=LONG_INTERVAL_S) as run:
        for therapy in (first, *later):
            if therapy is not first:
                run.change_program(therapy)
            run.settle()
            window = run.deliver(run.duration_that_resolves_s(DAY_S), f"at {run.rate_ul_per_h:.4g} µL/h")
            run.judge("dose at a low rate", window.volume)
            strokes = WholeStrokes(window.expected_ul, profile.stroke_volume_ul.value, drug.concentration)
            counted_ul = window.end.counter_ul - window.start.counter_ul
            kept = strokes.holds(counted_ul, profile.accuracy_limits_ul(window.expected_ul)[1] - window.expected_ul)
            run.judge_that("in whole strokes", kept, strokes.told(counted_ul))


@judges("PRG-011", "interrogated", answered_as_promised, times=INTERROGATIONS)
@judges("PRG-011", "interrogated while it stands", answered_as_promised)
@judges("PRG-011", "volume between the interrogations", accuracy)
def test_an_interrogation_disturbs_neither_delivery_nor_alarms(infusion: InfusionFactory, profile: Profile) -> None:
    """The pump is interrogated again and again: what it does stays the same.

    Purpose: find the pump that stops for an interrogation, or raises an alarm by it.

    Method: intermediate rate. Interrogate twelve times, half an hour apart, and weigh all of it; then stop, and
    interrogate the pump that stands.

    Acceptance: each answered, state, rate, alarms and logs the same before and after; the volume within the accuracy;
    no alarm in the hours after.
    """
    with infusion(slow(profile), shortest_window_s=HOUR_S) as run:
        run.settle()
        parts = []
        for number in range(1, INTERROGATIONS + 1):
            run.interrogate("interrogated", f"interrogation {number}")
            parts.append(run.deliver(HOUR_S / 2, f"after interrogation {number}"))
        whole = run.window(parts[0].start, parts[-1].end, "between the interrogations")
        run.judge("volume between the interrogations", whole.volume)
        run.stop()
        run.interrogate("interrogated while it stands", "interrogation of a pump that stands")
