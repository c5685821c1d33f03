# SPDX-License-Identifier: Apache-2.0
"""The simulated balance: mass, lag, evaporation, drift, noise, stability, range, zero and tare."""

import math
import statistics

import pytest

from instruments.simulated.balance.weighing import LAG_S, BalanceCell
from instruments.simulated.physics.densities import air_density_kg_per_m3, water_density_kg_per_m3
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.physics.regime import Regime
from instruments.simulated.physics.settling import settled_at_s
from instruments.simulated.physics.vessel import Vessel
from instruments.simulated.served.devices import LoadStatus
from instruments.simulated.specimen.ambient import Ambient, SlowWave
from instruments.simulated.specimen.noise import Noise
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.specimen.weighing_faults import WeighingFaults
from instruments.simulated.time.timeline import Timeline
from tests.unit.simulated.operated_twin import OperatedTwin, continuous

DAY_S = 86_400.0


@pytest.mark.parametrize(("temperature_c", "density"), [(4, 999.9749), (20, 998.2067), (25, 997.0470), (37, 993.3290)])
def test_water_has_its_density_within_five_millionths(temperature_c: float, density: float) -> None:
    assert water_density_kg_per_m3(temperature_c) == pytest.approx(density, rel=5e-6)


@pytest.mark.parametrize(
    ("temperature_c", "pressure_hpa", "humidity", "density"),
    [(20, 1013.25, 50, 1.19931), (23, 1013.25, 50, 1.18608), (20, 950, 40, 1.12514), (20, 750, 50, 0.88628)],
)
def test_air_has_its_density_within_five_in_ten_thousand(
    temperature_c: float, pressure_hpa: float, humidity: float, density: float
) -> None:
    assert air_density_kg_per_m3(temperature_c, pressure_hpa, humidity) == pytest.approx(density, rel=5e-4)


def test_the_integral_of_a_slow_wave_is_the_sum_of_its_values() -> None:
    wave = SlowWave(50.0, 3.0, 5000.0, 1.0)
    summed = sum(wave.at(second + 0.5) for second in range(7000))
    assert wave.integral(7000.0) == pytest.approx(summed, rel=1e-9)


def test_the_delivered_water_is_weighed_with_buoyancy_evaporation_and_drift() -> None:
    bench = OperatedTwin()
    tare_g = bench.twin.cell.tare()
    assert tare_g == pytest.approx(60.0, abs=0.05)
    bench.run(continuous(1000.0))
    bench.go(DAY_S / 2)
    bench.command("stop")
    bench.go(3600.0)
    delivered_mg = bench.fluid.vessel_ul() * 0.99799  # at 21 degC
    buoyancy = (1 - 1.193 / 998.0) / (1 - 1.193 / 8000.0)
    expected_mg = (delivered_mg - 13 * 0.03) * buoyancy + 0.05 * 13 / 24
    assert bench.twin.cell.weigh().net_mass_g * 1000.0 == pytest.approx(expected_mg, abs=1.0)


def test_still_water_loses_about_three_hundredths_of_a_milligram_an_hour() -> None:
    bench = OperatedTwin()
    bench.twin.cell.tare()
    bench.go(10 * DAY_S)
    lost_mg = -bench.twin.cell.weigh().net_mass_g * 1000.0 + 0.05 * 10
    assert lost_mg / 240.0 == pytest.approx(0.03, rel=0.05)


def test_noise_has_its_standard_deviation_and_no_mean() -> None:
    noise = Noise(3, "test")
    values = [noise.normal(0.02 * number) for number in range(20_000)]
    assert statistics.stdev(values) == pytest.approx(1.0, abs=0.02)
    assert statistics.mean(values) == pytest.approx(0.0, abs=0.03)


def test_noise_belongs_to_seed_channel_and_instant() -> None:
    assert Noise(3, "a").normal(5.0) == Noise(3, "a").normal(5.0)
    others = {
        Noise(3, "a").normal(5.0),
        Noise(4, "a").normal(5.0),
        Noise(3, "b").normal(5.0),
        Noise(3, "a").normal(6.0),
    }
    assert len(others) == 4


def test_readings_scatter_by_two_hundredths_of_a_milligram_on_a_grid_of_one_hundredth() -> None:
    bench = OperatedTwin()
    readings_mg = []
    for second in range(1, 2001):
        bench.to(float(second))
        readings_mg.append(bench.twin.cell.weigh().net_mass_g * 1000.0)
    assert statistics.stdev(readings_mg) == pytest.approx(0.02, abs=0.005)
    assert all(abs(value * 100.0 - round(value * 100.0)) < 1e-5 for value in readings_mg)


def test_the_shown_mass_follows_the_load_with_a_lag_of_one_second() -> None:
    bench = OperatedTwin()
    bench.run(continuous(1000.0))
    bench.go(7200.0)
    assert bench.fluid.regime.lag_at(bench.now_s) == pytest.approx(1000.0 / 3600.0, rel=0.1)
    bench.command("stop")
    bench.go(80.0)
    assert abs(bench.fluid.regime.lag_at(bench.now_s)) < 1e-4


def test_what_is_shown_is_the_load_in_air_less_the_lag() -> None:
    timeline, ambient = Timeline(), Ambient(1)
    fluid = Hydraulics(timeline, PumpModel.named("implantable-20ml"), 1.2, LAG_S)
    vessel = Vessel(timeline, fluid, ambient)
    cell = BalanceCell(timeline, vessel, 1, WeighingFaults(noise_sd_mg=0.0, drift_mg_per_day=0.0))
    fluid.drive(1000.0)
    timeline.advance_to(600.0)
    assert vessel.lag_mg(600.0) > 0.2
    shown_mg = cell.weigh().net_mass_g * 1000.0
    assert shown_mg == pytest.approx(vessel.apparent_mg() - vessel.lag_mg(600.0), abs=0.00501)


def test_a_fast_flow_is_never_stable_and_a_resting_load_always() -> None:
    bench = OperatedTwin()
    assert bench.twin.cell.weigh().stable is True
    bench.run(continuous(1000.0))
    bench.go(100.0)
    assert bench.twin.cell.weigh().stable is False
    assert math.isinf(bench.twin.cell.stable_at_s())
    bench.command("stop")
    settled_s = bench.twin.cell.stable_at_s()
    assert bench.now_s < settled_s < bench.now_s + 30.0
    bench.to(settled_s - 0.01)
    assert bench.twin.cell.weigh().stable is False
    bench.to(settled_s + 0.01)
    assert bench.twin.cell.weigh().stable is True
    assert bench.twin.cell.stable_at_s() == bench.now_s


def test_between_the_strokes_of_a_slow_flow_the_load_becomes_stable() -> None:
    bench = OperatedTwin()
    bench.run(continuous(150.0))
    bench.to(10 * 12.0 + 1.5)  # strokes fall every 12 s
    assert bench.twin.cell.weigh().stable is False
    settled_s = bench.twin.cell.stable_at_s()
    assert 1.0 < settled_s - bench.now_s < 10.0
    bench.to(settled_s + 1e-3)
    assert bench.twin.cell.weigh().stable is True


def test_settling_is_looked_up_over_many_strokes() -> None:
    regime = Regime(
        start_s=0.0, first_stroke_s=1.0, interval_s=1.0, stroke_ul=0.001, most_strokes=10**9,
        excess_ul=50.0, decay_s=100.0, lag_ul=0.5, lag_decay_s=1.0, vessel_share=1.0,
    )  # fmt: skip
    found_s = settled_at_s(regime, 0.0, 0.05)
    assert 200.0 < found_s < 300.0
    assert regime.lag_at(found_s - 0.01) >= 0.05 > regime.lag_at(found_s + 1e-6)


def test_tare_and_zero_take_the_present_load_off_and_a_restart_brings_it_back() -> None:
    bench, cell = (bench := OperatedTwin()), bench.twin.cell
    gross_g = cell.weigh().net_mass_g
    assert cell.tare() == gross_g
    assert cell.weigh().net_mass_g == 0.0
    bench.go(10.0)
    cell.restart()
    assert (cell.restarts, cell.weigh().stable) == (1, False)
    assert cell.weigh().net_mass_g == pytest.approx(gross_g, abs=2e-4)
    assert cell.stable_at_s() == bench.now_s + 2.0
    cell.zero()
    assert cell.weigh().net_mass_g == 0.0
    assert cell.tare() == pytest.approx(0.0, abs=1e-4)


def test_range_status_tells_overload_and_a_load_within_range() -> None:
    assert OperatedTwin().twin.cell.weigh().status is LoadStatus.IN_RANGE
    assert OperatedTwin(defects=["balance_overload"]).twin.cell.weigh().status is LoadStatus.OVERLOAD


def test_humidity_stands_behind_evaporation() -> None:
    ambient = Ambient(1)
    mean = ambient.humidity_percent.integral(90 * DAY_S) / (90 * DAY_S)
    assert mean == pytest.approx(50.0, abs=0.2)
