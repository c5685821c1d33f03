# SPDX-License-Identifier: Apache-2.0
"""The replies that the bench asks for, decoded in one step.

pymodbus takes a reply apart register by register and then writes it out as text for its log, whether or not anybody
reads that. This is in the loop of every sample, so the classes here take the place of its own (`client.register`);
they mean the same.
"""

import struct

from pymodbus.pdu import ModbusPDU
from pymodbus.pdu.register_message import (
    ReadHoldingRegistersResponse,
    ReadInputRegistersResponse,
    WriteMultipleRegistersResponse,
)


class _InOneStep(ModbusPDU):
    def __str__(self) -> str:
        return f"{type(self).__name__} of unit {self.dev_id}"


class _Registers(_InOneStep):
    def decode(self, data: bytes) -> None:
        self.registers = struct.unpack_from(f">{data[0] // 2}H", data, 1)


class HoldingRegisters(_Registers, ReadHoldingRegistersResponse):
    """The answer to a read of holding registers (function 3)."""


class InputRegisters(_Registers, ReadInputRegistersResponse):
    """The answer to a read of input registers (function 4)."""


class WriteConfirmation(_InOneStep, WriteMultipleRegistersResponse):
    """The answer to a write of holding registers (function 16)."""


REPLIES = (HoldingRegisters, InputRegisters, WriteConfirmation)
