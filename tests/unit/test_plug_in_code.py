# SPDX-License-Identifier: Apache-2.0
"""A lab's own code is an input: kept in the run folder, bound by its hash, and a run goes on only with the same."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.bench_file import BenchFile
from bench.journal import FORMAT, Journal
from bench.journal.lines import JournalOpened
from bench.run import input_hashes, plug_in_code, refuse_other_plug_ins
from bench.run_folder import RunFolder
from groundfloor.errors import BenchFault
from groundfloor.plug_ins.offer import of_distributions
from groundfloor.project import PROJECT_VARIABLE
from tests.unit.imagined_weighing import imagined_file
from tests.unit.test_project import MINIMAL, written

NEVER_RUN = "raise RuntimeError('nobody asked for it')\n"


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a driver in one file, and one in a package."""
    monkeypatch.delenv(PROJECT_VARIABLE, raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("my_pump.py", "lab_rig/__init__.py", "lab_rig/wire.py", "lab_rig/maps/rig.toml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(NEVER_RUN, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    of_distributions.cache_clear()


def drivers(pump: str, rig: str) -> BenchFile:
    file = imagined_file()
    return file.model_copy(
        update={
            "pump": file.pump.model_copy(update={"driver": pump}),
            "rig": file.rig.model_copy(update={"driver": rig}),
        }
    )


def kept(folder: Path, code: dict[str, Path]) -> None:
    """Make the run folder of a run that used this code."""
    run = RunFolder(folder)
    for name, path in code.items():
        run.keep(path, f"plugins/{name}")
    journal = Journal(run.journal)
    journal.put(JournalOpened(format=str(FORMAT), inputs=input_hashes(folder)))
    journal.close()


def test_the_drivers_that_a_bench_file_names_are_bound_and_not_run(lab: Path) -> None:
    code = plug_in_code(drivers(f"{lab / 'my_pump.py'}:Driver", "lab_rig.wire:Rig"))
    assert set(code) == {
        "pump-of-the-bench-file.py",
        "rig-of-the-bench-file/__init__.py",
        "rig-of-the-bench-file/wire.py",
        "rig-of-the-bench-file/maps/rig.toml",
    }
    assert "lab_rig" not in sys.modules


@pytest.mark.parametrize("changed", ["my_pump.py", "lab_rig/wire.py", "lab_rig/maps/rig.toml"])
def test_a_run_does_not_go_on_with_another_driver(lab: Path, changed: str) -> None:
    file = drivers(f"{lab / 'my_pump.py'}:Driver", "lab_rig.wire:Rig")
    kept(lab / "run", dict(plug_in_code(file)))
    refuse_other_plug_ins(lab / "run", plug_in_code(file))
    (lab / changed).write_text("GAIN = 1.2\n", encoding="utf-8")
    with pytest.raises(BenchFault, match=r"of-the-bench-file.* is not what the run began with"):
        refuse_other_plug_ins(lab / "run", plug_in_code(file))


def test_a_package_of_the_project_is_bound_whole(lab: Path) -> None:
    written(lab, f'{MINIMAL}[plugins.rig]\nours = "lab_rig.wire:Rig"\n')
    code = plug_in_code(imagined_file())
    assert {"pumpbench.toml", "rig-ours/wire.py", "rig-ours/maps/rig.toml"} <= set(code)
    assert not plug_in_code(imagined_file(), of_project=False)


def test_the_plug_in_of_a_distribution_is_bound(lab: Path) -> None:
    info = lab / "lab_drivers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: lab-drivers\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[pumpbench.rig]\nours = lab_rig.wire:Rig\n", encoding="utf-8")
    of_distributions.cache_clear()
    assert "rig-ours/wire.py" in plug_in_code(imagined_file(), of_project=False)
