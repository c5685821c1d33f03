# SPDX-License-Identifier: Apache-2.0
"""A bench whose pump runs with the catheter clamped, in a process that does as it is told.

    python -m tests.sim.unsafe_bench BENCH_FILE FOLDER beats | swallows | hangs | returns

It says `unsafe` when it is so and may be sent signals, and `asked` when the first one has reached it. `beats` goes on
until it is asked to end, `swallows` even then, `hangs` goes on without a heartbeat, `returns` leaves the interpreter by
its front door with the bench open on SIGUSR1.
"""

import os
import signal
import sys
import time
from pathlib import Path

from bench.bench import Bench
from bench.bench_file import BenchFile
from bench.interruption import catch_signals
from bench.therapy import Continuous
from instruments.pump import Command
from instruments.rig import RigOutputs

WATCHDOG_S = 60
HEARTBEAT_S = 10.0


def main(bench_file: str, folder: str, then: str) -> None:
    catch_signals()
    bench = Bench.open(BenchFile.load(Path(bench_file)), folder=Path(folder))
    bench.pump.load(Continuous(1000.0).program(0.0))
    bench.rig.arm_watchdog(WATCHDOG_S)
    bench.pump.command(Command.START)
    bench.rig.write(RigOutputs(kink_clamp_percent=50.0))
    bench.scheduler.pass_for(1.0)
    if then in ("beats", "swallows"):
        bench.scheduler.every(HEARTBEAT_S, lambda _planned_s: bench.rig.send_heartbeat())
    released, release = os.pipe()  # a mask would hold in this thread alone, and the signal would kill in another
    signal.signal(signal.SIGUSR1, lambda *_: os.write(release, b"\n"))
    try:
        _say("unsafe")
        match then:
            case "returns":
                os.read(released, 1)
            case "hangs":
                time.sleep(1e6)
            case _:
                bench.scheduler.pass_for(1e6)
    except KeyboardInterrupt:
        _say("asked")
        if then != "swallows":
            raise
    if then == "swallows":
        bench.scheduler.pass_for(1e6)


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
