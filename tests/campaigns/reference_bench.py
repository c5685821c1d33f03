# SPDX-License-Identifier: Apache-2.0
"""The bench of the reference run of crashes and wire faults: its waits are cut down to what the verdicts need."""

from bench.bench_file import BenchFile
from bench.simulated_bench import simulated_bench
from instruments.simulated.wires.twin_addresses import TwinAddresses
from tests.sim.quick_bench import quick

BLANK_S, LEAD_IN_S, RUN_DOWN_S = 300.0, 120.0, 300.0


def reference_bench(addresses: TwinAddresses) -> BenchFile:
    """Return the bench file that leads to a twin."""
    file = quick(simulated_bench(addresses), blank_s=BLANK_S)
    limits = file.limits.model_copy(update={"lead_in_s": LEAD_IN_S, "run_down_s": RUN_DOWN_S})
    return file.model_copy(update={"limits": limits})
