# SPDX-License-Identifier: Apache-2.0
"""Profiles: what a pump model promises, each number with its source."""

from bench.profile.alarm_specification import AlarmSpecification, Tone
from bench.profile.any_window_limits import AnyWindowLimits
from bench.profile.battery_specification import BatterySpecification
from bench.profile.bolus_specification import BolusSpecification
from bench.profile.catheter_specification import CatheterSpecification
from bench.profile.drug_specification import DrugSpecification
from bench.profile.environment_specification import EnvironmentSpecification
from bench.profile.firmware_update_specification import FirmwareUpdateSpecification
from bench.profile.movement_specification import MovementSpecification
from bench.profile.power_specification import PowerSpecification
from bench.profile.priming_specification import PrimingSpecification
from bench.profile.profile import Profile
from bench.profile.programming_specification import ProgrammingSpecification
from bench.profile.rates import GRID_PLACES, Rates
from bench.profile.refill_specification import RefillSpecification
from bench.profile.screening_trial import ScreeningTrial
from bench.profile.sourced import Sourced, SourcedCount, SourcedFlag

__all__ = [
    "GRID_PLACES",
    "AlarmSpecification",
    "AnyWindowLimits",
    "BatterySpecification",
    "BolusSpecification",
    "CatheterSpecification",
    "DrugSpecification",
    "EnvironmentSpecification",
    "FirmwareUpdateSpecification",
    "MovementSpecification",
    "PowerSpecification",
    "PrimingSpecification",
    "Profile",
    "ProgrammingSpecification",
    "Rates",
    "RefillSpecification",
    "ScreeningTrial",
    "Sourced",
    "SourcedCount",
    "SourcedFlag",
    "Tone",
]
