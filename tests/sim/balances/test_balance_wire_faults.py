# SPDX-License-Identifier: Apache-2.0
"""No fault of the wire becomes a mass, in any dialect, with a fence and without one.

Left out, because nothing on such a wire tells it apart (`instruments/balances/dialogue.py` says so): a weight of
somebody else in place of a *lost* answer, and a byte that is changed and leaves a number a number.
"""

import os
from contextlib import closing, suppress
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundfloor.errors import BenchFault
from instruments.balances.plain_balance import PlainBalance
from tests.sim.bad_wire import LONG_S, SHORT_S, BadWire, Fault, Kind
from tests.sim.balances.wordings import WORDINGS, LineBalance, Wording, line_balance, opened

FOREIGN_LINES = (
    b"N     +  55.5555 g  \r\n",
    b"+  55.5555 g  \r\n",
    b"ST,+055.5555  g\r\n",
    b"US,-055.5555  g\r\n",
    b"   55.5555 g\r\n",
    b"SI      55.5555 g  \r\n",
    b"S S    55.5555 g\r\n",
    b"T D\r\n",
    b"OK!\r\n",
    b"ES\r\n",
    b"\r\n",
    b"\xff\x00\r\n",
    b"no line end",
)
NO_PART_OF_A_NUMBER = [bytes([byte]) for byte in range(256) if byte not in b"0123456789 -+.?STUSDNGKgkmvI^,"]
# each example is a second or so of real time-outs; for a longer soak set the variable
EXAMPLES = int(os.environ.get("WIRE_FAULT_EXAMPLES", "4"))


def faults() -> st.SearchStrategy[list[Fault]]:
    where = {"place": st.integers(0, 40), "length": st.integers(1, 20), "late_s": st.sampled_from([SHORT_S, LONG_S])}
    lines = (Kind.FOREIGN_LINE_BEFORE, Kind.FOREIGN_LINE_AFTER)
    bytes_ = (Kind.FOREIGN_BYTE, Kind.CHANGED_BYTE)
    plain = [kind for kind in Kind if kind not in lines + bytes_]
    return st.lists(
        st.one_of(
            st.just(Fault(Kind.PASS)),
            st.builds(Fault, kind=st.sampled_from(plain), **where),
            st.builds(Fault, kind=st.sampled_from(lines), foreign=st.sampled_from(FOREIGN_LINES)),
            st.builds(Fault, kind=st.sampled_from(bytes_), foreign=st.sampled_from(NO_PART_OF_A_NUMBER), **where),
        ),
        min_size=1,
        max_size=6,
    )


def opened_and_tared(device: LineBalance) -> PlainBalance:
    """Open over a good wire; the time-outs are so short that a busy machine may need a second try."""
    device.spoil(BadWire([]))
    for tries_left in (3, 2, 1, 0):
        try:
            balance = opened(device)
        except BenchFault:
            if not tries_left:
                raise
            continue
        with suppress(BenchFault):
            balance.tare()
            return balance
        balance.close()
    raise AssertionError("the tare was never taken over a good wire")


def assert_every_reading_is_true(device: LineBalance, wire: list[Fault]) -> None:
    with closing(opened_and_tared(device)) as balance:
        device.spoil(BadWire(wire))
        weights = device.device.weights
        for read in (balance.read_mass_g, balance.read_mass_g, balance.read_stable_mass_g):
            sent = len(weights)
            try:
                reading = read()
            except BenchFault:
                continue
            assert len(weights) > sent
            assert Decimal(str(reading.mass_g)) == weights[-1]


def some_faults_are_tried(wording: Wording, *, knows_inquiries: bool) -> None:
    with line_balance(wording, knows_inquiries=knows_inquiries) as device:

        @settings(max_examples=EXAMPLES, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
        @given(wire=faults())
        def run(wire: list[Fault]) -> None:
            assert_every_reading_is_true(device, wire)

        run()


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.word)
def test_behind_a_fence_no_fault_of_the_wire_becomes_a_mass(wording: Wording) -> None:
    some_faults_are_tried(wording, knows_inquiries=True)


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.word)
def test_between_silences_no_fault_of_the_wire_becomes_a_mass(wording: Wording) -> None:
    some_faults_are_tried(wording, knows_inquiries=False)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_fault_on_the_answer_and_on_what_follows(kind: Kind) -> None:
    fault = Fault(kind, place=9, length=4, late_s=LONG_S, foreign=b"x\r\n")
    for wording, knows_inquiries in ((WORDINGS[0], True), (WORDINGS[1], False)):
        with line_balance(wording, knows_inquiries=knows_inquiries) as device:
            assert_every_reading_is_true(device, [fault, Fault(Kind.PASS), fault])
