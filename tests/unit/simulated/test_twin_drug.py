# SPDX-License-Identifier: Apache-2.0
"""The drug in the twin's tubing and catheter: a front that comes when the dead volume has left, and not before."""

from collections.abc import Callable

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin, continuous

DEAD_UL = 250.0
PRIME_UL_PER_H = 600.0
FULL = 500.0


def shown(bench: OperatedTwin) -> float:
    return float(str(bench.rig("drug_concentration_ug_per_ml")))


def fill(bench: OperatedTwin, part: str, drug_ug_per_ml: float, number: int) -> None:
    order = {"exchange_token": 1, "exchange_number": number, "exchange_part": part}
    bench.set_rig(**order, exchange_ug_per_ml=drug_ug_per_ml)
    bench.go(6.0)


def left_ul(bench: OperatedTwin) -> float:
    volumes = bench.fluid.volumes()
    return volumes.vessel_ul + volumes.leak_ul + volumes.ambient_ul


def front_ul(bench: OperatedTwin, from_ul: float, wanted: float) -> float:
    """How much has left, from `from_ul` on, when the sensor shows what is wanted; looked at each two seconds."""
    for _ in range(3000):
        if shown(bench) == pytest.approx(wanted, rel=0.05, abs=5.0):
            return left_ul(bench) - from_ul
        bench.go(2.0)
    raise AssertionError(f"the sensor still shows {shown(bench)}")


def test_a_twin_is_full_of_drug_until_its_catheter_is_filled_without() -> None:
    bench = OperatedTwin()
    assert shown(bench) == pytest.approx(FULL, rel=0.03)
    fill(bench, "catheter", 0.0, 1)
    assert shown(bench) == 0.0
    assert bench.rig("exchanges_done") == 1


def test_a_primed_drug_arrives_when_the_dead_volume_has_left() -> None:
    bench = OperatedTwin()
    fill(bench, "catheter", 0.0, 1)
    from_ul = left_ul(bench)
    assert bench.command("prime", 400.0) == "accepted"
    assert front_ul(bench, from_ul, FULL) == pytest.approx(DEAD_UL, abs=1.0)


def test_another_concentration_in_the_reservoir_arrives_behind_the_old_one() -> None:
    bench = OperatedTwin()
    bench.run(continuous(PRIME_UL_PER_H))
    bench.go(600.0)
    fill(bench, "reservoir", 1000.0, 1)
    from_ul = left_ul(bench)
    bench.go(900.0)
    fill(bench, "reservoir", 250.0, 2)
    second_ul = left_ul(bench)
    assert shown(bench) == pytest.approx(FULL, rel=0.03)
    assert front_ul(bench, from_ul, 1000.0) == pytest.approx(
        DEAD_UL + 1.0, abs=1.5
    )  # a second of the filling has passed
    assert front_ul(bench, second_ul, 250.0) == pytest.approx(DEAD_UL + 1.0, abs=1.5)


def test_nothing_arrives_while_the_pump_stands() -> None:
    bench = OperatedTwin()
    fill(bench, "catheter", 0.0, 1)
    bench.go(100 * 3600.0)
    assert shown(bench) == 0.0


@pytest.mark.parametrize(
    ("order", "told"),
    [
        ({"exchange_part": "catheter"}, "written together"),
        (
            {"exchange_token": 1, "exchange_number": 1, "exchange_part": "none", "exchange_ug_per_ml": 1.0},
            "none cannot",
        ),
        ({"exchange_token": 0, "exchange_number": 1, "exchange_part": "catheter", "exchange_ug_per_ml": 1.0}, "stale"),
        ({"drug_concentration_ug_per_ml": 1.0}, "cannot be written"),
    ],
)
def test_an_order_that_cannot_be_is_refused(order: dict[str, int | float | str], told: str) -> None:
    bench = OperatedTwin()
    bench.set_rig(fencing_token=1)
    with pytest.raises(ValueError, match=told):
        bench.set_rig(**order)


def test_the_same_order_again_fills_nothing_and_the_safe_state_refuses_it() -> None:
    bench = OperatedTwin()
    fill(bench, "catheter", 0.0, 1)
    fill(bench, "catheter", 0.0, 1)
    assert bench.rig("exchanges_done") == 1
    bench.set_rig(safe_state=True)
    with pytest.raises(ValueError, match="safe state"):
        fill(bench, "catheter", 0.0, 2)


def asked_to_start_while_priming(bench: OperatedTwin) -> str:
    bench.load(continuous(50.0))
    bench.command("prime", 100.0)
    bench.go(60.0)
    return bench.command("start")


def primed_ul(bench: OperatedTwin) -> int:
    bench.command("prime", 100.0)
    bench.go(3600.0)
    return round(float(str(bench.pump("delivered_volume_ul"))))


def after_a_prime_in_a_bolus_ul(bench: OperatedTwin) -> int:
    bench.run(continuous(60.0, bolus_volume_ul=20.0, bolus_duration_s=600))
    bench.command("single_bolus")
    bench.go(300.0)
    bench.command("stop")
    bench.command("prime", 10.0)
    bench.go(600.0)
    before_ul = float(str(bench.pump("delivered_volume_ul")))
    bench.command("start")
    bench.go(3600.0)
    return round(float(str(bench.pump("delivered_volume_ul"))) - before_ul)


def exchanged(bench: OperatedTwin) -> tuple[object, int]:
    """How often a part was filled, and what then leaves the catheter, to fifty."""
    fill(bench, "catheter", 0.0, 1)
    return bench.rig("exchanges_done"), round(shown(bench) / 50.0) * 50


CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("tubing_taken_larger_ul", lambda bench: bench.pump("tubing_volume_ul"), 140.0, 199.0),
    ("prime_gain", primed_ul, 100, 130),
    ("starts_while_priming", asked_to_start_while_priming, "wrong_state", "accepted"),
    ("rest_after_prime", after_a_prime_in_a_bolus_ul, 60, 70),
    ("drug_sensor_stuck", lambda bench: shown(bench) > 400.0, True, False),
    ("dead_drug_valves", exchanged, (1, 0.0), (0, FULL)),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_bad_priming_is_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad
