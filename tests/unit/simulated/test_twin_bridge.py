# SPDX-License-Identifier: Apache-2.0
"""A bridge between two concentrations on the twin: its volume, its end, the drug that leaves; and the minimum rate."""

from collections.abc import Callable

import pytest

from bench.dose import BridgedPrescription, Concentration, Dose, MassUnit, Prescription
from instruments.program import Mode, Program, Step
from instruments.simulated.physics.drug_path import DrugPath
from tests.unit.simulated.operated_twin import PACE, OperatedTwin, continuous

PATH_UL, HOUR_S = 250.0, 3600.0
OLD_UL_PER_H, NEW_UL_PER_H = 500.0, 125.0
BRIDGE_S = PATH_UL / OLD_UL_PER_H * HOUR_S
BRIDGE = Program(Mode.BRIDGE, (Step(0, NEW_UL_PER_H),), bolus_volume_ul=PATH_UL, bolus_duration_s=round(BRIDGE_S))


def rate(bench: OperatedTwin) -> float:
    return float(str(bench.pump("active_rate_ul_per_h")))


def counted_ul(bench: OperatedTwin) -> float:
    return float(str(bench.pump("delivered_volume_ul")))


def bridge_ends_after_s(bench: OperatedTwin) -> float:
    """Run on until the new rate runs; return how long the pump ran meanwhile."""
    begun_s = bench.now_s
    while rate(bench) != NEW_UL_PER_H:
        assert bench.now_s < begun_s + 10 * BRIDGE_S
        bench.go(5.0)
    return (bench.now_s - begun_s) * PACE


def test_a_bridge_gives_its_volume_at_its_rate_and_then_the_new_rate_begins() -> None:
    bench = OperatedTwin()
    bench.run(BRIDGE)
    assert (rate(bench), bench.pump("state")) == (OLD_UL_PER_H, "infusing")
    assert bridge_ends_after_s(bench) == pytest.approx(BRIDGE_S, abs=6.0)
    bench.to((BRIDGE_S + HOUR_S) / PACE)
    assert counted_ul(bench) == pytest.approx(PATH_UL + NEW_UL_PER_H, abs=0.51)


def test_a_stop_does_not_end_a_bridge_and_a_prime_moves_it_on() -> None:
    bench = OperatedTwin()
    bench.run(BRIDGE)
    bench.go(0.5 * BRIDGE_S)
    assert bench.command("stop") == "accepted"
    bench.go(HOUR_S)
    assert bench.command("prime", 0.25 * PATH_UL) == "accepted"
    bench.go(HOUR_S)
    assert bench.command("start") == "accepted"
    assert bridge_ends_after_s(bench) == pytest.approx(0.25 * BRIDGE_S, abs=6.0)


def test_a_new_program_begins_its_own_bridge_while_the_pump_runs() -> None:
    bench = OperatedTwin()
    bench.run(continuous(200.0))
    bench.go(HOUR_S)
    assert bench.load(BRIDGE) == "accepted"
    assert rate(bench) == OLD_UL_PER_H
    assert bridge_ends_after_s(bench) == pytest.approx(BRIDGE_S, abs=6.0)
    assert bench.load(BRIDGE) == "accepted"
    assert rate(bench) == OLD_UL_PER_H


def test_a_bridge_goes_on_over_a_clock_that_is_set_back() -> None:
    bench = OperatedTwin(defects=["clock_zeroed_at_h=0.25"])
    bench.run(BRIDGE)
    assert bridge_ends_after_s(bench) == pytest.approx(BRIDGE_S, abs=6.0)


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        (Program(Mode.BRIDGE, (Step(0, 125.0),)), "bad_bolus"),
        (Program(Mode.BRIDGE, (Step(0, 125.0),), 250.0, 1800, ptm_volume_ul=5.0, ptm_duration_s=60), "bad_bolus"),
        (Program(Mode.BRIDGE, (Step(0, 125.0),), 250.0, 500), "rate_out_of_range"),
        (Program(Mode.BRIDGE, (), 250.0, 1800), "bad_schedule"),
        (Program(Mode.MINIMUM_RATE, (Step(0, 1.0),)), "bad_schedule"),
    ],
)
def test_a_bridge_that_cannot_be_is_refused(program: Program, answer: str) -> None:
    assert OperatedTwin().load(program) == answer


def test_no_single_bolus_comes_in_a_bridge() -> None:
    bench = OperatedTwin()
    bench.run(BRIDGE)
    assert bench.command("single_bolus") == "bad_bolus"


@pytest.mark.parametrize(("old_ug_per_ml", "new_ug_per_ml"), [(500.0, 2000.0), (2000.0, 500.0)])
def test_the_dose_that_leaves_the_twin_is_the_one_that_was_prescribed(
    old_ug_per_ml: float, new_ug_per_ml: float
) -> None:
    """The twin's own sum of drug, drop by drop at its outlet, against the closed form of the bench."""
    concentrations = [Concentration(one, MassUnit.MICROGRAM) for one in (old_ug_per_ml, new_ug_per_ml)]
    daily = Dose(concentrations[0].dose_ug(OLD_UL_PER_H * 24 / 2), MassUnit.MICROGRAM)
    old, new = (Prescription("baclofen", one, daily) for one in concentrations)
    bridged = BridgedPrescription(old, new, PATH_UL)
    bench = OperatedTwin()
    path = DrugPath(bench.fluid, PATH_UL, old_ug_per_ml)
    path.fill_reservoir(new_ug_per_ml)
    bench.run(bridged.therapy().program(2000.0))
    lasts_s, step_s, dose_ug = 3 * bridged.therapy().bridge_duration_s, 20.0, [0.0, 0.0]
    before_ul = sum_left_ul(bench)
    for _ in range(int(lasts_s / step_s)):
        showing = path.concentration_ug_per_ml()
        bench.go(step_s)
        left_ul = sum_left_ul(bench)
        dose_ug[showing == new_ug_per_ml] += (left_ul - before_ul) * showing / 1000
        before_ul = left_ul
    due = bridged.doses(0.0, lasts_s, 0.0)
    assert dose_ug[0] == pytest.approx(due.old_ug, rel=0.02)
    assert sum(dose_ug) == pytest.approx(due.ug, rel=0.03)


def sum_left_ul(bench: OperatedTwin) -> float:
    volumes = bench.fluid.volumes()
    return volumes.vessel_ul + volumes.leak_ul + volumes.ambient_ul


def test_the_minimum_rate_is_the_pumps_own_and_lies_under_the_least_that_can_be_programmed() -> None:
    bench = OperatedTwin()
    bench.run(continuous(100.0))
    bench.go(HOUR_S)
    before_ul = counted_ul(bench)
    assert bench.load(Program(Mode.MINIMUM_RATE)) == "accepted"
    assert (rate(bench), bench.pump("state")) == (1.5, "infusing")
    bench.go(100 * HOUR_S)
    assert counted_ul(bench) - before_ul == pytest.approx(150.0, abs=0.51)
    assert bench.load(continuous(1.5)) == "rate_out_of_range"


def at_minimum_ul_per_h(bench: OperatedTwin) -> float:
    bench.run(continuous(100.0))
    bench.load(Program(Mode.MINIMUM_RATE))
    return rate(bench)


def first_rate(bench: OperatedTwin) -> float:
    bench.run(BRIDGE)
    return rate(bench)


def rate_after_a_bolus_was_asked_for(bench: OperatedTwin) -> float:
    bench.run(BRIDGE)
    bench.command("single_bolus")
    return rate(bench)


def length_s(bench: OperatedTwin) -> float:
    bench.run(BRIDGE)
    return round(bridge_ends_after_s(bench) / 60.0) * 60.0


def after_a_stop_s(bench: OperatedTwin) -> float:
    bench.run(BRIDGE)
    bench.go(0.5 * BRIDGE_S)
    bench.command("stop")
    bench.go(60.0)
    bench.command("prime", 0.25 * PATH_UL)
    bench.go(HOUR_S)
    bench.command("start")
    return round(bridge_ends_after_s(bench) / 60.0) * 60.0


CASES: list[tuple[str, Callable[[OperatedTwin], float], float, float]] = [
    ("bridge_skipped", first_rate, OLD_UL_PER_H, NEW_UL_PER_H),
    ("bridge_length=0.8", length_s, 1800.0, 1440.0),
    ("bridge_length=1.2", length_s, 1800.0, 2160.0),
    ("bridge_rate_gain=0.5", first_rate, OLD_UL_PER_H, 0.5 * OLD_UL_PER_H),
    ("bridge_forgotten", after_a_stop_s, 480.0, 0.0),
    ("bridge_anew", after_a_stop_s, 480.0, 1380.0),
    ("prime_not_bridged", after_a_stop_s, 480.0, 900.0),
    ("bridge_takes_bolus", rate_after_a_bolus_was_asked_for, OLD_UL_PER_H, 2 * OLD_UL_PER_H),
    ("minimum_rate_stands", at_minimum_ul_per_h, 1.5, 0.0),
    ("minimum_rate_keeps_old", at_minimum_ul_per_h, 1.5, 100.0),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_bridge_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], float], good: float, bad: float
) -> None:
    assert observe(OperatedTwin()) == pytest.approx(good, abs=60.0 if observe is after_a_stop_s else 0.0)
    assert observe(OperatedTwin(defects=[name])) == pytest.approx(bad, abs=60.0 if observe is after_a_stop_s else 0.0)
