# SPDX-License-Identifier: Apache-2.0
"""Addresses to points and back: the bank against the map's own, slower encoding."""

import math
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from instruments.register_map import map as map_module
from instruments.register_map.block import MOST_REGISTERS_IN_ONE_READ
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Point, Table
from instruments.simulated.wires.register_bank import IllegalAddress, RegisterBank

MAPS = {name: RegisterMap.named(name) for name in ("pump", "rig")}


END = max(one.address + one.registers for one in MAPS["pump"].points.values() if one.table is Table.INPUT)
"""Behind the last register that a pump shows."""


class Shelf:
    """A device that holds what it was given."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = dict(values)
        self.written: list[Mapping[str, Value]] = []
        self.refusal: str | None = None

    def read(self, names: Sequence[str]) -> dict[str, Value]:
        return {name: self.values[name] for name in names}

    def write(self, values: Mapping[str, Value]) -> None:
        if self.refusal is not None:
            raise ValueError(self.refusal)
        self.written.append(values)
        self.values.update(values)


def value_of(point: Point) -> st.SearchStrategy[Value]:
    span = {"uint16": (0, 65535), "int16": (-32768, 32767), "uint32": (0, 2**32 - 1), "int32": (-(2**31), 2**31 - 1)}
    if point.type in span:
        low, high = span[point.type]
        numbers = st.integers(low, high)
        return numbers if point.divisor == 1 else numbers.map(lambda number: number / point.divisor)
    if point.type == "enum":
        return st.sampled_from(sorted(point.values))
    if point.type == "bits":
        return st.frozensets(st.sampled_from(sorted(point.values)))
    if point.type == "bool":
        return st.booleans()
    if point.type == "string":
        return st.text("ABCxyz0123456789-", max_size=2 * point.length)
    return st.floats(width=32, allow_nan=False)


AT_REST: Mapping[str, Value] = {"bits": frozenset(), "bool": False, "string": ""}


def at_rest(point: Point) -> Value:
    return min(point.values) if point.type == "enum" else AT_REST.get(point.type, 0)


def drawn_of(name: str) -> st.SearchStrategy[dict[str, Value]]:
    """Some of the points hold anything: a map has too many points to draw a value for each."""
    points = MAPS[name].points
    chosen = st.lists(st.sampled_from(sorted(points)), max_size=60, unique=True)
    return chosen.flatmap(lambda names: st.fixed_dictionaries({one: value_of(points[one]) for one in names}))


def in_full(name: str, drawn: Mapping[str, Value]) -> dict[str, Value]:
    return {point.name: at_rest(point) for point in MAPS[name].points.values()} | dict(drawn)


def by_the_map(register_map: RegisterMap, table: Table, values: Mapping[str, Value]) -> list[int]:
    registers = [0] * 65536
    for point in register_map.points.values():
        if point.table is table:
            registers[point.address : point.address + point.registers] = point.encode(values[point.name])
    if table is Table.HOLDING and (mirrored_at := register_map.inputs_mirrored_at) is not None:
        registers[mirrored_at:] = by_the_map(register_map, Table.INPUT, values)[: 65536 - mirrored_at]
    return registers


@pytest.mark.parametrize("name", MAPS)
@settings(max_examples=40)
@given(data=st.data())
def test_any_run_of_registers_reads_what_the_map_says_and_zero_in_the_gaps(name: str, data: st.DataObject) -> None:
    values = in_full(name, data.draw(drawn_of(name)))
    bank = RegisterBank(MAPS[name], Shelf(values))
    table = data.draw(st.sampled_from(Table))
    address = data.draw(st.integers(0, bank.extents[table] - 1))
    count = data.draw(st.integers(1, min(MOST_REGISTERS_IN_ONE_READ, bank.extents[table] - address)))

    assert bank.read(table, address, count) == by_the_map(MAPS[name], table, values)[address : address + count]


@pytest.mark.parametrize("name", MAPS)
@settings(max_examples=40)
@given(data=st.data())
def test_a_write_of_whole_points_hands_exactly_those_points_to_the_device(name: str, data: st.DataObject) -> None:
    values = in_full(name, data.draw(drawn_of(name)))
    writable = [p for p in MAPS[name].points.values() if p.table is Table.HOLDING and "w" in p.access]
    first, last = sorted(data.draw(st.lists(st.integers(0, len(writable) - 1), min_size=2, max_size=2)))
    chosen = sorted(writable, key=lambda point: point.address)[first : last + 1]
    address, end = chosen[0].address, chosen[-1].address + chosen[-1].registers
    shelf = Shelf(values)
    bank = RegisterBank(MAPS[name], shelf)
    registers = by_the_map(MAPS[name], Table.HOLDING, values)[address:end]

    if sum(point.registers for point in chosen) == end - address:
        bank.write(address, registers)
        assert shelf.written == [{point.name: values[point.name] for point in chosen}]
    else:
        with pytest.raises(IllegalAddress):
            bank.write(address, registers)


@pytest.mark.parametrize(("address", "count"), [(0, 1), (1, 1), (1, 3), (3, 20), (20, 1)])
def test_a_write_that_cuts_a_point_or_covers_a_gap_is_an_illegal_address(address: int, count: int) -> None:
    shelf = Shelf({})
    bank = RegisterBank(MAPS["rig"], shelf)
    with pytest.raises(IllegalAddress):
        bank.write(address, [0] * count)
    assert shelf.written == []


def test_a_device_that_is_written_register_by_register_takes_a_long_point_when_it_has_all_of_it(
    tmp_path: Path,
) -> None:
    text = Path(map_module.__file__).parents[1].joinpath("maps", "pump.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace("unit_id = 1\n", "unit_id = 1\nwrite_function = 6\n", 1), encoding="utf-8")
    singly = RegisterMap.load(own)
    shelf = Shelf({"bolus_volume_ul": 0.0})
    bank, address = RegisterBank(singly, shelf), singly.points["bolus_volume_ul"].address
    high, low = struct.unpack(">2H", struct.pack(">f", 12.5))
    bank.write(address, [high])
    assert shelf.written == []
    assert bank.read(Table.HOLDING, address, 2) == [high, 0]  # the reply to a write tells what stands there
    bank.write(address + 1, [low])
    assert shelf.written == [{"bolus_volume_ul": 12.5}]
    assert bank.read(Table.HOLDING, address, 2) == [high, low]
    bank.write(0, [1])
    assert shelf.written[-1] == {"mode": "continuous"}


@pytest.mark.parametrize(("address", "count"), [(END, 1), (END - 1, 2), (65535, 1), (0, 0), (-1, 2)])
def test_a_read_past_the_last_point_is_an_illegal_address(address: int, count: int) -> None:
    with pytest.raises(IllegalAddress):
        RegisterBank(MAPS["pump"], Shelf({})).read(Table.INPUT, address, count)


def test_inputs_are_mirrored_among_the_holding_registers_and_cannot_be_written_there() -> None:
    shelf = Shelf({"heartbeat_age_s": 655.38, "watchdog_tripped": True})
    bank = RegisterBank(MAPS["rig"], shelf)
    assert bank.read(Table.HOLDING, 256 + 13, 3) == [1, 2, 1] == bank.read(Table.INPUT, 13, 3)
    with pytest.raises(IllegalAddress):
        bank.write(256 + 13, [0])
    assert bank.extents[Table.HOLDING] == 256 + bank.extents[Table.INPUT]


@pytest.mark.parametrize(
    ("place", "trouble"), [(12, "before the end of the holding registers"), (65530, "no room for the input registers")]
)
def test_a_mirror_that_has_no_room_is_refused(place: int, trouble: str, tmp_path: Path) -> None:
    text = Path(map_module.__file__).parents[1].joinpath("maps", "rig.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.replace("inputs_mirrored_at = 256", f"inputs_mirrored_at = {place}"), encoding="utf-8")
    with pytest.raises(PlanError, match=trouble):
        RegisterMap.load(own)


def test_half_a_point_is_read_as_its_registers_stand() -> None:
    bank = RegisterBank(MAPS["rig"], Shelf({"fencing_token": 0x00010002}))
    assert bank.read(Table.HOLDING, 0, 1) == [2]
    assert bank.read(Table.HOLDING, 1, 1) == [1]


def test_a_code_without_a_name_never_reaches_the_device() -> None:
    shelf = Shelf({})
    with pytest.raises(ValueError, match="code 99"):
        RegisterBank(MAPS["pump"], shelf).write(0, [99])
    assert shelf.written == []


def test_the_refusal_of_the_device_comes_through() -> None:
    shelf = Shelf({})
    shelf.refusal = "the token is stale"
    with pytest.raises(ValueError, match="the token is stale"):
        RegisterBank(MAPS["rig"], shelf).write(8, [1])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("battery_percent", -1.0),
        ("state", "dancing"),
        ("alarm_bits", frozenset(["flood"])),
        ("alarm_bits", 3),
        ("device_clock_s", 2**32),
        ("active_rate_ul_per_h", "fast"),
    ],
)
def test_a_value_that_cannot_stand_in_its_point_is_told_by_name(name: str, value: Value) -> None:
    point = MAPS["pump"].point(name)
    bank = RegisterBank(MAPS["pump"], Shelf({name: value}))
    with pytest.raises(ValueError, match=name):
        bank.read(Table.INPUT, point.address, point.registers)


def test_a_pump_without_a_catheter_sensor_reads_nan() -> None:
    bank = RegisterBank(MAPS["pump"], Shelf({"catheter_pressure_kpa": math.nan}))
    raw = struct.pack(">2H", *bank.read(Table.INPUT, MAPS["pump"].point("catheter_pressure_kpa").address, 2))
    assert math.isnan(struct.unpack(">f", raw)[0])
