# SPDX-License-Identifier: Apache-2.0
"""Movement: a patient lies down, stands up or coughs, and the catheter's tip leaves its space."""

import pytest

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from test_plans.criteria import accuracy, dead_time, no_flow
from test_plans.markers import HOUR_S, judges, only_with

STEADY_S = 4 * HOUR_S


@judges("MOV-001", "before", accuracy)
@judges("MOV-001", "with the outlet moved", accuracy)
@judges("MOV-001", "afterwards", accuracy)
@only_with("movement")
@pytest.mark.parametrize("pressure", ["lowest", "highest"])
def test_no_pressure_at_the_outlet_changes_what_is_delivered(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, pressure: str
) -> None:
    """The outlet's pressure at its lowest and at its highest: the pump gives what was programmed.

    Purpose: find the pump whose delivery follows the pressure that it pushes against, and the one that takes a low
    outlet for a catheter that is off.

    Method: intermediate rate; weigh. Move the outlet's pressure to the end of its range (confirmed by the lift's own
    sensor and by that of the pressure), let the catheter fill or empty, weigh. Let it back, weigh.

    Acceptance: volume within the accuracy before, with the outlet moved, and afterwards; no alarm.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("before", run.deliver(HOUR_S, "before").volume)
        with catheter.outlet_moved_by(profile.outlet_moved_by_kpa(pressure)):
            run.settle()
            run.judge("with the outlet moved", run.deliver(STEADY_S, "with the outlet moved").volume)
        run.settle()
        run.judge("afterwards", run.deliver(HOUR_S, "afterwards").volume)


@pytest.mark.parametrize(
    "move",
    [pytest.param(one, marks=judges("MOV-002", "dead time", dead_time(one, HOUR_S))) for one in ("raised", "sunk")],
)
@judges("MOV-002", "before", accuracy)
@judges("MOV-002", "afterwards", accuracy)
@only_with("movement")
def test_after_a_step_of_height_the_flow_goes_on_as_soon_as_the_catheter_is_full(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, move: str
) -> None:
    """The outlet is raised or sinks: the catheter fills or empties, and the flow goes on.

    Purpose: find the pump that stands after a step of height for longer than the catheter takes to fill.

    Method: intermediate rate; weigh, move the outlet by the height, weigh from before the step to an hour after it. Let
    it back, settle, weigh.

    Acceptance: what is missing, or comes on top, in the hour of the step is no more than the catheter stores and the
    accuracy leaves open, told as a time at the programmed rate; volume within the accuracy before and afterwards.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        before = run.deliver(HOUR_S, "before")
        run.judge("before", before.volume)
        moved_kpa = profile.outlet_moved_by_kpa(move)
        with catheter.outlet_moved_by(moved_kpa):
            after = run.deliver(HOUR_S, "after the step")
            most_s = profile.dead_time_limit_s(profile.rates.tested("intermediate"), moved_kpa, HOUR_S)
            run.judge("dead time", run.window(before.end, after.end, "across the step").dead_time(most_s))
        run.settle()
        run.judge("afterwards", run.deliver(HOUR_S, "afterwards").volume)


@judges("MOV-003", "before", accuracy)
@judges("MOV-003", "nothing while stopped", no_flow)
@only_with("movement")
@pytest.mark.parametrize("pressure", ["lowest", "highest"])
def test_a_stopped_pump_gives_nothing_whatever_the_pressure_at_its_outlet(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, pressure: str
) -> None:
    """A stopped pump with its outlet low, and high: nothing is drawn out, nothing is pressed back.

    Purpose: find the pump that siphons, and the one whose valve lets drug back into the reservoir.

    Method: intermediate rate; weigh. Stop the pump and let it run down. Move the outlet's pressure to the end of its
    range, let the catheter fill or empty, and weigh that nothing more flows, in either direction.

    Acceptance: volume within the accuracy before; less than the accuracy of what it would have given while stopped.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("before", run.deliver(HOUR_S, "before").volume)
        run.stop()
        run.wait(HOUR_S / 2)
        with catheter.outlet_moved_by(profile.outlet_moved_by_kpa(pressure)):
            run.settle()
            run.judge("nothing while stopped", run.no_flow(run.duration_that_resolves_s(HOUR_S, stopped=True)))


@judges("MOV-004", "before", accuracy)
@judges("MOV-004", "with the tip out of its space", accuracy)
@judges("MOV-004", "afterwards", accuracy)
@only_with("movement")
def test_a_tip_out_of_its_space_raises_no_alarm_and_gets_what_was_programmed(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """The tip has moved into tissue: the pressure is higher, the way is narrower, the volume is the same.

    Purpose: find the pump that alarms, or gives less, though the catheter is neither off nor shut. That the drug no
    longer reaches its place no bench can weigh, and no pump promises to notice.

    Method: intermediate rate; weigh. Raise the outlet by the height and pinch the catheter to the profile's partial
    kink, settle, weigh. Let both back, settle, weigh.

    Acceptance: volume within the accuracy before, meanwhile and afterwards; no alarm.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("before", run.deliver(HOUR_S, "before").volume)
        raised, pinched_percent = profile.outlet_moved_by_kpa("raised"), profile.catheter.partial_kink_percent.value
        with catheter.outlet_moved_by(raised), catheter.kinked(pinched_percent):
            run.settle()
            run.judge("with the tip out of its space", run.deliver(STEADY_S, "with the tip out of its space").volume)
        run.settle()
        run.judge("afterwards", run.deliver(HOUR_S, "afterwards").volume)
