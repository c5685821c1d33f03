# SPDX-License-Identifier: Apache-2.0
"""While a check moves an injector the rig's watchdog listens: a bench that dies with a clamp shut must not leave it."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.bench import Bench
from bench.clock import watchdog_time_s

WATCHDOG_S = 60
HEARTBEAT_S = 10.0


@contextmanager
def guarded(bench: Bench) -> Iterator[None]:
    """Arm the watchdog and give it its heartbeat while time passes in the block.

    Raises:
        BenchFault: the rig does not take it.
    """
    bench.rig.arm_watchdog(watchdog_time_s(bench.clock, WATCHDOG_S))
    bench.scheduler.absence.begin()
    task = bench.scheduler.every(HEARTBEAT_S, lambda _planned_s: bench.rig.send_heartbeat())
    try:
        yield
    finally:
        task.stop()
        bench.scheduler.absence.end()
    bench.rig.arm_watchdog(0)  # not after a fault: what could not be put back is the watchdog's business
