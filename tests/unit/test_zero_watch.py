# SPDX-License-Identifier: Apache-2.0
"""Whether a restart that nobody saw is still found out."""

from decimal import Decimal

import pytest

from groundfloor.errors import BenchFault
from instruments.balance import BalanceRestarted
from instruments.sics.zero_watch import ZeroWatch


def watch(*, tare_is_volatile: bool = True) -> ZeroWatch:
    return ZeroWatch("balance", tare_is_volatile=tare_is_volatile)


def test_the_same_tare_after_a_doubt_means_no_restart() -> None:
    zero = watch()
    zero.tared(Decimal("100.0001"))
    zero.confirm(Decimal("100.0001"))


@pytest.mark.parametrize("tare_g", [Decimal("0.0000"), Decimal("100.0002"), None])
def test_another_tare_after_a_doubt_is_a_restart(tare_g: Decimal | None) -> None:
    zero = watch()
    zero.tared(Decimal("100.0001"))
    with pytest.raises(BalanceRestarted):
        zero.confirm(tare_g)


def test_without_a_tare_a_restart_cannot_be_excluded() -> None:
    zero = watch()
    zero.zeroed()
    with pytest.raises(BalanceRestarted, match="no tare can show"):
        zero.confirm(Decimal("0.0000"))


def test_a_tare_that_outlives_a_power_failure_is_no_witness() -> None:
    zero = watch(tare_is_volatile=False)
    zero.tared(Decimal("100.0001"))
    with pytest.raises(BalanceRestarted, match="no tare can show"):
        zero.confirm(Decimal("100.0001"))


def test_before_anything_depends_on_the_zero_nothing_can_be_lost() -> None:
    zero = watch()
    zero.confirm(Decimal("5.0000"))
    zero.confirm(Decimal("0.0000"))


def test_a_lost_zero_stays_lost_until_it_is_set_anew() -> None:
    zero = watch()
    zero.lost = BalanceRestarted("balance", "listen", "I4")
    with pytest.raises(BalanceRestarted):
        zero.check_known("read the mass")
    zero.tared(Decimal("1.0000"))
    zero.check_known("read the mass")
    zero.lost = BenchFault("balance", "zero", "unknown")
    with pytest.raises(BenchFault, match="unknown"):
        zero.check_known("read the mass")
