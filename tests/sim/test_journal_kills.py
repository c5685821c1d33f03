# SPDX-License-Identifier: Apache-2.0
"""A journal whose writer is killed at any instant keeps every line that it acknowledged."""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_fifty_killed_writers_lose_no_acknowledged_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.sim.journal_kills", str(tmp_path), "50", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["kills"] == 50
    assert figures["acknowledged"] > 1000
    assert figures["reads_while_written"] > 10
    assert (figures["lost"], figures["broken_chains"], figures["behind_acknowledged"]) == (0, 0, 0)
