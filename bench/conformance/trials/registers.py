# SPDX-License-Identifier: Apache-2.0
"""What is read: whole blocks, strings, codes, scaled numbers, logs; and what the sensors say of a bench at rest."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from bench.conformance.outcome import Differs, NotTried
from bench.conformance.rule import Rule
from bench.conformance.trial_bench import TrialBench
from bench.sampling.supply_at_rest import SUPPLY_SLACK_MV
from groundfloor.errors import BenchFault
from instruments.modbus.address import RtuAddress, parse_modbus_address
from instruments.modbus.pump_points import READING, PumpPoints
from instruments.modbus.reading_points import ReadingPoints
from instruments.modbus.registers import Registers
from instruments.modbus.rig_lease import POINTS as LEASE_POINTS
from instruments.register_map.block import Block
from instruments.register_map.codec import PACK_CODES
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point
from instruments.rig import RigOutputs, RigReading

RIG_FEEDBACK = ReadingPoints(RigReading).names
RIG_OUTPUTS = ("fencing_token", *vars(RigOutputs()), "safe_state", "heartbeat", "watchdog_timeout_s")
RANGES: Mapping[str, tuple[float, float]] = {
    "battery_percent": (0.0, 100.0),
    "active_rate_ul_per_h": (0.0, 1e5),
    "reservoir_volume_ul": (0.0, 1e5),
    "catheter_pressure_kpa": (-50.0, 500.0),
    "kink_clamp_position_percent": (0.0, 100.0),
    "leak_valve_position_percent": (0.0, 100.0),
    "outlet_pressure_kpa": (-50.0, 100.0),
    "temperature_c": (5.0, 45.0),
    "air_pressure_hpa": (500.0, 1100.0),
    "humidity_percent": (0.0, 100.0),
}
"""Where a number of the right divisor and word order lies, whatever the room."""
MAY_BE_MISSING = ("catheter_pressure_kpa", "temperature_c", "air_pressure_hpa", "humidity_percent")


def pump_blocks(pump_map: RegisterMap) -> dict[str, Block]:
    """Return the runs of registers in which the driver reads a pump, by what they hold."""
    points = PumpPoints(pump_map)
    read = {
        "identity": points.identity,
        "snapshot": points.snapshot,
        "alarm log": points.alarm_log,
        "bolus log": points.bolus_log,
        "active program": points.active,
        "staging": points.staging,
        "command": (points.command,),
    }
    return {
        name if len(blocks) == 1 else f"{name}, part {number}": block
        for name, blocks in read.items()
        for number, block in enumerate(blocks, start=1)
    }


def _unit_of_the_rig(bench: TrialBench) -> int:
    unit_id = bench.file.rig.unit_id
    return bench.rig_words.map.unit_id if unit_id is None else unit_id


def rig_blocks(rig_map: RegisterMap) -> dict[str, Block]:
    """Return the runs of registers in which the drivers read a rig, by what they hold; only what its map has."""
    blocks = {
        "identity": rig_map.block("rig_model", "rig_serial_number", "rig_firmware_version"),
        "feedback": rig_map.block(*RIG_FEEDBACK),
        "outputs": rig_map.block(*RIG_OUTPUTS),
    }
    if LEASE_POINTS[0] in rig_map.points:
        blocks["lease"] = rig_map.block(*LEASE_POINTS)
    if "safe_log" in rig_map.list_lengths:
        blocks["safe log"] = rig_map.list_block("safe_log")
        blocks["safe log's head"] = rig_map.block("rig_clock_s", "safe_log_count")
    return blocks


def blocks_come_whole(bench: TrialBench) -> str:
    """Read every block in one request."""
    longest = 0
    for words, blocks in _all_blocks(bench):
        for name, block in blocks.items():
            try:
                words.words(block.table, block.address, block.count)
            except BenchFault as fault:
                raise Differs(f"{words.map.name}, {name}, {block.count} registers: {fault.seen}") from fault
            longest = max(longest, block.count)
    return f"the longest has {longest} registers"


def strings_are_padded_at_the_end(bench: TrialBench) -> str:
    """Look at the bytes of every string."""
    shown = []
    for point, words in _points(bench):
        if point.type != "string":
            continue
        raw = b"".join(word.to_bytes(2, "big") for word in words)
        text = raw.rstrip(b"\0 ")
        if text != text.strip(b"\0 ") or not text.isascii() or not text.decode("latin-1").isprintable():
            raise Differs(f"{point.name} holds {raw!r}")
        shown.append(text.decode())
    return ", ".join(text for text in shown if text)


def codes_are_the_map_s(bench: TrialBench) -> str:
    """Decode every code, flag and set of bits."""
    count = 0
    for point, words in _points(bench):
        if point.type in ("enum", "bool", "bits"):
            count += 1
            try:
                point.decode(words)
            except ValueError as strange:
                raise Differs(str(strange)) from strange
    return f"{count} points"


def numbers_are_scaled(bench: TrialBench) -> str:
    """Look whether each number lies where one of its divisor and word order can lie."""
    for point, value in _numbers(bench):
        if point.name in RANGES and math.isfinite(value):
            lower, upper = RANGES[point.name]
            if not lower <= value <= upper:
                raise Differs(f"{point.name} is {value:g} {point.unit}, not from {lower:g} to {upper:g}")
    return f"{len(RANGES)} numbers in their ranges"


def numbers_are_numbers(bench: TrialBench) -> str:
    """Look for what is no number where one must be."""
    missing = []
    for point, value in _numbers(bench):
        if math.isfinite(value) or point.name not in (*READING.names, *RIG_FEEDBACK):
            continue
        if point.name not in MAY_BE_MISSING or not math.isnan(value):
            raise Differs(f"{point.name} is {value}")
        missing.append(point.name)
    return f"no sensor: {', '.join(missing)}" if missing else "all finite"


def devices_are_the_file_s(bench: TrialBench) -> str:
    """Compare the serial numbers with the bench file."""
    pump = str(bench.pump_words.read("serial_number")["serial_number"])
    rig = str(bench.rig_words.read("rig_serial_number")["rig_serial_number"])
    for asset, found, wanted in (
        ("pump", pump, bench.file.pump.serial_number),
        ("rig", rig, bench.file.rig.serial_number or rig),
    ):
        if found != wanted:
            raise Differs(f"{asset} says {found!r}, the bench file {wanted!r}")
    return f"{pump}, {rig}"


def a_second_connection_is_served(bench: TrialBench) -> str:
    """Read over a second connection while the first stands."""
    if isinstance(parse_modbus_address(bench.file.rig.address), RtuAddress):
        raise NotTried("a serial line has one user")
    bench.rig_words.read("heartbeat")
    try:
        second = bench.second_line()
        try:
            Registers(second, bench.rig_words.map, _unit_of_the_rig(bench)).read("heartbeat")
        finally:
            second.close()
        bench.rig_words.read("heartbeat")
    except BenchFault as fault:
        raise Differs(fault.seen) from fault
    return "both are answered"


def alarm_log_agrees(bench: TrialBench) -> str:
    """Compare the alarm log with the alarms that stand."""
    entries = bench.pump.alarm_log()
    standing = {entry.alarm for entry in entries if entry.cleared_s is None}
    told = set(bench.pump.read().alarms)
    if told - standing:
        raise Differs(f"alarm_bits say {_listed(told)}, the log knows {_listed(standing)} as standing")
    if [entry.onset_s for entry in entries] != sorted(entry.onset_s for entry in entries):
        raise Differs("onsets do not rise with the entries")
    return f"{len(entries)} entries, {_listed(standing)} standing"


def bolus_log_is_whole(bench: TrialBench) -> str:
    """Read the log of bolus requests."""
    entries = bench.pump.bolus_log()
    if [entry.requested_s for entry in entries] != sorted(entry.requested_s for entry in entries):
        raise Differs("times of request do not rise with the entries")
    return f"{len(entries)} entries"


def safe_log_is_whole(bench: TrialBench) -> str:
    """Read the rig's log of its safe states."""
    log = bench.rig.safe_log()
    if log is None:
        raise NotTried("the map has no log of safe states")
    if [entry.entered_s for entry in log.entries] != sorted(entry.entered_s for entry in log.entries):
        raise Differs("instants of entering do not rise with the entries")
    return f"{log.count} stays"


def supply_is_off_at_rest(bench: TrialBench) -> str:
    """Read the measured supply of a rig that supplies nothing."""
    told_mv = bench.rig_words.number("supply_voltage_mv")
    if told_mv:
        raise NotTried(f"the rig was told to supply {told_mv:g} mV")
    measured_mv = bench.rig_words.number("supply_voltage_measured_mv")
    if measured_mv > SUPPLY_SLACK_MV:
        raise Differs(f"{measured_mv:g} mV with nothing supplied, at most {SUPPLY_SLACK_MV} mV are taken")
    return f"{measured_mv:g} mV"


def outlet_is_raised(bench: TrialBench) -> str:
    """Read the pressure at the outlet."""
    outlet_kpa = bench.rig_words.number("outlet_pressure_kpa")
    least_kpa = bench.file.preflight.leak_kpa
    if not outlet_kpa > least_kpa:
        raise Differs(f"{outlet_kpa:.2f} kPa at the outlet, a leak shows from {least_kpa:g} kPa on")
    return f"{outlet_kpa:.2f} kPa"


def lease_speaks_of_the_token(bench: TrialBench) -> str:
    """Compare the token of the lease with the token of the actuators."""
    if LEASE_POINTS[0] not in bench.rig_words.map.points:
        raise NotTried("the map has no points for a lease")
    lease = bench.rig_words.read("lease_token")["lease_token"]
    token = bench.rig_words.read("fencing_token")["fencing_token"]
    if lease != token:
        raise Differs(f"lease_token reads {lease}, fencing_token {token}")
    return f"both read {token}"


def _all_blocks(bench: TrialBench) -> Iterator[tuple[Registers, dict[str, Block]]]:
    yield bench.pump_words, pump_blocks(bench.pump_words.map)
    yield bench.rig_words, rig_blocks(bench.rig_words.map)


def _points(bench: TrialBench) -> Iterator[tuple[Point, Sequence[int]]]:
    """Yield every point with its registers, read by blocks as the drivers do: a single one is not for a serial line."""
    for words, blocks in _all_blocks(bench):
        for block in blocks.values():
            run = words.words(block.table, block.address, block.count)
            for point in block.points:
                yield point, run[point.address - block.address :][: point.registers]


def _numbers(bench: TrialBench) -> Iterator[tuple[Point, float]]:
    for point, words in _points(bench):
        if point.type in PACK_CODES and point.type not in ("enum", "bool", "bits"):
            yield point, float(cast(float, point.decode(words)))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


RULES = (
    Rule("R-01", "every block comes whole in one request", blocks_come_whole),
    Rule(
        "R-02",
        "a string is ASCII from its first byte, then NUL or blanks to the end",
        strings_are_padded_at_the_end,
        needs=("R-01",),
    ),
    Rule("R-03", "codes, flags and bits hold only what the map names", codes_are_the_map_s, needs=("R-01",)),
    Rule("R-04", "numbers have the map's divisor and word order", numbers_are_scaled, needs=("R-01",)),
    Rule("R-05", "only a missing sensor gives NaN", numbers_are_numbers, needs=("R-01",)),
    Rule("R-06", "pump and rig are those of the bench file", devices_are_the_file_s, needs=("R-02",)),
    Rule("R-07", "a second TCP connection is served beside the first", a_second_connection_is_served),
    Rule("R-08", "the alarm log knows every alarm that stands", alarm_log_agrees, needs=("R-01", "R-03")),
    Rule("R-09", "the bolus log has no hole and rises in time", bolus_log_is_whole, needs=("R-01", "R-03")),
    Rule("R-10", "the log of safe states has no hole and rises in time", safe_log_is_whole, needs=("R-01", "R-03")),
    Rule("R-11", "supply_voltage_measured_mv reads 0 while the rig supplies nothing", supply_is_off_at_rest),
    Rule("R-12", "the outlet is raised over the pump", outlet_is_raised, needs=("R-04",)),
    Rule("R-13", "lease_token and fencing_token read the same number", lease_speaks_of_the_token),
)
