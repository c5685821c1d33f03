# SPDX-License-Identifier: Apache-2.0
"""A rig that a person moves by hand, by a driver outside the bench: a chapter runs, and an absent person blocks."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.attendance import answer_prompt
from groundfloor.errors import BenchFault
from groundfloor.wall_clock import time_limit
from instruments.device_access import DeviceAccess
from instruments.drivers.named import driver_named
from instruments.drivers.open_lines import OpenLines
from instruments.drivers.table import RIG_DRIVERS
from instruments.rig import RigOutputs
from instruments.rig_lease import RigLeaseHeld
from metrology.verdict import Verdict
from tests.sim.bench_run import BenchRun, bench_run

EXAMPLE = Path(__file__).parents[2] / "examples" / "manual-rig"


@contextmanager
def twin(folder: Path, *words: str) -> Iterator[Path]:
    """Serve pump and balance, and a person; the bench file."""
    file = folder / "bench.toml"
    command = [sys.executable, str(EXAMPLE / "twin.py"), str(file), str(folder / "rig"), *words]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline().strip() == str(file)
        yield file
        process.stdin.close()


def run(folder: Path, *words: str) -> BenchRun:
    with twin(folder, *words) as file:
        return bench_run(file, folder / "runs", "--chapter=kink", "--journal-only", select="second_kink")


def test_a_chapter_runs_with_a_person_who_moves_the_clamp(tmp_path: Path) -> None:
    found = run(tmp_path)
    assert found.exit_code == 0, found.printed


def test_a_person_who_does_not_come_blocks(tmp_path: Path) -> None:
    found = run(tmp_path, "--absent")
    assert (found.exit_code, found.test.verdict) == (3, Verdict.BLOCKED)
    assert "its sensor still shows 0 % after 600 s" in found.printed


# --- its driver ------------------------------------------------------------------------------------------------------
SHUT = RigOutputs(kink_clamp_percent=100.0)
ROOM = {"outlet_pressure_kpa": 0.0, "temperature_c": 21.0, "air_pressure_hpa": 1013.0, "humidity_percent": 50.0}


def opened(folder: Path) -> Any:
    """Return the rig as a process of its own would open it."""
    (folder / "room.json").write_text(json.dumps(ROOM), encoding="utf-8")
    driver = driver_named(RIG_DRIVERS, f"{EXAMPLE / 'driver.py'}:ByHandDriver")
    return driver.open(DeviceAccess(f"by-hand:{folder}", "none"), OpenLines())


@pytest.fixture
def rig(tmp_path: Path) -> Any:
    """A rig of which somebody has said that it is safe."""
    rig = opened(tmp_path)
    rig.write(RigOutputs())
    answer_prompt(tmp_path, "Ada")
    rig.read()
    return rig


def test_a_position_is_what_it_was_until_somebody_says_that_it_is_another(rig: Any, tmp_path: Path) -> None:
    rig.write(SHUT)
    assert rig.read().kink_clamp_position_percent == 0.0
    assert answer_prompt(tmp_path, "Ada") == "set kink_clamp_percent to 100"
    assert rig.read().kink_clamp_position_percent == 100.0
    rig.write(RigOutputs())
    assert rig.read().kink_clamp_position_percent == 100.0


def test_the_way_back_waits_for_who_was_asked(rig: Any, tmp_path: Path) -> None:
    rig.write(SHUT)
    rig.write(RigOutputs())  # nobody knows how far the first was carried out
    with time_limit(0.2), pytest.raises(BenchFault, match="nobody says that it is done"):
        rig.arm_watchdog(0)
    rig.write(SHUT)
    rig.write(RigOutputs())
    assert "kink_clamp_percent to 0" in answer_prompt(tmp_path, "Ada")
    rig.arm_watchdog(0)


def test_the_watchdog_process_asks_for_all_of_it_where_the_bench_died_in_between(rig: Any, tmp_path: Path) -> None:
    rig.write(SHUT)
    keeper = opened(tmp_path)
    keeper.write(RigOutputs())
    assert answer_prompt(tmp_path, "Ada").count(" to 0") == len(vars(RigOutputs()))
    keeper.arm_watchdog(0)


def test_an_older_token_moves_nothing_and_a_second_session_does_not_get_in(rig: Any, tmp_path: Path) -> None:
    driver = driver_named(RIG_DRIVERS, f"{EXAMPLE / 'driver.py'}:ByHandDriver")
    lease = driver.open_lease(DeviceAccess(f"by-hand:{tmp_path}", "none"), OpenLines())
    rig.fencing_token = lease.take(7, "Ada", 60)
    with pytest.raises(RigLeaseHeld, match="Ada holds it"):
        lease.take(8, "Bob", 60)
    lease.kick("Bob")
    lease.take(8, "Bob", 60)
    with pytest.raises(BenchFault, match="token 1 is stale"):
        rig.write(SHUT)
