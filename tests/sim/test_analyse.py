# SPDX-License-Identifier: Apache-2.0
"""`pumpbench analyse` as a person uses it: a file, a command, what it prints, draws and refuses."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

from tests.sim.bench_run import PUMPBENCH, ran

RATE_UL_PER_H = 500.0
BALANCE = [
    *("--readability", "0.01 mg", "--repeatability", "0.02 mg", "--linearity", "0.05 mg"),
    *("--drift", "0.1 mg/d", "--calibration-u", "0.05 mg"),
]
SAID = ["--temperature", "20", "--evaporation", "0 mg/h", "--stroke-volume", "0 uL"]


def analyse(*arguments: str, cwd: Path, afresh: bool = False) -> "subprocess.CompletedProcess[str]":
    """Run the command in a folder that holds nothing but the recording."""
    return ran([PUMPBENCH, "analyse", *arguments], folder=cwd, afresh=afresh)


def write(folder: Path, volumes_ul, heading: str = "time_s,volume [µL]", interval_s: float = 10.0) -> str:
    rows = [f"{number * interval_s:g},{volume:.6f}" for number, volume in enumerate(volumes_ul)]
    (folder / "day.csv").write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
    return "day.csv"


def steady(error: float = 0.02, hours: float = 8.0):
    return RATE_UL_PER_H * (1 + error) / 3600 * np.arange(0.0, hours * 3600 + 1, 10.0)


def test_a_fresh_file_alone_is_analysed_and_what_was_assumed_is_told(tmp_path):
    done = analyse(write(tmp_path, steady()), cwd=tmp_path, afresh=True)
    assert done.returncode == 0, done.stderr
    for told in ("510 µL/h", "analysis period from 2 h to the end", "no set rate was given", "Borrowed practice"):
        assert told in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["day.csv"]


def test_json_is_all_that_is_printed_and_holds_the_trumpet_of_a_sine(tmp_path):
    times_s = np.arange(0.0, 8 * 3600 + 1, 10.0)
    omega = 2 * np.pi / 3600
    volumes_ul = RATE_UL_PER_H / 3600 * (times_s + 0.1 / omega * np.sin(omega * times_s))
    done = analyse(write(tmp_path, volumes_ul), "--rate", "0.5 mL/h", "--json", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["overall_error_percent"] == pytest.approx(0.0, abs=1e-4)
    for window in told["trumpet"]["windows"]:
        half = omega * window["duration_s"] / 2
        assert window["greatest_percent"] == pytest.approx(10 * np.sin(half) / half, abs=5e-4)
        assert window["least_percent"] == pytest.approx(-10 * np.sin(half) / half, abs=5e-4)


def test_a_pump_beyond_its_limits_ends_with_1_and_out_makes_the_pictures(tmp_path):
    masses_g = 12 + steady(0.08) / 1002.851  # Z of water at 20 °C, 1013.25 hPa, 50 %
    file = write(tmp_path, masses_g, "time_s,mass [g]")
    done = analyse(file, "--rate", "0.5 mL/h", "--limits", "5", *SAID, *BALANCE, "--out", "found", cwd=tmp_path)
    assert (done.returncode, "FAIL" in done.stdout) == (1, True), done.stdout + done.stderr
    names = {path.name for path in (tmp_path / "found").iterdir()}
    drawn = ("start-up", "trumpet", "volume", "error", "budget")
    assert names == {
        "analysis.json",
        "report.html",
        "report.pdf",
        *(f"{name}.{kind}" for name in drawn for kind in ("png", "svg")),
    }
    assert (tmp_path / "found" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "allowed -5 to 5 %" in (tmp_path / "found" / "report.html").read_text("utf-8")
    told = json.loads((tmp_path / "found" / "analysis.json").read_text("utf-8"))
    assert told["overall_error_percent"] == pytest.approx(8.0, abs=0.01)
    assert told["judgement"]["verdict"] == "FAIL"


def test_an_empty_source_is_refused_with_exit_code_2_and_nothing_is_written(tmp_path):
    done = analyse(write(tmp_path, np.minimum(steady(), 3000.0)), "--json", "--out", "found", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "the reservoir ran dry, or the pump was stopped" in done.stderr
    assert not (tmp_path / "found").exists()
