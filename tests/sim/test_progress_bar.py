# SPDX-License-Identifier: Apache-2.0
"""The progress bar: on a terminal it tells bench time, volumes and time left.

That elsewhere nothing of it is printed is tested in `test_runs.py`.
"""

import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from pathlib import Path

import pytest

from tests.sim.bench_run import ENVIRONMENT, LIMIT_S, command

BAR = re.compile(r"bench time \d+:\d\d:\d\d .*delivered (\d+\.\d) of (\d+\.\d) µL .*\d+:\d\d:\d\d left")
CHAPTER, TEST = "--chapter=leak", "60"


def told_to_a_terminal(arguments: list[str], columns: int) -> str:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {**ENVIRONMENT, "TERM": "xterm-256color"}
    del environment["COLUMNS"]
    with subprocess.Popen(arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        told = b""
        try:
            while piece := os.read(ours, 65536):
                told += piece
        except OSError:  # the last one to hold the other end is gone
            pass
        finally:
            os.close(ours)
        assert process.wait(LIMIT_S) == 0
    return told.decode("utf-8")


@pytest.mark.parametrize("columns", [80, 200])
def test_a_terminal_shows_bench_time_delivered_and_expected_volume_and_time_left(tmp_path: Path, columns: int) -> None:
    told = told_to_a_terminal(command("simulated", tmp_path, CHAPTER, select=TEST), columns)
    shown = BAR.findall(re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told))
    assert shown, told
    weighed_ul, expected_ul = (float(volume) for volume in shown[-1])
    assert 0 < weighed_ul < expected_ul
