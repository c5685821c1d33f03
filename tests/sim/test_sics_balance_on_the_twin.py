# SPDX-License-Identifier: Apache-2.0
"""The balance driver against the twin's own MT-SICS server, which other hands wrote."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from groundfloor.errors import BenchFault
from instruments.balance import BalanceOverload, BalanceRestarted
from instruments.balance_access import BalanceAccess
from instruments.sics.balance import SicsBalance
from instruments.simulated.balance.balance_server import BalanceServer
from instruments.simulated.balance.sics_dialect import SicsDialect
from instruments.simulated.served.devices import LoadStatus
from instruments.simulated.time.twin_time import ClockMode, TwinTime
from tests.sim.stand_in_twin import StandInCell, StandInTwin


@contextmanager
def twin(*, pty: bool) -> Iterator[tuple[StandInCell, str]]:
    """Serve the stand-in cell in stepped time, from a thread of its own."""
    stand_in = StandInTwin()
    server = BalanceServer(
        stand_in.cell, stand_in.timeline, TwinTime(stand_in.timeline, ClockMode.STEPPED), SicsDialect
    )
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def begin() -> str:
        if pty:
            return f"ASRL{server.open_pty()}::INSTR"
        return f"TCPIP::127.0.0.1::{await server.listen_tcp('127.0.0.1', 0)}::SOCKET"

    async def end() -> None:
        await server.close()
        await asyncio.sleep(0.01)

    try:
        yield stand_in.cell, asyncio.run_coroutine_threadsafe(begin(), loop).result(5)
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@pytest.mark.parametrize("pty", [False, True], ids=["tcp", "pty"])
def test_the_twins_balance_is_identified_tared_and_read_with_checksums(pty: bool) -> None:
    with twin(pty=pty) as (cell, resource), closing(SicsBalance.open(BalanceAccess(resource))) as balance:
        assert balance.identify().model == cell.model
        assert balance.identify().firmware_version.endswith("-twin")
        assert balance.checksummed
        balance.tare()
        assert abs(balance.read_mass_g().mass_g) < 0.001
        assert balance.read_stable_mass_g().stable
        balance.zero()
        assert balance.unsolicited_count == 0


def test_the_twins_overload_settings_and_restart_are_noticed() -> None:
    with twin(pty=False) as (cell, resource):
        cell.auto_adjustment = True
        with pytest.raises(BenchFault, match="M18"):
            SicsBalance.open(BalanceAccess(resource))
        cell.auto_adjustment = False
        with closing(SicsBalance.open(BalanceAccess(resource))) as balance:
            balance.tare()
            cell.status = LoadStatus.OVERLOAD
            with pytest.raises(BalanceOverload):
                balance.read_mass_g()
            cell.status = LoadStatus.IN_RANGE
            cell.restart()
            with pytest.raises(BalanceRestarted):
                balance.read_mass_g()
