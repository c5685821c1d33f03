# SPDX-License-Identifier: Apache-2.0
"""The temperatures inside a balance: one sensor or several, a model that has none, and what is no temperature."""

from contextlib import closing

import pytest

from groundfloor.errors import BenchFault
from instruments.thermometer import Thermometer
from tests.sim.scripted_balance import ScriptedBalance
from tests.sim.sics.open_balance import assert_answered, open_balance


@pytest.mark.parametrize(
    ("reply", "temperatures_c"),
    [
        (b"M28 A 1 22.5\r\n", (22.5,)),
        (b"M28 B 1 22.5\r\nM28 A 2 -3.25\r\n", (22.5, -3.25)),
        (b"ES\r\n", ()),
        (b"M28 I\r\n", ()),
        (b"M28 L\r\n", ()),
    ],
)
def test_a_balance_tells_each_sensor_or_none(reply: bytes, temperatures_c: tuple[float, ...]) -> None:
    with ScriptedBalance() as device:
        device.replies[b"M28"] = reply
        with closing(open_balance(device)) as balance:
            assert isinstance(balance, Thermometer)
            assert balance.read_temperatures_c() == temperatures_c
            assert_answered(balance.read_mass_g(), device)


@pytest.mark.parametrize("reply", [b"M28 A 1 warm\r\n", b"M28 A 22.5\r\n", b"M28 A 1 1e9\r\n"])
def test_what_is_no_temperature_is_refused(reply: bytes) -> None:
    with ScriptedBalance() as device:
        device.replies[b"M28"] = reply
        with closing(open_balance(device)) as balance, pytest.raises(BenchFault, match="M28"):
            balance.read_temperatures_c()


def test_a_question_that_arrived_damaged_is_asked_again() -> None:
    with ScriptedBalance() as device:
        device.replies[b"M28"] = b"M28 A 1 22.5\r\n"
        with closing(open_balance(device)) as balance:
            device.script(b"M28", b"ES\r\n")
            assert balance.read_temperatures_c() == (22.5,)
