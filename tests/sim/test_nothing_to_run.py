# SPDX-License-Identifier: Apache-2.0
"""A plan in which nothing is left to run is told in one sentence."""

from pathlib import Path

import pytest

from groundfloor.exit_code import ExitCode
from groundfloor.system.forked import CAN_FORK
from tests.sim.forked_command import forked_command

TOLD = "plan: collect: none of its tests is left to run. Next: a test is a function test_…"


@pytest.mark.skipif(not CAN_FORK, reason="no process is copied here")
@pytest.mark.parametrize(("code", "more"), [("VALUE = 1\n", []), ("def test_it(bench): pass\n", ["-k", "other"])])
def test_it_is_told_in_one_sentence(code: str, more: list[str], tmp_path: Path) -> None:
    (tmp_path / "test_mine.py").write_text(code, encoding="utf-8")
    words = ["run", "simulated", "--journal-only", "--out", "runs", "--", "test_mine.py", *more]
    ended = forked_command(words, tmp_path)
    assert ended.exit_code == ExitCode.WRONG_USE, ended.printed
    assert TOLD in ended.printed
