# SPDX-License-Identifier: Apache-2.0
"""The ways to a balance of another dialect: `pumpbench simulate --balance`, a serial line, a bench file."""

from contextlib import closing
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.devices import Connection
from bench.simulated_bench import simulated_bench
from instruments.drivers.table import BALANCE_DIALECTS
from instruments.simulated.balance.dialects import SIMULATED_DIALECTS
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions, Wire
from tests.sim.balances.wordings import WORDINGS, line_balance
from tests.sim.bench_run import PUMPBENCH, started
from tests.sim.simulated_lab import simulate


def test_simulate_takes_the_dialect_of_the_balance_and_writes_it_down(tmp_path: Path) -> None:
    with simulate(tmp_path / "bench.toml", "--balance=a-and-d") as path:
        file = BenchFile.load(path)
        assert file.balance.dialect == "a-and-d"
        with closing(BALANCE_DIALECTS["a-and-d"](file.balance.access)) as balance:
            assert balance.identify().serial_number == file.balance.serial_number
            assert balance.read_mass_g().stable


def test_a_dialect_that_nobody_speaks_is_refused_with_those_that_are_spoken(tmp_path: Path) -> None:
    with started([PUMPBENCH, "simulate", f"--bench-file={tmp_path / 'b.toml'}", "--balance=sartorius"]) as process:
        printed, errors = process.communicate(timeout=60)
    told = " ".join((printed + errors).split())
    assert process.returncode == 2
    assert "no simulated balance speaks 'sartorius'" in told
    assert all(word in told for word in SIMULATED_DIALECTS)


@pytest.mark.parametrize("dialect", ["sbi", "kcp"])
def test_a_twin_on_serial_lines_is_opened_by_the_bench_file_that_leads_to_it(dialect: str) -> None:
    with TwinChild(TwinOptions(dialect=dialect, wire=Wire.PTY)) as addresses:
        access = simulated_bench(addresses).balance.access
        with closing(BALANCE_DIALECTS[dialect](access)) as balance:
            balance.tare()
            assert abs(balance.read_mass_g().mass_g) < 0.001


def test_a_serial_number_that_is_not_told_is_not_compared() -> None:
    with line_balance(WORDINGS[1], knows_inquiries=False) as device, TwinChild(TwinOptions()) as addresses:
        file = simulated_bench(addresses)
        changes = {
            "resource": device.device.resource,
            "dialect": "a-and-d",
            "serial_number": "SN-4711",
            "accept_unverified_settings": True,
            "capacity_g": 320.0,
        }
        connection = Connection(file.model_copy(update={"balance": file.balance.model_copy(update=changes)}))
        with closing(connection):
            (found,) = [one for one in connection.findings if one.asset == "balance"]
            assert found.trouble is None
            assert found.identity is not None
            assert found.identity.serial_number == ""


def test_another_serial_number_than_that_of_the_bench_file_is_refused() -> None:
    with TwinChild(TwinOptions(dialect="ohaus")) as addresses:
        file = simulated_bench(addresses)
        other = file.model_copy(update={"balance": file.balance.model_copy(update={"serial_number": "OTHER"})})
        with closing(Connection(other)) as connection:
            (found,) = [one for one in connection.findings if one.asset == "balance"]
            assert found.trouble is not None
            assert "'SIMBAL-0001' answers, the bench file says 'OTHER'" in found.trouble.seen
