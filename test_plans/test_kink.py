# SPDX-License-Identifier: Apache-2.0
"""Kink: a catheter that lets nothing through, and one that is only pinched."""

from bench.alarms import AlarmObservation
from bench.injectors import FULLY, Catheter
from bench.profile import Profile
from bench.therapy import Continuous, SingleBolus
from fixtures.public import InfusionFactory
from instruments.pump import Alarm
from test_plans.criteria import (
    accuracy,
    at_the_faster_rate,
    faster_ul_per_h,
    missing_volume,
    no_flow,
    no_later_than_the_first,
    occlusion_latency,
    occlusion_latency_after,
    occlusion_latency_in_a_bolus,
    pressure_at_alarm,
    unintended_bolus,
)
from test_plans.markers import HOUR_S, at_three_rates, judges, only_with

STROKES_TO_SHOW_A_STOP = 4
KINKS = 2
MANY_KINKS = 17
"""One more than a log of the size that is usual has lines."""
CLOSING_PERCENT = (50.0, 60.0, 70.0, 75.0, 80.0, 85.0, 90.0, 95.0)
"""How a mass at the tip closes the catheter, from the partial kink on; at the end it is shut."""
STEP_S = 6 * HOUR_S
SELDOM_S = 120.0
"""Between two samples of days in which nothing happens fast."""


@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("CAT-002", "no flow while stopped", no_flow)
@judges("CAT-003", "unintended bolus", unintended_bolus)
@judges("CAT-004", "after the kink", accuracy)
@judges("CAT-008", "pressure at the alarm", pressure_at_alarm)
@only_with("catheter_sensor")
@at_three_rates
def test_a_kinked_catheter_raises_the_occlusion_alarm_and_recovers(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, rate: str
) -> None:
    """A full kink raises the occlusion alarm in time, the pump stops, and delivery recovers.

    Purpose: show that nobody is left without the drug unnoticed, and that nobody gets too much of it afterwards.

    Method: infuse, kink the catheter fully (confirmed by the clamp's own sensor), wait for the alarm and note the
    pressure. Open the clamp with the pump still stopped, weigh what comes out, then weigh that nothing more does.
    Acknowledge, start again and weigh the delivery.

    Acceptance: latency within C_max·ΔP_max/Q + latency of the profile; the pressure no more than the threshold and what
    comes up to the alarm; the pump stops; the unintended bolus stays under the profile's limit; no flow while stopped;
    delivery within the accuracy afterwards; no other alarm.
    """
    rate_ul_per_h = profile.rates.tested(rate)
    with infusion(Continuous(rate_ul_per_h)) as run:
        run.settle()
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
            run.judge("pressure at the alarm", run.alarm_pressure.measured())
        run.judge("unintended bolus", run.unintended_bolus())
        stopped_s = max(HOUR_S, STROKES_TO_SHOW_A_STOP * profile.stroke_period_s(rate_ul_per_h))
        run.judge("no flow while stopped", run.no_flow(run.duration_that_resolves_s(stopped_s, stopped=True)))
        run.resume()
        run.settle()
        run.judge("after the kink", run.deliver(run.duration_that_resolves_s(HOUR_S), "after the kink").volume)


@judges("CAT-005", "both alarms in time", occlusion_latency, times=KINKS)
@judges("CAT-003", "both unintended boluses", unintended_bolus, times=KINKS)
@judges("CAT-004", "after both kinks", accuracy)
@only_with("catheter_sensor")
def test_a_second_kink_raises_the_alarm_again(infusion: InfusionFactory, catheter: Catheter, profile: Profile) -> None:
    """Kink, clear, kink again: the alarm comes both times.

    Purpose: find the pump whose sensitivity is gone after its first alarm was cleared.

    Method: intermediate rate; twice in a row kink the catheter, wait for the alarm, release, acknowledge, start again.
    Weigh the delivery afterwards.

    Acceptance: both latencies within the profile's limit; delivery within the accuracy afterwards.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        for _ in range(KINKS):
            run.settle()
            with catheter.kinked() as kink:
                run.expect_alarm("both alarms in time", Alarm.OCCLUSION, kink)
            run.judge("both unintended boluses", run.unintended_bolus())
            run.resume()
        run.settle()
        run.judge("after both kinks", run.deliver(run.duration_that_resolves_s(), "after both kinks").volume)


@judges("CAT-011", "each alarm in time", at_the_faster_rate(occlusion_latency), times=MANY_KINKS)
@judges("CAT-015", "no later than the first", at_the_faster_rate(no_later_than_the_first), times=MANY_KINKS - 1)
@judges("CAT-003", "each unintended bolus", at_the_faster_rate(unintended_bolus), times=MANY_KINKS)
@only_with("catheter_sensor")
def test_each_of_more_kinks_than_a_log_has_lines_raises_an_alarm(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """Kink and clear seventeen times: the last alarm comes as the first did.

    Purpose: find the pump that grows dull with each alarm, takes what it has met so often for what is normal, or is
    silent once its log is full.

    Method: some times the intermediate rate, at which strokes leave little open of a latency; seventeen times in a row
    kink the catheter, wait for the alarm, release and weigh what comes out, acknowledge, start again.

    Acceptance: each latency and each unintended bolus within the profile's limit; none of the latencies longer than the
    first by more than what strokes leave open.
    """
    alarms: list[AlarmObservation] = []
    with infusion(Continuous(faster_ul_per_h(profile))) as run:
        for _ in range(MANY_KINKS):
            run.settle()
            with catheter.kinked() as kink:
                alarms.append(run.expect_alarm("each alarm in time", Alarm.OCCLUSION, kink))
            if len(alarms) > 1:
                run.judge("no later than the first", run.later_than(alarms[0], alarms[-1]))
            run.judge("each unintended bolus", run.unintended_bolus())
            run.resume()
        run.settle()
        run.deliver(run.duration_that_resolves_s(), "after all kinks")


@judges("CAT-009", "delivery until the alarm", accuracy, times=None)
@judges("CAT-010", "alarm at the latest when it is shut", occlusion_latency_after(STEP_S))
@judges("CAT-008", "pressure at the alarm", pressure_at_alarm)
@judges("CAT-003", "unintended bolus", unintended_bolus)
@judges("CAT-009", "before the mass", accuracy)
@judges("CAT-004", "without the mass", accuracy)
@only_with("catheter_sensor")
def test_a_mass_that_closes_the_catheter_over_days_raises_the_alarm_before_delivery_suffers(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A clamp that closes a little every few hours: delivery stays as programmed, or the alarm is there.

    Purpose: find the pump that gets used to a pressure that rises slowly, and the one that gives less against it and
    says nothing: a mass at the catheter's tip grows for weeks.

    Method: intermediate rate; weigh. Close the clamp step by step, a quarter of a day at each. Let the pressure rise
    for half of it, and weigh for the other half, until the alarm comes; if it has not come by then, shut the catheter
    and wait for it. Open it with the pump still stopped, weigh what comes out, acknowledge, start and weigh again.

    Acceptance: the volume before, at each step until the alarm, and after it within the accuracy; the alarm at the
    latest in its time after the catheter is shut; pressure and unintended bolus within the profile's limits.
    """
    partial_percent = profile.catheter.partial_kink_percent.value
    steps = (partial_percent, *(one for one in CLOSING_PERCENT if one > partial_percent))
    with infusion(Continuous(profile.rates.tested("intermediate")), interval_s=SELDOM_S) as run:
        run.settle()
        run.judge("before the mass", run.deliver(STEP_S / 2, "before the mass").volume)
        with catheter.narrowing() as mass:
            for percent in steps:
                kink = mass.to(percent)
                name = f"closed to {percent:g} %"
                delivered = run.deliver_unless_alarm(Alarm.OCCLUSION, kink, STEP_S / 2, STEP_S / 2, name)
                if delivered is None:
                    break
                run.judge("delivery until the alarm", delivered.volume)
            else:
                kink = mass.to(FULLY)
            run.expect_alarm("alarm at the latest when it is shut", Alarm.OCCLUSION, kink)
            run.judge("pressure at the alarm", run.alarm_pressure.measured())
        run.judge("unintended bolus", run.unintended_bolus())
        run.resume()
        run.settle()
        run.judge("without the mass", run.deliver(STEP_S / 2, "without the mass").volume)


@judges("CAT-012", "bolus before", accuracy)
@judges("CAT-012", "alarm in the bolus", occlusion_latency_in_a_bolus)
@only_with("catheter_sensor", "single_bolus")
def test_a_kink_in_a_bolus_raises_the_alarm_as_fast_as_the_bolus_flows(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A kink in a bolus at the greatest rate: the alarm comes in the bolus, and the rest of it never.

    Purpose: find the pump that looks for an occlusion between boluses only, when all of it is stored in the catheter.

    Method: program a single bolus at the greatest rate and weigh one. Start another, kink the catheter at once, wait
    for the alarm. Open the clamp, let what was stored come out, and let three hours pass.

    Acceptance: the first bolus within the accuracy; latency within C_max·ΔP_max/Q + latency at the bolus's rate; what
    comes out is what was stored, and nothing of the rest comes in the hours after.
    """
    bolus = profile.filling_bolus
    with infusion(SingleBolus(bolus.volume_ul.value, bolus.duration_s.value)) as run:
        run.judge("bolus before", run.single_boluses.give("bolus before").volume)
        run.start()
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in the bolus", Alarm.OCCLUSION, kink)
        run.wait(3 * HOUR_S)


@judges("CAT-013", "alarm after the start", occlusion_latency)
@judges("CAT-013", "delivery before", accuracy)
@judges("CAT-003", "unintended bolus", unintended_bolus)
@judges("CAT-004", "after the kink", accuracy)
@only_with("catheter_sensor")
def test_a_pump_that_is_started_with_a_kinked_catheter_raises_the_alarm(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The catheter is shut before the pump is started: the alarm comes as if it had been kinked then.

    Purpose: find the pump that takes what it meets at a start for what is normal.

    Method: intermediate rate; weigh, stop the pump, kink the catheter, start it and wait for the alarm. Open the clamp,
    weigh what comes out, acknowledge, start and weigh the delivery.

    Acceptance: latency from the start within C_max·ΔP_max/Q + latency; unintended bolus within the profile's limit;
    delivery within the accuracy before and after.
    """
    with infusion(Continuous(profile.rates.tested("intermediate"))) as run:
        run.settle()
        long_enough_s = run.duration_that_resolves_s()
        run.judge("delivery before", run.deliver(long_enough_s, "before the kink").volume)
        run.stop()
        with catheter.kinked() as kink:
            run.expect_alarm("alarm after the start", Alarm.OCCLUSION, run.start_under(kink))
        run.judge("unintended bolus", run.unintended_bolus())
        run.resume()
        run.settle()
        run.judge("after the kink", run.deliver(long_enough_s, "after the kink").volume)


@judges("CAT-006", "partially kinked", accuracy)
@judges("CAT-006", "open again", accuracy)
def test_a_partial_kink_raises_no_alarm_and_leaves_delivery_within_limits(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A pinched catheter below the threshold raises no alarm and delivers as programmed.

    Purpose: find the pump that alarms too easily, or whose delivery suffers from back-pressure.

    Method: intermediate rate; pinch the catheter to the profile's partial kink, let the flow settle, weigh. Open it and
    weigh again.

    Acceptance: volume within the accuracy, pinched and open; no alarm.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.kinked(profile.catheter.partial_kink_percent.value):
            run.settle()
            run.judge("partially kinked", run.deliver(4 * HOUR_S, "partially kinked").volume)
        run.settle()
        run.judge("open again", run.deliver(HOUR_S, "open again").volume)


@judges("CAT-007", "before the kink", accuracy)
@judges("CAT-007", "kinked", missing_volume)
@only_with("no_catheter_sensor")
@at_three_rates
def test_the_balance_finds_what_a_kink_holds_back_from_a_pump_without_a_sensor(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, rate: str
) -> None:
    """A pump that promises no occlusion alarm is kinked: the balance finds the missing volume.

    Purpose: show that the bench sees what such a pump cannot, so that nobody takes silence for delivery.

    Method: infuse, weigh. Kink the catheter fully, weigh for a while with the clamp shut. Open it, and let the flow
    settle before the pump is stopped: what the kink held back is not what comes after a stop.

    Acceptance: delivery within the accuracy before the kink; then more than the tolerance is missing, beyond the
    uncertainty, and no more than was programmed; the pump counts no alarm, because it promises none.
    """
    rate_ul_per_h = profile.rates.tested(rate)
    with infusion(Continuous(rate_ul_per_h)) as run:
        run.settle()
        long_enough_s = run.duration_that_resolves_s(HOUR_S / 4)
        run.judge("before the kink", run.deliver(long_enough_s, "before the kink").volume)
        with catheter.kinked():
            run.settle()
            run.judge("kinked", run.deliver(long_enough_s, "kinked").missing)
        run.settle()
