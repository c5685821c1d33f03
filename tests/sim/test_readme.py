# SPDX-License-Identifier: Apache-2.0
"""What the README and the help of `analyse` show is typed as it stands, and ends as they say."""

import inspect
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.analyse import analyse_recording
from cli.main import app_of
from metrology.verdict import Verdict
from reports.summary import Summary
from tests.sim.bench_run import LIMIT_S, PUMPBENCH, started

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
PROMISED = re.findall(r"^    pumpbench (run .+?)\s+# ([A-Z]+), exit code (\d)$", README, re.MULTILINE)
TYPED = {
    "README": re.findall(r"^    pumpbench (analyse .+?)(?:\s+#.*)?$", README, re.MULTILINE),
    "help": re.findall(r"^`pumpbench (analyse .+?)`", inspect.getdoc(analyse_recording) or "", re.MULTILINE),
}


def test_the_readme_promises_each_verdict_that_is_no_pass() -> None:
    assert {verdict for _, verdict, _ in PROMISED} == {"FAIL", "BLOCKED", "INCONCLUSIVE"}


@pytest.mark.parametrize(("words", "verdict", "code"), PROMISED)
def test_a_run_that_the_readme_shows_ends_as_it_says(tmp_path: Path, words: str, verdict: str, code: str) -> None:
    run, *options = shlex.split(words)
    with started([PUMPBENCH, run, "--no-html", f"--out={tmp_path}", *options], afresh=True) as process:
        printed, errors = process.communicate(timeout=LIMIT_S)
    assert process.returncode == int(code), printed + errors
    (folder,) = tmp_path.iterdir()
    assert Summary.load(folder / "summary.json").verdict is Verdict[verdict]


@pytest.mark.parametrize("place", TYPED)
def test_the_examples_of_analyse_work_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ends = [CliRunner().invoke(app_of(["analyse"]), shlex.split(words)) for words in TYPED[place]]
    assert len(ends) >= 2
    for end, words in zip(ends, TYPED[place], strict=True):
        decided = 3 if "--limits" in words else 0  # the liquid was not named, so nothing is passed
        assert end.exit_code == decided, end.output
    assert (tmp_path / "day" / "analysis.json").is_file()
    assert "0.5 mL/h" in TYPED[place][1]
