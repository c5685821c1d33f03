# SPDX-License-Identifier: Apache-2.0
"""`pumpbench run --wait`: runs in processes of their own queue for one simulated bench."""

import os
import signal
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.lease import WaitingLine, lease_key
from bench.lease.lease_store import STATE_FOLDER
from tests.sim.bench_run import ENVIRONMENT, started
from tests.sim.endless_run import endless_command, wait_for, wait_until_it_waits
from tests.sim.second_terminal import LIMIT_S, pumpbench, quick_table


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "state"
    monkeypatch.setenv(STATE_FOLDER, str(folder))
    monkeypatch.setitem(ENVIRONMENT, STATE_FOLDER, str(folder))


def test_the_first_in_the_line_starts_when_the_bench_is_free_and_the_others_wait_on(tmp_path: Path) -> None:
    """The holder is killed, the first waiter leaves with Ctrl-C, and the second one gets the bench."""
    with quick_table(tmp_path) as table:
        bench = table.file()
        line = WaitingLine(lease_key(BenchFile.load(bench)))

        def queued(count: int) -> None:
            wait_for(lambda: len(line.waiters()) == count)

        runs = [tmp_path / name for name in ("holder", "left", "waits")]
        commands = [endless_command(bench, out, *more, kinked=False) for out, more in zip(runs, WAITS, strict=True)]
        with started(commands[0]) as holder:
            wait_until_it_waits(runs[0], holder)
            with started(commands[1]) as leaves, started(commands[2]) as waits:
                queued(2)
                jumping = pumpbench("run", str(bench), f"--out={tmp_path / 'jumps'}", "--no-html")
                assert jumping.returncode == 3
                assert "others wait for it" in jumping.stderr
                assert "2. in the queue: " in pumpbench("who", str(bench)).stdout
                late = pumpbench("run", str(bench), f"--out={tmp_path / 'late'}", "--no-html", "--wait=10ms")
                assert late.returncode == 3
                assert "it was not free in 0.01 s: it is held by" in late.stderr
                first = line.waiters()[0].holder
                ends = leaves if first.endswith(f":{leaves.pid}") else waits
                stays, out = (waits, runs[2]) if ends is leaves else (leaves, runs[1])
                os.kill(ends.pid, signal.SIGINT)
                assert ends.wait(LIMIT_S) == 3
                assert "left the queue; nothing was tested" in ends.communicate()[0]
                queued(1)
                assert not out.exists()  # nothing is begun while it waits
                os.kill(holder.pid, signal.SIGKILL)
                wait_for(lambda: any(out.glob("*/journal.jsonl")) or stays.poll() is not None)
                wait_until_it_waits(out, stays)


WAITS = ((), ("--wait=1h",), ("--wait=1h",))


@pytest.mark.parametrize(("wait", "told"), [("soon", "write a number"), ("2 fortnights", "--wait"), ("9e9h", "a year")])
def test_a_time_that_is_none_is_refused(tmp_path: Path, wait: str, told: str) -> None:
    with quick_table(tmp_path) as table:
        refused = pumpbench("run", str(table.file()), f"--out={tmp_path / 'runs'}", f"--wait={wait}")
    assert refused.returncode == 2
    assert told in refused.stderr


def test_there_is_nothing_to_wait_for_before_a_twin_of_its_own(tmp_path: Path) -> None:
    refused = pumpbench("run", "simulated", f"--out={tmp_path / 'runs'}", "--wait=2h")
    assert refused.returncode == 2
    assert "a run against its own twin starts at once" in refused.stderr
