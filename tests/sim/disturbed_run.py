# SPDX-License-Identifier: Apache-2.0
"""Whole runs of `pumpbench run` over bad wires, beside the same over good ones: same twin, seed and instants."""

import tomllib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w

from bench.simulated_bench import simulated_bench
from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.faulty_wires import FaultyWires
from instruments.simulated.wires.wire_fault import FaultRecord
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, command, finished, started

TIMEOUT_S = 0.15
"""Of devices on bad wires: shorter than the longest fault, so that waiting alone does not get over it."""
CALM_TIMEOUT_S = 1.0
"""Of devices on good wires: a busy machine must not look like a dead one."""
LONGEST_FAULT_S = 0.3
PATIENCE_S = 2.0


@dataclass(frozen=True)
class DisturbedRun:
    """A run and what was done to its wires."""

    run: BenchRun
    faults: Sequence[FaultRecord]

    @property
    def verdict(self) -> Verdict:
        return self.run.summary.verdict

    def samples(self) -> dict[float, dict[str, Any]]:
        """Return what every sample holds, by its instant."""
        return {line.t_s: dict(line.data) for line in self.run.of_kind("sample")}

    def wrong_samples(self, true: "DisturbedRun") -> list[str]:
        """Return what differs from the run over good wires at the same instants, or was taken at none of them."""
        truth = true.samples()
        return [
            f"{instant_s} s: {sample} instead of {truth.get(instant_s)}"
            for instant_s, sample in self.samples().items()
            if sample != truth.get(instant_s)
        ]


def disturbed_run(
    folder: Path,
    rate: float,
    defects: tuple[str, ...] = (),
    wires_seed: int = 1,
    prepare: Callable[[FaultyWires], None] = lambda _: None,
) -> DisturbedRun:
    """Run one test of the delivery chapter; a rate of 0 leaves the wires alone, `prepare` may do something to them."""
    faults: list[FaultRecord] = []
    folder.mkdir(parents=True)
    with ExitStack() as ends:
        addresses = ends.enter_context(TwinChild(TwinOptions(defects=defects)))
        wires = FaultyWires(addresses, seed=wires_seed, rate=rate, longest_s=LONGEST_FAULT_S, on_fault=faults.append)
        ends.enter_context(wires)
        for proxy in wires.proxies:
            # a late copy of an order to an actuator is obeyed again; then this run has other instants than the true one
            proxy.late_copies = False
        prepare(wires)
        file = _bench_file(wires, folder, TIMEOUT_S if rate else CALM_TIMEOUT_S)
        process = ends.enter_context(started(command(file, folder / "runs", "--chapter=delivery", select="high")))
        return DisturbedRun(finished(process, folder / "runs"), faults)


def _bench_file(wires: FaultyWires, folder: Path, timeout_s: float) -> Path:
    path = folder / "bench.toml"
    simulated_bench(wires.addresses).write(path)
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for device in ("pump", "rig", "balance"):
        content[device]["timeout_s"] = timeout_s
    content["balance"]["stable_timeout_s"] = 4 * LONGEST_FAULT_S
    content["evaporation"] = {"blank_s": 600.0}
    content["limits"] = {"patience_s": PATIENCE_S}
    path.write_text(tomli_w.dumps(content), encoding="utf-8")
    return path
