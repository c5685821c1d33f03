# SPDX-License-Identifier: Apache-2.0
"""The registers of the simulated pump: every point of the pump map, answered from firmware and hydraulics."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from instruments.pump import Command, CommandResult
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.simulated.physics.hydraulics import Hydraulics
from instruments.simulated.pump.alarm_log import RING_LENGTH
from instruments.simulated.pump.firmware import Firmware
from instruments.simulated.pump.program_staging import ProgramStaging
from instruments.simulated.pump.shown import Shown
from instruments.simulated.specimen.programming_faults import ProgrammingFaults
from instruments.simulated.specimen.pump_model import PumpModel
from instruments.simulated.specimen.register_faults import RegisterFaults
from instruments.simulated.time.timeline import Timeline

GOOD = ProgrammingFaults()
_COMMAND_POINTS = ("command", "command_argument", "command_sequence")
_CODE = "session_code"
_UINT16 = 1 << 16


def _is_newer(sequence: int, last: int) -> bool:
    """Tell whether a number comes after `last`, which is 0 before the first command (as in RFC 1982)."""
    return last == 0 or 0 < (sequence - last) % _UINT16 < _UINT16 // 2


class PumpRegisters:
    """A `RegisterDevice` in front of the firmware."""

    def __init__(
        self,
        timeline: Timeline,
        firmware: Firmware,
        hydraulics: Hydraulics,
        staging: ProgramStaging,
        model: PumpModel,
        faults: RegisterFaults,
        register_map: RegisterMap,
        programming: ProgrammingFaults = GOOD,
    ) -> None:
        self._timeline = timeline
        self._firmware = firmware
        self._hydraulics = hydraulics
        self._staging = staging
        self._model = model
        self._programming = programming
        self._command: dict[str, Value] = {"command": "none", "command_argument": 0.0, "command_sequence": 0}
        self._command_points = {
            name: register_map.points[name] for name in _COMMAND_POINTS if name in register_map.points
        }
        self._result = CommandResult.NONE
        self._done_sequence = self._taken_sequence = 0
        self._code = model.session_code if _CODE in register_map.points else None
        self._shown_code: Value = 0
        self._readers = self._make_readers()
        self._readers.update(Shown(timeline, firmware, hydraulics, faults).in_place_of(self._readers))

    def read(self, names: Sequence[str]) -> dict[str, Value]:
        """Return the values of the points `names` at this instant."""
        readers = self._readers
        self._firmware.was_read()
        return {name: readers[name]() for name in names}

    def write(self, values: Mapping[str, Value]) -> None:
        """Take one write request; a command is carried out when its sequence number is newer than the last one's.

        Raises:
            ValueError: a point cannot be written, or a value cannot stand in it.
        """
        image = {name: value for name, value in values.items() if name in self._firmware.store.values}
        spoken = {*_COMMAND_POINTS, _CODE, *image}
        staged = {name: value for name, value in values.items() if name not in spoken}
        foreign = sorted(set(staged) - set(self._staging.values))
        if foreign:
            raise ValueError(f"pump: {', '.join(foreign)} cannot be written")
        command = {name: value for name, value in values.items() if name in _COMMAND_POINTS}
        for name, value in command.items():
            self._command_points[name].encode(value)
        self._staging.check(staged)
        self._staging.write(staged)
        self._firmware.store.write(image)
        if staged:
            self._firmware.staged()
        self._shown_code = values.get(_CODE, self._shown_code)
        self._command.update(command)
        if "command_sequence" in command:
            self._carry_out()

    def _carry_out(self) -> None:
        sequence, argument = self._command["command_sequence"], self._command["command_argument"]
        if not isinstance(sequence, int) or not isinstance(argument, int | float):
            return
        faults, last = self._programming, self._taken_sequence
        again = faults.repeats_commands and sequence == last
        old = faults.takes_old_numbers and not _is_newer(sequence, last) and sequence != last
        if not (_is_newer(sequence, last) or again or old):
            return
        self._done_sequence = sequence
        shown, self._shown_code = self._shown_code, 0
        if not self._is_proven(shown):
            self._result = CommandResult.NOT_AUTHENTICATED
            return
        self._taken_sequence = sequence
        self._result = self._firmware.execute(str(self._command["command"]), float(argument))

    def _is_proven(self, shown: Value) -> bool:
        """Tell whether a command may be carried out that came with this code; a stop may always."""
        if self._code is None or self._command["command"] == Command.STOP or not self._programming.code_asked_for:
            return True
        return shown == self._code or (self._programming.any_code_does and shown != 0)

    def _make_readers(self) -> dict[str, Callable[[], Value]]:
        readers: dict[str, Callable[[], Value]] = {
            **self._snapshot_readers(),
            "model": lambda: self._model.model,
            "serial_number": lambda: self._model.serial_number,
            "firmware_version": lambda: self._firmware.store.version,
            "firmware_crc": lambda: self._firmware.store.crc,
        }
        readers[_CODE] = lambda: 0
        for name in self._command:
            readers[name] = partial(self._command.__getitem__, name)
        for name in self._firmware.store.values:
            readers[name] = partial(self._firmware.store.values.__getitem__, name)
        for name in self._staging.values:
            readers[name] = partial(self._staging.values.__getitem__, name)
        for name in self._staging.read_back:
            readers[name] = partial(self._staging.read_back.__getitem__, name)
        for slot in range(RING_LENGTH):
            readers.update(self._alarm_readers(slot))
            readers.update(self._bolus_readers(slot))
        return readers

    def _snapshot_readers(self) -> dict[str, Callable[[], Value]]:
        firmware = self._firmware
        return {
            "device_clock_s": lambda: firmware.infusion.clock_s() + firmware.clock_shown_off_s,
            "state": lambda: firmware.state.value,
            "active_rate_ul_per_h": lambda: firmware.infusion.rate_ul_per_h,
            "delivered_volume_ul": firmware.counter.delivered_ul,
            "reservoir_volume_ul": firmware.counter.reservoir_ul,
            "battery_percent": firmware.power.percent,
            "catheter_pressure_kpa": self._catheter_pressure_kpa,
            "refill_due_s": lambda: round(firmware.refill_due_s()),
            "tubing_volume_ul": lambda: self._firmware.tubing_ul,
            "alarm_bits": lambda: frozenset(alarm.value for alarm in firmware.alarms.log.shown),
            "alarm_log_count": lambda: firmware.alarms.log.count % _UINT16,
            "bolus_log_count": lambda: firmware.boluses.count % _UINT16,
            "command_result": lambda: self._result.value,
            "command_done_sequence": lambda: self._done_sequence,
        }

    def _catheter_pressure_kpa(self) -> float:
        return self._hydraulics.pressure_kpa() if self._model.catheter.pressure_sensor else float("nan")

    def _alarm_readers(self, slot: int) -> dict[str, Callable[[], Value]]:
        ring = self._firmware.alarms.log.ring
        return {
            f"alarm_log[{slot}].code": lambda: ring[slot].code,
            f"alarm_log[{slot}].onset_s": lambda: ring[slot].onset_s,
            f"alarm_log[{slot}].cleared_s": lambda: ring[slot].cleared_s,
        }

    def _bolus_readers(self, slot: int) -> dict[str, Callable[[], Value]]:
        ring, clock = self._firmware.boluses.ring, self._firmware.infusion.clock_s
        return {
            f"bolus_log[{slot}].requested_s": lambda: ring[slot].requested_s,
            f"bolus_log[{slot}].outcome": lambda: ring[slot].outcome.value,
            f"bolus_log[{slot}].volume_ul": lambda: ring[slot].given_ul(clock()),
        }
