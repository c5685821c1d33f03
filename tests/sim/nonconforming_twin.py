# SPDX-License-Identifier: Apache-2.0
"""A twin that breaks one rule of *Build a rig*.

    python tests/sim/nonconforming_twin.py VIOLATION …        (options as for python -m instruments.simulated)
    TwinChild(options, program=(*NONCONFORMING_PROGRAM, "supply_of_3010_mv"))

Each violation changes one thing of the good twin, in its own process, before it is assembled.
"""

import math
import struct
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from instruments.program import Program
from instruments.pump import Alarm, Command, CommandResult, PumpState
from instruments.register_map.codec import Value
from instruments.register_map.point import Table
from instruments.rig_guard import SafeReason
from instruments.simulated.balance.sics_client import SicsClient
from instruments.simulated.balance.sics_commands import SicsCommands
from instruments.simulated.balance.sics_weight import SicsWeight
from instruments.simulated.pump import registers as pump_registers
from instruments.simulated.pump.alarm_log import AlarmLog
from instruments.simulated.pump.alarms import PumpAlarms
from instruments.simulated.pump.bolus_log import BolusLog
from instruments.simulated.pump.firmware import Firmware
from instruments.simulated.pump.program_staging import ProgramStaging
from instruments.simulated.pump.registers import PumpRegisters
from instruments.simulated.rig import lease as rig_lease
from instruments.simulated.rig.actuator import Actuator
from instruments.simulated.rig.catheter_line import CatheterLine
from instruments.simulated.rig.chamber import Chamber
from instruments.simulated.rig.lease import RigLease
from instruments.simulated.rig.microphone import Microphone
from instruments.simulated.rig.order_number import OrderNumber
from instruments.simulated.rig.patient_button import PatientButton
from instruments.simulated.rig.refill_port import RefillPort
from instruments.simulated.rig.rig import SAFE, RigController
from instruments.simulated.rig.safe_log import SafeLog
from instruments.simulated.rig.watchdog import Watchdog
from instruments.simulated.specimen.rig_faults import RigFaults
from instruments.simulated.time.twin_time import TwinTime
from instruments.simulated.twin.program import run
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.control_line import ControlLineServer
from instruments.simulated.wires.register_bank import IllegalAddress, RegisterBank

NONCONFORMING_PROGRAM = (str(Path(__file__).resolve()),)
LONGEST_READ = 90
UNKNOWN_OUTCOME = 6
Read = Callable[[Any, Sequence[str]], dict[str, Value]]


def rig_reads(name: str, value_of: Callable[[Any], Value]) -> Callable[[], None]:
    """The rig shows another value of one point."""

    def change() -> None:
        read: Read = RigController.read

        def changed(rig: RigController, names: Sequence[str]) -> dict[str, Value]:
            values = read(rig, names)
            return {**values, name: value_of(values[name])} if name in values else values

        RigController.read = changed  # type: ignore[method-assign]

    return change


def words_of(change_words: Callable[[RegisterBank, Table, int, list[int]], list[int]]) -> Callable[[], None]:
    """The wire carries other registers than the device gave."""

    def change() -> None:
        read_bytes = RegisterBank.read_bytes

        def changed(bank: RegisterBank, table: Table, address: int, count: int) -> bytes:
            words = list(struct.unpack(f">{count}H", read_bytes(bank, table, address, count)))
            return struct.pack(f">{count}H", *change_words(bank, table, address, words))

        RegisterBank.read_bytes = changed  # type: ignore[method-assign]

    return change


def refuses_with_exception_2(of: str) -> Callable[[], None]:
    """Writes whose refusal speaks of something are refused with "no such register"."""

    def change() -> None:
        write = RegisterBank.write

        def changed(bank: RegisterBank, address: int, registers: Sequence[int]) -> None:
            try:
                write(bank, address, registers)
            except ValueError as refused:
                raise IllegalAddress(str(refused)) if of in str(refused) else refused from refused

        RegisterBank.write = changed  # type: ignore[method-assign]

    return change


def refuses_on(condition: Callable[[RigController, Mapping[str, Value]], bool]) -> Callable[[], None]:
    """The rig refuses a write that a good one takes."""

    def change() -> None:
        write = RigController.write

        def changed(rig: RigController, values: Mapping[str, Value]) -> None:
            if condition(rig, values):
                raise ValueError("rig: refused without need")
            write(rig, values)

        RigController.write = changed  # type: ignore[method-assign]

    return change


def balance_answers(command: str, answer: Callable[[list[str]], list[str]]) -> Callable[[], None]:
    """The balance answers a command otherwise."""

    def change() -> None:
        answers = SicsCommands.answer

        def changed(commands: SicsCommands, line: str) -> list[str]:
            lines = answers(commands, line)
            return answer(lines) if line == command else lines

        SicsCommands.answer = changed  # type: ignore[method-assign]

    return change


def pump_answers(
    command: str, condition: Callable[[Firmware], bool], answer: CommandResult, *, does_it: bool = False
) -> Callable[[], None]:
    """The pump answers a command otherwise under some condition, and carries it out only if `does_it`."""

    def change() -> None:
        execute = Firmware.execute

        def changed(firmware: Firmware, name: str, argument: float) -> CommandResult:
            if name != command or not condition(firmware):
                return execute(firmware, name, argument)
            if does_it:
                execute(firmware, name, argument)
            return answer

        Firmware.execute = changed  # type: ignore[method-assign]

    return change


def _right_aligned(bank: RegisterBank, table: Table, address: int, words: list[int]) -> list[int]:
    point = bank.register_map.point("rig_model") if "rig_model" in bank.register_map.points else None
    if point is None or table is not point.table or not address <= point.address < address + len(words):
        return words
    place = slice(point.address - address, point.address - address + point.registers)
    raw = b"".join(word.to_bytes(2, "big") for word in words[place])
    text = raw.rstrip(b"\0").rjust(len(raw), b" ")
    moved = [int.from_bytes(text[at : at + 2], "big") for at in range(0, len(text), 2)]
    return [*words[: place.start], *moved, *words[place.stop :]]


def _unknown_outcome(bank: RegisterBank, table: Table, address: int, words: list[int]) -> list[int]:
    point = bank.register_map.points.get("bolus_log[15].outcome")
    if point is None or table is not point.table or not address <= point.address < address + len(words):
        return words
    changed = list(words)
    changed[point.address - address] = UNKNOWN_OUTCOME
    return changed


def _no_long_reads(bank: RegisterBank, table: Table, address: int, words: list[int]) -> list[int]:
    if len(words) > LONGEST_READ:
        raise IllegalAddress(f"{len(words)} registers at a time")
    return words


def _watchdog_counts_half_seconds() -> None:
    arm = Watchdog.arm

    def halved(watchdog: Watchdog, timeout_s: int) -> None:
        arm(watchdog, timeout_s)
        if timeout_s:
            watchdog._timeout_s = timeout_s / 2  # type: ignore[assignment]
            watchdog._beaten()

    Watchdog.arm = halved  # type: ignore[method-assign]


def _every_write_is_a_heartbeat() -> None:
    Watchdog.hear = lambda watchdog, _heartbeat: watchdog._beaten()  # type: ignore[method-assign]


def _a_heartbeat_clears_a_trip() -> None:
    hear = Watchdog.hear

    def clearing(watchdog: Watchdog, heartbeat: int) -> None:
        watchdog.tripped = False
        hear(watchdog, heartbeat)

    Watchdog.hear = clearing  # type: ignore[method-assign]


def _disarming_does_not_stop_the_watchdog() -> None:
    arm = Watchdog.arm

    def deaf(watchdog: Watchdog, timeout_s: int) -> None:
        if timeout_s or watchdog.tripped:
            arm(watchdog, timeout_s)

    Watchdog.arm = deaf  # type: ignore[method-assign]


def _lease_counts_half_seconds() -> None:
    take = RigLease.take

    def halved(lease: RigLease, values: Mapping[str, Value]) -> None:
        take(lease, values)
        if "lease_token" in values:
            now_s = lease._timeline.now_s
            lease._ends_s = now_s + (lease._ends_s - now_s) / 2

    RigLease.take = halved  # type: ignore[method-assign]


def _actuators_move_without_a_token() -> None:
    check = RigController._check_token

    def lax(rig: RigController, values: Mapping[str, Value]) -> None:
        if "fencing_token" in values or "safe_state" in values:
            check(rig, values)

    RigController._check_token = lax  # type: ignore[method-assign]


def _safe_state_is_left_without_a_token() -> None:
    check = RigController._check_token

    def lax(rig: RigController, values: Mapping[str, Value]) -> None:
        if values != {"safe_state": False}:
            check(rig, values)

    RigController._check_token = lax  # type: ignore[method-assign]


def _safe_state_can_be_moved_in() -> None:
    RigController._check_safety = lambda _rig, _values: None  # type: ignore[method-assign]


def _the_rig_stops_no_pump() -> None:
    go_safe = RigController._go_safe

    def idle(rig: RigController, reason: Any) -> None:
        rig._stop_pump = lambda: False
        go_safe(rig, reason)

    RigController._go_safe = idle  # type: ignore[method-assign]


def _every_number_is_carried_out() -> None:
    pump_registers._is_newer = lambda _sequence, _last: True


def _refused_boluses_are_not_logged() -> None:
    enter = BolusLog.enter

    def forgetful(log: BolusLog, requested_s: float, outcome: CommandResult, bolus: Any = None) -> None:
        if outcome is CommandResult.ACCEPTED:
            enter(log, requested_s, outcome, bolus)

    BolusLog.enter = forgetful  # type: ignore[method-assign]


def _acknowledge_waits_for_the_cause() -> None:
    acknowledge = PumpAlarms.acknowledge

    def waiting(alarms: PumpAlarms) -> CommandResult:
        if alarms._hydraulics.conditions.kink_fraction:
            return CommandResult.ALARM_STANDING
        return acknowledge(alarms)

    PumpAlarms.acknowledge = waiting  # type: ignore[method-assign]


def _the_volume_is_refused_before_the_state() -> None:
    execute = Firmware.execute

    def hasty(firmware: Firmware, name: str, argument: float) -> CommandResult:
        if name == Command.PRIME and not argument and not firmware.alarms.stopped:
            return CommandResult.BAD_BOLUS
        return execute(firmware, name, argument)

    Firmware.execute = hasty  # type: ignore[method-assign]


def _the_rigs_clock_counts_half_seconds() -> None:
    readers = SafeLog.readers

    def halved(log: SafeLog) -> dict[str, Callable[[], Value]]:
        return {**readers(log), "rig_clock_s": lambda: log._timeline.now_s / 2}

    SafeLog.readers = halved  # type: ignore[method-assign]


def _time_may_go_back() -> None:
    step = TwinTime.step_to_us

    def lax(time: TwinTime, instant_us: int) -> None:
        if instant_us >= time.now_us():
            step(time, instant_us)

    TwinTime.step_to_us = lax  # type: ignore[method-assign]


def _a_line_comes_after_each_weight() -> None:
    send = SicsClient.send

    def chatty(client: SicsClient, *lines: str) -> None:
        plain = [line for line in lines if line.startswith("S ")]
        send(client, *lines, *plain)

    SicsClient.send = chatty  # type: ignore[method-assign]


def _the_checksum_is_not_looked_at() -> None:
    ProgramStaging.crc = lambda staging: int(str(staging.values["program_crc"]))  # type: ignore[method-assign]


def _rates_are_refused_as_schedules() -> None:
    refusal = ProgramStaging.refusal

    def renamed(staging: ProgramStaging, limits: Any, *, checked: bool = True) -> CommandResult | None:
        reason = refusal(staging, limits, checked=checked)
        return CommandResult.BAD_SCHEDULE if reason is CommandResult.RATE_OUT_OF_RANGE else reason

    ProgramStaging.refusal = renamed  # type: ignore[method-assign]


def _the_program_in_force_is_another() -> None:
    bring = ProgramStaging.bring_into_force

    def off(staging: ProgramStaging, *gains: float, shown: bool = True) -> Program:
        program = bring(staging, *gains, shown=shown)
        staging.read_back["active_ptm_lockout_s"] = 7
        return program

    ProgramStaging.bring_into_force = off  # type: ignore[method-assign]


def _running_it_takes_what_it_refuses() -> None:
    load = Firmware._load

    def hasty(firmware: Firmware) -> CommandResult:
        state, answer = firmware.state, load(firmware)
        if state is PumpState.INFUSING and answer is CommandResult.BAD_CHECKSUM:
            firmware._staging.bring_into_force()
        return answer

    Firmware._load = hasty  # type: ignore[method-assign]


def _the_checksum_is_refused_before_the_state() -> None:
    load = Firmware._load

    def hasty(firmware: Firmware) -> CommandResult:
        staging = firmware._staging
        if _primes(firmware) and staging.crc() != staging.values["program_crc"]:
            return CommandResult.BAD_CHECKSUM
        return load(firmware)

    Firmware._load = hasty  # type: ignore[method-assign]


def _a_program_taken_while_infusing_waits_for_a_start() -> None:
    load = Firmware._load

    def lazy(firmware: Firmware) -> CommandResult:
        infuses, before = _runs(firmware), firmware.program
        answer = load(firmware)
        if infuses and before is not None and answer is CommandResult.ACCEPTED:
            firmware.infusion.run(before)
        return answer

    Firmware._load = lazy  # type: ignore[method-assign]


def _alarms_are_logged_too_late() -> None:
    sound = AlarmLog.sound

    def late(log: AlarmLog, alarm: Alarm, clock_s: float, **how: bool) -> None:
        sound(log, alarm, clock_s + 500.0, **how)

    AlarmLog.sound = late  # type: ignore[method-assign]


def _stop_acknowledges() -> None:
    stop = Firmware._stop

    def both(firmware: Firmware) -> CommandResult:
        if firmware.alarms.stopped:
            firmware.alarms.acknowledge()
        return stop(firmware)

    Firmware._stop = both  # type: ignore[method-assign]


def _two_occlusions_and_no_more() -> None:
    init = PumpAlarms.__init__

    def spent(alarms: PumpAlarms, *parts: Any) -> None:
        init(alarms, *parts)
        alarms._faults = replace(alarms._faults, occlusion_alarms=2)

    PumpAlarms.__init__ = spent  # type: ignore[method-assign]


def _heartbeats_are_not_heard() -> None:
    def deaf(watchdog: Watchdog, heartbeat: int) -> None:
        if heartbeat != watchdog._heartbeat:
            watchdog._heartbeat, watchdog._last_beat_s = heartbeat, watchdog._timeline.now_s

    Watchdog.hear = deaf  # type: ignore[method-assign]


def _started_while_held_it_runs() -> None:
    stop = Firmware.hardware_stop

    def once(firmware: Firmware) -> bool:
        stands = stop(firmware)
        firmware._held = False
        return stands

    Firmware.hardware_stop = once  # type: ignore[method-assign]


def _tokens_rise_at_will() -> None:
    rig_lease.MOST_TOKEN_STEP = 2**32


def _every_order_is_carried_out() -> None:
    OrderNumber.repeats = lambda _orders, _token, _number: False  # type: ignore[method-assign]


def _the_last_order_is_carried_out_again() -> None:
    repeats = OrderNumber.repeats

    def again(orders: OrderNumber, token: int, number: int) -> bool:
        repeats(orders, token, number)
        return False

    OrderNumber.repeats = again  # type: ignore[method-assign]


def _every_press_is_carried_out() -> None:
    def hasty(button: PatientButton, values: Mapping[str, Value], _highest_token: int, *, safe: bool) -> None:
        button._orders.last = int(str(values["press_number"]))
        button._press()

    PatientButton.write = hasty  # type: ignore[method-assign]


def dead_in_the_line(name: str) -> Callable[[], None]:
    """Outlet lift, mid-catheter valve or sensor relay moves nothing."""

    def change() -> None:
        init = CatheterLine.__init__

        def made(line: CatheterLine, timeline: Any, hydraulics: Any, faults: RigFaults, sensor: Any) -> None:
            init(line, timeline, hydraulics, replace(faults, dead_actuators=faults.dead_actuators | {name}), sensor)

        CatheterLine.__init__ = made  # type: ignore[method-assign]

    return change


def stays_when_safe(part: type[Any]) -> Callable[[], None]:
    """A part of the rig that the safe state leaves where it is."""

    def change() -> None:
        part.go_safe = lambda _part: None

    return change


def takes_any_token(part: type[Any]) -> Callable[[], None]:
    """A part of the rig that looks at no fencing token."""

    def change() -> None:
        write = part.write

        def lax(one: Any, values: Mapping[str, Value], _highest_token: int, *, safe: bool) -> None:
            write(one, values, 0, safe=safe)

        part.write = lax

    return change


def moves_when_safe(part: type[Any]) -> Callable[[], None]:
    """A part of the rig that takes orders in the safe state."""

    def change() -> None:
        write = part.write

        def lax(one: Any, values: Mapping[str, Value], highest_token: int, *, safe: bool) -> None:
            write(one, values, highest_token, safe=False)

        part.write = lax

    return change


def carries_out_again(part: type[Any]) -> Callable[[], None]:
    """A part of the rig that carries an order out again when its number comes again."""

    def change() -> None:
        write = part.write

        def again(one: Any, values: Mapping[str, Value], highest_token: int, *, safe: bool) -> None:
            one._orders = OrderNumber()
            write(one, values, highest_token, safe=safe)

        part.write = again

    return change


def made_with(part: type[Any], **faults: Any) -> Callable[[], None]:
    """A part of the rig that is made with a fault."""

    def change() -> None:
        init = part.__init__

        def made(one: Any, *parts: Any, **named: Any) -> None:
            init(one, *parts, **{**named, **faults})

        part.__init__ = made

    return change


def _the_flow_sensor_shows_half() -> None:
    readers = RefillPort.readers

    def halved(port: RefillPort) -> dict[str, Callable[[], Value]]:
        shown = readers(port)["refill_moved_ul"]
        return {**readers(port), "refill_moved_ul": lambda: float(str(shown())) / 2}

    RefillPort.readers = halved  # type: ignore[method-assign]


def _the_microphones_clock_counts_half_seconds() -> None:
    readers = Microphone.readers

    def halved(ear: Microphone) -> dict[str, Callable[[], Value]]:
        return {**readers(ear), "sound_clock_s": lambda: ear._timeline.now_s / 2}

    Microphone.readers = halved  # type: ignore[method-assign]


def _a_trip_leaves_the_actuators() -> None:
    go_safe = RigController._go_safe

    def lame(rig: RigController, reason: SafeReason) -> None:
        before = {name: rig._outputs[name] for name in SAFE}
        go_safe(rig, reason)
        if reason is SafeReason.WATCHDOG:
            rig._outputs.update(before)

    RigController._go_safe = lame  # type: ignore[method-assign]


def _every_stay_is_a_loss_of_power() -> None:
    enter = SafeLog.enter

    def wrong(log: SafeLog, _reason: SafeReason, *, pump_stopped: bool) -> None:
        enter(log, SafeReason.POWER, pump_stopped=pump_stopped)

    SafeLog.enter = wrong  # type: ignore[method-assign]


def dead(name: str) -> Callable[[], None]:
    """An actuator that moves nothing."""

    def change() -> None:
        make = RigController._actuator

        def made(rig: RigController, which: str, faults: RigFaults) -> Actuator:
            return make(rig, which, replace(faults, dead_actuators=frozenset({name})))

        RigController._actuator = made  # type: ignore[method-assign]

    return change


def pump_reads(name: str, value_of: Callable[[Any], Value]) -> Callable[[], None]:
    """The pump shows another value of one point."""

    def change() -> None:
        read: Read = PumpRegisters.read

        def changed(pump: PumpRegisters, names: Sequence[str]) -> dict[str, Value]:
            values = read(pump, names)
            return {**values, name: value_of(values[name])} if name in values else values

        PumpRegisters.read = changed  # type: ignore[method-assign]

    return change


def _the_tare_is_told_wrong() -> None:
    take = SicsWeight.take_tare

    def wrong(weight: SicsWeight) -> str:
        take(weight)
        return weight.text(weight.tare_g + 1.0)

    SicsWeight.take_tare = wrong  # type: ignore[method-assign]


def _stable_weights_are_not_known() -> None:
    carry_out = SicsClient._carry_out

    def unknowing(client: SicsClient, line: str) -> None:
        carry_out(client, "X" if line == "S" else line)

    SicsClient._carry_out = unknowing  # type: ignore[method-assign]


def told_anew(command: str) -> Callable[[], None]:
    """An inquiry that is answered otherwise each time."""
    numbers = count()
    return balance_answers(command, lambda _: [f'{command} A "{next(numbers)}"'])


def _hello_of_another_clock() -> None:
    answer = ControlLineServer.answer

    def changed(line: ControlLineServer, request: bytes) -> str:
        return answer(line, request).replace("mode=stepped", "mode=scaled")

    ControlLineServer.answer = changed  # type: ignore[method-assign]


def _never_still() -> Callable[[], None]:
    steps = count()
    shows = rig_reads("rig_clock_s", lambda value: value + next(steps) / 100.0)

    def change() -> None:
        shows()
        TwinTime.catch_up = lambda _time: float(next(steps))  # type: ignore[method-assign]  # no reply is kept

    return change


_boluses_ask_for_no_volume = pump_answers(
    Command.PATIENT_BOLUS, lambda firmware: firmware.state is PumpState.INFUSING, CommandResult.WRONG_STATE
)


def _releases(_rig: RigController, values: Mapping[str, Value]) -> bool:
    return values.get("lease_session") == 0 and values["lease_expires_s"] == 0


def _primes(firmware: Firmware) -> bool:
    return firmware.state is PumpState.PRIMING


def _has_alarm(firmware: Firmware) -> bool:
    return firmware.alarms.stopped


def _runs(firmware: Firmware) -> bool:
    return firmware.state is PumpState.INFUSING


VIOLATIONS: Mapping[str, tuple[str, Callable[[], None]]] = {
    "reads_of_at_most_90_registers": ("R-01", words_of(_no_long_reads)),
    "alarm_that_no_log_knows": ("R-08", pump_reads("alarm_bits", lambda bits: bits | {"memory"})),
    "safe_log_with_a_hole": ("R-10", rig_reads("safe_log_count", lambda value: value + 1)),
    "lease_token_of_its_own": ("R-13", rig_reads("lease_token", lambda value: value + 1)),
    "order_number_that_changes": ("R-16", told_anew("I5")),
    "model_that_changes": ("R-17", told_anew("I11")),
    "adjustment_by_temperature": ("R-20", balance_answers("M18", lambda _: ["M18 A 1"])),
    "adjustment_by_itself": ("R-21", balance_answers("C0", lambda _: ["C0 A 1 1"])),
    "permanent_tare": ("R-22", balance_answers("M49", lambda _: ["M49 A 1"])),
    "weights_in_pounds": ("R-25", balance_answers("SI", lambda lines: [lines[0][:-1] + "lb"])),
    "no_stable_weight": ("R-26", _stable_weights_are_not_known),
    "tare_told_wrong": ("R-30", _the_tare_is_told_wrong),
    "pump_clock_of_half_seconds": ("R-31", pump_reads("device_clock_s", lambda value: value / 2)),
    "heartbeat_age_of_half_seconds": ("R-33", rig_reads("heartbeat_age_s", lambda value: value / 2)),
    "hardware_on_a_stepped_clock": ("R-34", rig_reads("rig_firmware_version", lambda _: "1.0")),
    "hello_of_another_clock": ("R-36", _hello_of_another_clock),
    "clock_that_never_stands_still": ("R-37", _never_still()),
    "dead_clamp": ("R-47", dead("kink_clamp_percent")),
    "dead_disconnect_valve": ("R-48", dead("disconnect_valve")),
    "dead_leak_valve": ("R-49", dead("leak_valve_percent")),
    "dead_magnet": ("R-50", dead("magnet_field")),
    "every_stay_a_loss_of_power": ("R-55", _every_stay_is_a_loss_of_power),
    "heartbeats_not_heard": ("R-57", _heartbeats_are_not_heard),
    "trip_that_moves_nothing": ("R-59", _a_trip_leaves_the_actuators),
    "another_program_in_force": ("R-64", _the_program_in_force_is_another),
    "rate_refused_as_schedule": ("R-66", _rates_are_refused_as_schedules),
    "bolus_without_volume_is_wrong_state": ("R-72", _boluses_ask_for_no_volume),
    "alarms_logged_too_late": ("R-77", _alarms_are_logged_too_late),
    "stop_acknowledges": ("R-79", _stop_acknowledges),
    "two_alarms_in_a_life": ("R-81", _two_occlusions_and_no_more),
    "string_padded_in_front": ("R-02", words_of(_right_aligned)),
    "code_that_no_map_names": ("R-03", words_of(_unknown_outcome)),
    "temperature_in_tenths": ("R-04", rig_reads("temperature_c", lambda value: 10.0 * value)),
    "infinite_humidity": ("R-05", rig_reads("humidity_percent", lambda _: math.inf)),
    "supply_of_3010_mv": ("R-11", rig_reads("supply_voltage_measured_mv", lambda _: 3010)),
    "outlet_not_raised": ("R-12", rig_reads("outlet_pressure_kpa", lambda _: 0.02)),
    "model_without_capacity": ("R-15", balance_answers("I2", lambda _: ['I2 A "XSR205DU"'])),
    "auto_zero": ("R-18", balance_answers("M03", lambda _: ["M03 A 1"])),
    "adjustment_by_time_unknown": ("R-19", balance_answers("M17", lambda _: ["ES"])),
    "unit_of_pounds": ("R-23", balance_answers("M21", lambda _: ["M21 B 0 5", "M21 A 1 5"])),
    "no_tare_memory": ("R-24", balance_answers("TA", lambda _: ["ES"])),
    "no_checksum": ("R-27", balance_answers("SIC1", lambda _: ["ES"])),
    "prints_each_weight_again": ("R-28", _a_line_comes_after_each_weight),
    "rig_clock_of_half_seconds": ("R-32", _the_rigs_clock_counts_half_seconds),
    "time_may_go_back": ("R-38", _time_may_go_back),
    "stale_token_with_exception_2": ("R-40", refuses_with_exception_2("rig: fencing token")),
    "actuators_without_a_token": ("R-41", _actuators_move_without_a_token),
    "range_with_exception_2": ("R-42", refuses_with_exception_2("runs from 0 to 100")),
    "used_token_with_exception_2": ("R-43", refuses_with_exception_2("is another's")),
    "held_lease_with_exception_2": ("R-44", refuses_with_exception_2("holds the lease")),
    "lease_of_half_seconds": ("R-45", _lease_counts_half_seconds),
    "release_refused": ("R-46", refuses_on(_releases)),
    "going_safe_needs_a_token": ("R-51", refuses_on(lambda _rig, values: values == {"safe_state": True})),
    "rig_stops_no_pump": ("R-52", _the_rig_stops_no_pump),
    "moves_in_the_safe_state": ("R-53", _safe_state_can_be_moved_in),
    "safe_state_left_by_anybody": ("R-54", _safe_state_is_left_without_a_token),
    "every_write_is_a_heartbeat": ("R-56", _every_write_is_a_heartbeat),
    "watchdog_of_half_seconds": ("R-58", _watchdog_counts_half_seconds),
    "heartbeat_clears_a_trip": ("R-60", _a_heartbeat_clears_a_trip),
    "disarming_is_not_heard": ("R-61", _disarming_does_not_stop_the_watchdog),
    "every_number_is_carried_out": ("R-62", _every_number_is_carried_out),
    "checksum_of_no_interest": ("R-65", _the_checksum_is_not_looked_at),
    "load_while_priming": ("R-67", pump_answers(Command.LOAD_PROGRAM, _primes, CommandResult.ACCEPTED)),
    "load_while_infusing_not_in_force": ("R-67", pump_answers(Command.LOAD_PROGRAM, _runs, CommandResult.ACCEPTED)),
    "load_while_infusing_waits_for_a_start": ("R-67", _a_program_taken_while_infusing_waits_for_a_start),
    "load_refused_while_infusing_and_in_force": (
        "R-67",
        pump_answers(Command.LOAD_PROGRAM, _runs, CommandResult.WRONG_STATE, does_it=True),
    ),
    "load_while_infusing_refused_for_another_reason": (
        "R-67",
        pump_answers(Command.LOAD_PROGRAM, _runs, CommandResult.BAD_SCHEDULE),
    ),
    "wrong_checksum_in_force_while_infusing": ("R-74", _running_it_takes_what_it_refuses),
    "checksum_before_state": ("R-74", _the_checksum_is_refused_before_the_state),
    "start_while_infusing": ("R-68", pump_answers(Command.START, _runs, CommandResult.ACCEPTED)),
    "stop_refused_while_priming": ("R-69", pump_answers(Command.STOP, _primes, CommandResult.WRONG_STATE)),
    "prime_while_priming": ("R-70", pump_answers(Command.PRIME, _primes, CommandResult.ACCEPTED)),
    "refill_refused_while_infusing": ("R-71", pump_answers(Command.REFILL_DONE, _runs, CommandResult.WRONG_STATE)),
    "refused_boluses_not_logged": ("R-73", _refused_boluses_are_not_logged),
    "volume_before_state": ("R-74", _the_volume_is_refused_before_the_state),
    "unknown_command_is_wrong_state": ("R-76", pump_answers("none", lambda _: True, CommandResult.WRONG_STATE)),
    "silence_refused": ("R-75", pump_answers(Command.SILENCE, _runs, CommandResult.WRONG_STATE)),
    "start_in_an_alarm_is_wrong_state": ("R-78", pump_answers(Command.START, _has_alarm, CommandResult.WRONG_STATE)),
    "pump_held_by_an_edge": ("R-84", _started_while_held_it_runs),
    "pump_hold_none": ("R-84", rig_reads("pump_hold", lambda _: "none")),
    "orders_without_order": ("R-85", _every_order_is_carried_out),
    "last_order_again": ("R-85", _the_last_order_is_carried_out_again),
    "token_too_high_with_exception_2": ("R-86", refuses_with_exception_2("rises by more than")),
    "tokens_of_any_height": ("R-86", _tokens_rise_at_will),
    "every_press_is_carried_out": ("R-87", _every_press_is_carried_out),
    "dead_outlet_lift": ("R-88", dead_in_the_line("outlet_lift_kpa")),
    "dead_mid_catheter_valve": ("R-88", dead_in_the_line("mid_catheter_valve")),
    "dead_sensor_relay": ("R-88", dead_in_the_line("sensor_relay")),
    "line_stays_when_safe": ("R-88", stays_when_safe(CatheterLine)),
    "line_takes_any_token": ("R-89", takes_any_token(CatheterLine)),
    "line_moves_when_safe": ("R-89", moves_when_safe(CatheterLine)),
    "line_order_again": ("R-89", carries_out_again(CatheterLine)),
    "dead_refill_port": ("R-90", made_with(RefillPort, dead=True)),
    "needle_stays_when_safe": ("R-90", stays_when_safe(RefillPort)),
    "flow_sensor_of_the_port_off": ("R-90", _the_flow_sensor_shows_half),
    "port_takes_any_token": ("R-91", takes_any_token(RefillPort)),
    "port_moves_when_safe": ("R-91", moves_when_safe(RefillPort)),
    "port_order_again": ("R-91", carries_out_again(RefillPort)),
    "dead_chamber": ("R-92", made_with(Chamber, dead=True)),
    "chamber_stays_when_safe": ("R-92", stays_when_safe(Chamber)),
    "chamber_takes_any_token": ("R-93", takes_any_token(Chamber)),
    "chamber_moves_when_safe": ("R-93", moves_when_safe(Chamber)),
    "deaf_microphone": ("R-94", made_with(Microphone, deaf=True)),
    "microphone_of_half_seconds": ("R-94", _the_microphones_clock_counts_half_seconds),
    "acknowledge_waits_for_the_cause": ("R-80", _acknowledge_waits_for_the_cause),
}  # fmt: skip
"""By name: the rule that it breaks, and how."""
OTHER_GOOD_PUMPS: Mapping[str, Callable[[], None]] = {
    "load_refused_while_infusing": pump_answers(Command.LOAD_PROGRAM, _runs, CommandResult.WRONG_STATE),
}
"""By name: what the twin does not do, and no rule forbids."""


if __name__ == "__main__":
    {**{name: change for name, (_, change) in VIOLATIONS.items()}, **OTHER_GOOD_PUMPS}[sys.argv[1]]()
    sys.exit(run(TwinOptions.parse(sys.argv[2:])))
