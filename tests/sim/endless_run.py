# SPDX-License-Identifier: Apache-2.0
"""A run that infuses through a kinked catheter until somebody ends it, and ways to wait for what it does.

It goes on for ever, so that whatever a test does to it comes in time, however busy the machine is.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.sim.bench_run import command, started
from tests.sim.started_process import StartedProcess

LIMIT_S = 120.0
POLL_S = 0.005
KINK_PERCENT = 20
PLAN = f"""
def test_kinked_for_ever(infusion, catheter, profile):
    from bench.therapy import Continuous
    with infusion(Continuous(profile.rates.tested("high")), interval_s=10) as run, catheter.kinked({KINK_PERCENT}):
        run.wait(1e7)
"""
QUIET_PLAN = """
def test_quiet_for_ever(infusion, profile):
    from bench.therapy import Continuous
    with infusion(Continuous(profile.rates.tested("high")), interval_s=10) as run:
        run.wait(1e7)
"""
SAMPLE = b'"kind":"sample"'
KINKED = f'"title":"kink {KINK_PERCENT} % confirmed"'.encode()


def wait_for(condition: Callable[[], bool]) -> float:
    """Return how long it took, in s."""
    start_s = time.monotonic()
    while not condition():
        assert time.monotonic() < start_s + LIMIT_S
        time.sleep(POLL_S)
    return time.monotonic() - start_s


def wait_until_it_waits(out: Path, process: StartedProcess) -> None:
    """Wait until the run has begun to let time pass: the first sample comes before the pump starts, the others then."""
    wait_for_line(out, SAMPLE, process, count=3)


def wait_for_line(out: Path, part: bytes, process: StartedProcess, count: int = 1) -> None:
    """Wait until the run that makes the only folder under `out` has written so many lines with `part` in them."""

    def is_there() -> bool:
        if any(path.read_bytes().count(part) >= count for path in out.glob("*/journal.jsonl")):
            return True
        assert process.poll() is None, process.communicate()
        return False

    wait_for(is_there)


def endless_command(
    bench: str | Path, out: Path, *options: str, more: tuple[str, ...] = (), kinked: bool = True
) -> list[str]:
    """The command line of the run, or of one that leaves the catheter alone; its plan is written beside `out`."""
    plan = out.parent / f"test_{'kinked' if kinked else 'quiet'}_for_ever.py"
    plan.write_text(PLAN if kinked else QUIET_PLAN)
    return command(bench, out, "--chapter=leak", *options, select=plan.stem, more=[str(plan), *more])


@contextmanager
def endless_run(
    bench: str | Path, folder: Path, *options: str, more: tuple[str, ...] = ()
) -> Iterator[tuple[StartedProcess, Path]]:
    """Start the run on a bench; yield it and where its folder is as soon as the catheter is kinked."""
    out = folder / "runs"
    with started(endless_command(bench, out, *options, more=more)) as process:
        wait_for_line(out, KINKED, process)
        yield process, out
