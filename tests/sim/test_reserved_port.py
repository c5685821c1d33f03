# SPDX-License-Identifier: Apache-2.0
"""A closed port of one test never becomes the port of another."""

import socket

import pytest

from tests.sim.reserved_port import ReservedPort


def test_it_is_refused_before_and_after_somebody_listened_on_it_and_its_number_stays_taken() -> None:
    port = ReservedPort()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port.number))
    with port.listener(), socket.create_connection(("127.0.0.1", port.number)):
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port.number))
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port.number))
