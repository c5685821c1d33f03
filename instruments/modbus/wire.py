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
from collections.abc import Sequence

from pymodbus.exceptions import ModbusException
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
)

from instruments.modbus.address import ModbusAddress
from instruments.modbus.client import ModbusClient, WireDoubt
from instruments.modbus.request import Request
from instruments.register_map.point import Table

# Python prints the errors of a logger that nobody set up; ours are raised, with the device's name on them.
logging.getLogger("pymodbus").addHandler(logging.NullHandler())

_REFUSED = 0x80
"""The bit of the function code that says that an exception code follows."""
Place = tuple[int, Table, int, int]
"""Unit, table, first register, number of registers."""

_READ = {Table.INPUT: ReadInputRegistersRequest, Table.HOLDING: ReadHoldingRegistersRequest}


class Refusal(Exception):
    """The device answered this request with an exception code; the wire is in order."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


class ModbusWire(ABC):
    """A wire with one client on it.

    Attributes:
        address: where it leads.
        trusted: whether nothing but the next reply can come in; every exchange that does not end with exactly its
            reply, be it by Ctrl-C, leaves it False.
    """

    def __init__(self, address: ModbusAddress, client: ModbusClient) -> None:
        self.address = address
        self.trusted = False
        self._client = client
        self._reads: dict[Place, Request] = {}

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
        request = Request(pdu, struct.pack(">HH", address, len(words)), reply_bytes=5)
        self._send(request)
        self._answer(request)

    def close(self) -> None:
        """Let the wire go."""
        self.trusted = False
        self._client.close()

    def ask_ahead(self, unit_id: int, table: Table, address: int, count: int) -> None:  # noqa: B027
        """Send the request of a read, if the wire is in order and can be trusted with it; most wires cannot be."""

    def read_ahead(self, unit_id: int, table: Table, address: int, count: int) -> bytes:
        """Return the registers that were asked for ahead, if they still are on their way; else read them.

        Raises:
            WireDoubt: what came is not exactly the reply.
            Refusal: the device answered with an exception code.
        """
        return self.read(unit_id, table, address, count)

    def _read_once(self, unit_id: int, table: Table, address: int, count: int) -> bytes:
        request = self._request((unit_id, table, address, count))
        self._send(request)
        return self._answer(request)

    def _request(self, place: Place) -> Request:
        request = self._reads.get(place)
        if request is None:
            unit_id, table, address, count = place
            pdu = _READ[table](address=address, count=count, dev_id=unit_id)
            request = self._reads[place] = Request(pdu, bytes((2 * count,)), reply_bytes=2 + 2 * count)
        return request

    def _send(self, request: Request) -> None:
        self.trusted = False
        try:
            self._client.ask(request)
        except OSError as broken:
            self._client.close()
            raise WireDoubt(str(broken)) from broken

    def _answer(self, request: Request) -> bytes:
        """Return the data behind the reply's function code and byte count."""
        try:
            pdu = self._client.answer(request)
        except ModbusException as misfit:
            raise WireDoubt(str(misfit)) from misfit
        except OSError as broken:
            self._client.close()
            raise WireDoubt(str(broken)) from broken
        self.trusted = True
        if pdu[0] & _REFUSED:
            raise Refusal(pdu[1])
        return pdu[2:]
