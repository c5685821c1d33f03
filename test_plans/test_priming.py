# SPDX-License-Identifier: Apache-2.0
"""Priming and bridge: tubing and catheter are filled with drug, or hold the old one when a new one begins."""

import pytest

from bench.infusion import Infusion
from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.drug_path import Filled
from test_plans.criteria import (
    accuracy,
    answered_as_promised,
    change_of_rate,
    dose_of_both,
    primed_path,
    told_as_promised,
)
from test_plans.markers import HOUR_S, judges, only_with

WITHOUT_DRUG = 0.0
HALF = 0.5
"""Share of its time after which a bolus, or a bridge, is interrupted."""
QUARTER = 0.25
"""Share of the path that is primed while a bridge is interrupted."""
NEW_RATE_S = 6 * HOUR_S
"""For so long the new rate is weighed after a bridge."""
DIRECTIONS = ["stronger", "weaker"]
"""Whether the new drug is the stronger or the weaker one."""


def refill_with_another_concentration(run: Infusion, old_ug_per_ml: float, new_ug_per_ml: float) -> None:
    """Stop the pump and refill it; the path is filled with the old drug, which proves the sensor."""
    run.priming.require_drug_sensor()
    run.settle()
    run.stop()
    run.priming.fill(Filled.CATHETER, new_ug_per_ml)
    run.priming.fill(Filled.CATHETER, old_ug_per_ml)
    run.priming.fill(Filled.RESERVOIR, new_ug_per_ml)


@judges("PRI-003", "start while it primes: answer", answered_as_promised)
@judges("PRI-002", "volume of the priming bolus", accuracy)
@judges("PRI-001", "drug at the outlet", primed_path)
@judges(("PRI-003", "DEL-002"), "therapy after it", accuracy)
@only_with("priming")
def test_a_priming_bolus_fills_the_path_and_the_therapy_begins_after_it(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A path without drug is primed with the volume that the programmer computes; a sensor sees the drug arrive.

    Purpose: find the programmer that takes the pump's tubing for larger or smaller than it is, and the pump that begins
    its therapy before it is primed.

    Method: with the pump stopped, fill pump tubing and catheter with drug and then without, as a new catheter is, which
    proves the sensor, and the reservoir with drug. Have the pump prime the volume that its programmer computes. Halfway
    ask for a start. Weigh the bolus, and what had been delivered when the drug sensor at the outlet shows the front of
    the drug; if it is not there at the end of the bolus, start the therapy and wait for it. Weigh an hour of the
    therapy.

    Acceptance: the start refused; the bolus within the accuracy; the drug at the outlet when the primed volume has been
    delivered, within the tolerance of the dead volume; the therapy within the accuracy, and nothing before its start.
    """
    assert profile.priming is not None
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        run.priming.require_drug_sensor()
        run.settle()
        run.stop()
        run.priming.fill(Filled.CATHETER, profile.priming.drug_ug_per_ml.value)
        run.priming.fill(Filled.CATHETER, WITHOUT_DRUG)
        run.priming.fill(Filled.RESERVOIR, profile.priming.drug_ug_per_ml.value)
        bolus = run.priming.give(run.priming.volume_ul(), "priming bolus", start_in_it="start while it primes")
        run.judge("volume of the priming bolus", bolus.window.volume)
        run.start()
        run.judge("drug at the outlet", run.priming.front_volume(bolus, "first fill"))
        run.settle()
        run.judge("therapy after it", run.deliver(HOUR_S, "therapy after the priming bolus").volume)


@judges("BOL-003", "bolus that is interrupted: answer", answered_as_promised)
@judges("PRI-002", "priming bolus in between", accuracy)
@judges("PRI-004", "after the start", accuracy)
@only_with("priming")
@only_with("bolus_on_basal")
def test_a_priming_bolus_between_stop_and_start_changes_nothing_of_a_bolus(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A bolus is interrupted, the catheter primed, and the pump started again.

    Purpose: find the pump that gives another amount of an interrupted bolus when it was primed meanwhile.

    Method: intermediate rate. Ask for a bolus at the greatest rate, stop the pump halfway, prime the dead volume,
    start, and weigh an hour.

    Acceptance: the priming bolus within the accuracy; the hour after the start within the accuracy of what was
    programmed, where the rest of the bolus counts only if the profile promises that a start takes it up.
    """
    basal_therapy, bolus_s = Continuous(profile.rates.tested("intermediate")), profile.patient_bolus.duration_s.value
    with infusion(profile.with_single_bolus(basal_therapy, filling=True), shortest_window_s=HOUR_S) as run:
        run.priming.require_drug_sensor()
        run.settle()
        run.single_boluses.begin_on_basal("bolus that is interrupted", "bolus that is interrupted")
        run.wait(HALF * bolus_s)
        run.stop()
        bolus = run.priming.give(run.priming.volume_ul(), "priming bolus in between")
        run.judge("priming bolus in between", bolus.window.volume)
        run.start()
        run.judge("after the start", run.deliver(HOUR_S, "after the start").volume)


@judges("BRG-004", "boluses in the bridge", told_as_promised)
@judges("BRG-001", "rate of the bridge", accuracy)
@judges("BRG-001", "end of the bridge", change_of_rate)
@judges("BRG-001", "new rate", accuracy)
@judges("BRG-002", "new drug at the outlet", primed_path)
@judges("BRG-002", "dose of both drugs", dose_of_both)
@only_with("bridge")
@pytest.mark.parametrize("new_drug", DIRECTIONS)
def test_a_bridge_gives_the_old_drug_at_its_rate_until_the_new_one_arrives(
    infusion: InfusionFactory, profile: Profile, new_drug: str
) -> None:
    """A pump is refilled with a stronger, or a weaker, drug; a bridge gives what is left of the old one at its rate.

    Purpose: find the pump that skips the bridge, ends it too early or too late, or gives it at another rate, so that
    the old drug comes at the rate of the new one, or the new one at the rate of the old one.

    Method: with the pump stopped, fill pump tubing and catheter with the old drug and the reservoir with the new one.
    Load a bridge of the volume that the programmer computes for the path, at the rate that fits the old concentration,
    and then the rate that gives the same dose of the new one. Start, and ask for a clinician's and for a patient's
    bolus. Weigh the bridge until shortly before its end, watch the drug sensor at the outlet for the new drug, and
    weigh the new rate for six hours.

    Acceptance: both boluses refused; bridge and new rate within the accuracy; the rate changes when the bridge is to
    end, within the tolerance of a change of rate; the new drug at the outlet when the volume of the bridge has been
    delivered, within the tolerance of the dead volume; the dose of both drugs together within the accuracy of what was
    prescribed.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        bridged = profile.bridged(run.priming.volume_ul(), to_stronger=new_drug == "stronger")
        refill_with_another_concentration(run, bridged.old.concentration.ug_per_ml, bridged.new.concentration.ug_per_ml)
        bridge = run.bridge.begin(bridged)
        run.refused_boluses.ask_for_both("boluses in the bridge", "boluses asked for in a bridge")
        given = run.bridge.end(bridge, NEW_RATE_S, f"to the {new_drug} drug")
        run.judge("rate of the bridge", given.during.volume)
        run.judge("end of the bridge", run.bridge.end_of(given))
        run.judge("new rate", given.after.volume)
        run.judge("new drug at the outlet", run.bridge.front_of(given, "bridge"))
        run.judge("dose of both drugs", run.bridge.dose_of_both(given, "bridge"))


@judges("PRI-002", "priming bolus in a bridge", accuracy)
@judges("BRG-003", "rest of the bridge", accuracy)
@judges("BRG-003", "end of the interrupted bridge", change_of_rate)
@judges("BRG-003", "new rate after it", accuracy)
@judges("BRG-002", "new drug at the outlet", primed_path)
@judges("BRG-002", "dose of both drugs", dose_of_both)
@only_with("bridge")
def test_a_bridge_that_is_interrupted_and_primed_goes_on_with_what_is_left(
    infusion: InfusionFactory, profile: Profile
) -> None:
    """A bridge is stopped halfway, a quarter of the path is primed, and the pump is started again.

    Purpose: find the pump that forgets an interrupted bridge or begins it anew, and the one that gives too much of the
    new drug at the rate of the old one because it does not know that priming moved the old drug on.

    Method: refill with a stronger drug and begin a bridge as in the test above. Halfway stop the pump, prime a quarter
    of the path, and start again. Weigh what is left of the bridge until shortly before its end, watch the drug sensor,
    and weigh the new rate for six hours.

    Acceptance: the priming bolus, the rest of the bridge and the new rate within the accuracy; the rate changes when
    the last quarter has been given; the new drug at the outlet when the volume of the bridge has been delivered; the
    dose of both drugs together within the accuracy.
    """
    with infusion(Continuous(profile.rates.tested("intermediate")), shortest_window_s=HOUR_S) as run:
        bridged = profile.bridged(run.priming.volume_ul(), to_stronger=True)
        refill_with_another_concentration(run, bridged.old.concentration.ug_per_ml, bridged.new.concentration.ug_per_ml)
        bridge = run.bridge.go_on(run.bridge.begin(bridged), HALF)
        run.stop()
        primed = run.priming.give(QUARTER * bridged.path_ul, "priming bolus in a bridge")
        run.judge("priming bolus in a bridge", primed.window.volume)
        bridge = run.bridge.take_up(bridge.primed(primed))
        given = run.bridge.end(bridge, NEW_RATE_S, "interrupted bridge")
        run.judge("rest of the bridge", given.during.volume)
        run.judge("end of the interrupted bridge", run.bridge.end_of(given))
        run.judge("new rate after it", given.after.volume)
        run.judge("new drug at the outlet", run.bridge.front_of(given, "interrupted bridge"))
        run.judge("dose of both drugs", run.bridge.dose_of_both(given, "interrupted bridge"))
