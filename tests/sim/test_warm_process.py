# SPDX-License-Identifier: Apache-2.0
"""A process that a warm interpreter forked is like one that was started: in its words, its end, its signals."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sim.warm_process import ENVIRONMENT, PUMPBENCH, WarmProcess, can_be_warm

PROGRAM = """
import atexit, os, sys, threading
atexit.register(lambda: print("and its end"))
threading.Thread(target=lambda: (threading.main_thread().join(), print("its threads"))).start()
print(sys.argv, __name__, os.getcwd(), os.environ["TOLD"], os.getsid(0) == os.getpgrp() == os.getpid())
print(sys.modules["__main__"].__dict__ is globals(), "bench" in sys.modules, file=sys.stderr)
sys.exit(int(sys.argv[1]))
"""
# A signal just before `signal.pause()` would be handled after it, which is never; and whoever was started in the
# background ignores an interrupt.
WAITS = (
    "import signal, time\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "print('waits', flush=True)\nwhile True:\n    time.sleep(0.01)\n"
)
LIMIT_S = 120.0


@contextmanager
def program(folder: Path, text: str, *words: str) -> Iterator[WarmProcess]:
    (folder / "one_more_program.py").write_text(text, encoding="utf-8")
    arguments = [sys.executable, "-m", "one_more_program", *words]
    process = WarmProcess(arguments, {**ENVIRONMENT, "TOLD": "so"}, folder)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_it_has_words_folder_environment_and_session_of_its_own_and_the_end_of_an_interpreter(tmp_path: Path) -> None:
    with program(tmp_path, PROGRAM, "7", "x") as process:
        printed, errors = process.communicate(timeout=LIMIT_S)
    words = [str(tmp_path / "one_more_program.py"), "7", "x"]
    assert printed.splitlines() == [f"{words} __main__ {tmp_path} so True", "its threads", "and its end"]
    assert (errors, process.returncode) == ("True True\n", 7)


def test_what_it_prints_can_be_waited_for_and_signals_reach_it_alone(tmp_path: Path) -> None:
    with program(tmp_path, WAITS) as one, program(tmp_path, WAITS) as other:
        assert (one.stdout.readline(), other.stdout.readline()) == ("waits\n", "waits\n")
        assert one.pid != other.pid
        with pytest.raises(subprocess.TimeoutExpired):
            one.communicate(timeout=0.01)
        os.killpg(one.pid, signal.SIGINT)
        assert "KeyboardInterrupt" in one.communicate(timeout=LIMIT_S)[1]
        assert (one.wait(), one.poll()) == (-signal.SIGINT, -signal.SIGINT)
        assert other.poll() is None
        other.kill()
        assert other.wait(LIMIT_S) == -signal.SIGKILL


def test_pumpbench_refuses_as_it_does_when_it_is_started(tmp_path: Path) -> None:
    words = [PUMPBENCH, "run", "nosuch.toml"]
    warm = WarmProcess(words, ENVIRONMENT, tmp_path)
    started = subprocess.run(words, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=LIMIT_S)
    assert (*warm.communicate(timeout=LIMIT_S), warm.returncode) == (started.stdout, started.stderr, 2)


def test_a_setting_that_an_interpreter_hears_only_when_it_starts_wants_one_that_starts() -> None:
    assert can_be_warm([PUMPBENCH, "who"], {**ENVIRONMENT, "COLUMNS": "80"})
    assert not can_be_warm([PUMPBENCH, "who"], {**ENVIRONMENT, "PYTHONPATH": "/elsewhere"})
    assert not can_be_warm([sys.executable, "-c", ""], ENVIRONMENT)
