# SPDX-License-Identifier: Apache-2.0
"""The rig controller behind a register map, over Modbus.

The fencing token goes out in the same request as the actuators, so whoever lost the lease of the bench moves nothing.
What was written is read back. An order to the actuators carries a number where the map has one
(`docs/decisions/0003-commands-carry-a-sequence-number.md`): when the read-back shows that it was not taken, the same
order is sent again under its old number, and a late copy of it does nothing. Without a number it is sent once. Going to
the safe state, heartbeats and setting the watchdog are absolute and may be repeated.
"""

import contextlib
from collections.abc import Callable, Mapping
from typing import cast

from groundfloor.errors import BenchFault, NoAnswer
from instruments.catheter_line import OUTLET_LIFT, CatheterLineState, no_catheter_line
from instruments.chamber import ChamberReading, no_chamber
from instruments.drug_path import Filled, no_drug_sensor
from instruments.modbus.catheter_line import ModbusCatheterLine
from instruments.modbus.chamber import ModbusChamber
from instruments.modbus.drug_path import ModbusDrugPath
from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.modbus.patient_button import ModbusPatientButton
from instruments.modbus.reading_points import ReadingPoints
from instruments.modbus.refill_port import ModbusRefillPort
from instruments.modbus.rig_abilities import SEQUENCE, rig_abilities
from instruments.modbus.safe_log import ModbusSafeLog
from instruments.modbus.sound_channel import ModbusSoundChannel
from instruments.modbus.wire import Refusal
from instruments.patient_button import no_button
from instruments.refill_port import RefillReading, no_port
from instruments.register_map.block import Block
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from instruments.rig import RigIdentity, RigOutputs, RigReading
from instruments.rig_abilities import RigAbilities
from instruments.rig_guard import GuardState, SafeLog
from instruments.sound_channel import SoundReading, no_sound
from instruments.write_unknown import WriteUnknown

_IDENTITY = ("rig_model", "rig_serial_number", "rig_firmware_version")
_ROOM = frozenset({"temperature_c", "air_pressure_hpa", "humidity_percent"})
"""A sensor of the room that gives no number spoils what is weighed; the rig itself is no worse for it."""
_READING = ReadingPoints(RigReading, unchecked=_ROOM)
_ACTUATORS = ("kink_clamp_percent", "disconnect_valve", "leak_valve_percent", "supply_voltage_mv", "magnet_field")
_TOKEN, _SAFE, _HEARTBEAT, _WATCHDOG = "fencing_token", "safe_state", "heartbeat", "watchdog_timeout_s"

_TRIPPED = "watchdog_tripped"
_SEQUENCE_NUMBERS = 65536
_MOST_READS = 3
MOST_WRITES = 5
"""How often a write is sent that may be repeated; behind a gateway that loses one in ten, 1 of 100,000 then fails."""
_NOT_NUMBERED = f"; not sent again: the rig's map has no {SEQUENCE}, and a late copy could move it"


class ModbusRig:
    """The rig, as `instruments.rig.Rig` describes it.

    Attributes:
        fencing_token: what every actuator write of this object carries.
    """

    def __init__(
        self,
        line: ModbusLine,
        register_map: RegisterMap,
        unit_id: int,
        asset: str = "rig",
        fencing_token: int | None = None,
    ) -> None:
        """Check the map and take the next fencing token, unless `fencing_token` is given.

        Raises:
            PlanError: the map lacks points.
            BenchFault: the rig does not answer.
        """
        register_map.require([*_IDENTITY, *_READING.names, *_ACTUATORS, _TOKEN, _SAFE, _HEARTBEAT, _WATCHDOG])
        self._identity = register_map.block(*_IDENTITY)
        self._feedback = register_map.block(*_READING.names)
        self._mirrored = _mirrored(self._feedback, register_map.inputs_mirrored_at)
        number = [SEQUENCE] if SEQUENCE in register_map.points else []
        self._actuators = register_map.block(_TOKEN, *_ACTUATORS, *number)
        self._leaving = register_map.block(_TOKEN, *_ACTUATORS, *number, _SAFE)
        self._control = register_map.block(_TOKEN, *_ACTUATORS, *number, _SAFE, _HEARTBEAT, _WATCHDOG)
        self._single = {name: register_map.block(name) for name in (_SAFE, _HEARTBEAT, _WATCHDOG)}
        self._line = line
        self._unit_id = unit_id
        self._asset = asset
        line.call_unit(unit_id, asset, register_map.requests_at_once)
        self._log = ModbusSafeLog.of(register_map, line, unit_id, asset)
        self._button = ModbusPatientButton.of(register_map, line, unit_id, asset)
        self._drug = ModbusDrugPath.of(register_map, line, unit_id, asset)
        self._sound = ModbusSoundChannel.of(register_map, line, unit_id)
        self._port = ModbusRefillPort.of(register_map, line, unit_id, asset)
        self._chamber = ModbusChamber.of(register_map, line, unit_id, asset)
        self._catheter_line = ModbusCatheterLine.of(register_map, line, unit_id, asset)
        present = self._read(self._control)
        self._abilities = rig_abilities(register_map, line, unit_id, asset)
        self._sequence = cast(int, present.get(SEQUENCE, 0))
        self._heartbeat = cast(int, present[_HEARTBEAT])
        self.fencing_token = cast(int, present[_TOKEN]) + 1 if fencing_token is None else fencing_token

    def identify(self) -> RigIdentity:
        """Ask the controller who it is."""
        values = self._read(self._identity)
        return RigIdentity(*(str(values[name]) for name in _IDENTITY))

    def abilities(self) -> RigAbilities:
        """Return what the rig can do beyond what every rig must, as it said when it was opened."""
        return self._abilities

    def read(self) -> RigReading:
        """Return one snapshot of all sensors, read in one request; a sensor of the room may give NaN.

        Raises:
            BenchFault: it does not answer, or another sensor gives no number.
        """
        return _READING.reading(self._read(self._feedback), self._asset)

    def ask_ahead(self) -> Callable[[], RigReading]:
        """Send the request of a snapshot; return what takes it. See `instruments.asks_ahead`."""
        values = self._line.ask_ahead(self._unit_id, self._feedback)
        return lambda: _READING.reading(values(), self._asset)

    def beat_ahead(self) -> Callable[[], RigReading] | None:
        """Give the heartbeat and ask for a snapshot in one request (function 23), if map and wire allow it."""
        if self._mirrored is None:
            return None
        beat, block = self._single[_HEARTBEAT], self._mirrored
        self._heartbeat = (self._heartbeat + 1) % 65536
        values = self._line.beat_ahead(self._unit_id, beat, {_HEARTBEAT: self._heartbeat}, block)
        if values is None:
            return None

        def take() -> RigReading:
            try:
                return _READING.reading(values(), self._asset)
            except NoAnswer:  # a heartbeat may be given twice
                self.send_heartbeat()
                return self.read()

        return take

    def outputs(self) -> RigOutputs:
        """Read back what the actuators were told."""
        values = self._read(self._actuators)
        return RigOutputs(
            kink_clamp_percent=cast(float, values["kink_clamp_percent"]),
            disconnect_valve=cast(bool, values["disconnect_valve"]),
            leak_valve_percent=cast(float, values["leak_valve_percent"]),
            supply_voltage_mv=cast(int, values["supply_voltage_mv"]),
            magnet_field=cast(bool, values["magnet_field"]),
        )

    def write(self, outputs: RigOutputs) -> None:
        """Tell all actuators at once, with the fencing token, and read back that it was taken.

        Raises:
            PlanError: a value cannot stand in its register.
            WriteRefused: the rig refused it, mostly because the token is stale.
            BenchFault: the wire failed, or the read-back differs.
        """
        values: dict[str, Value] = {name: getattr(outputs, name) for name in _ACTUATORS}
        try:
            self._order(self._actuators, values, "write outputs")
        except WriteRefused as refused:
            seen = f"{refused.seen} to a write with fencing token {self.fencing_token}"
            next_step = "see who else holds this bench, and whether the values lie in the rig's range"
            raise WriteRefused(self._asset, "write outputs", seen, next_step) from refused

    def press_patient_button(self) -> None:
        """Press the patient's button once, see `instruments.patient_button`."""
        self._patient_button().press(self.fencing_token)

    def patient_button_presses(self) -> int:
        """Return how many presses of the patient's button its sensor has felt."""
        return self._patient_button().presses()

    def read_sounds(self, since: int) -> SoundReading:
        """Return what was heard of the pump, see `instruments.sound_channel`."""
        if self._sound is None:
            raise no_sound(self._asset)
        return self._sound.read(since)

    def _patient_button(self) -> ModbusPatientButton:
        if self._button is None:
            raise no_button(self._asset)
        return self._button

    def drug_concentration_ug_per_ml(self) -> float:
        """Return the concentration at the outlet, see `instruments.drug_path`."""
        return self._drug_path().concentration_ug_per_ml()

    def fill_with_drug(self, part: Filled, concentration_ug_per_ml: float) -> None:
        """Fill a part with another concentration, see `instruments.drug_path`."""
        self._drug_path().fill(self.fencing_token, part, concentration_ug_per_ml)

    def drug_fillings(self) -> int:
        """Return how many fillings are done."""
        return self._drug_path().done()

    def _drug_path(self) -> ModbusDrugPath:
        if self._drug is None:
            raise no_drug_sensor(self._asset)
        return self._drug

    def order_refill(self, needle_in: bool, volume_ul: float) -> None:
        """Give the refill port one order, see `instruments.refill_port`."""
        self._refill_port().order(self.fencing_token, needle_in, volume_ul)

    def read_refill_port(self) -> RefillReading:
        """Read the sensors of the refill port."""
        return self._refill_port().read()

    def _refill_port(self) -> ModbusRefillPort:
        if self._port is None:
            raise no_port(self._asset)
        return self._port

    def order_chamber(self, temperature_c: float, air_pressure_hpa: float) -> None:
        """Give the chamber an order, see `instruments.chamber`."""
        self._climate_chamber().order(self.fencing_token, temperature_c, air_pressure_hpa)

    def read_chamber(self) -> ChamberReading:
        """Read the sensors of the chamber."""
        return self._climate_chamber().read()

    def _climate_chamber(self) -> ModbusChamber:
        if self._chamber is None:
            raise no_chamber(self._asset)
        return self._chamber

    def order_catheter_line(self, wanted: CatheterLineState) -> None:
        """Tell outlet, mid-catheter valve and sensor relay where to go, see `instruments.catheter_line`."""
        self._line_of_catheter().order(wanted, self.fencing_token)

    def ordered_catheter_line(self) -> CatheterLineState:
        """Read back what outlet, mid-catheter valve and sensor relay were told."""
        return self._line_of_catheter().ordered()

    def observed_catheter_line(self) -> CatheterLineState:
        """Return where outlet, mid-catheter valve and sensor relay are, by sensors of their own."""
        return self._line_of_catheter().observed()

    def _line_of_catheter(self) -> ModbusCatheterLine:
        if self._catheter_line is None:
            raise no_catheter_line(self._asset, OUTLET_LIFT)
        return self._catheter_line

    def send_heartbeat(self) -> None:
        """Give the watchdog its heartbeat: a value that differs from the one before."""
        self._heartbeat = (self._heartbeat + 1) % 65536
        self._write_absolute(_HEARTBEAT, self._heartbeat)

    def arm_watchdog(self, timeout_s: int) -> None:
        """Make the rig go to its safe state when no heartbeat comes for `timeout_s`; 0 disarms it and clears a trip.

        Raises:
            WriteRefused: the token is stale; the watchdog guards another session by now.
            BenchFault: the wire failed, or the read-back differs.
        """
        self._refuse_if_stale("arm watchdog")
        self._set(_WATCHDOG, timeout_s, "arm watchdog")

    def guard_state(self) -> GuardState:
        """Return whether watchdog and safe state are as a bench needs them before anything moves."""
        present = self._read(self._control)
        return GuardState(
            watchdog_timeout_s=cast(int, present[_WATCHDOG]),
            watchdog_tripped=cast(bool, self._read(self._feedback)[_TRIPPED]),
            safe=cast(bool, present[_SAFE]),
            fencing_token=cast(int, present[_TOKEN]),
        )

    def go_safe(self) -> None:
        """Make the rig go to its safe state by itself; needs no token, so anybody may do it at any time."""
        self._set(_SAFE, True, "go to the safe state")

    def leave_safe_state(self) -> None:
        """Let the actuators move again, from their safe values; takes the fencing token, as every move does.

        Raises:
            WriteRefused: the token is stale, or the watchdog has tripped and was not disarmed.
            BenchFault: the wire failed, or the read-back differs.
        """
        self._order(self._leaving, {**vars(RigOutputs()), _SAFE: False}, "leave the safe state")

    def safe_log(self, since: int = 0) -> SafeLog | None:
        """Return the stays in the safe state from number `since` on; None if the map has no such log."""
        return None if self._log is None else self._log.read(since)

    def _refuse_if_stale(self, operation: str) -> None:
        highest = cast(int, self._read(self._actuators)[_TOKEN])
        if highest > self.fencing_token:
            seen = f"the rig has seen fencing token {highest}, ours is {self.fencing_token}"
            raise WriteRefused(self._asset, operation, seen, "see who else holds this bench")

    def _set(self, name: str, value: Value, operation: str) -> None:
        self._write_absolute(name, value)
        self._compare(self._control, {name: value}, operation)

    def _write_absolute(self, name: str, value: Value) -> None:
        """Write what may be repeated: the same value once more changes nothing if an earlier one did arrive."""
        for _ in range(MOST_WRITES - 1):
            with contextlib.suppress(WriteUnknown):
                return self._line.write(self._unit_id, self._single[name], {name: value})
        return self._line.write(self._unit_id, self._single[name], {name: value})

    def _order(self, block: Block, values: Mapping[str, Value], operation: str) -> None:
        """Send an order to the actuators with token and number, until the read-back shows that it was taken.

        Raises:
            WriteRefused: the rig refused it.
            BenchFault: the wire failed, or the read-back differs.
        """
        order = {**values, _TOKEN: self.fencing_token}
        if self._abilities.numbers_orders:
            order[SEQUENCE] = self._next_number()
        unconfirmed, most = "", MOST_WRITES if self._abilities.numbers_orders else 1
        for sent in range(1, most + 1):
            try:
                self._line.write(self._unit_id, block, order)
            except WriteUnknown as unknown:
                how_often = f"; sent {sent} times" if self._abilities.numbers_orders else _NOT_NUMBERED
                unconfirmed = f" ({unknown.seen}{how_often})"
                if sent < most and self._read(block)[SEQUENCE] != order[SEQUENCE]:
                    continue
            break
        self._compare(block, block.decode(block.encode(order)), operation, unconfirmed)

    def _next_number(self) -> int:
        """Return the number after the last one, whether it was ours or that of who wrote under our token before us.

        Numbers of orders that were given up are not used again: they may be on their way.
        """
        shown = cast(int, self._read(self._actuators)[SEQUENCE])
        if 0 < (shown - self._sequence) % _SEQUENCE_NUMBERS < _SEQUENCE_NUMBERS // 2:
            self._sequence = shown
        self._sequence = (self._sequence + 1) % _SEQUENCE_NUMBERS or 1
        return self._sequence

    def _read(self, block: Block) -> dict[str, Value]:
        """Read a block; a gateway that says each time that the rig is silent costs no time, and is asked for longer."""
        for _ in range(_MOST_READS - 1):
            try:
                return self._line.read(self._unit_id, block)
            except NoAnswer as silent:
                if not isinstance(silent.__cause__, Refusal):
                    raise
        return self._line.read(self._unit_id, block)

    def _compare(self, block: Block, written: Mapping[str, Value], operation: str, note: str = "") -> None:
        present = self._read(block)
        differences = [
            f"{name} is {present[name]}, told was {value}" for name, value in written.items() if present[name] != value
        ]
        if differences:
            next_step = "see who else writes to this rig, and whether it is in its safe state"
            raise self._fault(operation, f"read-back differs: {'; '.join(differences)}{note}", next_step)

    def _fault(self, operation: str, seen: str, next_step: str) -> BenchFault:
        return BenchFault(self._asset, operation, seen, next_step)


def _mirrored(block: Block, mirrored_at: int | None) -> Block | None:
    """Return where a block of input registers is read with function 23; None where it is not."""
    if mirrored_at is None:
        return None
    place = {"table": Table.HOLDING}
    return Block([p.model_copy(update={**place, "address": p.address + mirrored_at}) for p in block.points])
