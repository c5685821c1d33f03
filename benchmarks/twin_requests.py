# SPDX-License-Identifier: Apache-2.0
"""What the twin itself costs: its start, and its answers to one sample's requests, ours against the stock server's."""

import socket
import struct
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.afresh import afresh
from benchmarks.figure import Figure
from benchmarks.interleaved import ratios
from benchmarks.process import Process
from instruments.register_map.map import RegisterMap
from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin_child import PROGRAM, TwinChild
from instruments.simulated.twin.twin_options import TwinOptions

MOST_START_S = 0.3
MOST_SHARE_OF_STOCK = 0.5
REPEATS = 3
TURNS = 4
SAMPLES_PER_TURN = 500
STEP_US = 30_000_000
STOCK_PROGRAM = ("-m", "benchmarks.twin_requests")
"""The same twin behind pymodbus' server."""
Exchange = tuple[socket.socket, bytes, int]
"""A connection, a request, and how many bytes come back."""


@dataclass(frozen=True)
class TwinCost:
    """Processor seconds of a twin: to be ready, and for the requests of one sample by our server and the stock one."""

    start_s: float
    ours_s: float
    stock_s: float


def twin_requests(repeats: int = REPEATS) -> list[Figure]:
    """Start twins, and ask them for sample after sample."""
    costs = afresh(one_cost, repeats)
    ours, stock = [cost.ours_s for cost in costs], [cost.stock_s for cost in costs]
    beside = "ADV, pump, rig, heartbeat over Modbus TCP; pymodbus' server in its place"
    return [
        Figure("a twin's start, processor time", "s", tuple(cost.start_s for cost in costs), MOST_START_S),
        Figure("a twin's answers to one sample, processor time", "µs", tuple(1e6 * cost_s for cost_s in ours)),
        Figure("… / with the stock server", "×", ratios(ours, stock), MOST_SHARE_OF_STOCK, beside),
    ]


def one_cost() -> TwinCost:
    """Measure two twins in turns, on the core of this process."""
    with _asked(PROGRAM) as ours, _asked(STOCK_PROGRAM) as stock:
        start_s = ours.process.cpu_s()
        spent = {id(asked): 0.0 for asked in (ours, stock)}
        for turn in range(TURNS):
            for asked in (ours, stock) if turn % 2 == 0 else (stock, ours):
                before_s = asked.process.cpu_s()
                asked.take_samples(SAMPLES_PER_TURN)
                spent[id(asked)] += asked.process.cpu_s() - before_s
        samples = TURNS * SAMPLES_PER_TURN
        return TwinCost(start_s, spent[id(ours)] / samples, spent[id(stock)] / samples)


class _Asked:
    def __init__(self, process: Process, control: socket.socket, modbus: socket.socket) -> None:
        self.process = process
        self._control = control
        self._modbus = modbus
        self._heartbeat_at = RegisterMap.named("rig").point("heartbeat").address
        self._samples = 0

    def take_samples(self, count: int) -> None:
        for _ in range(count):
            self._samples += 1
            for connection, request, length in self._exchanges():
                connection.sendall(request)
                while length:
                    length -= len(connection.recv(length))

    def _exchanges(self) -> Iterator[Exchange]:
        moved = b"%d\n" % (self._samples * STEP_US)
        yield self._control, b"ADV " + moved, len(b"T " + moved)
        yield self._modbus, struct.pack(">HHHBBHH", 1, 0, 6, 1, 4, 32, 17), 9 + 2 * 17
        yield self._modbus, struct.pack(">HHHBBHH", 2, 0, 6, 2, 4, 0, 16), 9 + 2 * 16
        beat = struct.pack(">HHBH", self._heartbeat_at, 1, 2, self._samples % 65536)
        yield self._modbus, struct.pack(">HHHBB", 3, 0, 9, 2, 16) + beat, 12


@contextmanager
def _asked(program: Sequence[str]) -> Iterator[_Asked]:
    child = TwinChild(TwinOptions(), program)
    with child as addresses:
        process = Process(child.pid)
        for each in (Process(), process):
            each.pin()
        with _connected(addresses.control) as control, _connected(addresses.pump.removeprefix("tcp://")) as modbus:
            yield _Asked(process, control, modbus)


def _connected(address: str) -> socket.socket:
    host, _, port = address.rpartition(":")
    connection = socket.create_connection((host, int(port)))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


if __name__ == "__main__":
    from instruments.simulated.wires.pymodbus_server import PymodbusServer

    sys.exit(run(TwinOptions.parse(sys.argv[1:]), PymodbusServer))
