# SPDX-License-Identifier: Apache-2.0
"""The sensitivity check on the twin's own balance: by its internal weight, by a check weight, or not at all."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest

from bench.bench import Bench
from bench.bench_file import BalanceDevice, CheckName
from bench.clock import Clock
from bench.preflight.check_finding import CheckFinding
from bench.preflight.check_round import look_at
from bench.preflight.check_state import CheckState
from bench.preflight.sensitivity_check import SensitivityCheck
from bench.weighing import BalanceSeries
from groundfloor.errors import BenchFault, NoAnswer
from instruments.balance import BalanceBusy
from instruments.internal_test import InternalTest
from instruments.simulated.balance.weighing import INTERNAL_WEIGHT_G, BalanceCell
from instruments.simulated.twin.twin import Twin
from tests.sim.weighed_specimen import Devices, WirelessBench, _bench_file

TODAY = datetime.date(2026, 1, 1)
CHECK_WEIGHT = {
    "mass_g": 50.0,
    "expanded_uncertainty_mg": 0.1,
    "certificate": "W-77",
    "due": datetime.date(2027, 1, 1),
}
BY_WEIGHT = {"check": "check_weight"}


class SelfTesting(Devices):
    """The balance of the twin with its internal test, without a wire between."""

    def __init__(self, twin: Twin) -> None:
        super().__init__(twin)
        self.cell = cast(BalanceCell, twin.cell)

    def test_internally(self, wait: Callable[[], bool]) -> InternalTest | None:
        if self.cell.internal_weight_g is None:
            return None
        before_g = self.read_mass_g().mass_g
        self.cell.put_on_internal_weight()
        for _ in range(20):
            assert wait()
        shown_g = self.read_mass_g().mass_g - before_g
        self.cell.lift_internal_weight()
        return InternalTest(shown_g - INTERNAL_WEIGHT_G, self.cell.internal_weight_g)


class Person:
    """Does what it is asked, some polls later; `deeds` says what, in the order of the requests."""

    def __init__(self, cell: BalanceCell, *deeds: Callable[[BalanceCell], None], takes: int = 3) -> None:
        self.requests: list[str] = []
        self._cell, self._deeds, self._takes, self._waits = cell, list(deeds), takes, 0
        self.given_up = 0

    def ask(self, request: str) -> bool:
        self.requests.append(request)
        self._waits = self._takes
        return True

    def answered(self) -> bool:
        self._waits -= 1
        if self._waits or not self._deeds:
            return False
        self._deeds.pop(0)(self._cell)
        return True

    def give_up(self) -> None:
        self.given_up += 1


class Absent:
    def ask(self, request: str) -> bool:
        return False

    def answered(self) -> bool:
        raise AssertionError("nobody was asked")

    def give_up(self) -> None:
        raise AssertionError("nobody was asked")


def puts_on(mass_g: float) -> Callable[[BalanceCell], None]:
    def deed(cell: BalanceCell) -> None:
        cell.weight_on_pan_g = mass_g

    return deed


def nothing(_cell: BalanceCell) -> None:
    """Press the key."""


class Table:
    """A check on a twin with defects."""

    def __init__(self, *defects: str, tables: Mapping[str, Any] | None = None) -> None:
        self.twin = Twin.assemble(defects=defects)
        self.bench = WirelessBench(self.twin, _bench_file(self.twin, 1))
        self.balance: Any = SelfTesting(self.twin)
        raw = self.bench.file.balance.model_dump() | dict(tables or {})
        self.device = BalanceDevice.model_validate(raw)
        self.cell = cast(BalanceCell, self.twin.cell)
        self.bench.clock.sleep_until(60.0)

    def finding(self, attendant: Any = None, today: datetime.date = TODAY) -> CheckFinding:
        series = BalanceSeries.on(cast(Bench, self.bench))
        check = SensitivityCheck(self.device, self.balance, series, self.bench.scheduler, attendant or Absent(), today)
        return look_at(check, ())

    @property
    def now_s(self) -> float:
        return cast(Clock, self.bench.clock).now_s()


def test_a_good_balance_shows_its_own_weight_within_the_tolerance() -> None:
    table = Table()
    found = table.finding()
    assert (found.check, found.state, found.deviation) == (CheckName.SENSITIVITY, CheckState.OK, "")
    assert found.value == pytest.approx(0.0, abs=0.001)
    assert (found.limits and found.limits.unit, found.limits and found.limits.upper) == ("%", 0.1)
    assert 40 < table.now_s - 60 < 80  # the test itself, the settling, and the readings around it


@pytest.mark.parametrize(
    ("defect", "percent"),
    [("balance_scale=0.2", 20.0), ("balance_scale=-0.17", -17.0), ("balance_scale=0.0011", 0.11)],
)
def test_a_wrong_scale_blocks_with_its_figure(defect: str, percent: float) -> None:
    found = Table(defect).finding()
    assert found.state is CheckState.BLOCK
    assert found.value == pytest.approx(percent, abs=0.001)
    assert "its internal weight of 100 g with a deviation of" in found.seen
    assert "nothing that it weighed counts" in found.next_step


def test_a_scale_inside_the_tolerance_does_not_block() -> None:
    assert Table("balance_scale=0.0009").finding().state is CheckState.OK


@pytest.mark.parametrize("defects", [("balance_sticks_at_h=0.01",), ("balance_carats_at_h=0.01",)])
def test_a_display_that_follows_nothing_or_shows_another_unit_blocks(defects: tuple[str, ...]) -> None:
    assert Table(*defects).finding().state is CheckState.BLOCK


def test_the_mass_in_the_bench_file_goes_before_what_the_balance_tells() -> None:
    found = Table("balance_scale=0.2", tables={"sensitivity": {"internal_weight_g": 200.0}}).finding()
    assert found.value == pytest.approx(10.0, abs=0.001)


def test_without_an_internal_weight_the_scale_rests_on_the_certificate_and_that_is_told() -> None:
    found = Table("no_internal_weight").finding()
    assert (found.state, found.value) == (CheckState.WARN, None)
    told = "sensitivity of the balance was not checked (the balance has no internal weight): "
    assert found.deviation == told + "its scale rests on certificate SIMULATED alone"


def test_so_it_does_with_a_driver_that_knows_no_test_and_where_the_bench_file_asks_for_none() -> None:
    plain = Table()
    plain.balance = Devices(plain.twin)
    assert "the driver of dialect mt-sics knows no internal test" in plain.finding().deviation
    assert (
        "the bench file asks for no check"
        in Table(tables={"sensitivity": {"check": "certificate"}}).finding().deviation
    )


def test_a_test_that_the_balance_breaks_off_blocks() -> None:
    table = Table()

    def refuse(_wait: Callable[[], bool]) -> None:
        raise BalanceBusy("balance", "test itself", "it was broken off (TST3 N)", "shield it")

    table.balance.test_internally = refuse
    found = table.finding()
    assert (found.state, found.value) == (CheckState.BLOCK, None)
    assert "broken off" in found.seen


def test_a_test_that_takes_too_long_is_given_up_and_blocks() -> None:
    table = Table(tables={"sensitivity": {"limit_s": 30.0}})

    def endless(wait: Callable[[], bool]) -> None:
        while wait():
            pass
        raise BenchFault("balance", "TST3", "it began and was not over in time", "ask again")

    table.balance.test_internally = endless
    assert table.finding().state is CheckState.BLOCK
    assert table.now_s < 60 + 30 + 15


@pytest.mark.parametrize(("silent", "state"), [(2, CheckState.OK), (3, CheckState.BLOCK)])
def test_a_line_that_is_silent_for_a_moment_does_not_keep_it_from_being_tested(silent: int, state: CheckState) -> None:
    table = Table()
    whole, calls = table.balance.test_internally, iter(range(9))

    def lost(wait: Callable[[], bool]) -> InternalTest | None:
        if next(calls) < silent:
            raise NoAnswer("balance", "TST3", "no whole line", "check the cable")
        found: InternalTest | None = whole(wait)
        return found

    table.balance.test_internally = lost
    assert table.finding().state is state


def test_a_load_that_is_another_one_afterwards_blocks() -> None:
    table = Table()
    whole = table.balance.test_internally

    def knocking(wait: Callable[[], bool]) -> InternalTest | None:
        found: InternalTest | None = whole(wait)
        table.cell.weight_on_pan_g += 0.01
        return found

    table.balance.test_internally = knocking
    found = table.finding()
    assert found.state is CheckState.BLOCK
    assert "the load seems to have moved by +10." in found.seen


# --- a person -------------------------------------------------------------------------------------------------------


def by_weight(*defects: str, **weight: Any) -> Table:
    return Table(*defects, tables={"sensitivity": BY_WEIGHT, "check_weight": {**CHECK_WEIGHT, **weight}})


def test_a_person_is_asked_for_the_check_weight_and_for_its_way_back() -> None:
    table = by_weight()
    person = Person(table.cell, puts_on(50.0), puts_on(0.0))
    found = table.finding(person)
    assert (found.state, found.value) == (CheckState.OK, pytest.approx(0.0, abs=0.001))
    assert [request.split()[0] for request in person.requests] == ["put", "take"]
    assert "the check weight of 50 g (certificate W-77)" in person.requests[0]
    assert found.standard_uncertainty == pytest.approx(100 * 0.05e-3 / 50, rel=0.2)


def test_a_check_weight_finds_a_wrong_scale() -> None:
    table = by_weight("balance_scale=0.2", "no_internal_weight")
    found = table.finding(Person(table.cell, puts_on(50.0), puts_on(0.0)))
    assert (found.state, found.value) == (CheckState.BLOCK, pytest.approx(20.0, abs=0.01))


def test_a_weight_that_was_never_put_on_is_no_good_balance() -> None:
    table = by_weight()
    found = table.finding(Person(table.cell, nothing, nothing))
    assert (found.state, found.value) == (CheckState.BLOCK, pytest.approx(-100.0, abs=0.01))


def test_a_vessel_that_was_moved_on_the_way_blocks() -> None:
    table = by_weight()
    found = table.finding(Person(table.cell, puts_on(50.0), puts_on(0.02)))
    assert (found.state, found.value) == (CheckState.BLOCK, None)
    assert "moved by +20." in found.seen


def test_where_nobody_is_there_it_is_not_waited_and_the_record_says_so() -> None:
    table = by_weight()
    found = table.finding(Absent())
    assert found.state is CheckState.WARN
    assert "nobody was there to put on the check weight of 50 g" in found.deviation
    assert table.now_s < 60 + 15


def test_whoever_does_not_answer_is_waited_for_no_longer_than_the_bench_file_says() -> None:
    table = by_weight()
    person = Person(table.cell)
    found = table.finding(person)
    assert found.state is CheckState.WARN
    assert person.given_up == 1, "an answer that comes now is none"
    assert 600 <= table.now_s - 60 < 640


def test_a_weight_that_stays_on_the_pan_blocks() -> None:
    table = by_weight()
    found = table.finding(Person(table.cell, puts_on(50.0)))
    assert (found.state, found.value) == (CheckState.BLOCK, None)
    assert "is off the pan" in found.seen


def test_a_check_weight_whose_certificate_has_run_out_blocks() -> None:
    table = by_weight(due=datetime.date(2025, 12, 31))
    person = Person(table.cell)
    assert "was due on 2025-12-31" in table.finding(person).seen
    assert person.requests == []


def test_a_balance_that_wants_its_pan_empty_has_the_vessel_taken_off_and_put_back() -> None:
    table = Table(tables={"sensitivity": {"pan": "empty"}})
    person = Person(table.cell, nothing, nothing)
    assert table.finding(person).state is CheckState.OK
    assert [request.split()[0] for request in person.requests] == ["take", "put"]
    assert "nobody was there to take the vessel off" in table.finding(Absent()).deviation


def test_a_vessel_that_nobody_put_back_blocks() -> None:
    table = Table(tables={"sensitivity": {"pan": "empty"}})
    found = table.finding(Person(table.cell, nothing))
    assert (found.state, found.value) == (CheckState.BLOCK, None)
    assert "nobody said that the vessel is back" in found.seen
