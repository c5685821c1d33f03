# SPDX-License-Identifier: Apache-2.0
"""The safe state is reached step by step, whatever becomes of single steps."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from bench.bench_file import SafeAction, SafeStateList, SafeStep
from bench.safety import SafeState
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import Deadline, sleep_s
from instruments.program import Program
from instruments.pump import AlarmEntry, BolusEntry, Command, CommandResult, PumpIdentity, PumpReading, PumpState
from instruments.rig import RigIdentity, RigOutputs, RigReading
from instruments.rig_abilities import RigAbilities
from instruments.rig_guard import GuardState, SafeLog
from tests.readings import pump_reading

ALL_MOVED = RigOutputs(100.0, True, 30.0, 3300, True)


class Table:
    """A pump that writes down what it is told, and refuses what it is made to refuse."""

    def __init__(self, *broken: str) -> None:
        self.told: list[str] = []
        self.broken = broken
        self.silent = False
        self.reading = pump_reading(state=PumpState.INFUSING, active_rate_ul_per_h=50.0)
        self.error: Exception = BenchFault("table", "do it", "no answer")

    def tell(self, what: str) -> None:
        self.told.append(what)
        if what in self.broken:
            raise self.error

    def command(self, command: Command, argument: float = 0.0) -> CommandResult:
        self.tell(f"{command}")
        return CommandResult.ACCEPTED

    def identify(self) -> PumpIdentity:
        raise AssertionError("nobody asks this here")

    def load(self, program: Program) -> CommandResult:
        raise AssertionError("nobody asks this here")

    def differences(self, program: Program) -> tuple[str, ...]:
        raise AssertionError("nobody asks this here")

    def read(self) -> PumpReading:
        if self.silent:
            raise BenchFault("pump", "read", "no reply")
        return self.reading

    def alarm_log(self, since: int = 0) -> tuple[AlarmEntry, ...]:
        raise AssertionError("nobody asks this here")

    def bolus_log(self, since: int = 0) -> tuple[BolusEntry, ...]:
        raise AssertionError("nobody asks this here")


class RigSide:
    """The rig's face of the table; a write that is lost leaves the outputs as they were."""

    fencing_token = 1

    def __init__(self, table: Table) -> None:
        self.present = ALL_MOVED
        self.written: list[RigOutputs] = []
        self.lost_writes = 0
        self._table = table

    def outputs(self) -> RigOutputs:
        return self.present

    def write(self, outputs: RigOutputs) -> None:
        self.written.append(outputs)
        self._table.tell("outputs")
        if self.lost_writes:
            self.lost_writes -= 1
            raise BenchFault("rig", "write outputs", "not confirmed")
        self.present = outputs

    def arm_watchdog(self, timeout_s: int) -> None:
        self._table.tell(f"watchdog {timeout_s}")

    def go_safe(self) -> None:
        self._table.tell("go safe")
        self.present = RigOutputs()

    def leave_safe_state(self) -> None:
        self._table.tell("leave")

    def identify(self) -> RigIdentity:
        raise AssertionError("nobody asks this here")

    def read(self) -> RigReading:
        raise AssertionError("nobody asks this here")

    def send_heartbeat(self) -> None:
        raise AssertionError("nobody asks this here")

    def abilities(self) -> RigAbilities:
        return RigAbilities()

    def guard_state(self) -> GuardState:
        raise AssertionError("nobody asks this here")

    def safe_log(self, since: int = 0) -> SafeLog | None:
        raise AssertionError("nobody asks this here")


def steps(*actions: str, limit_s: float = 5.0) -> tuple[SafeStep, ...]:
    return tuple(SafeStep(do=SafeAction(action), limit_s=limit_s) for action in actions)


def test_the_pump_stops_first_the_watchdog_is_disarmed_last_and_between_them_all_outputs_become_safe() -> None:
    table = Table()
    rig = RigSide(table)
    state = SafeState(table, rig)
    state.enter()
    assert table.told == ["stop", *["outputs"] * 5, "watchdog 0", "leave"]
    assert rig.written == [
        (one := replace(ALL_MOVED, kink_clamp_percent=0.0)),
        (two := replace(one, disconnect_valve=False)),
        (three := replace(two, leak_valve_percent=0.0)),
        (four := replace(three, magnet_field=False)),
        replace(four, supply_voltage_mv=0),
    ]
    assert rig.present == RigOutputs()
    assert state.reached


def test_the_order_is_the_lists_own() -> None:
    table = Table()
    rig = RigSide(table)
    SafeState(table, rig, steps("rig_safe", "field_off", "stop_pump", "disarm_watchdog")).enter()
    assert table.told == ["go safe", "outputs", "stop", "watchdog 0", "leave"]


def test_the_clamps_are_opened_though_the_pump_does_not_answer_and_the_watchdog_stays_armed() -> None:
    table = Table("stop")
    rig = RigSide(table)
    state = SafeState(table, rig)
    with pytest.raises(BenchFault, match="stop the pump: table: do it: no answer") as raised:
        state.enter()
    assert rig.present == RigOutputs()
    assert "watchdog 0" not in table.told
    assert not state.reached
    assert isinstance(raised.value.__cause__, ExceptionGroup)


def test_every_step_that_failed_is_named_and_a_common_cause_once() -> None:
    table = Table("stop", "outputs")
    with pytest.raises(BenchFault) as raised:
        SafeState(table, RigSide(table)).enter()
    assert raised.value.seen == (
        "stop the pump, open the clamp, connect the catheter, close the leak, switch the field off, "
        "leave the pump to its own supply: table: do it: no answer"
    )
    cause = raised.value.__cause__
    assert isinstance(cause, ExceptionGroup)
    assert len(cause.exceptions) == 6


STANDS = pump_reading(state=PumpState.STOPPED, active_rate_ul_per_h=0.0)


@pytest.mark.parametrize(
    ("reading", "silent", "next_step"),
    [
        (STANDS, False, "the pump stands; go to the bench and do by hand: open the clamp"),
        (replace(STANDS, active_rate_ul_per_h=1.0), False, "go to the bench and stop the pump by hand"),
        (replace(STANDS, state=PumpState.INFUSING), False, "go to the bench and stop the pump by hand"),
        (STANDS, True, "go to the bench and stop the pump by hand"),
    ],
)
def test_nobody_is_sent_to_stop_a_pump_that_is_seen_to_stand(
    reading: PumpReading, silent: bool, next_step: str
) -> None:
    table = Table()
    table.reading, table.silent = reading, silent
    rig = RigSide(table)
    rig.lost_writes = 1
    with pytest.raises(BenchFault, match="open the clamp: rig: write outputs: not confirmed") as raised:
        SafeState(table, rig).enter()
    assert raised.value.next_step == next_step


def test_a_stop_that_failed_of_a_pump_that_stands_all_the_same_sends_nobody_to_it() -> None:
    table = Table("stop")
    table.reading = STANDS
    with pytest.raises(BenchFault) as raised:
        SafeState(table, RigSide(table)).enter()
    assert raised.value.next_step == "the pump stands; see to the rig"


def test_a_step_that_breaks_in_a_way_nobody_foresaw_keeps_no_other_from_being_taken() -> None:
    table = Table("stop")
    table.error = ZeroDivisionError("slip")
    rig = RigSide(table)
    with pytest.raises(BenchFault, match="stop the pump: bench: ZeroDivisionError: slip"):
        SafeState(table, rig).enter()
    assert rig.present == RigOutputs()


def test_what_one_step_failed_to_make_safe_the_next_ones_send_as_well() -> None:
    """The rig takes all outputs at once: a step must not send an unsafe value that a lost one was to change."""
    table = Table()
    rig = RigSide(table)
    rig.lost_writes = 1
    with pytest.raises(BenchFault, match="open the clamp: rig"):
        SafeState(table, rig).enter()
    assert [outputs.kink_clamp_percent for outputs in rig.written] == [0.0] * 5
    assert rig.present == RigOutputs()


def test_a_step_ends_at_its_limit_and_the_next_ones_have_theirs() -> None:
    """A driver asks again and again, each time with a deadline of its own; none of them outlasts the step."""
    table = Table()
    rig = RigSide(table)
    waits_s: list[float] = []

    def ask_a_dead_pump(command: Command, argument: float = 0.0) -> CommandResult:
        for _ in range(3):
            deadline = Deadline(10.0)
            waits_s.append(deadline.remaining_s())
            sleep_s(deadline.remaining_s())
        raise BenchFault("pump", "stop", "no reply")

    table.command = ask_a_dead_pump  # type: ignore[method-assign]
    with pytest.raises(BenchFault, match=r"stop the pump: pump: stop: no reply \(its 0\.05 s were used up\)"):
        SafeState(table, rig, (*steps("stop_pump", limit_s=0.05), *SafeStateList().step[1:])).enter()
    assert waits_s == [pytest.approx(0.05, abs=0.01), 0.0, 0.0]
    assert rig.present == RigOutputs()


def test_a_bench_that_is_anothers_by_now_is_left_alone() -> None:
    table = Table()
    state = SafeState(table, RigSide(table))
    state.yields = lambda: True
    state.enter()
    assert table.told == []


@pytest.mark.parametrize(
    ("actions", "seen"),
    [
        (("stop_pump", "rig_safe"), "disarm_watchdog must be the last step"),
        (("disarm_watchdog", "stop_pump", "rig_safe"), "disarm_watchdog must be the last step"),
        (("rig_safe", "disarm_watchdog"), "stop_pump is missing"),
        (("stop_pump", "open_clamp", "disarm_watchdog"), "connect_catheter, close_leak, field_off, supply_nominal is"),
        (("stop_pump", "stop_pump", "rig_safe", "disarm_watchdog"), "stop_pump stands in it more than once"),
        ((), "disarm_watchdog must be the last step"),
    ],
)
def test_a_list_that_would_leave_something_moving_is_refused(actions: tuple[str, ...], seen: str) -> None:
    with pytest.raises(ValidationError, match=seen):
        SafeStateList(step=steps(*actions))


@pytest.mark.parametrize("limit_s", [0.0, -1.0, 61.0, float("nan"), float("inf")])
def test_a_limit_that_is_none_is_refused(limit_s: float) -> None:
    with pytest.raises(ValidationError):
        SafeStep(do=SafeAction.STOP_PUMP, limit_s=limit_s)
