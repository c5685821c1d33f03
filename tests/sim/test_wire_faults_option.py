# SPDX-License-Identifier: Apache-2.0
"""`pumpbench simulate --wire-faults SEED,RATE`."""

import json
from contextlib import closing, suppress
from pathlib import Path
from time import monotonic

import pytest

from bench.bench_file import BenchFile
from cli.wire_faults import spoilt
from groundfloor.errors import BenchFault, PlanError
from instruments.modbus.line import ModbusLine
from instruments.register_map.map import RegisterMap
from instruments.simulated.wires.twin_addresses import TwinAddresses
from tests.sim.simulated_lab import simulate

LIMIT_S = 120.0


def test_the_bench_file_leads_to_bad_wires_and_every_fault_is_written_down(tmp_path: Path) -> None:
    log = tmp_path / "faults.jsonl"
    options = ("--wire-faults=7,0.5", f"--wire-fault-log={log}")
    points = RegisterMap.named("pump")
    with (
        simulate(tmp_path / "bench.toml", *options) as bench_file,
        closing(ModbusLine.open(BenchFile.load(bench_file).pump.address)) as line,
    ):
        end_s = monotonic() + LIMIT_S
        while log.read_text(encoding="utf-8").count("\n") < 3:
            assert monotonic() < end_s
            with suppress(BenchFault):
                line.read(points.unit_id, points.block("model"))
    faults = [json.loads(text) for text in log.read_text(encoding="utf-8").splitlines()]
    assert len(faults) >= 3
    assert {"at_s", "wire", "direction", "kind", "did", "message"} == set(faults[0])


@pytest.mark.parametrize("wanted", ["7", "x,0.1", "7,2", "7,-1", "7,nan", ""])
def test_another_word_is_wrong_use(tmp_path: Path, wanted: str) -> None:
    nowhere = TwinAddresses("", "", "", "", "real", 1.0, 1, "", "", "", "", ())
    with pytest.raises(PlanError, match="--wire-faults: parse"), spoilt(nowhere, wanted, tmp_path / "log"):
        pass
    assert not (tmp_path / "log").exists()
