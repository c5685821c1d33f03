# SPDX-License-Identifier: Apache-2.0
"""A Modbus line and the scripted device at its other end, for the tests of what goes wrong between them."""

import contextlib
from collections.abc import Callable, Iterator

from instruments.modbus.line import ModbusLine
from instruments.register_map.block import Block
from instruments.register_map.point import Point, Table
from tests.sim.modbus_frames import Request
from tests.sim.scripted_modbus import Answer, Delivery, ScriptedDevice, at_once, running

TIMEOUT_S = 0.05
UNIT = 7
BLOCK = Block(
    [Point(name=f"p{n}", table=Table.HOLDING, address=10 + n, type="uint16", access="rw", meaning="") for n in range(4)]
)
VALUES = {"p0": 1, "p1": 2, "p2": 3, "p3": 65535}
Start = Callable[[Answer], tuple[ScriptedDevice, ModbusLine]]


def words_of(request: Request, number: int) -> list[int]:
    return [1000 * number + place for place in range(request.count)]


class Honest:
    """Answers each request with words that no other request gets."""

    def __init__(self) -> None:
        self.answered = 0

    def __call__(self, request: Request) -> list[Delivery]:
        return at_once(self.frame(request))

    def frame(self, request: Request) -> bytes:
        self.answered += 1
        return request.confirmation() if request.function == 16 else request.reply(words_of(request, self.answered))

    def last(self) -> dict[str, int]:
        """Return what the newest answer holds; on a busy machine that may be the answer to a second attempt."""
        return {f"p{place}": 1000 * self.answered + place for place in range(4)}


def starter(kinds: type[ScriptedDevice]) -> Iterator[Start]:
    with contextlib.ExitStack() as stack:

        def start(answer: Answer) -> tuple[ScriptedDevice, ModbusLine]:
            device = stack.enter_context(running(kinds(answer)))
            line = ModbusLine.open(device.address, TIMEOUT_S)
            stack.callback(line.close)
            return device, line

        yield start
