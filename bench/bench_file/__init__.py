# SPDX-License-Identifier: Apache-2.0
"""Bench files: what stands on a bench, and where."""

from bench.bench_file.balance_device import BalanceDevice, Calibration, SerialLine
from bench.bench_file.bench_file import BenchFile, ClockChoice, Simulation
from bench.bench_file.check_name import CheckName
from bench.bench_file.driven_device import DrivenDevice, PumpDevice, RigDevice
from bench.bench_file.lab_weighing import LabWeighing
from bench.bench_file.preflight_limits import PreflightLimits
from bench.bench_file.run_limits import RunLimits
from bench.bench_file.safe_state_list import SafeAction, SafeStateList, SafeStep
from bench.bench_file.second_measure import SecondMeasure
from bench.bench_file.sensitivity import CheckWeight, Sensitivity
from bench.bench_file.surroundings import AmbientWindow, Density, EvaporationBlank, Fluid, VesselOnPan
from bench.bench_file.widened_limits import widened_limits

__all__ = [
    "AmbientWindow",
    "BalanceDevice",
    "BenchFile",
    "Calibration",
    "CheckName",
    "CheckWeight",
    "ClockChoice",
    "Density",
    "DrivenDevice",
    "EvaporationBlank",
    "Fluid",
    "LabWeighing",
    "PreflightLimits",
    "PumpDevice",
    "RigDevice",
    "RunLimits",
    "SafeAction",
    "SafeStateList",
    "SafeStep",
    "SecondMeasure",
    "Sensitivity",
    "SerialLine",
    "Simulation",
    "VesselOnPan",
    "widened_limits",
]
