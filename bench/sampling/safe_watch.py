# SPDX-License-Identifier: Apache-2.0
"""The safe watch: a pump that the rig stopped, because somebody sent the rig to its safe state, did not stop by itself.

Anybody may send a rig there, without a token, because that must never be refused. What it does shows in each sample: a
pump that should run stands. Only then the rig's own log is asked, so that looking costs nothing in a good run. A rig
that keeps no log cannot tell; its pump then stands for no reason, and the volume fails.
"""

from collections.abc import Callable

from bench.bench import Bench
from bench.sampling.sample import Sample
from groundfloor.errors import BenchFault
from instruments.pump import PumpState


class SafeWatch:
    """Finds out whether the rig stopped the pump; subscribe its `on_sample` to those of a sampling.

    Args:
        bench: whose rig is asked.
        running: tells whether the pump should run.
    """

    def __init__(self, bench: Bench, running: Callable[[], bool]) -> None:
        self._bench = bench
        self._running = running
        self._count: int | None = None

    def begin(self) -> None:
        """Count from now on."""
        log = self._bench.reader.read(self._bench.rig.safe_log).observed
        self._count = log.count if log is not None else None

    def on_sample(self, sample: Sample) -> None:
        """Ask the rig where a pump that should run stands without an alarm.

        Raises:
            BenchFault: the rig was sent to its safe state.
        """
        since = self._count
        if since is None or sample.pump.state is not PumpState.STOPPED or not self._running():
            return
        log = self._bench.reader.read(lambda: self._bench.rig.safe_log(since)).observed
        if log is not None and log.count > since:
            seen = f"it went to its safe state ({log.entries[-1].reason}) unasked, and stopped the pump"
            raise BenchFault("rig", "watch its safe state", seen, "find out who or what sent it there, then start over")
