# SPDX-License-Identifier: Apache-2.0
"""Bolus: single boluses, one by one."""

import pytest

from bench.account import HOURS_AFTER
from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous, SingleBolus
from fixtures.public import InfusionFactory
from instruments.pump import Alarm
from test_plans.criteria import accuracy, answered_as_promised, occlusion_latency
from test_plans.markers import HOUR_S, judges, only_with

ROW = 25
"""As many as IEC 60601-2-24 weighs one by one."""
HALF = 0.5
"""Share of its time after which a bolus is interrupted."""
BEFORE_THE_KINK = 0.2
STANDS_S = 600.0
"""For so long the pump stands in the middle of a bolus."""


def single(profile: Profile, size: str) -> SingleBolus:
    """Return the profile's example bolus, or one in the same time at the greatest rate."""
    bolus = profile.patient_bolus if size == "example" else profile.filling_bolus
    return SingleBolus(bolus.volume_ul.value, bolus.duration_s.value)


@judges("BOL-001", "each bolus", accuracy, times=ROW)
@judges("BOL-002", "asked at once: answer", answered_as_promised)
@judges("BOL-002", "bolus with another asked for in it", accuracy)
@pytest.mark.parametrize("size", ["example", "greatest"])
@only_with("single_bolus")
def test_each_of_a_row_of_single_boluses_gives_its_volume(
    infusion: InfusionFactory, profile: Profile, size: str
) -> None:
    """A row of single boluses is weighed one by one; one that is asked for while another runs is refused.

    Purpose: find the pump whose boluses are right in the mean and wrong one by one, and the one that gives two at once.

    Method: program a single bolus, of the example's volume and of the greatest rate. Give a row of them, weigh each by
    itself. In one more, ask for another halfway. Then let three hours pass.

    Acceptance: each volume within the accuracy, each bolus in its time and at its rate; the other refused and logged,
    the volume that of one; nothing in the hours after.
    """
    with infusion(single(profile, size)) as run:
        for number in range(1, ROW + 1):
            run.judge("each bolus", run.single_boluses.give(f"bolus {number}").volume)
        two = run.single_boluses.give("bolus with another asked for in it", at_once="asked at once")
        run.judge("bolus with another asked for in it", two.volume)
        run.wait(HOURS_AFTER * HOUR_S)


@judges("DEL-002", "basal rate", accuracy)
@judges("BOL-003", "on top of the basal rate: answer", answered_as_promised)
@judges("BOL-003", "bolus and basal rate", accuracy)
@judges("BOL-004", "interrupted by a stop: answer", answered_as_promised)
@judges("BOL-004", "bolus that was stopped, with what came after the start", accuracy)
@judges("BOL-004", "after the start", accuracy)
@only_with("bolus_on_basal")
def test_a_bolus_that_is_stopped_in_the_middle_is_taken_up_or_ended_as_promised(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A bolus comes on top of the basal rate; another is stopped halfway, and the pump is started again.

    Purpose: find the pump that gives a bolus anew when it is started after a stop, and the one that gives the rest
    where none is promised, or none where it is.

    Method: intermediate rate; weigh the basal rate. Ask for a single bolus and weigh both together. Ask for another,
    stop the pump halfway, let it stand, start it, and weigh all from before the bolus until its rest would be over.
    Weigh another hour, then let three hours pass.

    Acceptance: accepted both times; each weighed volume within the accuracy of what was programmed, where the rest of
    the stopped bolus counts only if the profile promises that a start takes it up; nothing on top in the hours after.
    """
    basal_therapy, bolus_s = Continuous(profile.rates.tested("intermediate")), profile.patient_bolus.duration_s.value
    with infusion(profile.with_single_bolus(basal_therapy), shortest_window_s=HOUR_S) as run:
        run.settle()
        before = run.deliver(HOUR_S, "basal before the boluses")
        run.judge("basal rate", before.volume)
        run.single_boluses.begin_on_basal("on top of the basal rate", "bolus on top of the basal rate")
        run.wait(bolus_s)
        run.settle()
        between = run.deliver(HOUR_S, "basal between the boluses")
        both = run.window(before.end, between.start, "bolus and basal rate")
        run.judge("bolus and basal rate", both.volume)
        run.single_boluses.begin_on_basal("interrupted by a stop", "bolus that is stopped")
        run.wait(HALF * bolus_s)
        run.stop()
        run.wait(STANDS_S)
        run.start()
        run.wait(bolus_s)
        run.settle()
        after = run.deliver(HOUR_S, "after the start")
        cut = run.window(between.end, after.start, "bolus that was stopped, with what came after the start")
        run.judge("bolus that was stopped, with what came after the start", cut.volume)
        run.judge("after the start", after.volume)
        run.wait(HOURS_AFTER * HOUR_S)


@judges("DEL-002", "basal rate", accuracy)
@judges("BOL-004", "interrupted by an alarm: answer", answered_as_promised)
@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("BOL-004", "after the alarm", accuracy)
@only_with("bolus_on_basal")
@only_with("catheter_sensor")
def test_a_bolus_that_an_alarm_interrupts_is_taken_up_or_ended_as_promised(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A kink stops the pump in the middle of a single bolus; then the alarm is acknowledged and the pump started.

    Purpose: find the pump that does after an alarm what it does not after a stop.

    Method: intermediate rate; weigh the basal rate. Ask for a bolus at the greatest rate and kink the catheter in it
    until the alarm stops the pump. Release, let what was stored come out, acknowledge, start, and weigh an hour.

    Acceptance: the alarm in time; the hour after the start within the accuracy of what was programmed, where the rest
    of the bolus counts only if the profile promises that a start takes it up.
    """
    basal_therapy, bolus_s = Continuous(profile.rates.tested("intermediate")), profile.patient_bolus.duration_s.value
    with infusion(profile.with_single_bolus(basal_therapy, filling=True), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("basal rate", run.deliver(HOUR_S, "basal before the kink").volume)
        run.single_boluses.begin_on_basal("interrupted by an alarm", "bolus that an alarm interrupts")
        run.wait(BEFORE_THE_KINK * bolus_s)
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
        run.wait(STANDS_S)
        run.resume()
        run.settle()
        run.judge("after the alarm", run.deliver(HOUR_S, "after the alarm").volume)
