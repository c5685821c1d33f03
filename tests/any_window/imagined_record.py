# SPDX-License-Identifier: Apache-2.0
"""The record of an infusion from readings of the balance alone: an unremarkable bench about them."""

import math
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.account import GivenCommand, InfusionRecord, SampleTable
from bench.account.sample_table import STATES
from bench.clock import ClockMode
from bench.profile import Profile
from bench.therapy import Continuous, RunningSchedule, Therapy
from instruments.pump import Command, CommandResult, PumpState
from metrology.gravimetry import BalanceSpecification, Evaporation, Load, Repeatability, Vessel, WeighingSetup

PROFILES = Path(__file__).parents[2] / "test_plans" / "profiles"
BALANCE = BalanceSpecification(0.01, 0.02, 0.1, 0.2, 0.05, Repeatability(0.021, 59))
BLANK = Evaporation(0.0, 0.0, change_half_width_mg_per_h=0.05)
SETUP = WeighingSetup(BALANCE, BLANK, vessel=Vessel.of(Load(50.0, 2230.0), Load(10.0, 998.0)))
MG_PER_UL = 0.998 / 1.00105
AIR = (21.0, 1013.25, 50.0)


@cache
def profile() -> Profile:
    """Return the profile that everything here is held against."""
    return Profile.named("implantable-20ml", PROFILES)


def record_of(
    times_s: Iterable[float],
    masses_mg: Iterable[float],
    rate_ul_per_h: float,
    stopped_s: float,
    therapy: Therapy | None = None,
) -> InfusionRecord:
    """Return the record of a pump that was started at 0 s and stopped, and that counts what is programmed.

    Args:
        times_s: stamps of the readings, those of bench and pump alike.
        masses_mg: what the balance showed.
        rate_ul_per_h: programmed.
        stopped_s: when it was stopped.
        therapy: what was programmed, where it is not that rate all the time.
    """
    at_s, mass_mg = np.array(list(times_s)), np.array(list(masses_mg))
    schedule = RunningSchedule(therapy or Continuous(rate_ul_per_h))
    schedule.start(0.0)
    schedule.stop(stopped_s)
    ran_s = np.clip(at_s, 0, stopped_s)
    return InfusionRecord(
        name="imagined",
        profile=profile(),
        schedule=schedule,
        samples=samples(at_s, mass_mg, rate_ul_per_h * ran_s / 3600, (at_s >= 0) & (at_s < stopped_s)),
        commands=(command(Command.START, 0.0), command(Command.STOP, stopped_s)),
        injections=(),
        alarms=(),
        marks=(),
        weighing=SETUP,
        gaps=(),
        interruptions=(),
        steps=(),
        qualifiers=(),
        interval_s=30.0,
        clock_mode=ClockMode.STEPPED,
        clocks_half_width_s=0.0,
        complete=True,
    )


def command(what: Command, at_s: float) -> GivenCommand:
    """Return a command that was taken at once."""
    return GivenCommand(what, CommandResult.ACCEPTED, at_s, at_s, at_s)


def samples(
    at_s: NDArray[np.float64], mass_mg: NDArray[np.float64], counter_ul: NDArray[np.float64], runs: NDArray[np.bool_]
) -> SampleTable:
    """Return the samples; all that is not given is as it should be."""

    def always(value: float) -> NDArray[np.float64]:
        return np.full(len(at_s), value)

    temperature_c, air_pressure_hpa, humidity_percent = map(always, AIR)
    running, stopped = STATES.index(PumpState.INFUSING), STATES.index(PumpState.STOPPED)
    return SampleTable(
        at_s=at_s,
        device_clock_s=at_s,
        state=np.where(runs, float(running), float(stopped)),
        rate_ul_per_h=always(math.nan),
        counter_ul=counter_ul,
        reservoir_ul=always(20000.0),
        battery_percent=always(90.0),
        pressure_kpa=always(1.2),
        alarm_bits=always(0.0),
        alarm_log_count=always(0.0),
        bolus_log_count=always(0.0),
        kink_percent=always(0.0),
        leak_percent=always(0.0),
        disconnected=always(0.0),
        magnet=always(0.0),
        supply_mv=always(3000.0),
        outlet_kpa=always(1.2),
        temperature_c=temperature_c,
        air_pressure_hpa=air_pressure_hpa,
        humidity_percent=humidity_percent,
        mass_g=mass_mg * MG_PER_UL / 1000,
        stable=always(1.0),
    )


def with_mass_added(record: InfusionRecord, mass_mg: NDArray[np.float64]) -> InfusionRecord:
    """Return the record with something else on the pan."""
    return replace(record, samples=replace(record.samples, mass_g=record.samples.mass_g + mass_mg / 1000))
