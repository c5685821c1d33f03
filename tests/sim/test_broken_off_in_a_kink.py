# SPDX-License-Identifier: Apache-2.0
"""What a catheter stored in a test that broke off is no delivery of the test behind it.

Found by the campaign of wire faults: a balance that failed during a kink made the next test of a good pump FAIL.
"""

from pathlib import Path

from instruments.simulated.twin.twin_child import TwinChild
from instruments.simulated.twin.twin_options import TwinOptions
from metrology.verdict import Verdict
from tests.campaigns.reference_bench import reference_bench
from tests.sim.bench_run import command, finished, started

PLAN = Path(__file__).with_name("broken_off_in_a_kink.py")


def test_a_test_behind_one_that_broke_off_in_a_kink_passes_a_good_pump(tmp_path: Path) -> None:
    with TwinChild(TwinOptions()) as addresses:
        bench_file = tmp_path / "bench.toml"
        reference_bench(addresses).write(bench_file)
        arguments = command(bench_file, tmp_path / "runs", "--chapter=leak", select="kink or behind", more=[str(PLAN)])
        with started(arguments) as process:
            run = finished(process, tmp_path / "runs")
    verdicts = {test.node.rpartition("::")[2]: test for test in run.summary.tests}
    assert verdicts["test_breaks_off_in_a_kink[high]"].verdict is Verdict.BLOCKED
    behind = verdicts["test_infuses_behind_it[intermediate]"]
    assert behind.verdict is Verdict.PASS, behind.reason
