# SPDX-License-Identifier: Apache-2.0
"""A run with a twin of its own that is ended by a signal to its whole group brings the twin to its safe state first.

And where the twin is gone, nobody is sent to stop a pump by hand that is simulated.
"""

import os
import signal
from pathlib import Path

import pytest

from instruments.simulated.twin.twin_child import NAME
from tests.sim.bench_run import finished
from tests.sim.endless_run import endless_run, wait_for
from tests.sim.started_process import StartedProcess


def children(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def the_twin_of(process: StartedProcess) -> int:
    (twin,) = [
        pid for pid in children(process.pid) if Path(f"/proc/{pid}/comm").read_text(encoding="ascii").rstrip() == NAME
    ]
    return twin


def is_dead(pid: int) -> bool:
    """A process that nobody has waited for yet is dead all the same."""
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return True


def everything_told(folder: Path, printed: str) -> str:
    return printed + (folder / "journal.jsonl").read_text() + (folder / "summary.json").read_text()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_group_leaves_the_twin_its_life_until_it_is_safe(tmp_path: Path, number: int) -> None:
    with endless_run("simulated", tmp_path) as (process, out):
        twin = the_twin_of(process)
        assert os.getpgid(twin) != os.getpgid(process.pid)
        os.killpg(process.pid, number)
        run = finished(process, out)
    assert run.exit_code == 3
    early = "post-flight: not made, because the run was ended early"
    assert (run.summary.reason, run.summary.troubles) == ("interrupted", (early,))
    assert "by hand" not in everything_told(run.folder, run.printed + run.errors)
    assert not Path(f"/proc/{twin}").exists()


def test_who_lost_a_twin_is_not_sent_to_stop_a_pump_by_hand(tmp_path: Path) -> None:
    with endless_run("simulated", tmp_path) as (process, out):
        os.kill(the_twin_of(process), signal.SIGKILL)
        run = finished(process, out)
    told = everything_told(run.folder, run.printed + run.errors)
    assert run.exit_code == 3
    assert "by hand" not in told
    assert "nobody needs to stop anything: the pump is simulated" in told


def test_a_twin_outlives_neither_its_run_nor_a_kill_of_it(tmp_path: Path) -> None:
    with endless_run("simulated", tmp_path) as (process, _):
        twin = the_twin_of(process)
        process.kill()
        process.wait()
        wait_for(
            lambda: not Path(f"/proc/{twin}").exists() or "\nState:\tZ" in Path(f"/proc/{twin}/status").read_text()
        )
