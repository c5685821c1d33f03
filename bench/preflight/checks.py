# SPDX-License-Identifier: Apache-2.0
"""Which checks there are, in the order in which they are made: cheap ones first, the blank last."""

import datetime
from collections.abc import Callable, Sequence

from bench.bench import Bench
from bench.bench_file import BenchFile, CheckName
from bench.clock import bench_date
from bench.devices import Finding
from bench.injectors import Catheter
from bench.preflight.ambient_check import AmbientCheck
from bench.preflight.blank_check import BlankCheck
from bench.preflight.calibration_check import CalibrationCheck
from bench.preflight.check import Check
from bench.preflight.identity_check import IdentityCheck
from bench.preflight.injector_check import InjectorCheck
from bench.preflight.leak_check import NARROW_S, LeakCheck
from bench.preflight.mixture_check import MixtureCheck
from bench.preflight.noise_check import NoiseCheck
from bench.preflight.pump_clock_check import PumpClockCheck
from bench.preflight.registers_check import RegistersCheck
from bench.preflight.resting_pressure_check import RestingPressureCheck
from bench.preflight.sensitivity_check import SensitivityCheck
from bench.preflight.supply_check import SupplyCheck
from bench.preflight.thermometer_check import ThermometerCheck
from bench.preflight.warm_up_check import WarmUpCheck
from bench.retrying_reader import RetryingReader
from bench.scheduler import Scheduler
from bench.weighing import BalanceSeries, Blank
from instruments.balance import Balance
from instruments.pump import Pump
from instruments.pump_feature import PumpFeature
from instruments.rig import Rig

LONG = frozenset({CheckName.SENSITIVITY, CheckName.WARM_UP, CheckName.BLANK, CheckName.PUMP_CLOCK})
"""Checks that are not worth their time on a bench that is blocked already."""
OF_THE_BLANK = frozenset({CheckName.BLANK, CheckName.PUMP_CLOCK})
"""Those of them that take no time of their own once there is a blank."""
MOVING = frozenset({CheckName.KINK_CLAMP, CheckName.DISCONNECT_VALVE, CheckName.LEAK_VALVE, CheckName.LEAK})
"""Checks that move an injector."""


def paper_checks(file: BenchFile, found: Sequence[Finding], today: datetime.date) -> list[Check]:
    """Return the checks that ask no instrument."""
    calibration = CalibrationCheck(file.balance.calibration, file.preflight.calibration_warning_days, today)
    return [calibration, *(IdentityCheck(one, file) for one in found), MixtureCheck(found, file.clock.mode)]


def reading_checks(pump: Pump | None, rig: Rig | None, without: Sequence[PumpFeature] = ()) -> list[Check]:
    """Return the checks of what pump and rig let be read, as far as they are there."""
    checks: list[Check] = [RegistersCheck(pump, rig, without)]
    return checks if rig is None else [*checks, SupplyCheck(rig)]


def looking_checks(file: BenchFile, rig: Rig | None, balance: Balance | None, scheduler: Scheduler) -> list[Check]:
    """Return the checks that only read, of the instruments that are there."""
    checks: list[Check] = []
    if rig is not None:
        checks += AmbientCheck.all_of(file.ambient, rig, file.vessel.static_mg)
    if rig is not None and balance is not None:
        checks.append(ThermometerCheck(file.preflight, rig, balance))
    if balance is not None:
        reader = RetryingReader(scheduler.clock, file.limits.patience_s)
        checks.append(NoiseCheck(file.balance, file.preflight, BalanceSeries(balance, reader, scheduler)))
    return checks


def all_checks(
    bench: Bench,
    catheter: Catheter,
    blank: Callable[[], Blank],
    time_constant_s: float = NARROW_S,
    pressure_error_kpa: float | None = None,
    without: Sequence[PumpFeature] = (),
) -> list[Check]:
    """Return every check of the pre-flight; time constant and pressure error are the greatest of the pump.

    `without` is what the pump does not promise.
    """
    file, settings = bench.file, bench.file.preflight
    resting = RestingPressureCheck(bench.pump, bench.rig, pressure_error_kpa, bench.scheduler, time_constant_s)
    disconnected = resting.watched(catheter.disconnected)
    kink, *valves = InjectorCheck.all_of(catheter, bench.clock, file.rig.injector_time_limit_s, disconnected)
    *ambient, noise = looking_checks(file, bench.rig, bench.balance, bench.scheduler)
    return [
        *paper_checks(file, bench.findings, bench_date(bench.clock).date()),
        *reading_checks(bench.pump, bench.rig, without),
        *ambient,
        kink,
        LeakCheck(settings, catheter, bench.pump, bench.rig, BalanceSeries.on(bench), bench.scheduler, time_constant_s),
        *valves,
        WarmUpCheck(file.balance, settings, BalanceSeries.on(bench)),
        noise,
        resting,
        sensitivity_check(bench),  # before the blank's tare: it may move the load
        BlankCheck(file.balance, settings, blank),
        PumpClockCheck(settings, blank),
    ]


def sensitivity_check(bench: Bench) -> SensitivityCheck:
    """Return the check of a bench's own balance."""
    today = bench_date(bench.clock).date()
    series = BalanceSeries.on(bench)
    return SensitivityCheck(bench.file.balance, bench.balance, series, bench.scheduler, bench.attendant, today)
