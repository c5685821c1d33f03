# SPDX-License-Identifier: Apache-2.0
"""A balance that sends weights unasked in mid-run gives no verdict that is not its own, and its record says so."""

from pathlib import Path

from instruments.simulated.twin.twin_options import TwinOptions
from tests.sim.bench_run import bench_run
from tests.sim.test_preflight import ONE_LEAK
from tests.sim.twin_bench import twin_bench

UNASKED = b"S D      1.23456 g\r\n"
EVERY, AT_ONCE = 40, 50


def test_a_run_with_a_streaming_balance_tells_it_in_few_words_and_in_its_journal(tmp_path: Path) -> None:
    answers = 0

    def stream(answer: bytes) -> bytes:
        nonlocal answers
        answers += 1
        return UNASKED * AT_ONCE + answer if answers % EVERY == 0 else answer

    with twin_bench(tmp_path, TwinOptions()) as twin:
        twin.balance_wire().spoil = stream
        run = bench_run(twin.file(), tmp_path / "runs", "--chapter=leak", **ONE_LEAK)
    assert run.exit_code in (0, 3), run.printed  # whose trouble it is: never the pump's
    (told,) = [line.data for line in run.journal if line.data.get("what") == "sent-unasked"]
    assert told["lines"] >= AT_ONCE * (answers // EVERY) // 2
    assert told["title"].startswith(f"The balance sent {told['lines']} lines that nobody had asked for")
    assert 1.23456 not in [line.data["mass_g"] for line in run.of_kind("sample")]
    assert len(run.printed + run.errors) < 30_000
