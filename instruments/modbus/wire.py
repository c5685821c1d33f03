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
from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersRequest,
    ReadInputRegistersRequest,
    WriteMultipleRegistersRequest,
)

from instruments.modbus.address import ModbusAddress
from instruments.modbus.client import ModbusClient, WireDoubt
from instruments.modbus.replies import REPLIES
from instruments.register_map.point import Table

# Python prints the errors of a logger that nobody set up; ours are raised, with the device's name on them.
logging.getLogger("pymodbus").addHandler(logging.NullHandler())

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
        self._reads: dict[tuple[int, Table, int, int], ModbusPDU] = {}
        for reply in REPLIES:
            client.register(reply)

    @abstractmethod
    def prepare(self) -> None:
        """Open the wire or restore it; where only a reply can prove that it is in order, `trusted` stays False.

        Raises:
            WireDoubt: there is no wire now; nothing was sent.
        """

    @abstractmethod
    def read(self, unit_id: int, table: Table, address: int, count: int) -> Sequence[int]:
        """Return `count` registers.

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
        request = WriteMultipleRegistersRequest(address=address, registers=list(words), dev_id=unit_id)
        confirmation = struct.pack(">BBHH", unit_id, request.function_code, address, len(words))
        self._exchange(request, confirmation, pdu_bytes=5)

    def close(self) -> None:
        """Let the wire go."""
        self.trusted = False
        self._client.close()

    def _read_once(self, unit_id: int, table: Table, address: int, count: int) -> Sequence[int]:
        place = (unit_id, table, address, count)
        request = self._reads.get(place)
        if request is None:
            request = self._reads[place] = _READ[table](address=address, count=count, dev_id=unit_id)
        head = bytes((unit_id, request.function_code, 2 * count))
        return self._exchange(request, head, pdu_bytes=2 + 2 * count).registers

    def _exchange(self, request: ModbusPDU, head: bytes, pdu_bytes: int) -> ModbusPDU:
        self.trusted = False
        self._client.expect(head, pdu_bytes)
        try:
            reply = self._client.execute(False, request)
        except ModbusException as misfit:
            raise WireDoubt(str(misfit)) from misfit
        except OSError as broken:
            self._client.close()
            raise WireDoubt(str(broken)) from broken
        self.trusted = True
        if reply.isError():
            raise Refusal(reply.exception_code)
        return reply
