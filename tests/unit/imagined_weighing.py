# SPDX-License-Identifier: Apache-2.0
"""A weighing without a balance: of the bench nothing but its file is asked."""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.profile import Profile
from bench.simulated_bench import simulated_bench
from bench.weighing import Weighing
from instruments.simulated.wires.twin_addresses import TwinAddresses
from metrology.gravimetry import BalanceSpecification, Evaporation

PROFILE = Profile.named("implantable-20ml", Path(__file__).parents[2] / "test_plans" / "profiles")


@dataclass
class FileOnly:
    """A bench of which nothing but its file is asked."""

    file: BenchFile


def imagined_file() -> BenchFile:
    """Return the file of a simulated bench, with addresses that nobody opens."""
    return simulated_bench(
        TwinAddresses(
            pump="tcp://127.0.0.1:1", rig="tcp://127.0.0.1:1", balance="TCPIP::127.0.0.1::1::SOCKET",
            control="127.0.0.1:1", clock="stepped", speed=1.0, model="implantable-20ml", seed=1, defects=(),
            pump_serial="P", rig_serial="R", balance_serial="B",
        )
    )  # fmt: skip


def weighing(specification: BalanceSpecification | None = None, blank: Evaporation | None = None) -> Weighing:
    bench = cast("Bench", FileOnly(imagined_file()))
    known = Weighing(bench, blank or Evaporation(0.03, 0.01, 59, 1.0, 1800.0))
    return known if specification is None else known.using(specification, known.setup.evaporation)
