# SPDX-License-Identifier: Apache-2.0
"""Computers that share a rig and nothing else: the rig's registers settle who may move it."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

import pytest

from groundfloor.errors import BenchFault
from instruments.modbus.line import ModbusLine, WriteRefused
from instruments.modbus.rig import ModbusRig
from instruments.modbus.rig_lease import POINTS, ModbusRigLease
from instruments.register_map.map import RegisterMap
from instruments.rig import RigOutputs
from instruments.rig_lease import RigLeaseHeld, RigLeaseLost
from instruments.simulated.time.twin_time import ClockMode
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.write_unknown import WriteUnknown
from tests.sim.cuttable_wire import CuttableWire

RIG = RegisterMap.named("rig")
BARE = RegisterMap("rig", "", 2, [point for point in RIG.points.values() if point.name not in POINTS], RIG.list_lengths)
TIMEOUT_S = 0.1


class Computer:
    """One computer's way to the rig."""

    def __init__(self, address: str, points: RegisterMap, ends: ExitStack) -> None:
        line = ends.enter_context(closing(ModbusLine.open(address, TIMEOUT_S)))
        self.rig = ModbusRig(line, points, points.unit_id)
        self.lease = ModbusRigLease(line, points, points.unit_id)

    def take(self, session: int, duration_s: int = 120) -> None:
        self.rig.fencing_token = self.lease.take(session, f"anna@lab-{session}:7", duration_s)


@pytest.fixture(scope="module")
def twin() -> Iterator[str]:
    with TwinChild(TwinOptions(clock=ClockMode.REAL)) as addresses:
        yield addresses.rig


@contextmanager
def computers(address: str, number: int, points: RegisterMap = RIG) -> Iterator[list[Computer]]:
    with ExitStack() as ends:
        yield [Computer(address, points, ends) for _ in range(number)]


@pytest.fixture
def two(twin: str) -> Iterator[tuple[Computer, Computer]]:
    with computers(twin, 2) as (first, second):
        first.lease.kick("")
        yield first, second


def test_the_second_computer_is_told_who_and_for_how_long(two: tuple[Computer, Computer]) -> None:
    first, second = two
    first.take(1)
    with pytest.raises(RigLeaseHeld, match=r"anna@lab-1:7 holds the rig, for 1(20|19) s more"):
        second.take(2)
    first.lease.renew(0)
    second.take(2)
    assert second.rig.fencing_token == first.rig.fencing_token + 1


def test_whoever_was_released_moves_nothing_and_learns_by_whom(two: tuple[Computer, Computer]) -> None:
    first, second = two
    first.take(1)
    first.rig.write(RigOutputs(kink_clamp_percent=10.0))
    second.lease.kick("released by ben@lab-2")
    with pytest.raises(WriteRefused, match="to a write with fencing token"):
        first.rig.write(RigOutputs(kink_clamp_percent=20.0))
    with pytest.raises(RigLeaseLost, match=r"the rig is at token .* and names released by ben@lab-2"):
        first.lease.renew(120)
    first.rig.go_safe()
    assert first.rig.outputs() == RigOutputs()


def test_a_lease_that_nobody_renews_runs_out_and_can_still_be_renewed_if_nobody_came(
    two: tuple[Computer, Computer],
) -> None:
    first, second = two
    first.take(1, duration_s=0)
    assert not second.lease.describe().held
    first.take(1)
    first.lease.renew(120)
    assert second.lease.describe().held


def winners(racers: list[Computer]) -> list[int]:
    """Let everybody take the rig at once, and return who got it."""
    start = threading.Barrier(len(racers))
    won: list[int] = []

    def race(number: int) -> None:
        start.wait(60)
        with suppress(RigLeaseHeld):
            racers[number].take(number + 1)
            won.append(number)

    threads = [threading.Thread(target=race, args=(number,)) for number in range(len(racers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return won


@pytest.mark.parametrize("points", [RIG, BARE], ids=["lease registers", "token alone"])
def test_of_computers_that_race_exactly_one_gets_the_rig(twin: str, points: RegisterMap) -> None:
    for _ in range(5):
        with computers(twin, 8, points) as racers:
            racers[0].lease.kick("")
            (winner,) = winners(racers)
            racers[winner].rig.write(RigOutputs())
            racers[winner].lease.renew(0)


def test_a_late_write_of_a_token_that_was_read_early_does_not_make_two_holders(
    twin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = threading.Thread(target=lambda: takes(slow, 2))
    monkeypatch.setattr("secrets.randbelow", lambda _: 900 if threading.current_thread() is late else 100)
    won: list[int] = []

    def takes(one: Computer, session: int) -> None:
        with suppress(RigLeaseHeld):
            one.take(session)
            won.append(session)

    host, _, port = twin.removeprefix("tcp://").rpartition(":")
    with (
        CuttableWire(host, int(port)) as wire,
        computers(twin, 1, BARE) as (prompt,),
        computers(f"tcp://127.0.0.1:{wire.port}", 1, BARE) as (slow,),
    ):
        prompt.lease.kick("")
        wire.requests, about_to_write, reads = 0, threading.Event(), 3

        def hold_up(count: int) -> None:
            if count == reads + 1:
                about_to_write.set()
                time.sleep(TIMEOUT_S / 2)

        wire.on_request = hold_up
        late.start()
        assert about_to_write.wait(60)
        takes(prompt, 1)
        late.join(60)
    assert won == [2]


def test_a_rig_without_lease_registers_is_held_by_whoever_gives_it_its_heartbeat(twin: str) -> None:
    with computers(twin, 2, BARE) as (first, second):
        first.lease.kick("")
        first.take(1)
        first.rig.arm_watchdog(60)
        with pytest.raises(RigLeaseHeld, match="a session that gives this rig its heartbeat"):
            second.take(2)
        first.rig.arm_watchdog(0)
        second.take(2)
        with pytest.raises(RigLeaseLost, match=r"token .* was written, ours is"):
            first.lease.renew(120)


def test_a_lost_answer_to_taking_the_lease_is_read_back(twin: str) -> None:
    host, _, port = twin.removeprefix("tcp://").rpartition(":")
    with CuttableWire(host, int(port)) as wire, computers(f"tcp://127.0.0.1:{wire.port}", 1) as (one,):
        one.lease.kick("")
        answers: list[bytes] = []

        def lose_confirmation_of_write(data: bytes) -> bytes:
            answers.append(data)
            return b"" if data[7] == 16 and len([one for one in answers if one[7] == 16]) == 1 else data

        wire.spoil = lose_confirmation_of_write
        one.take(1)
        assert one.lease.describe().session == 1
        one.lease.renew(0)


@pytest.mark.parametrize(("lost", "is_taken"), [(1, True), (2, True), (3, False)])
def test_a_lease_that_the_rig_has_not_taken_is_written_again(twin: str, lost: int, is_taken: bool) -> None:
    """A gateway that closes after each reply loses what was sent meanwhile: the third loss in a row is a fault."""
    host, _, port = twin.removeprefix("tcp://").rpartition(":")
    with CuttableWire(host, int(port)) as wire, computers(f"tcp://127.0.0.1:{wire.port}", 1) as (one,):
        one.lease.kick("")
        written: list[bytes] = []

        def lose_write(data: bytes) -> bytes:
            is_write = data[7] == 16
            written.extend([data] if is_write else [])
            return b"" if is_write and len(written) <= lost else data

        wire.spoil_request = lose_write
        if is_taken:
            one.take(1)
            assert one.lease.describe().session == 1
            one.lease.renew(0)
        else:
            with pytest.raises(WriteUnknown, match="not confirmed"):
                one.take(1)
            assert not one.lease.describe().held


def test_a_rig_that_is_not_there_is_a_bench_fault() -> None:
    with pytest.raises(BenchFault), computers("tcp://127.0.0.1:9", 1):
        pass
