# SPDX-License-Identifier: Apache-2.0
"""One attempt to make a bench safe whose own process is gone, over lines that are opened for it and closed again."""

from bench.bench_file import BenchFile, ModbusDevice
from bench.connection import register_map
from bench.safety.safe_actions import SafeActions, StepTaken
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import time_limit
from instruments.modbus.line import ModbusLine
from instruments.modbus.pump import ModbusPump
from instruments.modbus.rig import ModbusRig
from instruments.pump import Pump
from instruments.rig import Rig

READING_LIMIT_S = 5.0


class BenchTaken(Exception):
    """Somebody else holds the bench by now; nothing on it is the keeper's to move."""


class Rescue:
    """Makes the bench of a file safe; it may be tried again and again.

    Attributes:
        fencing_token: the highest that is known to be the bench's or the keeper's own.
    """

    def __init__(self, file: BenchFile, fencing_token: int) -> None:
        self.fencing_token = fencing_token
        self._file = file
        self._lines: dict[str, ModbusLine] = {}
        self._rig: Rig | None = None
        self._pump: Pump | None = None

    def attempt(self) -> tuple[StepTaken, ...]:
        """Take the steps that the bench file lists; an instrument is opened in the first step that needs it.

        Raises:
            BenchTaken: the rig has seen a higher fencing token than ours.
        """
        try:
            self._check_who_holds_it()
            return SafeActions(self._open_pump, self._open_rig).take(self._file.safe_state.step)
        finally:
            self._close()

    def _check_who_holds_it(self) -> None:
        try:
            with time_limit(READING_LIMIT_S):
                self._open_rig()
        except BenchFault:
            return  # a rig that does not answer has let in nobody else either: the pump still has to be stopped

    def _open_rig(self) -> Rig:
        if self._rig is None:
            wanted = self._file.rig
            rig_map = register_map(wanted.map)
            rig = ModbusRig(self._line(wanted), rig_map, wanted.unit_id or rig_map.unit_id)
            seen = rig.fencing_token - 1
            if seen > self.fencing_token:
                raise BenchTaken(f"the rig has seen fencing token {seen}, the bench's was {self.fencing_token}")
            self.fencing_token = rig.fencing_token
            self._rig = rig
        return self._rig

    def _open_pump(self) -> Pump:
        if self._pump is None:
            wanted = self._file.pump
            pump_map = register_map(wanted.map)
            self._pump = ModbusPump(self._line(wanted), pump_map, wanted.unit_id or pump_map.unit_id)
        return self._pump

    def _line(self, device: ModbusDevice) -> ModbusLine:
        if device.address not in self._lines:
            self._lines[device.address] = ModbusLine.open(device.address, timeout_s=device.timeout_s)
        return self._lines[device.address]

    def _close(self) -> None:
        for line in self._lines.values():
            line.close()
        self._lines, self._rig, self._pump = {}, None, None
