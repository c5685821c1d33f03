# SPDX-License-Identifier: Apache-2.0
"""The bare pymodbus and PyVISA calls that ask for what one sample of the loop asks for, on the same wires.

Stock clients, nothing around them: no check of a reply, no value made of it, no journal. The balance is asked with its
checksum, and after it comes the inquiry that the driver uses as a fence, because that is what goes over the wire.
"""

from itertools import cycle
from types import TracebackType
from typing import Self

import pyvisa
from pymodbus.client import ModbusTcpClient
from pyvisa.resources import MessageBasedResource

from instruments.modbus.address import TcpAddress, parse_modbus_address
from instruments.register_map.block import Block
from instruments.register_map.map import RegisterMap
from instruments.simulated.wires.twin_addresses import TwinAddresses

_SNAPSHOT = ("device_clock_s", "command_done_sequence")
_FEEDBACK = ("kink_clamp_position_percent", "heartbeat_age_s")
_FENCES = ("I2", "I3", "I5", "I11")


class BareCalls:
    """Connections of the stock libraries to a twin, for as long as a `with` block lasts."""

    def __init__(self, twin: TwinAddresses) -> None:
        address = parse_modbus_address(twin.pump)
        assert isinstance(address, TcpAddress)
        pump_map, rig_map = RegisterMap.named("pump"), RegisterMap.named("rig")
        self._pump_unit, self._rig_unit = pump_map.unit_id, rig_map.unit_id
        self._snapshot, self._feedback = pump_map.span(*_SNAPSHOT), rig_map.span(*_FEEDBACK)
        self._heartbeat = rig_map.point("heartbeat").address
        self._beats, self._fences = cycle(range(1, 65536)), cycle(_FENCES)
        self._modbus = ModbusTcpClient(address.host, port=address.port)
        self._modbus.connect()  # type: ignore[no-untyped-call]  # pymodbus left it bare
        resource = pyvisa.ResourceManager("@py").open_resource(
            twin.balance, read_termination="\r\n", write_termination="\r\n"
        )
        assert isinstance(resource, MessageBasedResource)
        self._balance = resource

    def __enter__(self) -> Self:
        """Give out the open connections."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Hang up."""
        self._modbus.close()  # type: ignore[no-untyped-call]  # pymodbus left it bare
        self._balance.close()

    def sample(self) -> None:
        """Exchange what one sample of the loop exchanges, in the same order."""
        self.ask_devices()

    def ask_devices(self) -> None:
        """Give the heartbeat, and read pump, rig and balance."""
        self.send_heartbeat()
        self.read_pump()
        self.read_rig()
        self.read_balance()

    def send_heartbeat(self) -> None:
        """Write the heartbeat."""
        self._modbus.write_registers(self._heartbeat, [next(self._beats)], device_id=self._rig_unit)

    def read_pump(self) -> None:
        """Read the pump's snapshot."""
        self._read(self._snapshot, self._pump_unit)

    def read_rig(self) -> None:
        """Read the rig's feedback."""
        self._read(self._feedback, self._rig_unit)

    def read_balance(self) -> None:
        """Ask for the mass, then for the fence."""
        self._balance.query("SIC1")
        self._balance.query(next(self._fences))

    def _read(self, block: Block, unit_id: int) -> None:
        self._modbus.read_input_registers(block.address, count=block.count, device_id=unit_id)
