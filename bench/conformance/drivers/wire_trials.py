# SPDX-License-Identifier: Apache-2.0
"""What every driver must do: refuse in words, fault soon where nobody answers, and never make a value of a bad wire."""

import dataclasses
import math
from typing import Any

from bench.conformance.drivers.device_under_trial import DeviceUnderTrial
from bench.conformance.drivers.driver_trial import DriverTrial
from bench.conformance.outcome import Differs, NotTried
from groundfloor.errors import BenchFault, PlanError
from instruments.drivers.open_lines import OpenLines
from instruments.simulated.wires.wire_fault import FaultKind

NO_ADDRESS = "no address at all"
LATE = 1.5
"""Time-outs by which a reply comes late."""
Device = DeviceUnderTrial[Any]


def _refuses_no_address(at: Device) -> str:
    if at.ways.refuse_address is None:
        raise NotTried("a balance's resource is looked at when it is opened")
    try:
        at.ways.refuse_address(NO_ADDRESS)
    except PlanError as refused:
        return refused.seen
    raise Differs(f"it takes {NO_ADDRESS!r} for an address")


def _faults_where_nobody_is(at: Device) -> str:
    if at.dead_address == at.address:
        raise NotTried("only at host:port, or at a device file as /dev/ttyUSB0, is there a line where nobody answers")
    lines = OpenLines()

    def open_and_ask() -> object:
        device = at.ways.open(at.dead_address, lines)
        try:
            return at.ways.identify(device)
        finally:
            at.ways.close(device)

    try:
        return at.faults_soon(open_and_ask, f"at {at.dead_address}, where nobody answers")
    finally:
        lines.close()


def _says_who_it_is(at: Device) -> str:
    identity = at.ways.identify(at.device())
    if not _fields(identity).get("serial_number"):
        raise Differs(f"it tells no serial number, so nobody knows which device it is: {identity}")
    return ", ".join(f"{name} {value}" for name, value in _fields(identity).items())


def _reads_whole(at: Device) -> str:
    reading = at.read()
    endless = [n for n, v in _fields(reading).items() if isinstance(v, float) and math.isinf(v)]
    if endless:
        raise Differs(f"no number: {', '.join(endless)}")
    return f"{len(_fields(reading))} fields"


def _faults_in_silence(at: Device) -> str:
    wire = at.ready_to_be_spoilt()
    at.read()
    with wire.silent():
        seen = at.faults_soon(at.read, "while nothing gets through")
    at.answers_again("after a silence")
    return seen


def _takes_no_late_reply(at: Device) -> str:
    wire = at.ready_to_be_spoilt()
    before = _clock(at.answers_again("before"))
    with wire.spoiling(FaultKind.DELAY, LATE * at.timeout_s):
        try:
            at.read()
            seen = "it read again until it was sure"
        except BenchFault as fault:
            seen = fault.seen
    later = [_clock(at.answers_again("after late replies")) for _ in range(3)]
    times = [one for one in (before, *later) if one is not None]
    if times != sorted(times):
        raise Differs(f"a late reply was taken for a later one: the device's clock went {times}")
    return seen


def _survives_a_cut(at: Device) -> str:
    wire = at.ready_to_be_spoilt()
    if wire.is_serial:
        raise NotTried("a serial line cannot be reset")
    at.read()
    with wire.spoiling(FaultKind.RESET):
        try:
            at.read()
            seen = "it connected anew and read"
        except BenchFault as fault:
            seen = fault.seen
    at.answers_again("after the connection broke")
    return seen


def _takes_no_foreign_bytes(at: Device) -> str:
    wire = at.ready_to_be_spoilt()
    good = at.answers_again("before")
    spoilt: object = None
    with wire.spoiling(FaultKind.GARBAGE):
        try:
            spoilt = at.read()
            seen = "it found the reply among them"
        except BenchFault as fault:
            seen = fault.seen
    if spoilt is not None:
        right = _fields(good)
        strange = [name for name, value in _fields(spoilt).items() if type(value) is not type(right[name])]
        if strange:
            raise Differs(f"foreign bytes became {', '.join(strange)}")
    at.answers_again("after foreign bytes")
    return seen


def _survives_a_new_start(at: Device) -> str:
    first = at.ways.identify(at.device())
    at.let_go()
    second = at.ways.identify(at.device())
    if first != second:
        raise Differs(f"opened anew it is {second}, before {first}")
    return "opened anew it is the same"


def _fields(reading: object) -> dict[str, object]:
    if dataclasses.is_dataclass(reading) and not isinstance(reading, type):
        return {one.name: getattr(reading, one.name) for one in dataclasses.fields(reading)}
    return {"value": reading}


def _clock(reading: object) -> float | None:
    clock = getattr(reading, "device_clock_s", None)
    return float(clock) if clock is not None else None


TRIALS: tuple[DriverTrial, ...] = (
    DriverTrial("D-1", "what is no address is refused in words", _refuses_no_address),
    DriverTrial("D-2", "a port where nobody answers is a bench fault, soon", _faults_where_nobody_is),
    DriverTrial("D-3", "the device says who it is", _says_who_it_is),
    DriverTrial("D-4", "a reading is whole", _reads_whole),
    DriverTrial("D-5", "silence is a bench fault, soon, and over when the wire is good", _faults_in_silence),
    DriverTrial("D-6", "a late reply is no answer to a later question", _takes_no_late_reply),
    DriverTrial("D-7", "a connection that breaks is made anew", _survives_a_cut),
    DriverTrial("D-8", "foreign bytes become no value", _takes_no_foreign_bytes),
    DriverTrial("D-9", "opened anew it is the same device", _survives_a_new_start),
)
