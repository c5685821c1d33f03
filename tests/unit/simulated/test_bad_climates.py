# SPDX-License-Identifier: Apache-2.0
"""A good pump hardly minds its climate, bad ones do; and a chamber or a refill port that is dead moves nothing."""

from collections.abc import Callable

import pytest

from tests.unit.simulated.operated_twin import OperatedTwin, continuous

HOUR_S = 3600.0


def held(bench: OperatedTwin, temperature_c: float = 0.0, air_pressure_hpa: float = 0.0) -> None:
    order = {"chamber_temperature_c": temperature_c, "chamber_pressure_hpa": air_pressure_hpa}
    bench.twin.rig.write({"chamber_token": 1, **order})
    bench.go(HOUR_S / 2)


def vessel_in_an_hour(bench: OperatedTwin) -> float:
    """What reaches the vessel in an hour at 100 µL/h, in tens of µL."""
    before_ul = bench.fluid.vessel_ul()
    bench.go(HOUR_S)
    return round(bench.fluid.vessel_ul() - before_ul, -1)


def at(temperature_c: float = 0.0, air_pressure_hpa: float = 0.0) -> Callable[[OperatedTwin], tuple[float, float]]:
    """What comes in an hour there, and in an hour back in the room, in tens of µL."""

    def observe(bench: OperatedTwin) -> tuple[float, float]:
        bench.run(continuous(100.0))
        held(bench, temperature_c, air_pressure_hpa)
        there_ul = vessel_in_an_hour(bench)
        held(bench)
        return there_ul, vessel_in_an_hour(bench)

    return observe


def shown_when_warm(bench: OperatedTwin) -> float:
    held(bench, 40.0)
    return round(float(str(bench.rig("chamber_temperature_measured_c"))))


def needle_felt(bench: OperatedTwin) -> bool:
    order = {"refill_token": 1, "refill_number": 1, "refill_needle": True, "refill_volume_ul": 0.0}
    bench.twin.rig.write(order)
    bench.go(10.0)
    return bool(bench.rig("refill_needle_in"))


CASES: list[tuple[str, Callable[[OperatedTwin], object], object, object]] = [
    ("rate_per_kelvin", at(temperature_c=40.0), (100.0, 100.0), (140.0, 100.0)),
    ("stands_in_the_cold_c", at(temperature_c=5.0), (100.0, 100.0), (0.0, 100.0)),
    ("rate_per_hpa", at(air_pressure_hpa=760.0), (100.0, 100.0), (130.0, 100.0)),
    ("bent_by_dense_air", at(air_pressure_hpa=1750.0), (100.0, 100.0), (100.0, 130.0)),
    ("dead_chamber", shown_when_warm, 40, 21),
    ("dead_refill_port", needle_felt, True, False),
]


@pytest.mark.parametrize(("name", "observe", "good", "bad"), CASES, ids=[case[0] for case in CASES])
def test_a_climate_does_to_a_bad_pump_or_part_what_it_says(
    name: str, observe: Callable[[OperatedTwin], object], good: object, bad: object
) -> None:
    assert observe(OperatedTwin()) == good
    assert observe(OperatedTwin(defects=[name])) == bad


def test_the_safe_state_leaves_the_pump_to_the_room_and_takes_no_climate() -> None:
    bench = OperatedTwin()
    held(bench, 40.0)
    bench.set_rig(safe_state=True)
    bench.go(HOUR_S / 2)
    assert float(str(bench.rig("chamber_temperature_measured_c"))) == pytest.approx(21.0, abs=2.0)
    with pytest.raises(ValueError, match="off in the safe state"):
        held(bench, 40.0)
