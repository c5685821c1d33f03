# SPDX-License-Identifier: Apache-2.0
"""The twin's balance tests itself truthfully: it weighs its own weight as it weighs all else, faults included."""

from collections.abc import Sequence

import pytest

from instruments.simulated.balance.sics_client import SicsClient
from instruments.simulated.balance.sics_dialect import SicsDialect
from instruments.simulated.balance.sics_internal_test import TEST_S
from instruments.simulated.balance.weighing import INTERNAL_WEIGHT_G
from instruments.simulated.twin.twin import Twin

HOUR_S = 3600.0


class Host:
    """One host of the balance of a twin."""

    def __init__(self, *defects: str, seed: int = 1) -> None:
        self.twin = Twin.assemble(seed=seed, defects=defects)
        self.dialect = SicsDialect(self.twin.cell, self.twin.timeline)
        self.told: list[str] = []
        self.client = self.join()

    def join(self) -> SicsClient:
        return self.dialect.client(0.0, lambda data: self.told.extend(data.decode().splitlines()))

    def ask(self, command: str) -> list[str]:
        before = len(self.told)
        self.client.receive(f"{command}\r\n".encode())
        return self.told[before:]

    def pass_s(self, duration_s: float) -> list[str]:
        before = len(self.told)
        self.twin.timeline.advance_to(self.twin.timeline.now_s + duration_s)
        self.client.flush()
        return self.told[before:]

    def mass_g(self, command: str = "SI") -> float:
        (line,) = self.ask(command)
        return float(line.split()[2])

    def deviation_g(self) -> float:
        assert self.ask("TST3") == ["TST3 B"]
        (line,) = self.pass_s(TEST_S)
        command, done, value, unit = line.split()
        assert (command, done, unit) == ("TST3", "A", "g")
        return float(value)


def after(hours: float, *defects: str) -> Host:
    host = Host(*defects)
    host.pass_s(hours * HOUR_S)
    return host


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_good_balance_is_off_by_no_more_than_noise_and_linearity(seed: int) -> None:
    host = Host(seed=seed)
    host.pass_s(60.0)
    assert host.deviation_g() == pytest.approx(0.0, abs=4e-4)


@pytest.mark.parametrize(
    ("defects", "hours", "deviation_g"),
    [
        (("balance_scale=0.2",), 0.0, 20.0),
        (("balance_scale=-0.001",), 0.0, -0.1),
        (("balance_scale_at_h=2",), 1.9, 0.0),
        (("balance_scale_at_h=2",), 2.1, 20.0),
        (("balance_sticks_at_h=2",), 2.1, -100.0),
        (("balance_freezes_at_h=2",), 2.1, -100.0),
        (("balance_carats_at_h=2",), 2.1, 400.0),
        (("balance_one_behind",), 0.0, 0.0),
    ],
)
def test_it_measures_its_weight_with_the_faults_that_it_has(
    defects: Sequence[str], hours: float, deviation_g: float
) -> None:
    assert after(hours + 0.01, *defects).deviation_g() == pytest.approx(deviation_g, abs=2e-3)


def test_load_tare_and_zero_are_afterwards_what_they_were() -> None:
    host = after(0.1)
    host.ask("T")
    tare, mass_g = host.ask("TA"), host.mass_g()
    host.deviation_g()
    host.pass_s(1.0)
    assert host.ask("TA") == tare
    assert host.mass_g() == pytest.approx(mass_g, abs=3e-4)


def test_it_takes_its_time_and_other_commands_wait_for_its_end() -> None:
    host = after(0.1)
    assert host.ask("TST3") == ["TST3 B"]
    assert host.ask("SI") == []
    assert host.pass_s(TEST_S - 1.0) == []
    done, mass = host.pass_s(1.0)
    assert (done[:7], mass[:2]) == ("TST3 A ", "S ")
    assert float(mass.split()[2]) == pytest.approx(60.0, abs=0.1)  # the weight is lifted again


def test_whoever_else_asks_meanwhile_sees_the_weight_on_the_pan() -> None:
    host = after(0.1)
    other = host.join()
    host.ask("TST3")
    host.pass_s(5.0)
    other.receive(b"SI\r\n")
    assert float(host.told[-1].split()[2]) == pytest.approx(60.0 + INTERNAL_WEIGHT_G, abs=0.1)


@pytest.mark.parametrize("leave", ["@", "hang up"])
def test_a_test_that_is_broken_off_lifts_the_weight_and_tells_nothing_more(leave: str) -> None:
    host = after(0.1)
    host.ask("TST3")
    host.pass_s(5.0)
    if leave == "@":
        assert host.ask("@") == ['I4 A "SIMBAL-0001"']
    else:
        host.client.cancel()
    assert host.mass_g() == pytest.approx(60.0, abs=0.1)
    assert host.pass_s(2 * TEST_S) == []


def test_a_restart_in_the_middle_ends_it_without_an_answer() -> None:
    host = after(0.1)
    host.ask("TST3")
    host.twin.cell.restart()
    assert host.pass_s(2 * TEST_S) == []


def test_an_overloaded_pan_breaks_it_off() -> None:
    host = after(0.1, "balance_overload=100")
    assert host.ask("TST3") == ["TST3 B"]
    assert host.pass_s(TEST_S) == ["TST3 N"]


def test_a_balance_without_a_weight_of_its_own_does_not_know_the_commands() -> None:
    host = after(0.1, "no_internal_weight")
    assert (host.ask("TST3"), host.ask("M19")) == (["ES"], ["ES"])
    assert not [line for line in host.ask("I0") if "TST3" in line or "M19" in line]


def test_it_tells_its_weight_and_lists_the_commands() -> None:
    host = after(0.1)
    assert host.ask("M19") == ["M19 A 100.00000 g"]
    assert len([line for line in host.ask("I0") if '"TST3"' in line or '"M19"' in line]) == 2


def test_one_behind_gets_what_the_question_before_should_have_got() -> None:
    host = after(0.1, "balance_one_behind")
    host.mass_g()
    host.ask("T")
    assert host.mass_g() == pytest.approx(60.0, abs=0.1)
    assert host.mass_g() == pytest.approx(0.0, abs=1e-3)


def test_a_balance_that_sticks_scatters_as_before_and_sees_nothing_come() -> None:
    host = after(2.1, "balance_sticks_at_h=2")
    host.ask("T")
    host.twin.hydraulics.drive(1000.0)
    masses = [(host.pass_s(30.0), host.mass_g())[1] for _ in range(120)]
    assert abs(masses[-1] - masses[0]) < 2e-4  # a gram came
    assert len(set(masses)) > 5
    assert host.twin.hydraulics.vessel_ul() > 900.0


def test_a_weight_that_somebody_puts_on_is_weighed() -> None:
    host = after(0.1)
    host.ask("T")
    assert isinstance(host.twin.cell.weight_on_pan_g, float)  # type: ignore[attr-defined]  # the cell is the twin's own
    host.twin.cell.weight_on_pan_g = 50.0  # type: ignore[attr-defined]
    assert host.mass_g() == pytest.approx(50.0, abs=4e-4)
