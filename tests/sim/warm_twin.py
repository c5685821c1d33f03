# SPDX-License-Identifier: Apache-2.0
"""A twin that a warm interpreter forked, where a test wants many and asks nothing of how one is started."""

import contextlib
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from instruments.simulated.twin.twin_child import PROGRAM
from instruments.simulated.twin.twin_options import TwinOptions
from instruments.simulated.wires.twin_addresses import TwinAddresses
from tests.sim.warm_process import ENVIRONMENT, WarmProcess

PATIENCE_S = 10.0
"""For the end of a twin that was asked to end; one that was stopped does not."""


class WarmTwin:
    """Is a twin for as long as a `with` block lasts, as `TwinChild` is: it ends when its standard input does.

    Args:
        options: what the twin is.
        program: what `TwinChild` would have an interpreter run.
    """

    def __init__(self, options: TwinOptions, program: Sequence[str] = PROGRAM) -> None:
        interpreter = [sys.executable] if "-m" in program else []
        own = [word for word in program if word != "-P"]
        self._words = [*interpreter, *own, *replace(options, until_stdin_closes=True).arguments()]
        self._process: WarmProcess | None = None

    @property
    def pid(self) -> int | None:
        """Return its process id, None before it was started."""
        return None if self._process is None else self._process.pid

    def __enter__(self) -> TwinAddresses:
        """Start it, and return where it can be reached."""
        self._process = WarmProcess(self._words, ENVIRONMENT, Path.cwd(), reads=True)
        told = self._process.stdout.readline()
        if not told:
            raise AssertionError(self._process.communicate())
        return TwinAddresses.from_json(told)

    def __exit__(self, *_: object) -> None:
        """End it."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE_S)
        process.kill()
        process.communicate()
