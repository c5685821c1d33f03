# SPDX-License-Identifier: Apache-2.0
"""Modbus addresses, written and read."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundfloor.errors import PlanError
from instruments.modbus.address import ModbusAddress, RtuAddress, TcpAddress, parse_modbus_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://127.0.0.1:5020", TcpAddress("127.0.0.1", 5020)),
        ("tcp://rig.lab/", TcpAddress("rig.lab", 502)),
        ("tcp://[::1]:1502", TcpAddress("::1", 1502)),
        ("rtu:///dev/ttyUSB0", RtuAddress("/dev/ttyUSB0", 19200, "E", 1)),
        ("rtu:///dev/pts/3?baudrate=115200&parity=N&stopbits=2", RtuAddress("/dev/pts/3", 115200, "N", 2)),
        ("rtu:///dev/serial/by-id/usb-1?parity=O", RtuAddress("/dev/serial/by-id/usb-1", 19200, "O", 1)),
    ],
)
def test_an_address_is_read(text: str, address: ModbusAddress) -> None:
    assert parse_modbus_address(text) == address


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", "neither tcp nor rtu"),
        ("127.0.0.1:502", "neither tcp nor rtu"),
        ("http://rig:502", "'http' is neither tcp nor rtu"),
        ("tcp://", "it names no host"),
        ("tcp://:502", "it names no host"),
        ("tcp://rig:0", "port 0"),
        ("tcp://rig:65536", "[Pp]ort"),
        ("tcp://rig:x", "[Pp]ort"),
        ("tcp://rig:502/unit", "nothing may follow"),
        ("tcp://rig:502?unit=1", "'unit' is unknown"),
        ("tcp://me@rig:502", "nothing may stand"),
        ("tcp://[::1:502", "IPv6"),
        ("rtu://ttyUSB0", "whole path"),
        ("rtu:///", "whole path"),
        ("rtu:ttyUSB0", "whole path"),
        ("rtu:///dev/ttyS0?baudrate=fast", "baudrate 'fast'"),
        ("rtu:///dev/ttyS0?baudrate=", "baudrate ''"),
        ("rtu:///dev/ttyS0?baudrate=-9600", "baudrate '-9600'"),
        ("rtu:///dev/ttyS0?baudrate=٩٦٠٠", "baudrate"),
        ("rtu:///dev/ttyS0?parity=n", "parity 'n' is none of N, E, O"),
        ("rtu:///dev/ttyS0?stopbits=3", "stopbits '3'"),
        ("rtu:///dev/ttyS0?baud=9600", "'baud' is unknown"),
        ("rtu:///dev/ttyS0?parity=N&parity=E", "'parity' is unknown or there twice"),
        ("rtu:///dev/ttyS0?parity", "bad query field"),
        ("rtu:///dev/ttyS0#1", "# part"),
    ],
)
def test_nonsense_is_a_plan_error_that_says_what_is_wrong(text: str, seen: str) -> None:
    with pytest.raises(PlanError, match=seen) as error:
        parse_modbus_address(text)
    assert repr(text) in str(error.value)
    assert "rtu:///dev/ttyX?baudrate=19200" in error.value.next_step


@given(st.text())
def test_any_text_is_an_address_or_a_plan_error(text: str) -> None:
    for candidate in (text, f"tcp://{text}", f"rtu:///{text}"):
        try:
            parse_modbus_address(candidate)
        except PlanError:
            continue


tcp = st.builds(TcpAddress, st.text(string.ascii_lowercase + string.digits, min_size=1), st.integers(1, 65535))
rtu = st.builds(
    RtuAddress,
    st.from_regex(r"/dev/[a-zA-Z0-9_.-]{1,9}", fullmatch=True),
    st.integers(300, 4_000_000),
    st.sampled_from("NEO"),
    st.integers(1, 2),
)


@given(tcp | rtu)
def test_an_address_written_out_reads_back_as_itself(address: ModbusAddress) -> None:
    assert parse_modbus_address(str(address)) == address


def test_a_character_lasts_as_long_as_its_bits() -> None:
    assert RtuAddress("/dev/ttyS0", 9600, "N", 1).character_s == pytest.approx(10 / 9600)
    assert RtuAddress("/dev/ttyS0", 19200, "E", 1).character_s == pytest.approx(11 / 19200)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://rig:502?reconnect=yes", TcpAddress("rig", 502, reconnect=True)),
        ("rtu:///dev/ttyS0?echo=yes&silence_ms=20", RtuAddress("/dev/ttyS0", echo=True, silence_ms=20)),
        ("rtu+tcp://moxa:4001?baudrate=9600", RtuAddress("", 9600, server=("moxa", 4001))),
    ],
)
def test_what_labs_set_is_read_and_written_the_same(text: str, address: ModbusAddress) -> None:
    assert parse_modbus_address(text) == address
    assert parse_modbus_address(str(address)) == address


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("udp://rig:502", "UDP loses and repeats messages"),
        ("rtu+tcp://moxa", "no port is registered"),
        ("rtu+tcp://:4001", "it names no host"),
        ("tcp://rig?reconnect=maybe", "reconnect 'maybe' is neither yes nor no"),
        ("rtu:///dev/ttyS0?silence_ms=0", "silence_ms '0' is no whole number from 1 to 1000"),
    ],
)
def test_what_labs_set_wrong_is_told(text: str, seen: str) -> None:
    with pytest.raises(PlanError, match=seen):
        parse_modbus_address(text)


@pytest.mark.parametrize(("text", "device"), [("rtu://COM5?parity=E", "COM5"), ("rtu://com12", "COM12")])
def test_a_serial_port_of_windows_is_named_by_its_number(text: str, device: str) -> None:
    address = parse_modbus_address(text)
    assert isinstance(address, RtuAddress)
    assert (address.device, address.server) == (device, None)


@pytest.mark.parametrize("text", ["rtu://COM0", "rtu://COM", "rtu://COM5/x", "rtu://lab/dev/ttyS0", "rtu://COM5:1"])
def test_what_only_looks_like_a_serial_port_of_windows_is_refused(text: str) -> None:
    with pytest.raises(PlanError):
        parse_modbus_address(text)
