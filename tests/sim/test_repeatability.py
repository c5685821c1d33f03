# SPDX-License-Identifier: Apache-2.0
"""In stepped time a run is a function of its seed."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.sim.bench_run import bench_run


def test_one_seed_gives_one_journal_to_the_byte_and_another_seed_another(tmp_path: Path) -> None:
    def journal(case: tuple[str, int]) -> bytes:
        run = bench_run("simulated", tmp_path / case[0], f"--seed={case[1]}", "--chapter=leak", select="60")
        assert run.exit_code == 0, run.printed + run.errors
        return (run.folder / "journal.jsonl").read_bytes()

    with ThreadPoolExecutor(2) as pool:
        first, again, other = pool.map(journal, [("first", 5), ("again", 5), ("other", 6)])
    assert first == again
    assert first != other
