# SPDX-License-Identifier: Apache-2.0
"""`pumpbench analyse --correction`: a lab's own correction moves volume and U, by columns as reading by reading."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bench.corrections import LoadedCorrection, accepted_correction
from cli.main import app_of
from groundfloor.errors import BenchFault
from groundfloor.plug_ins import Kind, Offer
from groundfloor.project import PROJECT_VARIABLE
from metrology.gravimetry import Conditions, Evaporation
from metrology.gravimetry.liquid import WATER
from metrology.recording.recording import Recording
from metrology.recording.unit import Dimension
from metrology.recording.weighed_liquid import WeighedLiquid

AIR = Conditions(21.0, 1013.0, 45.0)
BALANCE = "--readability=0.01mg --repeatability=0.02mg --linearity=0.1mg --drift=0.1mg/d --calibration-u=0.1mg"
ADDED = 1e-4
"""mg for each mg that was gained."""
CODE = """
from metrology.gravimetry import Amendment

class IT:
    name, version, replaces = "bent", "certificate 9", REPLACES
    def amendment(self, gain):
        AMENDS
        return Amendment(0.0001 * gain.gained_mg, 0.3)
COLUMN
IT = IT()
"""
COLUMN = """
    def added_mg(self, gains):
        return FACTOR * gains.gained_mg
"""


def source(replaces: str = "", column: str = "", amends: str = "pass") -> str:
    return CODE.replace("REPLACES", repr(replaces)).replace("COLUMN", column).replace("AMENDS", amends)


def loaded(folder: Path, code: str) -> LoadedCorrection:
    (folder / "bent.py").write_text(code, encoding="utf-8")
    offer = Offer(Kind.CORRECTION, "bent", "bent.py:IT", "a test", folder)
    return accepted_correction(offer, offer.load())


def volumes(*corrections: LoadedCorrection, readings: int = 50) -> np.ndarray:
    times_s = 30.0 * np.arange(readings)
    recording = Recording("a test", times_s, 60000.0 + 2.0 * times_s, Dimension.MASS, ("t", "m"), 1)
    return WeighedLiquid(AIR, WATER, True, Evaporation(0.5, 0.0), corrections).volumes_ul(recording)


@pytest.mark.parametrize("column", ["", COLUMN.replace("FACTOR", "0.0001")], ids=["one by one", "at once"])
def test_every_volume_holds_what_the_correction_adds(tmp_path: Path, column: str) -> None:
    correction = loaded(tmp_path, source(column=column))
    assert correction.at_once is bool(column)
    assert volumes(correction)[1:] / volumes()[1:] == pytest.approx(1.0 + ADDED, rel=1e-12)
    assert volumes(correction)[0] == 0.0


def test_in_place_of_buoyancy_no_air_is_added_beside_it(tmp_path: Path) -> None:
    correction = loaded(tmp_path, source(replaces="buoyancy"))
    bare = WeighedLiquid(AIR, WATER, False, Evaporation(0.5, 0.0))
    times_s = 30.0 * np.arange(50)
    expected = bare.volumes_ul(Recording("a test", times_s, 60000.0 + 2.0 * times_s, Dimension.MASS, ("t", "m"), 1))
    assert volumes(correction)[1:] / expected[1:] == pytest.approx(1.0 + ADDED, rel=1e-12)


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (COLUMN.replace("FACTOR", "0.0002"), "its column adds"),
        (COLUMN.replace("FACTOR * gains.gained_mg", "gains.gained_mg[1:]"), "for 50 readings it returned 49 numbers"),
        (COLUMN.replace("FACTOR", "float('nan')"), "0 of them finite"),
        (COLUMN.replace("FACTOR * gains.gained_mg", "1 / 0"), "it raised ZeroDivisionError"),
    ],
)
def test_a_column_that_is_another_is_refused(tmp_path: Path, column: str, told: str) -> None:
    with pytest.raises(BenchFault, match=told):
        volumes(loaded(tmp_path, source(column=column)))


def test_nothing_is_corrected_without_an_uncertainty(tmp_path: Path) -> None:
    with pytest.raises(BenchFault, match="nothing is corrected without an uncertainty"):
        volumes(loaded(tmp_path, source(amends="return Amendment(0.1, 0.0)")))


@pytest.fixture
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PROJECT_VARIABLE, str(tmp_path / "pumpbench.toml"))  # which the command sets itself
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bent.py").write_text(source(), encoding="utf-8")
    project = '[project]\nname = "lab"\n[plugins.correction]\nbent = "bent.py:IT"\n'
    (tmp_path / "pumpbench.toml").write_text(project, encoding="utf-8")
    lines = [f"{30 * one};{60 + 0.004 * one:.5f};{0.004 * one:.6f}" for one in range(600)]
    (tmp_path / "day.csv").write_text("\n".join(["time_s;mass_g;volume_ml", *lines]) + "\n", encoding="utf-8")
    return tmp_path


def analysed(*words: str) -> tuple[int, str]:
    argv = ["analyse", "day.csv", "--volume" if "volume_ml" in words else "--mass"]
    argv += [] if "volume_ml" in words else ["mass_g"]
    ended = CliRunner().invoke(app_of(argv), [*argv, *words])
    return ended.exit_code, ended.output if ended.exception is None else f"{ended.exception}"


def test_it_is_told_with_its_version_and_counted_in_u(lab: Path) -> None:
    words = ["--rate", "480 uL/h", "--stroke-volume", "0 uL", "--json", *BALANCE.split()]
    (_, plain), (code, corrected) = analysed(*words), analysed(*words, "--correction", "bent")
    before, after = json.loads(plain), json.loads(corrected)
    assert code == 0
    told = [one for one in after["assumed"] if one.startswith("correction bent (certificate 9, code ")]
    assert told[0].endswith("asked once for each of 600 readings")
    assert after["mean_rate_ul_per_h"] / before["mean_rate_ul_per_h"] == pytest.approx(1.0 + ADDED, rel=1e-7)
    name = "mean_rate_expanded_uncertainty_ul_per_h"
    assert after[name] > before[name]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--correction", "bend"], "did you mean 'bent'"),
        (["volume_ml", "--correction", "bent"], "the recording is of a volume"),
        (["--correction", "bent", "--correction", "bent"], "it stands there twice"),
        (["--correction", "bent", "--loss-in-weight"], "--correction: use|falls|rises"),
    ],
)
def test_what_cannot_be_corrected_is_refused_in_words(lab: Path, words: list[str], told: str) -> None:
    code, output = analysed(*words)
    assert code != 0
    assert any(one in output for one in told.split("|")), output
