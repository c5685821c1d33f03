# SPDX-License-Identifier: Apache-2.0
"""The wheel runs from an empty folder, with nothing of this checkout; and a package that hides one of ours is told.

The libraries are those of the interpreter that runs this test.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pumpbench import PACKAGES
from tests.sim.bench_run import ENVIRONMENT, LIMIT_S

ROOT = Path(__file__).parents[2]
SOURCES = ("pumpbench.py", *PACKAGES, "pyproject.toml", "README.md", "LICENSE")
HOSTILE = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option\n",
    "conftest.py": "raise RuntimeError('the conftest of somebody')\n",
    "bench.py": "raise RuntimeError('the bench of somebody')\n",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("setuptools")
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
        copy(ROOT / name, source / name)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(out)!r})"
    ended = subprocess.run([sys.executable, "-c", build], cwd=source, capture_output=True, text=True, timeout=LIMIT_S)
    assert ended.returncode == 0, ended.stderr
    (made,) = out.glob("pumpbench-*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment of its own in which the wheel is unpacked, as pip does it."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True, timeout=LIMIT_S)
    (site,) = venv.glob("lib/python*/site-packages")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(site)
    shared = [entry for entry in sys.path if entry.endswith("site-packages")]
    (site / "shared.pth").write_text("\n".join(shared) + "\n", encoding="utf-8")
    command = venv / "bin" / "pumpbench"
    (point,) = [
        line
        for line in (next(site.glob("pumpbench-*.dist-info")) / "entry_points.txt").read_text().splitlines()
        if "=" in line
    ]
    module, function = point.partition("=")[2].strip().split(":")
    command.write_text(f"#!{venv}/bin/python -P\nimport sys\nfrom {module} import {function}\nsys.exit({function}())\n")
    command.chmod(0o755)
    return venv


def called(venv: Path, cwd: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    command = [str(venv / "bin" / "pumpbench"), *arguments]
    env = {**ENVIRONMENT, **environment}
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=LIMIT_S)


def test_the_wheel_runs_a_chapter_in_a_folder_that_holds_nothing_of_ours(installed: Path, tmp_path: Path) -> None:
    for name, text in HOSTILE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    ended = called(installed, tmp_path, "run", "simulated", "--chapter", "quiet", "--no-html")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "PASS: 1 PASS" in ended.stdout
    (run,) = (tmp_path / "runs").iterdir()
    assert {"profile.toml", "requirements.toml", "summary.json"} <= {path.name for path in run.iterdir()}
    assert {path.name for path in tmp_path.iterdir()} == {*HOSTILE, "runs"}  # no cache beside the run


@pytest.mark.parametrize("name", ["bench", "cli", "groundfloor"])
def test_a_distribution_that_ships_a_package_of_one_of_our_names_is_named(
    installed: Path, tmp_path: Path, name: str
) -> None:
    other = tmp_path / "other"
    (other / name).mkdir(parents=True)
    (other / name / "__init__.py").write_text("raise RuntimeError('not ours')\n", encoding="utf-8")
    info = other / "workbench-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: workbench\nVersion: 1.0\n", encoding="utf-8")
    (info / "top_level.txt").write_text(f"{name}\n", encoding="utf-8")
    (info / "RECORD").write_text(f"{name}/__init__.py,,\n", encoding="utf-8")
    ended = called(installed, tmp_path, "run", "simulated", PYTHONPATH=str(other))
    assert ended.returncode == 2
    assert f"package '{name}' comes from {other / name} (distribution workbench) and hides the one in " in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_crash_of_ours_never_ends_with_the_code_of_a_fail(installed: Path, tmp_path: Path) -> None:
    shutil.copytree(installed, tmp_path / "venv", symlinks=True)
    (site,) = (tmp_path / "venv").glob("lib/python*/site-packages")
    (site / "cli" / "who.py").write_text("raise RuntimeError('a slip')\n", encoding="utf-8")
    command = [str(tmp_path / "venv" / "bin" / "python"), "-P", "-m", "pumpbench", "who", "lab.toml"]
    ended = subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=LIMIT_S)
    assert ended.returncode == 3
    assert "RuntimeError: a slip" in ended.stderr
    assert "This is a defect of pumpbench, not of pump or bench" in ended.stderr


def test_a_pipe_that_closes_early_is_no_fail(installed: Path, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [str(installed / "bin" / "pumpbench"), "--help"]
    ended = subprocess.run(
        command, cwd=tmp_path, env=ENVIRONMENT, stdout=writer, stderr=subprocess.PIPE, timeout=LIMIT_S
    )
    os.close(writer)
    assert ended.returncode == 3
