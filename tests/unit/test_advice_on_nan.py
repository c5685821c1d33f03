# SPDX-License-Identifier: Apache-2.0
"""Where a plug-in's answer is NaN, its author is told what fits its kind, and nothing of another kind."""

import math
from pathlib import Path

import pytest

from bench.corrections import accepted_correction
from groundfloor.errors import BenchFault
from groundfloor.plug_ins import Kind, Offer
from instruments.balance import Balance, BalanceIdentity, MassReading
from instruments.balance_access import BalanceAccess
from instruments.drivers.plug_in_drivers import IF_NAN, PlugInDialect
from instruments.pump import Pump
from instruments.rig import Rig
from metrology.gravimetry import Amendment, WeighedGain

NAN = math.nan
GAIN = WeighedGain(0.0, 1.0, 1000.0, 10.0, 21.0, 1013.0, 45.0, 1.194, 998.0)


def offer(kind: Kind) -> Offer:
    return Offer(kind, "mine", "mine.py:IT", "a test", Path())


class Correction:
    name, version, replaces = "mine", "1", ""

    def amendment(self, gain: WeighedGain) -> Amendment:
        return Amendment(NAN * gain.gained_mg, 0.1)


def test_a_correction_is_told_of_gains_and_not_of_pumps() -> None:
    with pytest.raises(BenchFault) as told:
        accepted_correction(offer(Kind.CORRECTION), Correction()).amendment(GAIN)
    assert "its added_mg is NaN. Next: return a number for each gain" in str(told.value)
    assert "lacks" not in str(told.value)
    assert "pump" not in told.value.next_step


class Scale:
    """A balance that shows nothing."""

    def identify(self) -> BalanceIdentity:
        return BalanceIdentity("m", "s", "f", 220.0)

    def read_mass_g(self) -> MassReading:
        return MassReading(NAN, stable=True)

    read_stable_mass_g = read_mass_g

    def tare(self) -> None: ...

    zero = close = tare


def test_a_balance_is_told_of_masses() -> None:
    balance = PlugInDialect(offer(Kind.BALANCE), lambda _access: Scale())(BalanceAccess("x"))
    with pytest.raises(BenchFault) as told:
        balance.read_mass_g()
    assert told.value.next_step == "raise a BenchFault where the balance shows no mass"
    balance.close()


def test_only_a_pump_is_told_of_what_it_lacks() -> None:
    assert [kind for kind, told in IF_NAN.items() if "`lacks`" in told] == [Pump]
    assert set(IF_NAN) == {Pump, Rig, Balance}
