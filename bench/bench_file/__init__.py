# SPDX-License-Identifier: Apache-2.0
"""Bench files: what stands on a bench, and where."""

from bench.bench_file.balance_device import BalanceDevice, Calibration, SerialLine
from bench.bench_file.bench_file import BenchFile, ClockChoice, Simulation
from bench.bench_file.modbus_device import ModbusDevice, PumpDevice, RigDevice
from bench.bench_file.surroundings import AmbientWindow, Density, EvaporationBlank, Fluid

__all__ = [
    "AmbientWindow",
    "BalanceDevice",
    "BenchFile",
    "Calibration",
    "ClockChoice",
    "Density",
    "EvaporationBlank",
    "Fluid",
    "ModbusDevice",
    "PumpDevice",
    "RigDevice",
    "SerialLine",
    "Simulation",
]
