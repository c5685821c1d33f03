# SPDX-License-Identifier: Apache-2.0
"""What a stroke truly delivers: its bias and what that depends on, renewed once an hour."""

import pytest

from instruments.simulated.specimen.ambient import Ambient
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

NO_SENSOR = "implantable-20ml-no-catheter-sensor"


def bias(bench: OperatedTwin) -> float:
    return bench.fluid.regime.stroke_ul / 0.5 - 1.0


def expected_bias(level: float, warmer_k: float, pressure_kpa: float) -> float:
    return 0.005 + 0.01 * (2 * level - 1) + 0.0005 * warmer_k - 0.0001 * pressure_kpa


def warmer_k(bench: OperatedTwin) -> float:
    return Ambient(1).temperature_c.at(bench.now_s) - 21.0


def test_a_stroke_depends_on_level_temperature_and_back_pressure() -> None:
    bench = OperatedTwin()
    assert bias(bench) == pytest.approx(expected_bias(1.0, warmer_k(bench), bench.fluid.pressure_kpa()), abs=1e-12)
    bench.run(continuous(1000.0))
    bench.to(15 * 3600.0)
    level = bench.fluid.volumes().reservoir_ul / 20_000.0
    assert level == pytest.approx(0.25, abs=0.02)
    expected = expected_bias(level, warmer_k(bench), bench.fluid.pressure_kpa())
    assert bias(bench) == pytest.approx(expected, abs=1e-12)


def test_a_high_back_pressure_takes_from_every_stroke() -> None:
    bench = OperatedTwin(NO_SENSOR)
    bench.run(continuous(100.0))
    bench.set_rig(kink_clamp_percent=100.0)
    bench.to(3600.0)
    assert bench.fluid.pressure_kpa() == pytest.approx(510.0, rel=0.02)
    expected = expected_bias(0.995, warmer_k(bench), bench.fluid.pressure_kpa())
    assert bias(bench) == pytest.approx(expected, abs=1e-4)


def test_the_bias_is_held_from_hour_to_hour() -> None:
    bench = OperatedTwin()
    bench.run(continuous(1000.0))
    held = bias(bench)
    bench.to(3599.9)
    assert bias(bench) == held
    bench.to(3600.0)
    assert bias(bench) != held
