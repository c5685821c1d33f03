# SPDX-License-Identifier: Apache-2.0
"""What a command leaves running is found by the session that it began, and ended."""

import subprocess
import sys

import pytest

from groundfloor.system.own_group import detached
from groundfloor.system.session_left import end_session
from groundfloor.wall_clock import Deadline, sleep_s

LEAVES_ONE = """
import os, subprocess, sys
waits = [sys.executable, "-c", "import time; time.sleep(60)"]
left = subprocess.Popen(waits, stdout=subprocess.DEVNULL, process_group=0)
print(left.pid, flush=True)
os._exit(0)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no account of sessions")
def test_a_process_that_a_command_leaves_is_ended_whatever_its_group() -> None:
    with subprocess.Popen([sys.executable, "-c", LEAVES_ONE], stdout=subprocess.PIPE, **detached()) as command:
        printed, _ = command.communicate(timeout=60.0)
    assert end_session(command.pid) == (int(printed),)
    limit = Deadline(30.0)
    while end_session(command.pid):  # a kill takes its time
        assert not limit.passed()
        sleep_s(0.01)


def test_a_command_that_leaves_nothing_has_nothing_ended() -> None:
    with subprocess.Popen([sys.executable, "-c", ""], **detached()) as command:
        command.wait(60.0)
    assert end_session(command.pid) == ()
