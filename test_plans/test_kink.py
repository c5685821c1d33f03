# SPDX-License-Identifier: Apache-2.0
"""Kink: a catheter that lets nothing through, and one that is only pinched."""

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import Alarm
from test_plans.criteria import accuracy, missing_volume, no_flow, occlusion_latency, unintended_bolus
from test_plans.markers import HOUR_S, at_three_rates, judges, only_with

STROKES_TO_SHOW_A_STOP = 4
KINKS = 2


@judges("CAT-001", "alarm in time", occlusion_latency)
@judges("CAT-002", "no flow while stopped", no_flow)
@judges("CAT-003", "unintended bolus", unintended_bolus)
@judges("CAT-004", "after the kink", accuracy)
@only_with("catheter_sensor")
@at_three_rates
def test_a_kinked_catheter_raises_the_occlusion_alarm_and_recovers(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, rate: str
) -> None:
    """A full kink raises the occlusion alarm in time, the pump stops, and delivery recovers.

    Purpose: show that nobody is left without the drug unnoticed, and that nobody gets too much of it afterwards.

    Method: infuse, kink the catheter fully (confirmed by the clamp's own sensor), wait for the alarm. Open the clamp
    with the pump still stopped, weigh what comes out, then weigh that nothing more does. Acknowledge, start again and
    weigh the delivery.

    Acceptance: latency within C_max·ΔP_max/Q + latency of the profile; the pump stops; the unintended bolus stays under
    the profile's limit; no flow while stopped; delivery within the accuracy afterwards; no other alarm.
    """
    rate_ul_per_h = profile.rates.tested(rate)
    with infusion(Continuous(rate_ul_per_h)) as run:
        run.settle()
        with catheter.kinked() as kink:
            run.expect_alarm("alarm in time", Alarm.OCCLUSION, kink)
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
