# SPDX-License-Identifier: Apache-2.0
"""Leak: a part of the flow goes beside the vessel, and no pump promises to notice."""

import pytest

from bench.injectors import Catheter
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.pump import CommandResult
from test_plans.criteria import accuracy, answered_as_promised, counted_volume, leaked_volume, smallest_leak
from test_plans.markers import HOUR_S, MINUTE_S, judges, only_with

LEAK_PERCENT = 60.0
GROWING_PERCENT = (2.0, 4.0, 8.0, 16.0, 32.0)
"""How a leak grows: each step is twice the one before."""
STEP_S = 6 * HOUR_S


@judges("LEK-001", "tight before", accuracy)
@judges("LEK-001", "leaking", leaked_volume(LEAK_PERCENT))
@judges("LEK-001", "tight again", accuracy)
def test_as_much_comes_after_a_leak_as_before_it(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A leak valve is opened for the first time under flow, and closed: it is as tight as it was.

    Purpose: find the valve that leaks on. It hides what a pump gives too much, and accuses one that gives too little.

    Method: intermediate rate; weigh an hour with the catheter tight. Open the leak valve (confirmed by its own sensor),
    weigh, close it, weigh again. Less than before the leak, beyond the uncertainty, is the valve's and blocks.

    Acceptance: more than the tolerance is missing in the leak, and no more than half as much again as the share;
    delivery within the accuracy before and after it; no alarm.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        run.judge("tight before", run.deliver(HOUR_S, "tight before").volume)
        with catheter.leaking(LEAK_PERCENT):
            run.settle()
            run.judge("leaking", run.deliver(HOUR_S, "leaking").leaked(LEAK_PERCENT))
        run.settle()
        run.judge("tight again", run.deliver(HOUR_S, "tight again").volume)


@judges("LEK-001", "tight again", accuracy)
@pytest.mark.parametrize(
    "percent",
    [pytest.param(percent, marks=judges("LEK-001", "leaking", leaked_volume(percent))) for percent in (30.0, 60.0)],
)
def test_the_balance_finds_what_leaks_away(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, percent: float
) -> None:
    """A leaking catheter loses volume that only the balance finds.

    Purpose: show that the bench detects a loss that is larger than the accuracy, with no alarm to point at it.

    Method: intermediate rate; open the leak valve to the given share (confirmed by its own sensor), weigh, close it,
    weigh again.

    Acceptance: more than the tolerance is missing, beyond the uncertainty, and no more than half as much again as the
    share; delivery within the accuracy after the leak; no alarm, since none is promised.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.settle()
        with catheter.leaking(percent):
            run.settle()
            run.judge("leaking", run.deliver(4 * HOUR_S, "leaking").leaked(percent))
        run.settle()
        run.judge("tight again", run.deliver(HOUR_S, "tight again").volume)


@judges("LEK-002", "leaking", leaked_volume(LEAK_PERCENT))
@judges("LEK-002", "counted meanwhile", counted_volume)
@judges("LEK-002", "tight again", accuracy)
@pytest.mark.parametrize("rate", ["low", "high"])
def test_the_balance_finds_what_leaks_away_at_both_ends_of_the_rates(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile, rate: str
) -> None:
    """A leak at the low and at the high rate: the balance finds what the pump counts as given.

    Purpose: show that a leak is found where the balance sees little of it in an hour, and where much flows.

    Method: open the leak valve (confirmed by its own sensor), weigh, and read what the pump counts; close it, weigh
    again.

    Acceptance: more than the tolerance is missing, beyond the uncertainty, and no more than half as much again as the
    share; the pump counts what was programmed; delivery within the accuracy after the leak; no alarm.
    """
    with infusion(Continuous(profile.rates.tested(rate))) as run:
        run.settle()
        long_enough_s = run.duration_that_resolves_s(HOUR_S)
        with catheter.leaking(LEAK_PERCENT):
            run.settle()
            leaking = run.deliver(long_enough_s, "leaking")
            run.judge("leaking", leaking.leaked(LEAK_PERCENT))
            run.judge("counted meanwhile", leaking.counted)
        run.settle()
        run.judge("tight again", run.deliver(long_enough_s, "tight again").volume)


@judges("LEK-003", "asked before: answer", answered_as_promised)
@judges("LEK-003", "asked before: log", answered_as_promised)
@judges("LEK-003", "asked while it leaks: answer", answered_as_promised)
@judges("LEK-003", "asked while it leaks: log", answered_as_promised)
@judges("LEK-003", "bolus and basal, leaked", leaked_volume(LEAK_PERCENT))
@judges("LEK-003", "bolus and basal, counted", counted_volume)
@judges("LEK-003", "tight again", accuracy)
@only_with("patient_bolus")
def test_the_balance_finds_what_leaks_away_of_a_bolus(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A bolus through a leaking catheter: a part of it is missing, and the pump counts all of it.

    Purpose: show that a bolus which a patient got only in part is not taken for given.

    Method: intermediate rate; ask for a bolus and let it run. When the next one may come, open the leak valve, ask for
    it, weigh until it is long over; close the valve, weigh again.

    Acceptance: the request accepted and logged; of bolus and basal rate more than the tolerance is missing, and no more
    than half as much again as the share; both counted as programmed; delivery within the accuracy after the leak.
    """
    therapy = profile.with_patient_bolus(Continuous(profile.rates.tested("intermediate")))
    with infusion(therapy, shortest_window_s=HOUR_S, patient_boluses=2) as run:
        run.settle()
        run.patient_boluses.ask("asked before", CommandResult.ACCEPTED, "bolus with the catheter tight")
        run.patient_boluses.wait_for_lockout_end(MINUTE_S)
        with catheter.leaking(LEAK_PERCENT):
            run.settle()
            run.patient_boluses.ask("asked while it leaks", CommandResult.ACCEPTED, "bolus asked for while it leaks")
            leaking = run.deliver(HOUR_S, "bolus and basal rate past a leak")
            run.judge("bolus and basal, leaked", leaking.leaked(LEAK_PERCENT))
            run.judge("bolus and basal, counted", leaking.counted)
        run.settle()
        run.judge("tight again", run.deliver(HOUR_S, "tight again").volume)


@judges("LEK-004", "smallest leak found", smallest_leak)
@judges("LEK-004", "tight before", accuracy)
@judges("LEK-004", "tight again", accuracy)
def test_a_leak_that_grows_is_found_before_it_takes_as_much_as_the_accuracy_allows(
    infusion: InfusionFactory, catheter: Catheter, profile: Profile
) -> None:
    """A tear that doubles every quarter of a day: the record tells the smallest one that this bench finds.

    Purpose: know how small a leak may be that this bench, this balance and this rate still show, so that nobody takes
    "no leak was found" for "there is none".

    Method: intermediate rate; weigh with the catheter tight. Open the leak valve step by step, each twice the one
    before, and weigh at each, until the share that is lost beside the tight catheter lies over zero by its expanded
    uncertainty. Close the valve, weigh again.

    Acceptance: the smallest leak found takes less than the accuracy; delivery within the accuracy before and after.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=STEP_S) as run:
        run.settle()
        tight = run.deliver(STEP_S, "tight before")
        run.judge("tight before", tight.volume)
        with catheter.tearing() as tear:
            for percent in GROWING_PERCENT:
                tear.to(percent)
                run.settle()
                lost = run.deliver(STEP_S, f"leaking {percent:g} %").lost_beside(tight)
                if lost.quantity.value > lost.quantity.expanded_uncertainty():
                    break
            run.judge("smallest leak found", lost)
        run.settle()
        run.judge("tight again", run.deliver(STEP_S, "tight again").volume)
