# SPDX-License-Identifier: Apache-2.0
"""The wheel runs from an empty folder, with nothing of this checkout; and a package that hides one of ours is told.

The libraries are those of the interpreter that runs this test.
"""

import configparser
import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from pumpbench import PACKAGES
from tests.sim.bench_run import ENVIRONMENT, LIMIT_S

ROOT = Path(__file__).parents[2]
SOURCES = ("pumpbench.py", "pumpbench_pytest.py", *PACKAGES, "pyproject.toml", "README.md", "LICENSE")
HOSTILE = {
    "pytest.ini": "[pytest]\naddopts = --no-such-option\n",
    "conftest.py": "raise RuntimeError('the conftest of somebody')\n",
    "bench.py": "raise RuntimeError('the bench of somebody')\n",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_spec("setuptools") is None:  # not imported here: it refuses to where somebody has loaded distutils
        pytest.skip("setuptools is not installed")
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
    points = configparser.ConfigParser()
    points.read(next(site.glob("pumpbench-*.dist-info")) / "entry_points.txt")
    point = points["console_scripts"]["pumpbench"]
    module, function = point.split(":")
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


# --- other people's repositories --------------------------------------------------------------------------------------
BENCH_TEST = """
from bench.therapy import Continuous
from test_plans.criteria import accuracy
from test_plans.markers import judges

@judges("DEL-003", "ten minutes", accuracy)
def test_ten_minutes(infusion, profile):
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        run.judge("ten minutes", run.deliver(run.duration_that_resolves_s(600), "ten minutes").volume)
"""
OWN_OPTIONS = """
import pytest

def pytest_addoption(parser):
    for name in ("--profile", "--seed", "--speed", "--clock", "--balance", "--chapter", "--runs", "--defect"):
        parser.addoption(name, default="mine")

@pytest.fixture
def bench(request):
    return request.config.getoption("--profile")

@pytest.fixture
def pump():
    return "theirs"
"""
LOOKS = """
import sys

def test_nothing_of_ours_is_there_but_the_plug_in(bench, pump, request):
    assert (bench, pump) == ("mine", "theirs")
    ours = {"bench", "cli", "fixtures", "groundfloor", "instruments", "metrology", "reports", "test_plans", "pumpbench"}
    assert not ours & {name.partition(".")[0] for name in sys.modules}
    assert request.config.pluginmanager.hasplugin("pumpbench")
"""
ORDINARY = """
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_ordinary(number):
    assert number == 1
"""


def pytest_in(venv: Path, cwd: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    plugins = ("-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:cacheprovider", "-p", "no:timeout")
    command = [str(venv / "bin" / "python"), "-m", "pytest", *plugins, *arguments]
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=LIMIT_S)


def test_without_a_bench_pytest_is_as_if_nothing_of_ours_were_installed(installed: Path, tmp_path: Path) -> None:
    """Options and fixtures of a repository may bear the names of ours, folders too, and no module of ours is loaded."""
    (tmp_path / "conftest.py").write_text(OWN_OPTIONS, encoding="utf-8")
    (tmp_path / "test_looks.py").write_text(LOOKS, encoding="utf-8")
    for name in ("fixtures", "bench"):
        (tmp_path / name).mkdir()
    ended = pytest_in(installed, tmp_path, "-q", "-W", "error")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "1 passed" in ended.stdout


def test_bench_tests_run_beside_other_tests_which_are_no_part_of_the_record(installed: Path, tmp_path: Path) -> None:
    """An ordinary test that fails is no failure of the pump, and keeps the session from passing all the same."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nfilterwarnings = error\n", encoding="utf-8")
    (tmp_path / "test_ordinary.py").write_text(ORDINARY, encoding="utf-8")
    (tmp_path / "test_pump.py").write_text(BENCH_TEST, encoding="utf-8")
    (tmp_path / "my-runs").mkdir()  # pytest takes a folder that is there for a place of tests
    ended = pytest_in(installed, tmp_path, "-q", "--bench", "simulated", "--runs", "my-runs", "--journal-only")
    assert ended.returncode == 3, ended.stdout + ended.stderr
    (run,) = (tmp_path / "my-runs").iterdir()
    assert json.loads((run / "collected.json").read_text())["tests"] == ["test_pump.py::test_ten_minutes"]
    assert json.loads((run / "summary.json").read_text())["verdict"] == "PASS"
    again = pytest_in(installed, tmp_path, "-q", "--ignore", "test_pump.py", "--ignore", "test_ordinary.py")
    assert "no tests ran" in again.stdout  # the plans that a run keeps are not collected


def test_the_examples_work_in_a_project_that_the_wheel_made(installed: Path, tmp_path: Path) -> None:
    made = called(installed, tmp_path, "new", "my-pump", "--yes", "--shipped", "none", "--ci", "gitlab")
    assert made.returncode == 0, made.stderr
    project = tmp_path / "my-pump"
    shutil.copytree(ROOT / "examples", project / "plugins")
    text = (project / "pumpbench.toml").read_text(encoding="utf-8").replace("packs = []", 'packs = ["quarter"]')
    (project / "pumpbench.toml").write_text(text + PLUG_INS, encoding="utf-8")
    (project / "test_plans" / "test_own.py").write_text(OWN_CHAPTER, encoding="utf-8")
    words = ("run", "simulated", "--no-html", "--out", "../runs", "--correction", "linearity_table")
    good = called(installed, project / "test_plans", *words)
    assert good.returncode == 0, good.stdout + good.stderr
    assert "PASS: 4 PASS" in good.stdout
    assert "Requirements MY-PUMP-REQ@1: 2 PASS" in good.stdout
    (run,) = (project / "runs").iterdir()
    assert "| A ramp | PASS |" in (run / "section-deciding.md").read_text(encoding="utf-8")
    assert {"injector-supply_dip.py", "rig-by-hand.py", "pump-ascii.py"} <= {
        one.name for one in (run / "plugins").iterdir()
    }
    told = _lines_of(run / "journal.jsonl")
    assert {one["name"] for line in told["volume"] for one in line["corrections"]} == {"linearity_table"}
    bounded = [{one["name"] for one in line["bounds"]} for line in told["judgement"] if line["bounds"]]
    assert bounded
    assert all("correction linearity_table" in names for names in bounded)
    window = told["volume"][0]["id"]
    why = called(installed, project, "why", str(run), window)
    assert "linearity_table · a correction of the lab's own" in why.stdout, why.stdout + why.stderr
    again = called(installed, project, "replay", str(run), "--values")
    assert (again.returncode, "asked again, the same code" in again.stdout) == (0, True), again.stdout + again.stderr
    table = project / "plugins" / "linearity_table.py"
    own = table.read_text(encoding="utf-8")
    table.write_text(own.replace("0.04, 0.10", "0.04, 9.00"), encoding="utf-8")
    otherwise = called(installed, project, "replay", str(run), "--values")
    assert (otherwise.returncode, "other code" in otherwise.stdout) == (3, True), otherwise.stdout + otherwise.stderr
    assert "with today's corrections of the lab" in otherwise.stdout
    table.write_text(own, encoding="utf-8")
    away = called(installed, tmp_path, "replay", str(run), "--values")
    assert (away.returncode, "no plug-in of this name is here" in away.stdout) == (0, True), away.stdout + away.stderr
    room = project / "by-hand"
    room.mkdir()
    (room / "room.json").write_text(json.dumps(ROOM), encoding="utf-8")
    rig = called(installed, project, "conformance", "rig", "by-hand", "--address", "by-hand:by-hand")
    assert (rig.returncode, "4 ok, 0 differs, 5 not tried" in rig.stdout) == (0, True), rig.stdout + rig.stderr
    dead = called(installed, project, "conformance", "pump", "ascii", "--address", "socket://127.0.0.1:1")
    assert (dead.returncode, "nobody listens at port 1 of 127.0.0.1" in dead.stderr) == (2, True), dead.stderr
    words = ("run", "simulated", "--no-html", "--journal-only", "--defect", "worn_rotor", "--chapter", "quarter")
    bad = called(installed, project, *words)
    assert bad.returncode == 1, bad.stdout + bad.stderr


def _lines_of(journal: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for line in map(json.loads, journal.read_text(encoding="utf-8").splitlines()):
        found.setdefault(line["kind"], []).append(line["data"])
    return found


ROOM = {"outlet_pressure_kpa": 0.0, "temperature_c": 21.0, "air_pressure_hpa": 1013.0, "humidity_percent": 50.0}
PLUG_INS = """
[plugins.pump]
ascii = "plugins/ascii-pump/driver.py:AsciiPumpDriver"
[plugins.rig]
by-hand = "plugins/manual-rig/driver.py:ByHandDriver"
[plugins.balance]
column = "plugins/column_balance.py:DIALECT"
[plugins.injector]
supply_dip = "plugins/supply_dip.py:INJECTOR"
[plugins.therapy]
ramp = "plugins/ramp.py:Ramp"
[plugins.defect]
worn_rotor = "plugins/worn_rotor.py:DEFECT"
[plugins.correction]
linearity_table = "plugins/linearity_table.py:CORRECTION"
[plugins.report]
deciding = "plugins/deciding_values.py:Deciding"
[plugins.chapters]
quarter = "plugins/chapter_pack/pack.py:PACK"
"""
OWN_CHAPTER = """
from bench.therapy import MODES, Continuous
from test_plans.criteria import accuracy
from test_plans.markers import HOUR_S, judges

@judges("MY-PUMP-1", "a day", accuracy)
def test_ramp(infusion):
    \"\"\"A ramp.\"\"\"
    with infusion(MODES["ramp"](10.0, 40.0, 4)) as run:
        run.settle()
        run.judge("a day", run.deliver(24 * HOUR_S, "a day").volume)

@judges("MY-PUMP-1", "after the dip", accuracy)
def test_dip(infusion, profile, catheter):
    with infusion(Continuous(profile.rates.tested("high"))) as run:
        run.settle()
        with catheter.with_fault("supply_dip", 10.0):
            pass
        run.judge("after the dip", run.deliver(run.duration_that_resolves_s(600), "after the dip").volume)
"""
