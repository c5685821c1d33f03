# SPDX-License-Identifier: Apache-2.0
"""The doctor calls a bench ready only if a run accepts it, and what it advises can be typed as it stands."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.bench import Bench
from bench.bench_file import BenchFile
from cli.main import main
from instruments.modbus.line import ModbusLine
from instruments.modbus.rig_lease import ModbusRigLease
from instruments.register_map.map import RegisterMap
from metrology.verdict import Verdict
from tests.sim.bench_run import bench_run
from tests.sim.short_reads import short_reads
from tests.sim.twin_bench import TwinBench, twin_bench


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[TwinBench]:
    with twin_bench(tmp_path) as there:
        yield there


class Terminal:
    """Types a command and reads what it says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys
        monkeypatch.setenv("COLUMNS", "300")

    def type(self, *words: str) -> tuple[object, str]:
        self._monkeypatch.setattr("sys.argv", list(words))
        with pytest.raises(SystemExit) as ended:
            main()
        told = self._capsys.readouterr()
        return ended.value.code, " ".join((told.out + told.err).split())


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(monkeypatch, capsys)


def advised(told: str) -> list[str]:
    found = re.search(r"`(pumpbench [^`]*)`", told)
    assert found is not None
    return shlex.split(found[1])


def test_a_gateway_that_cuts_long_reads_is_found_and_the_number_of_registers_is_told(
    twin: TwinBench, terminal: Terminal, tmp_path: Path
) -> None:
    port = int(twin.content["pump"]["address"].rpartition(":")[2])
    with short_reads(port, most_registers=64) as gateway:
        twin.content["pump"]["address"] = twin.content["rig"]["address"] = f"tcp://127.0.0.1:{gateway}"
        code, told = terminal.type("pumpbench", "doctor", str(twin.file()))
        run = bench_run(twin.file(), tmp_path / "runs", "--chapter=leak", select="60")
    seen = "exception 3 (value not accepted) to 80 input registers from 64 on"
    advice = "see how many of 80 registers may be read at once, and tell the map: most_registers_in_one_read"
    assert code == 3
    assert f"unit 1: read alarm_log[0].code … alarm_log[15].cleared_s: {seen}. Next: {advice}" in told
    assert "is ready" not in told
    assert (run.exit_code, run.test.verdict) == (3, Verdict.BLOCKED)
    assert seen in run.test.reason


def test_a_gateway_that_lets_the_longest_block_pass_is_ready(twin: TwinBench, terminal: Terminal) -> None:
    port = int(twin.content["pump"]["address"].rpartition(":")[2])
    with short_reads(port, most_registers=96) as gateway:
        twin.content["pump"]["address"] = twin.content["rig"]["address"] = f"tcp://127.0.0.1:{gateway}"
        code, told = terminal.type("pumpbench", "doctor", str(twin.file()))
    assert (code, "is ready" in told) == (0, True)
    assert "0 alarms, 0 boluses, the program in force, 0 safe states of the rig" in told


def test_a_bench_that_somebody_holds_is_taken_by_the_command_that_the_doctor_prints(
    twin: TwinBench, terminal: Terminal
) -> None:
    path = twin.file()
    bench = Bench.open(BenchFile.load(path))
    try:
        code, told = terminal.type("pumpbench", "doctor", str(path))
        assert code == 3
        code, told = terminal.type(*advised(told))
        assert (code, "taken from" in told) == (0, True)
    finally:
        bench.close()
    assert terminal.type("pumpbench", "doctor", str(path))[0] == 0


def test_a_rig_that_another_computer_holds_is_not_ready_until_what_is_advised_was_typed(
    twin: TwinBench, terminal: Terminal
) -> None:
    path, points = twin.file(), RegisterMap.named("rig")
    line = ModbusLine.open(twin.content["rig"]["address"])
    try:
        ModbusRigLease(line, points, points.unit_id).take(7, "ada@elsewhere:12", 600)
        code, told = terminal.type("pumpbench", "doctor", str(path))
        assert (code, "ada@elsewhere:12 holds the rig" in told) == (3, True)
        assert terminal.type(*advised(told))[0] == 0
        assert terminal.type("pumpbench", "doctor", str(path))[0] == 0
    finally:
        line.close()
