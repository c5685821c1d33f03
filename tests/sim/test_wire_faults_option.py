# SPDX-License-Identifier: Apache-2.0
"""`pumpbench simulate --wire-faults SEED,RATE`."""

import json
import signal
import subprocess
from pathlib import Path
from time import monotonic, sleep

import pytest

from bench.bench_file import BenchFile
from cli.wire_faults import spoilt
from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.line import ModbusLine
from instruments.register_map.map import RegisterMap
from instruments.simulated.wires.twin_addresses import TwinAddresses
from tests.sim.bench_run import ENVIRONMENT, PUMPBENCH

LIMIT_S = 30.0


def test_the_bench_file_leads_to_bad_wires_and_every_fault_is_written_down(tmp_path: Path) -> None:
    file, log = tmp_path / "bench.toml", tmp_path / "faults.jsonl"
    arguments = [PUMPBENCH, "simulate", "--wire-faults=7,0.5", f"--wire-fault-log={log}", f"--bench-file={file}"]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=ENVIRONMENT)
    try:
        _wait_for(file)
        points = RegisterMap.named("pump")
        line = ModbusLine.open(BenchFile.load(file).pump.address, timeout_s=0.05)
        for _ in range(10):
            try:
                line.read(points.unit_id, points.block("model"))
            except BenchFault:
                continue
        line.close()
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=LIMIT_S)
    assert process.returncode == 0
    faults = [json.loads(text) for text in log.read_text(encoding="utf-8").splitlines()]
    assert len(faults) >= 3
    assert {"at_s", "wire", "direction", "kind", "did", "message"} == set(faults[0])


def _wait_for(file: Path) -> None:
    end_s = monotonic() + LIMIT_S
    while not (file.is_file() and file.read_text(encoding="utf-8").endswith("\n")):
        assert monotonic() < end_s
        sleep(0.05)


@pytest.mark.parametrize("wanted", ["7", "x,0.1", "7,2", "7,-1", "7,nan", ""])
def test_another_word_is_wrong_use(tmp_path: Path, wanted: str) -> None:
    nowhere = TwinAddresses("", "", "", "", "real", 1.0, 1, "", "", "", "", ())
    with pytest.raises(PlanError, match="--wire-faults: parse"), spoilt(nowhere, wanted, tmp_path / "log"):
        pass
    assert not (tmp_path / "log").exists()
