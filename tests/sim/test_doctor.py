# SPDX-License-Identifier: Apache-2.0
"""`pumpbench doctor`: who answers, how quiet the balance is, and all that is wrong at once."""

import re
from pathlib import Path

from bench.bench_file import BenchFile
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.bench_run import LIMIT_S, PUMPBENCH, started
from tests.sim.reserved_port import ReservedPort
from tests.sim.simulated_lab import simulate, write_bench_file


def doctor(bench_file: Path) -> tuple[int, str]:
    with started([PUMPBENCH, "doctor", str(bench_file)]) as process:
        printed, errors = process.communicate(timeout=LIMIT_S)
        assert not errors
        return process.returncode, printed


def test_the_doctor_tells_identities_calibration_and_noise_of_a_bench_that_is_ready(tmp_path: Path) -> None:
    with simulate(tmp_path / "bench.toml", "--clock=scaled", "--speed=10") as bench_file:
        exit_code, printed = doctor(bench_file)
    assert exit_code == 0
    for asset, identity in [("pump", "SIM20-0001"), ("rig", "SIMRIG-0001"), ("balance", "SIMBAL-0001")]:
        assert re.search(rf"{asset} .* {identity} ", printed)
    assert re.search(r"OK +│ calibration +│ due on 2999-01-01", printed)
    noise = re.search(r"standard deviation (\d\.\d+) mg of 20 readings in 19 s", printed)
    assert noise is not None
    assert 0 < float(noise[1]) < 0.1


def test_the_doctor_tells_all_that_is_wrong_at_once(tmp_path: Path) -> None:
    one, other = ReservedPort(), ReservedPort()
    with TwinChild(TwinOptions()) as addresses:
        good = BenchFile.load(write_bench_file(addresses, tmp_path / "good.toml"))
        pump = good.pump.model_copy(update={"address": f"tcp://127.0.0.1:{one.number}"})
        balance = good.balance.model_copy(update={"resource": f"TCPIP::127.0.0.1::{other.number}::SOCKET"})
        good.model_copy(update={"pump": pump, "balance": balance}).write(tmp_path / "bad.toml")
        exit_code, printed = doctor(tmp_path / "bad.toml")
    assert exit_code == 3
    troubles = [line for line in printed.splitlines() if line.startswith("✗")]
    assert len(troubles) == 2
    assert re.search(rf"✗ pump at {re.escape(pump.address)}.*refused", troubles[0])
    assert re.search(rf"✗ balance.*{re.escape(balance.resource)}", troubles[1])
    assert re.search(r"rig .* SIMRIG-0001 ", printed)
