# SPDX-License-Identifier: Apache-2.0
"""Everything imports, and what needs no bench works, where Python has no module or name that only POSIX has."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.imitated_windows import GONE_MODULES, ROOT, importable
from tests.sim.sealed_runs import REVIEWER, TESTER, SealedRuns
from tests.sim.test_analyse import steady, write

Told = dict[str, dict[str, object]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """What became of every command, by its name; one process, as it costs seconds to import all of it twice."""
    folder = tmp_path_factory.mktemp("windows")
    runs = SealedRuns.make(folder, seeds=(1,))
    copy = shutil.copytree(runs.run, folder / "copy")
    (copy / "summary.json").unlink()
    keys = [f"--key={who}={folder / file}.pub" for who, file in ((TESTER, "tester.key"), (REVIEWER, "reviewer.key"))]
    commands = [
        ["--help"],
        ["new", str(folder / "my-pump"), "--yes"],
        ["analyse", str(folder / write(folder, steady()))],
        ["report", str(copy)],
        ["verify", str(runs.first), *keys, "--no-samples"],  # those take a bench's clock, which asks the real kernel32
        ["run", "simulated", "--workers", "2"],
    ]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.imitated_windows", *map(json.dumps, commands)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    imported, *rest = [json.loads(line) for line in done.stdout.splitlines()]
    found = {str(one["command"]): one for one in rest}
    return {**found, "import": imported, "folder": {"report": copy, "new": folder / "my-pump"}}


def test_every_shipped_module_is_imported(told: Told) -> None:
    assert told["import"] == {"imported": len(importable())}
    assert len(importable()) > 1000
    assert not set(GONE_MODULES) & set(importable())


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("--help", "Hardware-in-the-loop test bench"),
        ("new", "my-pump"),
        ("analyse", "2881 readings of volume in 8 h"),
        ("report", "leak"),
        ("verify", "This record is intact."),
    ],
)
def test_what_needs_no_bench_works(told: Told, command: str, says: str) -> None:
    assert (told[command]["code"], told[command]["errors"]) == (0, "")
    assert says in str(told[command]["out"])


def test_the_files_are_made(told: Told) -> None:
    assert Path(str(told["folder"]["report"]), "summary.json").is_file()
    assert Path(str(told["folder"]["new"]), "pumpbench.toml").is_file()


def test_workers_are_refused_where_no_process_can_be_copied(told: Told) -> None:
    assert told["run"]["code"] == 2
    assert "the chapters come one after the other" in str(told["run"]["errors"]).replace("\n", " ")
