# SPDX-License-Identifier: Apache-2.0
"""Nothing moves fluid unless the rig's watchdog would stop it: asked before and after each command that does."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.lease import LeaseLost
from bench.lease.fenced_pump import MOVES_FLUID, FencedPump
from bench.therapy import Continuous
from groundfloor.errors import BenchFault
from instruments.pump import Command, CommandResult, Pump, PumpState
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.twin_bench import TwinBench, twin_bench

WATCHDOG_S = 60


@pytest.fixture
def table(tmp_path: Path) -> Iterator[TwinBench]:
    with twin_bench(tmp_path, TwinOptions()) as twin:
        yield twin


@pytest.fixture
def bench(table: TwinBench) -> Iterator[Bench]:
    one = Bench.open(BenchFile.load(table.file()))
    one.pump.load(Continuous(1000.0).program(0.0))
    yield one
    with suppress(BenchFault):  # a bench that was lost is not ours to make safe
        one.enter_safe_state()
    one.close()


def hang(bench: Bench) -> None:
    """Let time go by without a heartbeat, as a computer does that is stopped for a minute."""
    bench.clock.sleep_until(bench.clock.now_s() + WATCHDOG_S + 1)


def never_armed(_bench: Bench) -> None:
    pass


def tripped(bench: Bench) -> None:
    bench.rig.arm_watchdog(WATCHDOG_S)
    hang(bench)


def sent_safe(bench: Bench) -> None:
    bench.rig.arm_watchdog(WATCHDOG_S)
    bench.rig.go_safe()


STATES = {never_armed: "is not armed", tripped: "has tripped", sent_safe: "in its safe state"}


@pytest.mark.parametrize("command", sorted(MOVES_FLUID))
@pytest.mark.parametrize("spoil", STATES, ids=lambda spoil: spoil.__name__)
def test_what_moves_fluid_is_not_sent_while_the_rig_would_not_stop_it(
    bench: Bench, spoil: Callable[[Bench], None], command: Command
) -> None:
    spoil(bench)
    with pytest.raises(BenchFault, match=STATES[spoil]):
        bench.pump.command(command)
    assert bench.pump.read().state is PumpState.STOPPED
    assert bench.pump.bolus_log() == ()


def test_every_command_that_moves_fluid_is_known() -> None:
    stills = {
        Command.LOAD_PROGRAM,
        Command.STOP,
        Command.SILENCE,
        Command.ACKNOWLEDGE,
        Command.REFILL_DONE,
        Command.INTERROGATE,
        Command.SET_CLOCK,
        # Another firmware goes on with the therapy as it was, and begins none.
        Command.UPDATE_BEGIN,
        Command.UPDATE_BEGIN_AUTHORISED,
        Command.UPDATE_BLOCK,
        Command.UPDATE_FINISH,
    }
    assert set(Command) - MOVES_FLUID == stills


class HangsAtStart:
    """A pump behind a bench that hangs at the worst moment: its start is on the way, then nothing for a minute."""

    def __init__(self, pump: Pump, meanwhile: Callable[[], None]) -> None:
        self._pump = pump
        self._meanwhile = meanwhile

    def __getattr__(self, name: str) -> object:
        return getattr(self._pump, name)

    def command(self, command: Command, argument: float = 0.0) -> CommandResult:
        if command is Command.START:
            self._meanwhile()
        return self._pump.command(command, argument)


def late(bench: Bench, meanwhile: Callable[[], None]) -> FencedPump:
    hangs = HangsAtStart(bench.pump._pump, meanwhile)  # type: ignore[attr-defined]
    return FencedPump(hangs, bench.keep_lease, bench._refuse_unguarded)  # type: ignore[arg-type]


def test_a_start_that_arrives_after_the_watchdog_has_tripped_is_taken_back(bench: Bench) -> None:
    bench.rig.arm_watchdog(WATCHDOG_S)
    with pytest.raises(BenchFault, match="start, which was given: the rig's watchdog has tripped"):
        late(bench, lambda: hang(bench)).command(Command.START)
    assert bench.pump.read().state is PumpState.STOPPED


def test_a_start_at_which_the_bench_was_lost_sends_no_stop_to_somebody_elses_pump(bench: Bench) -> None:
    bench.rig.arm_watchdog(WATCHDOG_S)

    def taken() -> None:
        other = bench.rig.fencing_token + 1
        ours, bench.rig.fencing_token = bench.rig.fencing_token, other
        bench.rig.write(bench.rig.outputs())
        bench.rig.fencing_token = ours

    with pytest.raises(LeaseLost, match="has seen fencing token"):
        late(bench, taken).command(Command.START)
    assert bench.pump.read().state is PumpState.INFUSING
    assert bench.lease.lost is not None
