# SPDX-License-Identifier: Apache-2.0
"""A gateway that loses orders to the actuators, or delivers them late, blocks nothing and moves nothing unasked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from groundfloor.errors import BenchFault
from instruments.program import Mode, Program, Step
from instruments.pump import Command, CommandResult, PumpState
from instruments.rig import RigOutputs
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.lossy_gateway import LossyGateway
from tests.sim.simulated_lab import onlooker
from tests.sim.twin_bench import TwinBench, twin_bench

ONE_IN_TEN = 0.1
ROUNDS = 100
FEW = 25


@contextmanager
def behind(
    twin: TwinBench, *, lost: float = ONE_IN_TEN, delivers_after: int = 0, closes: bool = False
) -> Iterator[tuple[Bench, LossyGateway, str]]:
    """A bench whose rig is behind the gateway, the gateway, and the address of the rig itself."""
    true = twin.content["rig"]["address"]
    with LossyGateway(true, lost=lost, delivers_after=delivers_after, closes=closes) as gateway:
        twin.content["rig"]["address"] = gateway.address
        with Bench.open(BenchFile.load(twin.file())) as bench:
            yield bench, gateway, true


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[TwinBench]:
    with twin_bench(tmp_path, TwinOptions()) as it:
        yield it


@pytest.mark.parametrize("delivers_after", [0, 1, 2, 4, 7])
def test_one_order_in_ten_is_lost_and_the_clamp_is_where_it_was_told_last(twin: TwinBench, delivers_after: int) -> None:
    rounds = ROUNDS if delivers_after == 0 else FEW
    with behind(twin, delivers_after=delivers_after) as (bench, gateway, true), onlooker(true) as (pump, rig):
        bench.pump.load(Program(Mode.CONTINUOUS, (Step(0, 500.0),)))
        bench.rig.arm_watchdog(60)
        assert bench.pump.command(Command.START) is CommandResult.ACCEPTED
        for number in range(rounds):
            wanted = RigOutputs(kink_clamp_percent=float(number % 2) * 100.0, leak_valve_percent=float(number))
            bench.rig.write(wanted)
            bench.rig.send_heartbeat()
            bench.rig.read()
            assert rig.outputs() == wanted
        bench.enter_safe_state()
        assert (pump.read().state, rig.outputs()) == (PumpState.STOPPED, RigOutputs())
        for _ in range(2 * delivers_after):  # whatever is still kept comes
            with suppress(BenchFault):
                bench.rig.read()
        assert (rig.outputs(), rig.guard_state().safe) == (RigOutputs(), False)
        assert gateway.lost > rounds / 10
        assert gateway.late > 0 or not delivers_after


def test_a_server_that_closes_after_each_reply_blocks_nothing(twin: TwinBench) -> None:
    with behind(twin, lost=0.0, closes=True) as (bench, _, true), onlooker(true) as (_pump, rig):
        bench.rig.arm_watchdog(60)
        for number in range(FEW):
            bench.rig.write(RigOutputs(leak_valve_percent=float(number)))
            bench.rig.send_heartbeat()
            assert rig.outputs().leak_valve_percent == number
        bench.enter_safe_state()
        assert rig.outputs() == RigOutputs()


def test_a_safe_state_whose_rig_steps_fail_names_them_and_sends_nobody_to_a_pump_that_stands(twin: TwinBench) -> None:
    with suppress(BenchFault), behind(twin, lost=0.0) as (bench, gateway, _):
        bench.pump.load(Program(Mode.CONTINUOUS, (Step(0, 500.0),)))
        bench.rig.arm_watchdog(60)
        bench.pump.command(Command.START)
        bench.rig.write(RigOutputs(kink_clamp_percent=100.0))
        gateway._share = 1.0
        with pytest.raises(BenchFault) as raised:
            bench.enter_safe_state()
        assert bench.pump.read().state is PumpState.STOPPED
        gateway._share = 0.0
    told = str(raised.value)
    assert re.match("bench: enter the safe state: open the clamp, .*: rig at .* exception 11", told)
    assert "stop the pump" not in told
    told_of_a_rig = raised.value.__cause__  # of a twin's, nobody has to go anywhere
    assert isinstance(told_of_a_rig, BenchFault)
    assert told_of_a_rig.next_step.startswith(
        "the pump stands; go to the bench and do by hand: open the clamp, connect"
    )
