# SPDX-License-Identifier: Apache-2.0
"""One Modbus request at a time, and exactly its reply: what TCP and RTU have in common.

pymodbus builds the request, frames it and decodes the reply. It also takes a reply with another function code or
another number of registers, and keeps a connection on which half a frame is still to come. So everything else is
done here and in `ModbusClient`: the bytes are collected against one deadline and must be one whole frame, of the only
right length, that begins as only this reply can begin. Anything else is a `WireDoubt`, and after a doubt the wire is
not trusted until it has been restored.
"""

import logging
import struct
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pymodbus.exceptions import ModbusException
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
    WriteSingleRegisterRequest,
)

from instruments.modbus.address import ModbusAddress
from instruments.modbus.client import ModbusClient, WireDoubt
from instruments.modbus.request import Request
from instruments.register_map.point import Table

# Python prints the errors of a logger that nobody set up; ours are raised, with the device's name on them.
logging.getLogger("pymodbus").addHandler(logging.NullHandler())

_REFUSED = 0x80
"""The bit of the function code that says that an exception code follows."""

_READ = {Table.INPUT: ReadInputRegistersRequest, Table.HOLDING: ReadHoldingRegistersRequest}


class Refusal(Exception):
    """The device answered this request with an exception code; the wire is in order."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, eq=False)
class Asked:
    """A request that was sent ahead, and the transaction number of its reply."""

    request: Request
    transaction: bytes


class ModbusWire(ABC):
    """A wire with one client on it.

    Attributes:
        address: where it leads.
        trusted: whether nothing but the next reply can come in; every exchange that does not end with exactly its
            reply, be it by Ctrl-C, leaves it False.
        most_at_once: how many requests all devices on it take before the reply to the first is here.
        devices: how many devices are on it; those that are asked ahead may be asked in one piece.
    """

    def __init__(self, address: ModbusAddress, client: ModbusClient) -> None:
        self.address = address
        self.trusted = False
        self.most_at_once = 1
        self.devices = 1
        self._client = client
        self._reads: dict[tuple[int, Table, int, int], Request] = {}

    @abstractmethod
    def prepare(self) -> None:
        """Open the wire or restore it; where only a reply can prove that it is in order, `trusted` stays False.

        Raises:
            WireDoubt: there is no wire now; nothing was sent.
        """

    @abstractmethod
    def read(self, unit_id: int, table: Table, address: int, count: int) -> bytes:
        """Return `count` registers, two bytes each, the high one first.

        Raises:
            WireDoubt: what came is not exactly the reply.
            Refusal: the device answered with an exception code.
        """

    def write(self, unit_id: int, address: int, words: Sequence[int]) -> None:
        """Write `words` to holding registers in one request, sent once, on a wire that is prepared.

        Raises:
            WireDoubt: what came is not exactly the confirmation.
            Refusal: the device answered with an exception code.
        """
        pdu = WriteMultipleRegistersRequest(address=address, registers=list(words), dev_id=unit_id)
        self._exchange(Request(pdu, struct.pack(">HH", address, len(words)), reply_bytes=5))

    def write_one(self, unit_id: int, address: int, word: int) -> None:
        """Write one holding register by function 6, sent once, on a wire that is prepared.

        Raises:
            WireDoubt: what came is not exactly the confirmation.
            Refusal: the device answered with an exception code.
        """
        self.prepare()
        pdu = WriteSingleRegisterRequest(address=address, registers=[word], dev_id=unit_id)
        self._exchange(Request(pdu, struct.pack(">HH", address, word), reply_bytes=5))

    def close(self) -> None:
        """Let the wire go."""
        self.trusted = False
        self._client.close()

    def ask_ahead(self, request: Request) -> Asked | None:  # noqa: ARG002  only some wires can
        """Ask, if the wire is in order and can be trusted with it, and return what `take` takes."""
        return None

    def take(self, asked: Asked) -> bytes:
        """Return the data of the reply to what was asked ahead.

        Raises:
            WireDoubt: what came is not exactly the reply, or something else was asked before.
            Refusal: the device answered with an exception code.
        """
        raise WireDoubt(f"function {asked.request.pdu.function_code} was not asked ahead on this wire")

    def read_request(self, unit_id: int, table: Table, address: int, count: int) -> Request:
        """Return the request for `count` registers, which is made once."""
        place = (unit_id, table, address, count)
        request = self._reads.get(place)
        if request is None:
            pdu = _READ[table](address=address, count=count, dev_id=unit_id)
            request = self._reads[place] = Request(pdu, bytes((2 * count,)), reply_bytes=2 + 2 * count)
        return request

    def _exchange(self, request: Request) -> bytes:
        self.trusted = False
        try:
            self._client.ask(request)
        except OSError as broken:
            self._client.close()
            raise WireDoubt(str(broken)) from broken
        return self._answer(lambda: self._client.answer(request))

    def _answer(self, answer: Callable[[], bytes]) -> bytes:
        """Return the data behind function code and byte count of the reply that `answer` returns."""
        try:
            pdu = answer()
        except ModbusException as misfit:
            raise WireDoubt(str(misfit)) from misfit
        except OSError as broken:
            self._client.close()
            raise WireDoubt(str(broken)) from broken
        self.trusted = True
        if pdu[0] & _REFUSED:
            raise Refusal(pdu[1])
        return pdu[2:]
