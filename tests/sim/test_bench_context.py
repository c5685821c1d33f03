# SPDX-License-Identifier: Apache-2.0
"""`with Bench.open(file) as bench`: safe when it is entered, safe and let go when it is left, however that is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.lease.lease_store import STATE_FOLDER
from bench.simulated_bench import simulated_bench
from groundfloor.errors import BenchFault
from instruments.pump import PumpState
from instruments.rig import RigOutputs
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.simulated_lab import onlooker

MOVED = RigOutputs(kink_clamp_percent=80.0, magnet_field=True)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BenchFile]:
    monkeypatch.setenv(STATE_FOLDER, str(tmp_path))
    with TwinChild(TwinOptions()) as addresses:
        yield simulated_bench(addresses)


def assert_left_safe(file: BenchFile) -> None:
    with onlooker(file.rig.address) as (pump, rig):
        assert rig.outputs() == RigOutputs()
        assert pump.read().state is PumpState.STOPPED


def test_a_bench_is_safe_when_it_is_entered_and_when_it_is_left(file: BenchFile) -> None:
    with Bench.open(file) as bench:
        assert bench.rig.outputs() == RigOutputs()
        bench.rig.write(MOVED)
        assert bench.rig.outputs() == MOVED
    assert_left_safe(file)


@pytest.mark.parametrize("end", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
def test_whatever_ends_the_block_the_bench_is_left_safe_and_can_be_opened_again(
    file: BenchFile, end: type[BaseException]
) -> None:
    def work() -> None:
        with Bench.open(file) as bench:
            bench.rig.write(MOVED)
            raise end

    with pytest.raises(end):
        work()
    assert_left_safe(file)
    with Bench.open(file) as again:  # the lease was given back, and the lines are free
        assert again.rig.outputs() == RigOutputs()


def test_a_bench_that_cannot_be_left_safe_says_so_beside_what_ended_the_block_and_is_let_go(
    file: BenchFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work() -> None:
        with Bench.open(file) as bench:
            monkeypatch.setattr(bench.safe_state, "enter", fail)
            raise ZeroDivisionError

    def fail() -> None:
        raise BenchFault("bench", "enter the safe state", "the clamp does not open")

    with pytest.raises(BenchFault, match="the clamp does not open") as unsafe:
        work()
    assert isinstance(unsafe.value.__context__, BenchFault)  # as the twin's, which nobody has to stop
    assert isinstance(unsafe.value.__context__.__context__, ZeroDivisionError)
    with Bench.open(file) as again:
        assert again.pump.read().state is PumpState.STOPPED
