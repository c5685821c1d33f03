# SPDX-License-Identifier: Apache-2.0
"""Right after a tare the balance must show zero, at the first question already.

One whose answers are one behind shows what lay on it before, and zero at the second question. It would weigh a steady
flow well and be wrong wherever something changes: at a kink, at a stop, at each tare.
"""

from bench.bench import Bench
from groundfloor.errors import BenchFault

LEAST_MG = 2.0
NOISES = 20.0


def refuse_another_mass_than_zero(bench: Bench) -> None:
    """Read a balance that was just tared.

    Raises:
        BenchFault: it does not show zero, or only when it is asked once more.
    """
    most_mg = LEAST_MG + NOISES * bench.file.balance.repeatability_mg
    first_g = bench.reader.read(bench.balance.read_mass_g).observed.mass_g
    if abs(1000 * first_g) <= most_mg:
        return
    second_g = bench.reader.read(bench.balance.read_mass_g).observed.mass_g
    seen = f"right after it {first_g:.5f} g is shown, not zero"
    if abs(1000 * second_g) <= most_mg:
        seen += f", and {second_g:.5f} g when asked once more: each answer is that to the question before"
    raise BenchFault("balance", "tare", seen, "switch it off and on; see what stands between it and the bench")
