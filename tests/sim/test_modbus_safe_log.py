# SPDX-License-Identifier: Apache-2.0
"""The rig's log of its safe states, read over real sockets from a rig of bare registers."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass

import pytest

from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.line import ModbusLine
from instruments.modbus.rig import ModbusRig
from instruments.register_map.codec import Value
from instruments.register_map.map import RegisterMap
from instruments.register_map.point import Table
from instruments.rig_guard import SafeEntry, SafeLog, SafeReason
from tests.sim.register_devices import RigRegisters, Served
from tests.sim.scripted_modbus import ScriptedRtu, ScriptedTcp, running

TIMEOUT_S = 0.08


@dataclass
class Bare:
    """A rig that is nothing but registers, and its driver."""

    registers: RigRegisters
    line: ModbusLine
    rig: ModbusRig

    def log(self, number: int, reason: str, entered_s: float, left_s: float = 0.0, stopped: bool = True) -> None:
        values: dict[str, Value] = {
            "reason": reason, "entered_s": entered_s, "left_s": left_s, "pump_stopped": stopped,
        }  # fmt: skip
        self.registers.put({f"safe_log[{number % 16}].{name}": value for name, value in values.items()})
        self.registers.put({"safe_log_count": number + 1})


@pytest.fixture(params=[ScriptedTcp, ScriptedRtu], ids=["tcp", "rtu"])
def bare(request: pytest.FixtureRequest) -> Iterator[Bare]:
    registers = RigRegisters()
    with running(request.param(Served(registers))) as device, closing(ModbusLine.open(device.address, TIMEOUT_S)) as at:
        yield Bare(registers, at, ModbusRig(at, registers.map, registers.unit_id))


over_tcp = pytest.mark.parametrize("bare", [ScriptedTcp], indirect=True, ids=["tcp"])


def test_the_log_tells_reason_beginning_end_and_whether_the_pump_stood(bare: Bare) -> None:
    bare.registers.put({"rig_clock_s": 1234.56})
    bare.log(0, "watchdog", 100.25, 160.5)
    bare.log(1, "command", 200.0, stopped=False)
    assert bare.rig.safe_log() == SafeLog(
        1234.56,
        2,
        (
            SafeEntry(0, SafeReason.WATCHDOG, 100.25, 160.5, True),
            SafeEntry(1, SafeReason.COMMAND, 200.0, None, False),
        ),
    )


@over_tcp
def test_only_what_is_new_is_told_and_only_what_is_still_in_the_ring(bare: Bare) -> None:
    for number in range(20):
        bare.log(number, "power", 10.0 * number)
    log = bare.rig.safe_log(since=18)
    assert log is not None
    assert [entry.entered_s for entry in log.entries] == [180.0, 190.0]
    whole = bare.rig.safe_log()
    assert whole is not None
    assert [entry.number for entry in whole.entries] == list(range(4, 20))


@over_tcp
def test_a_log_that_is_shorter_than_before_is_a_bench_fault(bare: Bare) -> None:
    bare.log(0, "power", 1.0)
    with pytest.raises(BenchFault, match="rig: read safe_log: it holds 1 entries, 5 were there before"):
        bare.rig.safe_log(since=5)


@over_tcp
def test_a_hole_in_the_log_is_a_bench_fault(bare: Bare) -> None:
    bare.registers.put({"safe_log_count": 1})
    with pytest.raises(BenchFault, match="entry 0 is empty"):
        bare.rig.safe_log()


@over_tcp
def test_a_log_that_grows_while_it_is_read_is_read_again(bare: Bare) -> None:
    bare.log(0, "power", 1.0)
    read, reads = bare.registers.read, 0

    def grows(table: Table, address: int, count: int) -> list[int]:
        nonlocal reads
        reads += 1
        if reads == 2:  # the ring itself, after the count
            bare.log(1, "command", 2.0)
        return read(table, address, count)

    bare.registers.read = grows  # type: ignore[method-assign]
    log = bare.rig.safe_log()
    assert log is not None
    assert [entry.entered_s for entry in log.entries] == [1.0, 2.0]


def without(whole: RegisterMap, *names: str) -> RegisterMap:
    points = [point for name, point in whole.points.items() if not name.startswith(names)]
    lists = {name: count for name, count in whole.list_lengths.items() if not name.startswith(names)}
    return RegisterMap(whole.name, whole.meaning, whole.unit_id, points, lists)


@over_tcp
def test_a_map_without_the_log_is_a_rig_like_any_other_that_cannot_tell(bare: Bare) -> None:
    lacking = without(bare.registers.map, "rig_clock_s", "safe_log")
    rig = ModbusRig(bare.line, lacking, 2)
    assert rig.safe_log() is None
    rig.arm_watchdog(30)
    rig.send_heartbeat()
    assert rig.read().temperature_c == 22.5


@over_tcp
@pytest.mark.parametrize("missing", ["rig_clock_s", "safe_log_count", "safe_log["])
def test_a_map_with_a_part_of_the_log_is_refused(bare: Bare, missing: str) -> None:
    lacking = without(bare.registers.map, missing)
    if missing == "safe_log[":
        lacking.list_lengths.clear()
    with pytest.raises(PlanError, match=r"register map rig: check: .* points are missing"):
        ModbusRig(bare.line, lacking, 2)
