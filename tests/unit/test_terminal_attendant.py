# SPDX-License-Identifier: Apache-2.0
"""Whoever sits at the terminal is asked; where nobody does, nothing waits."""

import os
import pty
import sys
from pathlib import Path

import pytest

from bench.attendance import Nobody, TerminalAttendant

ASKED = "put the weight onto the pan"
PROGRAM = f"""
import sys
from bench.attendance import TerminalAttendant
attendant = TerminalAttendant()
print(attendant.ask({ASKED!r}), flush=True)
print(attendant.answered(), flush=True)
while not attendant.answered():
    pass
print("done", flush=True)
"""
ROOT = Path(__file__).parents[2]


def test_nobody_is_never_there() -> None:
    assert (Nobody().ask(ASKED), Nobody().answered()) == (False, False)


def test_without_a_terminal_there_is_nobody(tmp_path: Path) -> None:
    attendant = TerminalAttendant(str(tmp_path / "tty"))
    assert (attendant.ask(ASKED), attendant.answered()) == (False, False)


def test_a_file_that_is_no_terminal_is_nobody_either(tmp_path: Path) -> None:
    file = tmp_path / "tty"
    file.write_bytes(b"\n")
    attendant = TerminalAttendant(str(file))
    assert (attendant.ask(ASKED), attendant.answered()) == (False, False)
    assert file.read_bytes() == b"\n"


def test_a_terminal_that_the_process_has_only_in_the_background_is_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = os.openpty()
    try:
        monkeypatch.setattr(os, "tcgetpgrp", lambda _terminal: os.getpgrp() + 1)
        assert TerminalAttendant(os.ttyname(slave)).ask(ASKED) is False
    finally:
        os.close(master)
        os.close(slave)


def test_the_return_key_says_that_it_is_done_and_what_was_typed_before_does_not() -> None:
    child, master = pty.fork()
    if child == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-c", PROGRAM])
    told = b""
    while b"False" not in told:
        told += os.read(master, 1024)
    assert f">>> {ASKED}, then press the return key.".encode() in told
    assert b"True" in told
    os.write(master, b"\n")
    while b"done" not in told:
        told += os.read(master, 1024)
    assert os.waitpid(child, 0)[1] == 0
    os.close(master)
