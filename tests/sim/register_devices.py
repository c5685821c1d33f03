# SPDX-License-Identifier: Apache-2.0
"""A pump and a rig that are nothing but registers, made from the maps, for tests of the drivers alone."""

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum

from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from tests.sim.modbus_frames import Request
from tests.sim.scripted_modbus import Delivery, at_once

REGISTERS = 400
STAGED = 54
STAGED_WITH_CRC = 56
ACTIVE_FROM = 256


class Refused(Exception):
    """The device answers with exception 3."""


class RegisterDevice:
    """Registers that can also be set by name."""

    def __init__(self, name: str) -> None:
        self.map = RegisterMap.named(name)
        self.unit_id = self.map.unit_id
        self.tables = {table: [0] * REGISTERS for table in Table}

    def put(self, values: Mapping[str, Value]) -> None:
        for name, value in values.items():
            point = self.map.point(name)
            self.tables[point.table][point.address : point.address + point.registers] = point.encode(value)

    def put_words(self, name: str, words: Sequence[int]) -> None:
        point = self.map.point(name)
        self.tables[point.table][point.address : point.address + len(words)] = words

    def get(self, name: str) -> Value:
        point = self.map.point(name)
        return point.decode(self.tables[point.table][point.address : point.address + point.registers])

    def read(self, table: Table, address: int, count: int) -> list[int]:
        return self.tables[table][address : address + count]

    def write(self, address: int, words: Sequence[int]) -> None:
        self.tables[Table.HOLDING][address : address + len(words)] = words


class PumpRegisters(RegisterDevice):
    """Carries out a command when its sequence number changes.

    Attributes:
        done: every command that was carried out, with its argument.
        answers: what becomes of a command; accepted unless it stands here.
    """

    def __init__(self) -> None:
        super().__init__("pump")
        self.done: list[tuple[Value, Value]] = []
        self.answers: dict[str, str] = {}
        self.put({"model": "Twenty", "serial_number": "SN-1", "firmware_version": "1.0-twin"})
        self.put({"device_clock_s": 12.34, "state": "infusing", "active_rate_ul_per_h": 41.5, "battery_percent": 87.5})
        self.put({"delivered_volume_ul": 1234.567, "reservoir_volume_ul": 18765.433, "catheter_pressure_kpa": 1.25})

    def write(self, address: int, words: Sequence[int]) -> None:
        super().write(address, words)
        if address == self.map.point("command").address:
            self.carry_out()

    def carry_out(self) -> None:
        sequence = self.get("command_sequence")
        if sequence == self.get("command_done_sequence"):
            return
        command = str(self.get("command"))
        self.done.append((command, self.get("command_argument")))
        answer = self._load() if command == "load_program" else self.answers.get(command, "accepted")
        self.put({"command_result": answer, "command_done_sequence": sequence})

    def _load(self) -> str:
        staging = self.tables[Table.HOLDING]
        if zlib.crc32(struct.pack(f">{STAGED}H", *staging[:STAGED])) != self.get("program_crc"):
            return "bad_checksum"
        if (answer := self.answers.get("load_program", "accepted")) == "accepted":
            self.tables[Table.INPUT][ACTIVE_FROM : ACTIVE_FROM + STAGED_WITH_CRC] = staging[:STAGED_WITH_CRC]
        return answer


class RigRegisters(RegisterDevice):
    """Refuses a write whose fencing token is lower than the highest seen; its actuators obey at once.

    Where its map numbers orders, the last one once more does nothing, and an older one is refused.
    """

    def __init__(self, name: str = "rig") -> None:
        super().__init__(name)
        self.heartbeats: list[int] = []
        self.put({"rig_model": "Rig", "rig_serial_number": "R-1", "rig_firmware_version": "2.0-twin"})
        self.put({"fencing_token": 70000, "heartbeat": 65534, "temperature_c": 22.5, "air_pressure_hpa": 1013.25})
        self.put({"humidity_percent": 45.0, "outlet_pressure_kpa": 0.5, "heartbeat_age_s": 1.25})
        if "most_token_step" in self.map.points:
            self.put({"most_token_step": 1000, "pump_hold": "repeated", "pump_hold_limit_s": 2.5})

    def write(self, address: int, words: Sequence[int]) -> None:
        token = self.get("fencing_token")
        before = list(self.tables[Table.HOLDING])
        numbered = "actuator_sequence" in self.map.points and address == 0
        last = int(str(self.get("actuator_sequence"))) if numbered else 0
        super().write(address, words)
        if numbered and token == self.get("fencing_token"):
            behind = (int(str(self.get("actuator_sequence"))) - last) % 65536
            if behind == 0 or behind >= 32768:
                self.tables[Table.HOLDING] = before
                if behind:
                    raise Refused
                return
        if isinstance(token, int) and int(str(self.get("fencing_token"))) < token:
            self.tables[Table.HOLDING] = before
            raise Refused
        if address == self.map.point("heartbeat").address:
            self.heartbeats.append(words[0])
        self.put({"kink_clamp_position_percent": self.get("kink_clamp_percent")})


class Fate(StrEnum):
    """What happens to a write request."""

    DONE = "carried out and confirmed"
    UNCONFIRMED = "carried out, the confirmation is lost"
    LOST = "never arrives"
    SILENT = "never arrives, and the gateway says that the unit is silent"
    HELD_BACK = "the gateway says that the unit is silent, and delivers it when it is told to"
    BELIED = "carried out, but an exception comes back, as an old one might on RTU"


class Served:
    """Answers requests for several devices by unit id.

    Attributes:
        fates: what happens to the write requests to come; then all are done.
        writes: every write request that was sent.
        reads: every read request.
        mute: whether reads get no answer.
        held_back: what a gateway keeps.
    """

    def __init__(self, *devices: RegisterDevice) -> None:
        self.devices = {device.unit_id: device for device in devices}
        self.fates: list[Fate] = []
        self.writes: list[Request] = []
        self.reads: list[Request] = []
        self.mute = False
        self.held_back: list[Request] = []

    def deliver(self) -> None:
        """Let the gateway deliver what it kept; nobody hears the answers."""
        kept, self.held_back = self.held_back, []
        for request in kept:
            with suppress(Refused):
                self.devices[request.unit].write(request.address, request.words)

    def __call__(self, request: Request) -> Iterable[Delivery]:
        device = self.devices.get(request.unit)
        if device is None:
            return []
        if request.function == 16:
            return self._write(device, request)
        self.reads.append(request)
        table = Table.INPUT if request.function == 4 else Table.HOLDING
        return [] if self.mute else at_once(request.reply(device.read(table, request.address, request.count)))

    def _write(self, device: RegisterDevice, request: Request) -> Iterable[Delivery]:
        self.writes.append(request)
        fate = self.fates.pop(0) if self.fates else Fate.DONE
        if fate is Fate.LOST:
            return []
        if fate in (Fate.SILENT, Fate.HELD_BACK):
            self.held_back += [request] if fate is Fate.HELD_BACK else []
            return at_once(request.refusal(11))
        try:
            device.write(request.address, request.words)
        except Refused:
            return at_once(request.refusal(3))
        if fate is Fate.BELIED:
            return at_once(request.refusal(4))
        return [] if fate is Fate.UNCONFIRMED else at_once(request.confirmation())
