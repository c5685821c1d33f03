# SPDX-License-Identifier: Apache-2.0
"""Whether memory stays flat over days and days of samples, and how long the journal gets."""

from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.afresh import afresh
from benchmarks.figure import Figure
from benchmarks.infusing import INTERVAL_S, infusing

DAY_S = 24 * 3600.0
DAYS = 10
RATE_UL_PER_H = 20.0  # 14.4 mL in 30 days: the reservoir lasts that long
MOST_GROWTH_MIB = 5.0


@dataclass(frozen=True)
class Month:
    """Resident memory in MiB at the end of each day, of bench and twin; journal bytes and processor seconds, in all."""

    bench_mib: tuple[float, ...]
    twin_mib: tuple[float, ...]
    journal_bytes: int
    cpu_s: float


def month_memory() -> list[Figure]:
    """Infuse for ten days, once."""
    month = afresh(one_month, 1)[0]
    samples = DAYS * DAY_S / INTERVAL_S
    per_sample = f"{samples:.0f} samples, every {INTERVAL_S:g} s for {DAYS} days"
    return [
        _growth("the bench's memory, growth after the first day", month.bench_mib),
        _growth("the twin's memory, growth after the first day", month.twin_mib),
        Figure("journal", "bytes/sample", (month.journal_bytes / samples,), note=per_sample),
        Figure(
            f"a {DAYS}-day infusion, processor time", "s", (month.cpu_s,), note=f"bench and twin together; {per_sample}"
        ),
    ]


def one_month(days: int = DAYS) -> Month:
    """Infuse for `days` in this process, which is then pinned to one core."""
    with infusing() as it, it.infusion(RATE_UL_PER_H) as infusion:
        start_s, before = it.cpu_s(), it.run.journal.position
        bench_mib, twin_mib = [], []
        for _ in range(days):
            infusion.wait(DAY_S)
            bench_mib.append(it.bench.memory_mib())
            twin_mib.append(it.twin.memory_mib())
        return Month(tuple(bench_mib), tuple(twin_mib), it.run.journal.position - before, it.cpu_s() - start_s)


def _growth(name: str, mib: Sequence[float]) -> Figure:
    note = f"from {mib[0]:.1f} MiB on day 1 to {mib[-1]:.1f} MiB on day {len(mib)}; most {max(mib):.1f} MiB"
    return Figure(name, "MiB", (mib[-1] - mib[0],), MOST_GROWTH_MIB, note)
