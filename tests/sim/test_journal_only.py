# SPDX-License-Identifier: Apache-2.0
"""A run that leaves journal and summary alone, and a page that is made of them later."""

import json
from pathlib import Path

from metrology.verdict import Verdict
from tests.sim.bench_run import PUMPBENCH, ran
from tests.sim.forked_run import forked_run

VIEWS = ("report.html", "samples.parquet", "pictures", "samples")


def test_a_run_leaves_its_journal_and_summary_alone_and_the_page_is_made_of_them_later(tmp_path: Path) -> None:
    run = forked_run(tmp_path, "--chapter=kink", select="recovers and high")
    assert (run.exit_code, run.test.verdict) == (0, Verdict.PASS)
    assert not [view for view in VIEWS if (run.folder / view).exists()]
    summary = (run.folder / "summary.json").read_bytes()
    made = ran([PUMPBENCH, "report", str(run.folder)])
    assert made.returncode == 0, made.stdout + made.stderr
    assert (run.folder / "report.html").is_file()
    assert (run.folder / "pictures" / "I-0001-delivery.svg").is_file()
    (result,) = run.folder.glob("allure-results/*-result.json")
    assert "](../pictures/I-0001-delivery.svg)" in json.loads(result.read_text(encoding="utf-8"))["description"]
    assert (run.folder / "summary.json").read_bytes() == summary
