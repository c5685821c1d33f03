# SPDX-License-Identifier: Apache-2.0
"""Whatever happens to the stream of reply bytes: a read gives the device's own reply to it, or a bench fault."""

import time
from contextlib import ExitStack

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from groundfloor.errors import BenchFault
from instruments.modbus.line import ModbusLine
from instruments.register_map.block import Block
from instruments.register_map.point import Point, Table
from instruments.write_unknown import WriteUnknown
from tests.sim.faulty_modbus import Fault, FaultyDevice, Kind
from tests.sim.scripted_modbus import ScriptedDevice, ScriptedRtu, ScriptedTcp, running

TIMEOUT_S = 0.015
LONGEST_DELAY_S = 2.5 * TIMEOUT_S
UNIT = 3
BLOCK = Block(
    [Point(name=f"p{n}", table=Table.HOLDING, address=n, type="uint16", access="rw", meaning="") for n in range(4)]
)
ON_TCP: list[Kind] = [kind for kind in Kind if kind is not Kind.FLIP]
ON_RTU: list[Kind] = [kind for kind in Kind if kind not in (Kind.RESET, Kind.HANG_UP)]


def faults(kinds: list[Kind]) -> st.SearchStrategy[list[Fault]]:
    fault = st.builds(
        Fault,
        kind=st.sampled_from(kinds),
        at=st.floats(0, 0.999),
        width=st.integers(1, 12),
        later=st.integers(1, 3),
        delay_s=st.floats(0, LONGEST_DELAY_S),
        behind=st.booleans(),
    )
    return st.lists(fault, min_size=1, max_size=7)


operations = st.lists(st.sampled_from(["read", "read", "read", "write"]), min_size=2, max_size=6)
bounded = settings(max_examples=40, derandomize=True, database=None)


def read_is_the_devices_own(line: ModbusLine, answers: FaultyDevice) -> bool:
    try:
        seen = line.read(UNIT, BLOCK)
    except BenchFault:
        return False
    assert list(seen.values()) == answers.last_words[:4]
    return True


def write_goes_out_once(line: ModbusLine, answers: FaultyDevice, paired: bool) -> None:
    before = answers.writes
    try:
        line.write(UNIT, BLOCK, {"p0": 1, "p1": 2, "p2": 3, "p3": 4})
    except WriteUnknown:
        time.sleep(0.001)  # the request may still be on its way to the device
        assert answers.writes <= before + 1
    except BenchFault:
        assert answers.writes == before
    else:
        assert answers.writes == before + 1 or not paired


def outcomes(
    kind: type[ScriptedDevice], operations: list[str], faults: list[Fault], timeout_s: float = TIMEOUT_S
) -> list[bool]:
    """Run `operations` on a faulty wire and tell of each read whether it gave a value; never a wrong one."""
    told = []
    answers = FaultyDevice(faults)
    with ExitStack() as stack:
        device = stack.enter_context(running(kind(answers)))
        line = ModbusLine.open(device.address, timeout_s)
        stack.callback(line.close)
        for operation in operations:
            if operation == "write":
                write_goes_out_once(line, answers, paired=kind is ScriptedTcp)
            else:
                told.append(read_is_the_devices_own(line, answers))
        answers.faults.clear()
        time.sleep(LONGEST_DELAY_S if any(fault.kind is Kind.DELAY for fault in faults) else 0)
        assert any(read_is_the_devices_own(line, answers) for _ in range(20)), "the line did not come back"
    return told


@bounded
@given(operations, faults(ON_TCP))
def test_on_tcp_a_read_gives_the_reply_to_it_or_a_bench_fault(operations: list[str], faults: list[Fault]) -> None:
    for value in outcomes(ScriptedTcp, operations, faults):
        event("value" if value else "bench fault")


@bounded
@given(operations, faults(ON_RTU))
def test_on_rtu_a_read_gives_the_reply_to_it_or_a_bench_fault(operations: list[str], faults: list[Fault]) -> None:
    for value in outcomes(ScriptedRtu, operations, faults):
        event("value" if value else "bench fault")


@pytest.mark.parametrize("later", [1, 2, 3])
@pytest.mark.parametrize("kind", [Kind.HOLD, Kind.REPEAT_LATER])
@pytest.mark.parametrize("wire", [ScriptedTcp, ScriptedRtu])
def test_a_reply_that_overtakes_up_to_three_requests_is_refused(
    wire: type[ScriptedDevice], kind: Kind, later: int
) -> None:
    patient_s = 0.3  # a busy machine may be slow to answer; every read is asked again and gives a value
    assert all(outcomes(wire, ["read"] * 6, [Fault(), Fault(kind, later=later)], patient_s))
