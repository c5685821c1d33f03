# SPDX-License-Identifier: Apache-2.0
"""No fault of the wire becomes a mass: a reading is what the balance sent in answer to that very request, or an error.

Left out, because a protocol without request numbers cannot see them (`instruments/sics/dialogue.py` says so, and
`sics/test_sics_robustness.py` shows the first one): a weight line of somebody else in place of a *lost* answer, and,
without `SIC1`, a changed byte that leaves a number a number.
"""

import os
from contextlib import closing, suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundfloor.errors import BenchFault
from instruments.balance_access import BalanceAccess
from instruments.sics.balance import SicsBalance
from tests.sim.bad_wire import LONG_S, SHORT_S, BadWire, Fault, Kind
from tests.sim.scripted_balance import ScriptedBalance

FOREIGN_LINES = st.sampled_from(
    [
        b"S S    55.5555 g\r\n",
        b"S D   -55.5555 g\r\n",
        b"SIC1 S   12325.00 g E603\r\n",
        b"T S    55.5555 g\r\n",
        b"TA A    55.5555 g\r\n",
        b'I2 A "XSR205DU 220.0000 g"\r\n',
        b'I3 A "2.10 10.28.0.493.142"\r\n',
        b"S I\r\n",
        b"ES\r\n",
        b"\r\n",
        b"\xff\x00\r\n",
        b"no line end",
    ]
)
NO_PART_OF_A_NUMBER = st.sampled_from([bytes([byte]) for byte in range(256) if byte not in b"0123456789 -.SDg"])

# each example is a second or less of real time-outs; for a longer soak set the variable
EXAMPLES = int(os.environ.get("WIRE_FAULT_EXAMPLES", "15"))


def faults(changed: st.SearchStrategy[bytes]) -> st.SearchStrategy[list[Fault]]:
    """Lists of faults for the replies to come, most of them faults that do something."""
    where = {"place": st.integers(0, 40), "length": st.integers(1, 20), "late_s": st.sampled_from([SHORT_S, LONG_S])}
    lines = (Kind.FOREIGN_LINE_BEFORE, Kind.FOREIGN_LINE_AFTER)
    bytes_ = (Kind.FOREIGN_BYTE, Kind.CHANGED_BYTE)
    return st.lists(
        st.one_of(
            st.just(Fault(Kind.PASS)),
            st.builds(Fault, kind=st.sampled_from([kind for kind in Kind if kind not in lines + bytes_]), **where),
            st.builds(Fault, kind=st.sampled_from(lines), foreign=FOREIGN_LINES),
            st.builds(Fault, kind=st.sampled_from(bytes_), foreign=changed, **where),
        ),
        min_size=1,
        max_size=6,
    )


def opened_and_tared(device: ScriptedBalance) -> SicsBalance:
    """Open over a good wire; the time-outs are so short that a busy machine may need a second try."""
    device.wire = BadWire([])
    for tries_left in (3, 2, 1, 0):
        try:
            balance = SicsBalance.open(BalanceAccess(device.resource, 0.06, 0.06), quiet_s=0.01)
        except BenchFault:
            if not tries_left:
                raise
            continue
        with suppress(BenchFault):
            balance.tare()
            return balance
        balance.close()
    raise AssertionError("the tare was never taken over a good wire")


def assert_every_reading_is_true(device: ScriptedBalance, wire: list[Fault]) -> None:
    with closing(opened_and_tared(device)) as balance:
        device.wire = BadWire(wire)
        for read in (balance.read_mass_g, balance.read_mass_g, balance.read_stable_mass_g):
            sent = len(device.weights)
            try:
                reading = read()
            except BenchFault:
                continue
            assert len(device.weights) > sent
            assert Decimal(str(reading.mass_g)) == device.weights[-1]


def check(device: ScriptedBalance, changed: st.SearchStrategy[bytes], examples: int) -> None:
    @settings(max_examples=examples, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(wire=faults(changed))
    def run(wire: list[Fault]) -> None:
        assert_every_reading_is_true(device, wire)

    run()


@pytest.mark.parametrize("pty", [False, True], ids=["tcp", "pty"])
def test_no_structural_fault_of_the_wire_becomes_a_mass(pty: bool) -> None:
    with ScriptedBalance(pty=pty) as device:
        check(device, NO_PART_OF_A_NUMBER, EXAMPLES)


def test_with_a_checksum_no_changed_byte_becomes_a_mass_either() -> None:
    with ScriptedBalance(sic1=True) as device:
        check(device, st.binary(min_size=1, max_size=1), EXAMPLES)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_fault_on_the_answer_and_on_the_fence(kind: Kind) -> None:
    fault = Fault(kind, place=9, length=4, late_s=LONG_S, foreign=b"x\r\n")
    with ScriptedBalance() as device:
        assert_every_reading_is_true(device, [fault, Fault(Kind.PASS), fault])


def test_after_any_fault_a_good_wire_gives_readings_again() -> None:
    with (
        ScriptedBalance() as device,
        closing(SicsBalance.open(BalanceAccess(device.resource, 0.1), quiet_s=0.01)) as balance,
    ):
        for kind in (Kind.LOSE, Kind.CUT_TAIL, Kind.HOLD, Kind.SPLICE, Kind.REPEAT, Kind.FOREIGN_LINE_AFTER):
            balance.tare()
            device.wire = BadWire([Fault(kind, place=9, length=4, foreign=b"x\r\n")] * 4)
            with suppress(BenchFault):
                balance.read_mass_g()
            device.wire = BadWire([])
            balance.tare()
            assert Decimal(str(balance.read_mass_g().mass_g)) == device.weights[-1]
