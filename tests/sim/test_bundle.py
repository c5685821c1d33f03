# SPDX-License-Identifier: Apache-2.0
"""A bundle installs itself from its own wheels alone, and nothing of one that is not whole."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from cli import bundle_install
from cli.bundle import HERE, _describe, _put, bundle
from cli.bundle_wheels import wheels_for
from groundfloor.errors import BenchFault, PlanError

LIMIT_S = 300.0
PYTHON_NEEDED = f"run it with that one, or make another with `pumpbench bundle --python {HERE}`"


def tiny_wheel(folder: Path, name: str, requires: str = "") -> Path:
    """A distribution of one module, as a builder packs it."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-1.0.dist-info"
    needed = f"Requires-Dist: {requires}\n" if requires else ""
    parts = {
        f"{name}.py": "HERE = __file__\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needed}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for inner, text in parts.items():
            packed.writestr(inner, text)
        packed.writestr(f"{info}/RECORD", "".join(f"{inner},,\n" for inner in (*parts, f"{info}/RECORD")))
    return path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A bundle of two small distributions, made as a large one is."""
    folder = tmp_path / "bundle.growing"
    tiny_wheel(folder / "wheels", "wanted", "needed==1.0")
    tiny_wheel(folder / "wheels", "needed")
    about: dict[str, object] = {"requirement": "wanted==1.0", "version": "1.0", "python": HERE, "platforms": []}
    _describe(folder, about, generator=False)
    _put(folder, tmp_path / "bundle")
    return tmp_path / "bundle"


def installed(bundle_folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, str(bundle_folder / "install.py"), *words]
    environment = {**os.environ, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_NO_CACHE_DIR": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=LIMIT_S)


def test_it_installs_with_all_that_it_needs_and_asks_no_index(made: Path, tmp_path: Path) -> None:
    ended = installed(made, "--into", str(tmp_path / "env"))
    assert ended.returncode == 0, ended.stderr
    python = tmp_path / "env" / "bin" / "python"
    asked = "import wanted, needed; print(wanted.HERE, needed.HERE)"
    told = subprocess.run([str(python), "-c", asked], capture_output=True, text=True, timeout=LIMIT_S)
    assert told.stdout.count(str(tmp_path / "env")) == 2, told.stderr


def changed(folder: Path) -> None:
    wheel = next((folder / "wheels").glob("needed*"))
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"\0\0")


def lost(folder: Path) -> None:
    next((folder / "wheels").glob("needed*")).unlink()


def added(folder: Path) -> None:
    tiny_wheel(folder / "wheels", "other")


def without_sums(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()


def of_another_python(folder: Path) -> None:
    told = json.loads((folder / "bundle.json").read_text())
    (folder / "bundle.json").write_text(json.dumps({**told, "python": "3.9"}))
    sums = (folder / "SHA256SUMS").read_text().splitlines()
    own = hashlib.sha256((folder / "bundle.json").read_bytes()).hexdigest()
    kept = [line for line in sums if not line.endswith("  bundle.json")]
    (folder / "SHA256SUMS").write_text("\n".join([*kept, f"{own}  bundle.json"]) + "\n")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (changed, "wheels/needed-1.0-py3-none-any.whl is not what was bundled"),
        (lost, "wheels/needed-1.0-py3-none-any.whl is missing"),
        (added, "wheels/other-1.0-py3-none-any.whl belongs to no bundle"),
        (without_sums, "SHA256SUMS cannot be read"),
        (of_another_python, f"The bundle is for Python 3.9, and this is {HERE}: {PYTHON_NEEDED}"),
    ],
    ids=["changed", "lost", "added", "without sums", "another Python"],
)
def test_of_a_bundle_that_is_not_whole_nothing_is_installed(
    made: Path, tmp_path: Path, spoil: Callable[[Path], None], told: str
) -> None:
    spoil(made)
    ended = installed(made, "--into", str(tmp_path / "env"))
    assert ended.returncode == 2
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not (tmp_path / "env").exists()


def test_a_zip_holds_the_same_folder(made: Path, tmp_path: Path) -> None:
    shutil.move(made, tmp_path / "again")
    _put(tmp_path / "again", tmp_path / "lab.zip")
    with zipfile.ZipFile(tmp_path / "lab.zip") as packed:
        packed.extractall(tmp_path / "unpacked")
    assert [*bundle_install.misfits(tmp_path / "unpacked" / "lab")] == []
    assert len([*(tmp_path / "unpacked" / "lab" / "wheels").iterdir()]) == 2


def test_wheels_that_lie_there_are_taken_and_what_is_nowhere_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pip")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    wanted, folder = tiny_wheel(tmp_path / "own", "wanted", "needed==1.0"), tmp_path / "wheels"
    tiny_wheel(folder, "needed")
    wheels_for(str(wanted), folder, ["win_amd64"], "3.12")
    assert sorted(path.name for path in folder.iterdir()) == [
        "needed-1.0-py3-none-any.whl",
        "wanted-1.0-py3-none-any.whl",
    ]
    lacks = tiny_wheel(tmp_path / "own", "lacks", "nowhere==1.0")
    with pytest.raises(BenchFault, match=r"build the wheel of nowhere==1\.0.*look at the network"):
        wheels_for(str(lacks), folder, [], HERE)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"python": "three"}, "is no version of Python"),
        ({"python": "3.99"}, "name the --platform too"),
        ({"platform": ["Windows 11"]}, "is no tag"),
        ({"wheel": Path("other-1.0-py3-none-any.whl")}, "it is no wheel of pumpbench"),
        ({"target": Path()}, "it is there already"),
    ],
)
def test_what_cannot_be_bundled_is_refused_before_anything_is_fetched(
    tmp_path: Path, asked: dict[str, object], told: str
) -> None:
    words: dict[str, object] = {"target": tmp_path / "new", "platform": None, "python": HERE, "wheel": None}
    with pytest.raises(PlanError, match=told):
        bundle(**{**words, **asked, "generator": False})  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
