# SPDX-License-Identifier: Apache-2.0
"""Priming: tubing and catheter are filled with drug before a therapy begins."""

from bench.profile import Profile
from bench.therapy import Continuous
from fixtures.public import InfusionFactory
from instruments.drug_path import Filled
from test_plans.criteria import accuracy, answered_as_promised, primed_path
from test_plans.markers import HOUR_S, judges, only_with

WITHOUT_DRUG = 0.0
HALF = 0.5
"""Share of its time after which a bolus is interrupted."""


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
        run.require_drug_sensor()
        run.settle()
        run.stop()
        run.fill(Filled.CATHETER, profile.priming.drug_ug_per_ml.value)
        run.fill(Filled.CATHETER, WITHOUT_DRUG)
        run.fill(Filled.RESERVOIR, profile.priming.drug_ug_per_ml.value)
        bolus = run.prime(run.priming_volume_ul(), "priming bolus", start_in_it="start while it primes")
        run.judge("volume of the priming bolus", bolus.window.volume)
        run.start()
        run.judge("drug at the outlet", run.front_volume(bolus, "first fill"))
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
        run.require_drug_sensor()
        run.settle()
        run.begin_single_bolus("bolus that is interrupted", "bolus that is interrupted")
        run.wait(HALF * bolus_s)
        run.stop()
        bolus = run.prime(run.priming_volume_ul(), "priming bolus in between")
        run.judge("priming bolus in between", bolus.window.volume)
        run.start()
        run.judge("after the start", run.deliver(HOUR_S, "after the start").volume)
