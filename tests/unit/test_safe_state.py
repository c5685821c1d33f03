# SPDX-License-Identifier: Apache-2.0
"""The safe state is reached step by step, whatever becomes of single steps."""

import pytest

from bench.safe_state import SafeState
from instruments.errors import BenchFault
from instruments.program import Program
from instruments.pump import AlarmEntry, BolusEntry, Command, CommandResult, PumpIdentity, PumpReading
from instruments.rig import RigIdentity, RigOutputs, RigReading


class Table:
    """A pump and a rig that write down what they are told, and refuse what they are made to refuse."""

    def __init__(self, *broken: str) -> None:
        self.told: list[str] = []
        self.broken = broken

    def _tell(self, what: str) -> None:
        self.told.append(what)
        if what in self.broken:
            raise BenchFault("table", what, "no answer")

    def command(self, command: Command, argument: float = 0.0) -> CommandResult:
        self._tell(f"{command}")
        return CommandResult.ACCEPTED

    def write(self, outputs: RigOutputs) -> None:
        assert outputs == RigOutputs(0.0, False, 0.0, 0, False)
        self._tell("outputs")

    def arm_watchdog(self, timeout_s: int) -> None:
        self._tell(f"watchdog {timeout_s}")

    def identify(self) -> PumpIdentity:
        raise AssertionError("nobody asks this here")

    def load(self, program: Program) -> CommandResult:
        raise AssertionError("nobody asks this here")

    def read(self) -> PumpReading:
        raise AssertionError("nobody asks this here")

    def alarm_log(self, since: int = 0) -> tuple[AlarmEntry, ...]:
        raise AssertionError("nobody asks this here")

    def bolus_log(self, since: int = 0) -> tuple[BolusEntry, ...]:
        raise AssertionError("nobody asks this here")


class RigSide:
    """The rig's face of the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def write(self, outputs: RigOutputs) -> None:
        self._table.write(outputs)

    def arm_watchdog(self, timeout_s: int) -> None:
        self._table.arm_watchdog(timeout_s)

    def identify(self) -> RigIdentity:
        raise AssertionError("nobody asks this here")

    def read(self) -> RigReading:
        raise AssertionError("nobody asks this here")

    def outputs(self) -> RigOutputs:
        raise AssertionError("nobody asks this here")

    def beat(self) -> None:
        raise AssertionError("nobody asks this here")


def test_the_pump_is_stopped_before_anything_else() -> None:
    table = Table()
    SafeState(table, RigSide(table)).enter()
    assert table.told == ["stop", "outputs", "watchdog 0"]


def test_clamps_are_opened_though_the_pump_does_not_answer_and_the_watchdog_stays_armed() -> None:
    table = Table("stop")
    with pytest.raises(BenchFault, match="stop the pump: table: stop: no answer") as raised:
        SafeState(table, RigSide(table)).enter()
    assert table.told == ["stop", "outputs"]
    assert isinstance(raised.value.__cause__, ExceptionGroup)


def test_every_step_that_failed_is_named() -> None:
    table = Table("stop", "outputs")
    with pytest.raises(BenchFault, match=r"stop the pump.*open the clamps") as raised:
        SafeState(table, RigSide(table)).enter()
    cause = raised.value.__cause__
    assert isinstance(cause, ExceptionGroup)
    assert len(cause.exceptions) == 2
