# SPDX-License-Identifier: Apache-2.0
"""A refused start is noted beside the runs, and never waits for what stands in the place of the list."""

import json
import os
from pathlib import Path

import pytest

from bench.run import note_refusal
from bench.run.refused_starts import REFUSED

pytestmark = pytest.mark.timeout(20)


def test_a_refused_start_is_a_line_of_the_list(tmp_path: Path) -> None:
    for why in ("no such file", "another one"):
        note_refusal(tmp_path / "runs", ["pumpbench", "run", "x"], why)
    lines = [json.loads(line) for line in (tmp_path / "runs" / REFUSED).read_text(encoding="ascii").splitlines()]
    assert [(one["command"][-1], one["why"]) for one in lines] == [("x", "no such file"), ("x", "another one")]


def test_nobody_waits_for_a_pipe_and_nothing_is_written_into_a_device(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / REFUSED)
    note_refusal(tmp_path, ["pumpbench"], "no such file")
    reader = os.open(tmp_path / REFUSED, os.O_RDONLY | os.O_NONBLOCK)
    note_refusal(tmp_path, ["pumpbench"], "no such file")
    assert os.read(reader, 100) == b""
    os.close(reader)
