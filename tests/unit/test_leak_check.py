# SPDX-License-Identifier: Apache-2.0
"""The rig's own leak: pressure that the pump built behind the shut clamp must stay there."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from bench.bench_file import PreflightLimits
from bench.injectors import Catheter
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_state import CheckState
from bench.preflight.leak_check import LeakCheck
from bench.scheduler import Scheduler
from groundfloor.errors import BenchFault
from instruments.balance import MassReading
from instruments.pump import Command, CommandResult, Pump, PumpReading, PumpState
from instruments.rig import Rig, RigReading
from tests.readings import pump_reading, rig_reading
from tests.unit.test_preflight_checks import HandClock, series

KPA_PER_UL = 5.0
A_PRIME_TAKES_S = 6.0


@dataclass
class LeakyTable:
    """A pump that primes into a catheter behind a clamp, as stiff as the twin's; what leaks out of it decays.

    Attributes:
        decay_s: time constant of the leak.
        rest_kpa: pressure when nothing was pressed in.
        pump_shows, rig_shows: whose sensor follows the pressure; None for one that is not there.
        shuts: whether the clamp does.
        empties_s: time constant with which the catheter runs empty when the clamp has opened.
        stays_up: whether the sensor stands still from then on.
        arrives: whether what comes out is weighed.
        answer: to a prime.
        scatter_mg: of the balance, one reading up and one down.
    """

    clock: HandClock
    decay_s: float = math.inf
    rest_kpa: float = 0.0
    pump_shows: bool | None = True
    rig_shows: bool = False
    shuts: bool = True
    empties_s: float = 7.2
    stays_up: bool = False
    arrives: bool = True
    answer: CommandResult = CommandResult.ACCEPTED
    prime_takes_s: float = A_PRIME_TAKES_S
    scatter_mg: float = 0.02
    primes: list[tuple[float, float]] = field(default_factory=list)
    shut: bool = False
    opened: tuple[float, float] | None = None
    readings: int = 0

    def command(self, command: Command, argument: float) -> CommandResult:
        assert command is Command.PRIME
        assert self.shut
        if self.answer is CommandResult.ACCEPTED:
            self.primes.append((self.clock.time_s, argument))
        return self.answer

    @property
    def came_out_ul(self) -> float:
        if self.opened is None:
            return 0.0
        at_s, stored_ul = self.opened
        return stored_ul * (1 - math.exp((at_s - self.clock.time_s) / self.empties_s))

    @property
    def stored_ul(self) -> float:
        now_s = self.clock.time_s
        if self.opened is not None:
            return self.opened[1] - (0.0 if self.stays_up else self.came_out_ul)
        return sum(ul * math.exp(-(now_s - at_s) / self.decay_s) for at_s, ul in self.primes)

    @property
    def pressure_kpa(self) -> float:
        return self.rest_kpa + (KPA_PER_UL * self.stored_ul if self.shuts else 0.0)

    def read(self) -> PumpReading:
        busy = bool(self.primes) and self.clock.time_s < self.primes[-1][0] + self.prime_takes_s
        shown = {True: self.pressure_kpa, False: self.rest_kpa, None: math.nan}[self.pump_shows]
        state = PumpState.PRIMING if busy else PumpState.STOPPED
        return pump_reading(state=state, catheter_pressure_kpa=shown, active_rate_ul_per_h=600.0 * busy)

    def read_rig(self) -> RigReading:
        return rig_reading(outlet_pressure_kpa=self.pressure_kpa if self.rig_shows else 1.2)

    def read_mass_g(self) -> MassReading:
        self.readings += 1
        passed_ul = sum(ul for _, ul in self.primes) if not self.shuts else 0.0
        return MassReading(
            (self.came_out_ul * self.arrives + passed_ul + self.scatter_mg * (-1) ** self.readings) / 1000, True
        )

    @contextmanager
    def kinked(self) -> Iterator[None]:
        self.shut = True
        yield
        self.shut, self.opened = False, (self.clock.time_s, self.stored_ul if self.shuts else 0.0)


class RigOf:
    def __init__(self, table: LeakyTable) -> None:
        self.read = table.read_rig


def checked(table: LeakyTable, **settings: float) -> CheckFinding:
    scheduler = Scheduler(cast(Any, table.clock))
    limits = PreflightLimits(**cast(Any, settings))
    pump, rig = cast(Pump, table), cast(Rig, RigOf(table))
    catheter = cast(Catheter, table)
    return LeakCheck(limits, catheter, pump, rig, series(table.clock, table), scheduler).run()


def table(**what: Any) -> LeakyTable:
    return LeakyTable(HandClock(), **what)


@pytest.mark.parametrize("rest_kpa", [0.0, 1.2], ids=["outlet not raised", "outlet raised"])
def test_a_tight_rig_holds_what_two_primes_built_wherever_its_outlet_is(rest_kpa: float) -> None:
    found = checked(tight := table(rest_kpa=rest_kpa))
    assert (found.state, found.next_step) == (CheckState.OK, "")
    assert found.value == pytest.approx(0.0)
    assert "2 µL were primed" in found.seen
    assert [ul for _, ul in tight.primes] == [1.0, 1.0]
    assert (tight.shut, tight.read().state) == (False, PumpState.STOPPED)


@pytest.mark.parametrize(("share", "moved_kpa"), [(0.2, -4.6), (0.01, -0.68)])
def test_a_leak_between_pump_and_clamp_blocks(share: float, moved_kpa: float) -> None:
    """A leak that takes a share of the flow through a catheter of R·C = 7.2 s empties a shut one with R·C·(1 - s)/s."""
    found = checked(table(decay_s=7.2 * (1 - share) / share))
    assert found.state is CheckState.BLOCK
    assert found.value == pytest.approx(moved_kpa, rel=0.1)
    assert "tighten the joints" in found.next_step


def test_a_leak_through_which_all_is_gone_at_once_blocks_though_nothing_falls_any_more() -> None:
    found = checked(table(decay_s=2.0))
    assert found.state is CheckState.BLOCK
    assert "it had been 3.19 kPa just before" in found.seen
    assert abs(found.value or 0.0) < 0.3


def test_a_clamp_that_lets_pass_what_is_pressed_against_it_blocks_whatever_its_sensor_says() -> None:
    found = checked(table(shuts=False))
    assert found.state is CheckState.BLOCK
    assert "5 µL were primed against the shut clamp, 5.0" in found.seen
    assert "see whether the clamp moves when its sensor says so" in found.next_step


def test_a_balance_that_scatters_says_nothing_of_the_clamp() -> None:
    assert checked(table(scatter_mg=5.0)).state is CheckState.OK


def test_the_sensor_of_the_rig_tells_where_the_pump_has_none() -> None:
    assert checked(table(pump_shows=None, rig_shows=True)).state is CheckState.OK
    found = checked(table(pump_shows=None, rig_shows=True, decay_s=60.0))
    assert found.state is CheckState.BLOCK
    assert "kPa by the rig's sensor moved by" in found.seen


@pytest.mark.parametrize("pump_shows", [None, False], ids=["no sensor", "a sensor that is dead"])
def test_where_no_sensor_tells_that_is_said_and_the_balance_looks_whether_all_came_out_again(
    pump_shows: bool | None,
) -> None:
    found = checked(table(pump_shows=pump_shows))
    assert found.state is CheckState.WARN
    assert "neither the pump nor the rig has a sensor that shows the pressure behind the clamp; 5 µL" in found.seen
    assert "5.0" in found.seen
    leaky = checked(table(pump_shows=pump_shows, decay_s=28.8))
    assert leaky.state is CheckState.BLOCK
    assert "or the pump gives less than it is told" in leaky.next_step


@pytest.mark.parametrize(
    ("rest_kpa", "decay", "state"), [(1.2, 0.0, CheckState.OK), (0.1, 0.0, CheckState.WARN)], ids=["raised", "not"]
)
def test_a_pump_that_will_not_prime_is_held_by_the_height_of_its_outlet(
    rest_kpa: float, decay: float, state: CheckState
) -> None:
    found = checked(table(answer=CommandResult.ALARM_STANDING, rest_kpa=rest_kpa))
    assert (found.state, found.value) == (state, decay)
    assert "nothing could be primed (the pump answered alarm_standing)" in found.seen


@pytest.mark.parametrize("pump_shows", [True, None], ids=["a sensor", "no sensor"])
@pytest.mark.parametrize("empties_s", [115.0, 889.0, 70000.0], ids=["half shut", "70 % shut", "90 % shut"])
def test_a_clamp_that_opens_a_little_only_blocks_whatever_its_sensor_says(
    empties_s: float, pump_shows: bool | None
) -> None:
    """The time constants are those of the twin's catheter, 7.2 s, behind a clamp that stays so far shut."""
    found = checked(table(empties_s=empties_s, pump_shows=pump_shows))
    assert (found.state, found.asset) == (CheckState.BLOCK, "rig")
    assert "see whether the clamp opens all the way when its sensor says so" in found.next_step


@pytest.mark.parametrize(("empties_s", "state"), [(11.0, CheckState.OK), (30.0, CheckState.BLOCK)])
def test_the_pressure_tells_a_clamp_that_stays_30_percent_shut_and_not_one_of_10(
    empties_s: float, state: CheckState
) -> None:
    """Ten per cent raise the pressure of the highest rate by 5 kPa: less than a stroke may do."""
    found = checked(table(empties_s=empties_s))
    assert found.state is state
    assert ("% of the pressure was left after" in found.seen) is (state is CheckState.BLOCK)


@pytest.mark.parametrize("scatter_mg", [0.02, 5.0])
def test_a_sensor_that_stands_still_is_the_pumps_own_only_where_the_balance_shows_that_all_came_out(
    scatter_mg: float,
) -> None:
    found = checked(table(stays_up=True, scatter_mg=scatter_mg))
    assert found.state is (CheckState.WARN if scatter_mg < 1 else CheckState.BLOCK)
    if scatter_mg < 1:
        assert found.seen.endswith("100 % of the pressure was left after 47 s, though all came out")


def test_a_balance_that_does_not_follow_what_ran_out_blocks() -> None:
    found = checked(table(arrives=False))
    assert found.state is CheckState.BLOCK
    assert "that the balance follows a load" in found.next_step


def test_no_more_is_pressed_in_than_the_bench_file_allows() -> None:
    asked = table()
    checked(asked, leak_build_kpa=1000.0, leak_build_ul=3.0)
    assert sum(ul for _, ul in asked.primes) == 3.0


def test_a_prime_that_does_not_end_is_a_fault_and_no_more_is_asked_for() -> None:
    endless = table(prime_takes_s=math.inf)
    with pytest.raises(BenchFault, match="pump: prime: 1 µL are not given after 120 s"):
        checked(endless)
    assert len(endless.primes) == 1
    assert endless.clock.time_s < 200.0
