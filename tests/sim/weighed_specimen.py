# SPDX-License-Identifier: Apache-2.0
"""One seeded bench and pump weigh one delivery, and the truth is known.

The bench's own code measures noise and blank and weighs the marks; it looks at the twin's devices without a wire
between, so that a day takes milliseconds. The truth is the measurand of a pump's accuracy: its mean flow times the
time, wherever in a stroke the marks fell.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.clock import ClockMode
from bench.preflight.noise_check import NoiseCheck
from bench.profile import Profile
from bench.retrying_reader import RetryingReader
from bench.scheduler import Scheduler
from bench.simulated_bench import simulated_bench
from bench.weighing import BalanceSeries, Weighing, measure_blank, tare
from instruments.balance import BalanceIdentity, MassReading
from instruments.pump import PumpReading
from instruments.rig import RigReading
from instruments.simulated.specimen.specimen import Specimen
from instruments.simulated.twin.twin import Twin
from instruments.simulated.wires.twin_addresses import TwinAddresses
from metrology.gravimetry import Repeatability
from metrology.uncertainty import Quantity
from tests.readings import pump_reading, rig_reading

HOUR_S, DAY_S = 3600.0, 86400.0
PROFILE = Profile.named("implantable-20ml", Path(__file__).parents[2] / "test_plans" / "profiles")
WINDOW_S = {"low": DAY_S, "intermediate": DAY_S, "high": 4 * HOUR_S}
"""As the standard chapter weighs them."""
LONGEST_WAIT_S = 8 * DAY_S


@dataclass(frozen=True)
class Weighed:
    """What the bench says a pump delivered, and what it did deliver.

    Attributes:
        quantity: with the blank before it alone, as a test is judged when it ends.
        again: with the blank after as well, as it is judged again.
    """

    seed: int
    quantity: Quantity
    again: Quantity
    true_ul: float

    @property
    def error_ul(self) -> float:
        return self.quantity.value - self.true_ul

    @property
    def covered(self) -> bool:
        return self._covers(self.quantity)

    @property
    def covered_again(self) -> bool:
        return self._covers(self.again)

    def _covers(self, quantity: Quantity) -> bool:
        return abs(quantity.value - self.true_ul) <= quantity.expanded_uncertainty()


class TruthfulClock:
    """The twin's time as a bench clock; on the way it keeps account of the mean flow."""

    mode, speed, epoch_utc = ClockMode.STEPPED, 0.0, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

    def __init__(self, twin: Twin) -> None:
        self._timeline, self._fluid = twin.timeline, twin.hydraulics
        self._times_s, self._volumes_ul = [0.0], [0.0]

    def now_s(self) -> float:
        return self._timeline.now_s

    def sleep_until(self, instant_s: float) -> None:
        while (now_s := self.now_s()) < instant_s:
            full_hour_s = (now_s // HOUR_S + 1) * HOUR_S  # a stroke's volume holds from hour to hour
            commanded_ul, gain = self._fluid.commanded_ul(), 1 + self._fluid.conditions.stroke_bias
            self._timeline.advance_to(min(instant_s, full_hour_s))
            self._times_s.append(self.now_s())
            self._volumes_ul.append(self._volumes_ul[-1] + gain * (self._fluid.commanded_ul() - commanded_ul))

    def true_ul(self, from_s: float, to_s: float) -> float:
        start_ul, end_ul = np.interp([from_s, to_s], self._times_s, self._volumes_ul)
        return float(end_ul - start_ul)


class Devices:
    """Pump, rig and balance of the twin, as a bench's drivers show them."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    def identify(self) -> BalanceIdentity:
        cell = self._twin.cell
        return BalanceIdentity(cell.model, cell.serial_number, cell.firmware_version, cell.capacity_g)

    def read_mass_g(self) -> MassReading:
        weighing = self._twin.cell.weigh()
        return MassReading(weighing.net_mass_g, weighing.stable)

    def tare(self) -> float:
        return self._twin.cell.tare()

    def pump(self) -> PumpReading:
        clock_s, counter_ul = self._twin.pump.read(["device_clock_s", "delivered_volume_ul"]).values()
        assert isinstance(clock_s, float)
        assert isinstance(counter_ul, float)
        return pump_reading(device_clock_s=round(clock_s, 2), counter_ul=counter_ul)

    def rig(self) -> RigReading:
        names = ["outlet_pressure_kpa", "temperature_c", "air_pressure_hpa", "humidity_percent"]
        return rig_reading(**self._twin.rig.read(names))


class Reader:
    """A device whose `read` is the given function."""

    def __init__(self, read: Callable[[], object]) -> None:
        self.read = read


class WirelessBench:
    """As much of a `Bench` as noise check, blank and marks look at."""

    def __init__(self, twin: Twin, file: BenchFile) -> None:
        devices = Devices(twin)
        self.file = file
        self.clock = TruthfulClock(twin)
        self.scheduler = Scheduler(self.clock)  # type: ignore[arg-type] # it never goes on from anywhere
        self.reader = RetryingReader(self.clock)  # type: ignore[arg-type]
        self.balance, self.pump, self.rig = devices, Reader(devices.pump), Reader(devices.rig)
        self.second = None


def weighed(
    seed: int,
    which_rate: str,
    defects: Sequence[str] = (),
    specimen: Specimen | None = None,
    window_s: float | None = None,
) -> Weighed:
    """Weigh one window at the rate of the profile, some days after one blank and before another."""
    draw = np.random.default_rng(seed)
    twin = Twin.assemble(PROFILE.twin_model, seed, defects, specimen)
    wireless = WirelessBench(twin, _bench_file(twin, seed))
    bench, clock, file = cast(Bench, wireless), wireless.clock, wireless.file
    clock.sleep_until(draw.uniform(0, HOUR_S))
    noise = NoiseCheck(file.balance, file.preflight, BalanceSeries.on(bench))
    noise.run()
    blank = measure_blank(bench, file.evaporation.blank_s)
    assert noise.measured is not None
    day = noise.measured.or_worse(Repeatability.from_readings(blank.times_s, blank.masses_g))
    clock.sleep_until(clock.now_s() + draw.uniform(DAY_S, LONGEST_WAIT_S))
    weighing = Weighing(bench, blank.evaporation, day)
    rate_ul_per_h = PROFILE.rates.tested(which_rate)
    tare(bench)
    twin.hydraulics.drive(rate_ul_per_h)
    clock.sleep_until(clock.now_s() + PROFILE.settling_time_s(rate_ul_per_h))
    start = weighing.mark()
    duration_s = PROFILE.window_of_whole_strokes_s(rate_ul_per_h, window_s or WINDOW_S[which_rate])
    clock.sleep_until(start.mass.time_s + duration_s - 5.0)
    end = weighing.mark()
    twin.hydraulics.drive(0.0)
    clock.sleep_until(clock.now_s() + draw.uniform(DAY_S, LONGEST_WAIT_S))
    after = measure_blank(bench, file.evaporation.blank_s).evaporation
    setup = weighing.setup
    warmth_mg_per_c = 1000 * setup.vessel.gross_g * setup.balance.sensitivity_per_c
    load_ml = setup.vessel.excess_volume_half_width_ml
    both = weighing.using(setup.balance, setup.evaporation.together_with(after, warmth_mg_per_c, load_ml))
    first, again = (one.volume(start, end, PROFILE.stroke_volume_ul.value).quantity for one in (weighing, both))
    return Weighed(seed, first, again, clock.true_ul(start.mass.time_s, end.mass.time_s))


def _bench_file(twin: Twin, seed: int) -> BenchFile:
    """Return the file of a simulated bench, with addresses that nobody opens."""
    line, socket = "tcp://127.0.0.1:1", "TCPIP::127.0.0.1::1::SOCKET"
    serials = ("SIM20-0001", "SIMRIG-0001", twin.cell.serial_number)
    return simulated_bench(
        TwinAddresses(line, line, socket, "127.0.0.1:1", "stepped", 1.0, seed, PROFILE.twin_model, *serials, ())
    )
