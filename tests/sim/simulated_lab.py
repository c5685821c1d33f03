# SPDX-License-Identifier: Apache-2.0
"""A twin that stands for a lab: a process of its own, reached by the bench file that leads to it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.bench_file import BenchFile
from bench.bench_file.surroundings import EvaporationBlank
from bench.simulated_bench import simulated_bench
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.register_map.map import RegisterMap
from instruments.simulated.wires.twin_addresses import TwinAddresses
from tests.sim.bench_run import PUMPBENCH, started

SHORT_BLANK = EvaporationBlank(blank_s=60)
LIMIT_S = 120.0


@contextmanager
def simulate(bench_file: Path, *options: str) -> Iterator[Path]:
    """`pumpbench simulate`, from the moment its bench file is there; it must end well on Ctrl-C."""
    with started([PUMPBENCH, "simulate", f"--bench-file={bench_file}", *options]) as process:
        assert process.stdout is not None
        told = iter(process.stdout.readline, "")
        assert "Ctrl-C ends it.\n" in told, process.communicate()
        yield bench_file
        process.send_signal(signal.SIGINT)
        assert process.wait(LIMIT_S) == 0


def shorten_blank(bench_file: Path) -> None:
    BenchFile.load(bench_file).model_copy(update={"evaporation": SHORT_BLANK}).write(bench_file)


def write_bench_file(addresses: TwinAddresses, bench_file: Path) -> Path:
    simulated_bench(addresses).model_copy(update={"evaporation": SHORT_BLANK}).write(bench_file)
    return bench_file


@contextmanager
def onlooker(address: str) -> Iterator[tuple[ModbusPump, ModbusRig]]:
    """Pump and rig on a line of their own; as long as it only reads, the bench does not notice."""
    line = ModbusLine.open(address, timeout_s=LIMIT_S / 4)
    try:
        pump_map, rig_map = RegisterMap.named("pump"), RegisterMap.named("rig")
        yield ModbusPump(line, pump_map, pump_map.unit_id), ModbusRig(line, rig_map, rig_map.unit_id)
    finally:
        line.close()
