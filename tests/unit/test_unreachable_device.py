# SPDX-License-Identifier: Apache-2.0
"""A conformance kit against nothing says so by the address that was typed, before it stands in between."""

import os
import socket

import pytest

from bench.conformance.drivers import refuse_unreachable
from groundfloor.errors import PlanError
from groundfloor.plug_ins import Kind


def test_a_dead_port_is_named_by_the_address_that_was_typed() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for kind, address in (
        (Kind.PUMP, f"socket://127.0.0.1:{port}"),
        (Kind.BALANCE, f"TCPIP::127.0.0.1::{port}::SOCKET"),
    ):
        with pytest.raises(PlanError, match=f"nobody listens at port {port} of 127.0.0.1: Connection refused"):
            refuse_unreachable(kind, address)


def test_a_balance_that_no_name_of_pyvisa_leads_to_is_told_with_one_that_works() -> None:
    with pytest.raises(PlanError) as told:
        refuse_unreachable(Kind.BALANCE, "127.0.0.1:8001")
    assert "write TCPIP::127.0.0.1::8001::SOCKET" in told.value.next_step


def test_a_port_where_somebody_listens_and_an_address_without_one_are_left_to_the_driver() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        refuse_unreachable(Kind.PUMP, f"socket://127.0.0.1:{server.getsockname()[1]}")
    refuse_unreachable(Kind.RIG, "by-hand:folder")
    ours, theirs = os.openpty()
    refuse_unreachable(Kind.BALANCE, f"ASRL{os.ttyname(theirs)}::INSTR")
    for one in (ours, theirs):
        os.close(one)


def test_a_serial_line_that_is_not_there_is_named() -> None:
    with pytest.raises(PlanError, match="there is no /dev/tty-of-nobody"):
        refuse_unreachable(Kind.BALANCE, "ASRL/dev/tty-of-nobody::INSTR")
