# SPDX-License-Identifier: Apache-2.0
"""A twin and the bench file that leads to it, for tests that change a line of the file or spoil a wire."""

import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w

from bench.simulated_bench import simulated_bench
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.pump import PumpState
from instruments.register_map.map import RegisterMap
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.cuttable_wire import CuttableWire
from tests.sim.quick_bench import RUN_DOWN_S
from tests.sim.warm_twin import WarmTwin

TIMEOUT_S = 10.0
"""A device that lives answers in milliseconds, or whenever a busy machine lets it; who wants silence asks for less."""


class TwinBench:
    """A running twin.

    Attributes:
        content: the bench file as `tomllib` reads it, a test changes it before `file`.
        pid: the twin's process.
    """

    def __init__(self, child: WarmTwin, options: TwinOptions, folder: Path, ends: ExitStack) -> None:
        self._addresses = ends.enter_context(child)
        self._folder = folder
        self._ends = ends
        assert child.pid is not None
        self.pid = child.pid
        path = folder / "twin.toml"
        # a twin is a bad pump by its own options, not because a bench file says so
        simulated_bench(replace(self._addresses, defects=options.defects)).write(path)
        self.content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        self.content["evaporation"] = {"blank_s": 60.0}
        self.content["limits"] = {**self.content.get("limits", {}), "lead_in_s": 0.0, "run_down_s": RUN_DOWN_S}
        for device in ("pump", "rig", "balance"):
            self.content[device]["timeout_s"] = TIMEOUT_S

    def file(self) -> Path:
        """Write the bench file."""
        path = self._folder / "bench.toml"
        path.write_text(tomli_w.dumps(self.content), encoding="utf-8")
        return path

    def modbus_wire(self) -> CuttableWire:
        """Lead the wire of pump and rig through the test."""
        wire = self._wire(int(self._addresses.pump.rpartition(":")[2]))
        self.content["pump"]["address"] = self.content["rig"]["address"] = f"tcp://127.0.0.1:{wire.port}"
        return wire

    def balance_wire(self) -> CuttableWire:
        """Lead the wire of the balance through the test."""
        wire = self._wire(int(self._addresses.balance.split("::")[2]))
        self.content["balance"]["resource"] = f"TCPIP::127.0.0.1::{wire.port}::SOCKET"
        return wire

    def control_wire(self) -> CuttableWire:
        """Lead the wire that moves the twin's time through the test."""
        wire = self._wire(int(self._addresses.control.rpartition(":")[2]))
        self.content["clock"]["control"] = f"127.0.0.1:{wire.port}"
        return wire

    def _wire(self, port: int) -> CuttableWire:
        return self._ends.enter_context(CuttableWire("127.0.0.1", port))

    def pump_state(self) -> PumpState:
        """Ask the pump itself, past every wire of the test."""
        points = RegisterMap.named("pump")
        with closing(ModbusLine.open(self._addresses.pump)) as line:
            return ModbusPump(line, points, points.unit_id).read().state


@contextmanager
def twin_bench(folder: Path, options: TwinOptions | None = None) -> Iterator[TwinBench]:
    """Start a twin in stepped time, or as `options` say; it and its wires end with the block."""
    options = options or TwinOptions()
    with ExitStack() as ends:
        yield TwinBench(WarmTwin(options), options, folder, ends)
