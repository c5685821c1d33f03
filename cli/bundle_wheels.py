# SPDX-License-Identifier: Apache-2.0
"""Collects wheels with pip: that of pumpbench, and those of all that it needs on a platform."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cli.chapters import ROOT
from groundfloor.errors import BenchFault, PlanError
from groundfloor.printable import one_line

LIMIT_S = 3600.0
MOST_BUILT = 20
SOURCES = ("pumpbench.py", "pumpbench_pytest.py", "pyproject.toml", "README.md", "LICENSE")
_NO_WHEEL = re.compile(r"No matching distribution found for ([A-Za-z0-9._-]+(?:[=<>!~]=?[^ ;]+)?)")


def own_wheel(folder: Path, packages: Sequence[str], version: str) -> Path:
    """Put the wheel of this pumpbench into a folder: built from its sources, or else from where pip finds it.

    Raises:
        BenchFault: pip could not.
    """
    before = {*folder.glob("*.whl")}
    if all((ROOT / name).is_file() for name in SOURCES):
        with tempfile.TemporaryDirectory() as source:
            for name in (*SOURCES, *packages):  # a build leaves its own things beside what it builds
                copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
                copy(ROOT / name, Path(source) / name)
            _pip("build the wheel of pumpbench", ["wheel", "--no-deps", "--wheel-dir", str(folder), source])
    else:
        words = ["download", "--no-deps", "--only-binary=:all:", "--dest", str(folder), f"pumpbench=={version}"]
        _pip("download the wheel of pumpbench", words)
    (made,) = {*folder.glob("*.whl")} - before
    return made


def wheels_for(requirement: str, folder: Path, platforms: Sequence[str], python: str) -> None:
    """Put the wheels of all that something needs into a folder.

    What is published as sources only is built here, which does for other platforms where it is pure Python.

    Args:
        requirement: a wheel file, or a requirement as pip takes it.
        folder: where they are put; wheels that lie there already are taken.
        platforms: tags as pip takes them, such as `win_amd64`; those of this computer if none.
        python: version, such as `3.12`.

    Raises:
        BenchFault: pip could not.
        PlanError: a part of it has no wheel for that platform.
    """
    chosen = [f"--platform={one}" for one in platforms]
    words = ["download", "--only-binary=:all:", f"--find-links={folder}", "--dest", str(folder), *chosen]
    words += [f"--python-version={python}", "--implementation=cp"] if platforms else []
    for _ in range(MOST_BUILT):
        try:
            _pip("download the wheels", [*words, requirement])
        except BenchFault as refused:
            missing = _NO_WHEEL.search(refused.seen)
            if missing is None:
                raise
            _build(missing[1].rstrip("."), folder, platforms)
        else:
            return
    raise BenchFault("bundle", "download the wheels", f"more than {MOST_BUILT} had to be built", "name them to us")


def _build(requirement: str, folder: Path, platforms: Sequence[str]) -> None:
    before = {*folder.glob("*.whl")}
    _pip(f"build the wheel of {requirement}", ["wheel", "--no-deps", "--wheel-dir", str(folder), requirement])
    made = {*folder.glob("*.whl")} - before
    if not made:
        seen = f"pip finds no wheel of {requirement}, and built none that helps"
        raise BenchFault("bundle", "download the wheels", seen, "see whether that platform tag is the right one")
    for wheel in made:
        if platforms and not wheel.stem.endswith("-none-any"):
            wheel.unlink()
            seen = f"there is no wheel of {requirement} for {', '.join(platforms)}, and it is not pure Python"
            raise PlanError("--platform", "use", seen, "make the bundle on such a computer, without --platform")


def _pip(operation: str, words: Sequence[str]) -> None:
    command = [sys.executable, "-m", "pip", *words, "--disable-pip-version-check", "--no-input"]
    try:
        ended = subprocess.run(  # noqa: S603  pip of our own environment
            command, capture_output=True, text=True, encoding="utf-8", errors="replace", timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise BenchFault("bundle", operation, f"pip did not end in {LIMIT_S:g} s", "look at the network") from late
    if ended.returncode != 0:
        lines = [line for line in ended.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        if any("No module named pip" in line for line in lines):
            seen = f"{sys.executable} has no pip"
            raise BenchFault("bundle", operation, seen, f"install it: {sys.executable} -m ensurepip")
        seen = one_line(" ".join(lines[-4:]) or f"pip ended with {ended.returncode}", 600)
        raise BenchFault("bundle", operation, seen, "look at the network, and at pip's index and proxy settings")
