# SPDX-License-Identifier: Apache-2.0
"""`pumpbench …` in a process and a session of its own, for at most so long, and what it left behind."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from groundfloor.system.own_group import detached
from groundfloor.system.session_left import end_session

ENDS_IN_S = 20.0
"""After it was asked to end, until it is ended: a run goes to its safe state meanwhile."""


@dataclass(frozen=True)
class CommandEnd:
    """How a command ended.

    Attributes:
        exit_code: None where it went on after its limit, and was ended.
        printed: on both streams.
        left: numbers of processes that it left behind; they were ended.
    """

    exit_code: int | None
    printed: str
    left: tuple[int, ...] = ()


def command_alone(words: Sequence[str], folder: Path, environment: Mapping[str, str], limit_s: float) -> CommandEnd:
    """Run a command of ours to its end.

    Args:
        words: behind `pumpbench`.
        folder: where it runs.
        environment: what it has besides that of this process.
        limit_s: when it is ended.
    """
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(  # noqa: S603  our own interpreter and module
            [sys.executable, "-m", "pumpbench", *words],
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            **detached(),
        )
        try:
            code = _waited(process, limit_s)
        finally:
            _end(process)
            left = end_session(process.pid)
        printed.seek(0)
        return CommandEnd(code, printed.read().decode("utf-8", "replace"), left)


def _waited(process: "subprocess.Popen[bytes]", limit_s: float) -> int | None:
    try:
        return process.wait(limit_s)
    except subprocess.TimeoutExpired:
        return None


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(ENDS_IN_S)
        process.kill()
        process.wait()
