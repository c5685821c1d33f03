# SPDX-License-Identifier: Apache-2.0
"""What single checks of the bench make of what they are given."""

import datetime
import math
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest

from bench.bench_file import BenchFile, Calibration, CheckName, PreflightLimits
from bench.clock import ClockMode
from bench.preflight.ambient_check import AmbientCheck
from bench.preflight.blank_change_check import BlankChangeCheck
from bench.preflight.blank_check import BlankCheck
from bench.preflight.calibration_check import CalibrationCheck
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_round import look_at, trouble_of
from bench.preflight.check_state import CheckState
from bench.preflight.noise_check import NoiseCheck
from bench.preflight.pump_clock_check import PumpClockCheck
from bench.preflight.warm_up_check import WarmUpCheck
from bench.retrying_reader import RetryingReader
from bench.sampling import ClockComparison, ClockPair
from bench.scheduler import Scheduler
from bench.weighing import BalanceSeries, Blank
from groundfloor.errors import BenchFault
from instruments.balance import MassReading
from instruments.rig import Rig, RigReading
from metrology.gravimetry import Conditions, Evaporation
from metrology.verdict import Limits
from tests.readings import rig_reading

SETTINGS = PreflightLimits()
AIR = Conditions(21.0, 1013.0, 50.0)
DUE = datetime.date(2026, 3, 14)
FILE = BenchFile.model_validate(
    {
        "bench": {"name": "lab"},
        "pump": {"address": "tcp://127.0.0.1:1", "serial_number": "P1"},
        "rig": {"address": "tcp://127.0.0.1:2"},
        "vessel": {"outlet": "on the wall"},
        "balance": {
            "resource": "TCPIP::127.0.0.1::3::SOCKET",
            "serial_number": "B1",
            "readability_mg": 0.01,
            "repeatability_mg": 0.02,
            "linearity_mg": 0.1,
            "drift_mg_per_day": 0.24,
            "calibration": {
                "certificate": "C1",
                "date": datetime.date(2025, 3, 14),
                "due": DUE,
                "expanded_uncertainty_mg": 0.05,
            },
        },
    }
)
BALANCE = FILE.balance


class HandClock:
    """Bench time that stands until somebody waits."""

    mode, speed, epoch_utc = ClockMode.STEPPED, 0.0, datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)

    def __init__(self) -> None:
        self.time_s = 0.0

    def now_s(self) -> float:
        return self.time_s

    def sleep_until(self, instant_s: float) -> None:
        self.time_s = max(self.time_s, instant_s)


class HandBalance:
    """A balance that shows what a function of time says, in mg."""

    def __init__(self, clock: HandClock, mass_mg: Any) -> None:
        self._clock, self._mass_mg = clock, mass_mg

    def read_mass_g(self) -> MassReading:
        return MassReading(round(self._mass_mg(self._clock.time_s) / 1000, 5), True)


def series(clock: HandClock, balance: object) -> BalanceSeries:
    return BalanceSeries(cast(Any, balance), RetryingReader(cast(Any, clock)), Scheduler(cast(Any, clock)))


def noise(mass_mg: Any, settings: PreflightLimits = SETTINGS) -> CheckFinding:
    clock = HandClock()
    return NoiseCheck(BALANCE, settings, series(clock, HandBalance(clock, mass_mg))).run()


def scatter_mg(time_s: float, amplitude_mg: float) -> float:
    """A fixed sequence with a standard deviation of nearly `amplitude_mg`."""
    return amplitude_mg * (1 if int(time_s * 7919) * 2654435761 % 2**32 > 2**31 else -1)


def blank(rate_mg_per_h: float, uncertainty_mg_per_h: float, error_ppm: float = 0.0) -> Blank:
    start, end = ClockPair(0.0, 100.0, 0.0), ClockPair(3600.0, 100.0 + 3600 * (1 + error_ppm * 1e-6), 0.0)
    evaporation = Evaporation(rate_mg_per_h, uncertainty_mg_per_h, 59, 1.0)
    return Blank((0.0, 3600.0), (0.0, 0.0), ClockComparison(start, end), evaporation)


@pytest.mark.parametrize(
    ("value", "uncertainty", "state"),
    [
        (1.0, 0.0, CheckState.OK),
        (1.01, 0.0, CheckState.BLOCK),
        (1.3, 0.1, CheckState.WARN),
        (1.5, 0.1, CheckState.BLOCK),
        (-1.5, 0.1, CheckState.BLOCK),
        (-1.3, 0.1, CheckState.WARN),
    ],
)
def test_a_value_blocks_only_when_it_is_outside_its_limits_beyond_doubt(
    value: float, uncertainty: float, state: CheckState
) -> None:
    assert CheckState.judged(value, uncertainty, Limits(-1.0, 1.0, "mg/h", "here")) is state


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (DUE - datetime.timedelta(days=31), CheckState.OK),
        (DUE - datetime.timedelta(days=30), CheckState.WARN),
        (DUE, CheckState.WARN),
        (DUE + datetime.timedelta(days=1), CheckState.BLOCK),
        (datetime.date(2025, 3, 13), CheckState.BLOCK),
    ],
)
def test_a_calibration_is_told_before_it_is_due_and_blocks_after(today: datetime.date, state: CheckState) -> None:
    calibration: Calibration = BALANCE.calibration
    assert CalibrationCheck(calibration, 30, today).run().state is state


@pytest.mark.parametrize(
    ("amplitude_mg", "state"), [(0.02, CheckState.OK), (0.031, CheckState.WARN), (0.06, CheckState.BLOCK)]
)
def test_the_scatter_of_the_balance_is_held_against_its_repeatability(amplitude_mg: float, state: CheckState) -> None:
    found = noise(lambda time_s: 50_000 + scatter_mg(time_s, amplitude_mg))
    assert found.value == pytest.approx(amplitude_mg, rel=0.15)
    assert found.state is state


@pytest.mark.parametrize(("apart_mg", "told"), [(0.5, True), (0.0, False)])
def test_one_reading_that_belongs_to_the_question_before_is_not_told_as_a_draught(apart_mg: float, told: bool) -> None:
    noise_mg = 0.02 if told else 0.2
    found = noise(lambda time_s: 50_000 + scatter_mg(time_s, noise_mg) - apart_mg * (time_s < 0.5))
    assert found.state is CheckState.BLOCK
    assert ("that to the question before" in found.seen) is told
    assert ("draughts" in found.next_step) is not told


def test_a_drift_is_no_noise() -> None:
    found = noise(lambda time_s: 50_000 + 0.5 * time_s + scatter_mg(time_s, 0.02))
    assert found.state is CheckState.OK


def test_a_display_that_is_held_blocks() -> None:
    found = noise(lambda _time_s: 50_000)
    assert (found.state, found.value) == (CheckState.BLOCK, 0.0)
    assert "every one the same" in found.seen


@pytest.mark.parametrize(
    ("rate_mg_per_h", "state"),
    [(0.1, CheckState.OK), (0.14, CheckState.WARN), (0.2, CheckState.BLOCK), (-0.06, CheckState.BLOCK)],
)
def test_a_vessel_may_lose_by_evaporation_and_gain_by_drift_alone(rate_mg_per_h: float, state: CheckState) -> None:
    found = BlankCheck(BALANCE, SETTINGS, lambda: blank(rate_mg_per_h, 0.0101)).run()
    assert (found.limits.lower, found.limits.upper) == pytest.approx((-0.01, 0.11)) if found.limits else False
    assert found.state is state
    assert ("stopped pump still delivers" in found.next_step) is (rate_mg_per_h < 0)


def _same(one: Blank) -> Blank:
    return one


def test_blanks_are_compared_at_one_deficit_of_vapour_pressure() -> None:
    moist = replace(AIR, humidity_percent=60.0)
    before, after = (
        Evaporation(rate_mg_per_h, 0.001, 59, 1.0, 0.0, temperature_c=21.0, humidity_percent=percent)
        for rate_mg_per_h, percent in ((0.05, 60.0), (0.10, 20.0))
    )
    dry = replace(blank(0.0, 0.0), evaporation=after)
    finding = BlankChangeCheck(SETTINGS, before, lambda: dry).run()
    assert finding.value == pytest.approx(0.0, abs=1e-9)
    assert finding.state is CheckState.OK
    assert "0.1000 mg/h in air of 19.90 hPa deficit" in finding.seen
    assert moist.vapour_deficit_hpa == pytest.approx(9.95, abs=0.05)


@pytest.mark.parametrize(
    ("percent", "static_mg", "state"),
    [
        (50.0, 1.0, CheckState.OK),
        (39.9, 1.0, CheckState.WARN),
        (39.9, 0.0, CheckState.OK),
        (19.0, 1.0, CheckState.BLOCK),
    ],
)
def test_air_in_which_charges_stay_is_told_beforehand(percent: float, static_mg: float, state: CheckState) -> None:
    class Room:
        def read(self) -> RigReading:
            return rig_reading(temperature_c=21.0, humidity_percent=percent, air_pressure_hpa=1013.0)

    humidity = AmbientCheck.all_of(FILE.ambient, cast(Rig, Room()), static_mg)[1].run()
    assert humidity.state is state
    assert ("charges stay on the vessel" in humidity.seen) is (state is CheckState.WARN)


def test_a_blank_that_changed_during_the_run_blocks_beyond_doubt() -> None:
    before = blank(0.03, 0.005).evaporation
    for late_mg_per_h, state in ((0.06, CheckState.OK), (0.07, CheckState.WARN), (0.2, CheckState.BLOCK)):
        after = blank(late_mg_per_h, 0.005)
        assert BlankChangeCheck(SETTINGS, before, partial(_same, after)).run().state is state


@pytest.mark.parametrize(("error_ppm", "state"), [(499.0, CheckState.OK), (-520.0, CheckState.WARN)])
def test_a_pump_clock_beyond_its_limit_warns_because_the_infusions_judge_it(
    error_ppm: float, state: CheckState
) -> None:
    found = PumpClockCheck(SETTINGS, lambda: blank(0.0, 0.01, error_ppm)).run()
    assert found.value == pytest.approx(error_ppm, abs=1e-3)
    assert found.state is state
    assert found.next_step == ("the infusions judge it" if state is CheckState.WARN else "")


def test_a_clock_that_was_read_slowly_is_known_badly() -> None:
    slow = ClockComparison(ClockPair(0.0, 0.0, 0.3), ClockPair(60.0, 60.0, 0.3))
    assert slow.standard_uncertainty_ppm == pytest.approx(0.61 / math.sqrt(3) / 60 * 1e6, rel=1e-6)
    assert ClockComparison.from_dict(slow.as_dict()) == slow


def test_a_blank_is_read_back_from_the_journal_as_it_was() -> None:
    times_s = tuple(60.0 * number for number in range(61))
    masses_g = tuple(50 - 1e-8 * time_s + 1e-5 * (number % 3) for number, time_s in enumerate(times_s))
    clocks = blank(0.0, 0.0).clocks
    made = Blank(times_s, masses_g, clocks, Evaporation.from_blank(times_s, masses_g, air=AIR), air=AIR)
    assert Blank.from_dict(made.as_dict()) == made


def test_a_balance_is_waited_for_until_its_drift_stays_the_same() -> None:
    clock = HandClock()
    settings = PreflightLimits(warm_up_s=3600.0)
    drifting = HandBalance(clock, lambda time_s: 50_000 - 20 * math.exp(-time_s / 150))
    found = WarmUpCheck(BALANCE, settings, series(clock, drifting)).run()
    assert found.state is CheckState.OK
    assert 1000 < clock.time_s < 3000


def test_a_balance_that_never_settles_is_told_and_left_to_the_blank() -> None:
    clock = HandClock()
    settings = PreflightLimits(warm_up_s=600.0)
    drifting = HandBalance(clock, lambda time_s: 50_000 + time_s**2 / 1000)
    found = WarmUpCheck(BALANCE, settings, series(clock, drifting)).run()
    assert found.state is CheckState.WARN
    assert clock.time_s == pytest.approx(600.0)


class Broken:
    name, limits = CheckName.TEMPERATURE, None

    def run(self) -> CheckFinding:
        raise BenchFault("rig", "read", "no reply", "look at the cable")


def test_a_check_that_breaks_off_blocks_with_the_words_of_the_fault_unless_it_is_off() -> None:
    found = look_at(Broken(), ())
    assert (found.state, str(found.fault)) == (CheckState.BLOCK, "rig: read: no reply. Next: look at the cable")
    assert look_at(Broken(), [CheckName.TEMPERATURE]).state is CheckState.OFF


def test_all_that_blocks_is_told_at_once_and_the_same_trouble_once() -> None:
    broken = look_at(Broken(), ())
    other = CheckFinding(CheckName.LEAK, "catheter", "hold", CheckState.BLOCK, "it fell", next_step="tighten it")
    warned = CheckFinding(CheckName.LEAK, "catheter", "hold", CheckState.WARN, "it fell a little")
    assert trouble_of([warned], "lab", "pre-flight") is None
    assert str(trouble_of([broken, warned, broken], "lab", "pre-flight")) == str(broken.fault)
    both = trouble_of([broken, warned, other], "lab", "pre-flight")
    assert "2 checks block" in str(both)
    assert str(broken.fault) in str(both)
    assert str(other.fault) in str(both)
    assert both is not None
    assert isinstance(both.__cause__, ExceptionGroup)
