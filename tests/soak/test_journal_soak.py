# SPDX-License-Identifier: Apache-2.0
"""The journal over a month and through thousands of kills: `tox -e soak`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.journal import SamplesToCome, check_journal, predicted_bytes, read_lines
from benchmarks.infusing import infusing
from tests.soak.figures import Figures

pytestmark = pytest.mark.soak

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("PUMPBENCH_SOAK_KILLS", "2000"))
DAYS = int(os.environ.get("PUMPBENCH_SOAK_DAYS", "30"))
DAY_S = 86400.0
RATE_UL_PER_H = 20.0  # 14.4 mL in 30 days: the reservoir lasts
MOST_GROWTH_MIB = 5.0
MOST_OFF_PERCENT = 5.0
MIB = 2**20


def test_thousands_of_killed_writers_lose_no_acknowledged_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sim.journal_kills", str(tmp_path), str(KILLS), "7"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    columns = {
        "kills": "kills",
        "acknowledged": "lines acknowledged",
        "lost": "acknowledged lines lost",
        "broken_chains": "broken chains",
        "torn_tails": "torn last lines",
        "reads_while_written": "reads while it was written",
    }
    title = "Journal: writers killed with SIGKILL at random instants"
    Figures(title, list(columns.values()), [[found[name] for name in columns]]).keep("journal-kills")
    assert found["kills"] == KILLS
    assert (found["lost"], found["broken_chains"], found["behind_acknowledged"]) == (0, 0, 0)


def test_a_month_of_samples_each_second_keeps_memory_flat_and_the_journal_as_long_as_predicted() -> None:
    with infusing() as it, it.infusion(RATE_UL_PER_H, interval_s=1.0) as infusion:
        journal = it.run.journal
        infusion.wait(1.0)
        *_, sample = (line for line in read_lines(journal.path) if line.kind == "sample")
        coming = SamplesToCome(DAYS * DAY_S, 1.0, RATE_UL_PER_H * 24 * DAYS)
        predicted = predicted_bytes(sample.data, sample.t_s, sample.seq + 1, coming)
        begin = journal.position
        bench_mib, twin_mib = [], []
        for _ in range(DAYS):
            infusion.wait(DAY_S)
            bench_mib.append(it.bench.memory_mib())
            twin_mib.append(it.twin.memory_mib())
        written = journal.position - begin
        found = check_journal(journal.path)
    off_percent = 100 * (predicted / written - 1)
    bench_growth_mib, twin_growth_mib = bench_mib[-1] - bench_mib[0], twin_mib[-1] - twin_mib[0]
    row = {
        "samples": found.samples,
        "journal, MiB": round(written / MIB, 1),
        "predicted, MiB": round(predicted / MIB, 1),
        "off by, %": round(off_percent, 2),
        "bench after a day, MiB": round(bench_mib[0], 1),
        "bench growth, MiB": round(bench_growth_mib, 1),
        "twin growth, MiB": round(twin_growth_mib, 1),
    }
    title = f"{DAYS} days of samples at 1 Hz, stepped clock: length of the journal, memory"
    Figures(title, list(row), [list(row.values())]).keep("journal-month")
    assert found.whole
    assert found.samples >= DAYS * DAY_S
    assert abs(off_percent) < MOST_OFF_PERCENT
    assert max(bench_growth_mib, twin_growth_mib) < MOST_GROWTH_MIB
